// runItems: concurrency, order, pairing and continue on fail, with a minimal execution context.
import { describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { Failure } from '../../../nodes/shared/errors/failure.ts';
import { withMutex } from '../../../nodes/shared/execution/keyed-mutex.ts';
import type { ItemRun, Operation } from '../../../nodes/shared/execution/operation.ts';
import { runItems } from '../../../nodes/shared/execution/run-items.ts';

const node = {
	id: '1',
	name: 'Speak',
	type: 't',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

function contextOf(
	count: number,
	{
		options = {},
		continueOnFail = false,
	}: { options?: Record<string, unknown>; continueOnFail?: boolean } = {},
): IExecuteFunctions {
	return {
		getInputData: () => Array.from({ length: count }, (_, n) => ({ json: { n } })),
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			name in options ? options[name] : fallback,
		continueOnFail: () => continueOnFail,
		getNode: () => node,
		helpers: {},
	} as unknown as IExecuteFunctions;
}

const operationOf = (execute: (run: ItemRun) => Promise<INodeExecutionData[]>): Operation => ({
	value: 'speak',
	name: 'Speak',
	action: 'Speak',
	description: '',
	fields: [],
	execute,
});
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The most items that ran at the same time. */
async function mostAtOnce(count: number, options: Record<string, unknown> = {}) {
	let running = 0;
	let most = 0;
	const operation = operationOf(async () => {
		most = Math.max(most, ++running);
		await pause(2);
		running--;
		return [];
	});
	await runItems(contextOf(count, { options }), operation);
	return most;
}

describe('order and pairing', () => {
	test('results are in item order, whichever item ends first', async () => {
		const operation = operationOf(async ({ itemIndex, context }) => {
			await pause(itemIndex === 0 ? 20 : 0);
			const { n } = context.getInputData()[itemIndex]?.json as { n: number };
			return [{ json: { n } }, { json: { n, second: true }, pairedItem: 99 }];
		});
		expect(await runItems(contextOf(3), operation)).toEqual(
			[0, 1, 2].flatMap((n) => [
				{ json: { n }, pairedItem: { item: n } },
				{ json: { n, second: true }, pairedItem: { item: n } },
			]),
		);
	});

	test('no items give no results', async () => {
		expect(
			await runItems(
				contextOf(0),
				operationOf(async () => [{ json: {} }]),
			),
		).toEqual([]);
	});
});

test.each([
	[{}, 4],
	[{ 'options.concurrency': 1 }, 1],
	[{ 'options.concurrency': 2.9 }, 2],
	[{ 'options.concurrency': '3' }, 3],
	[{ 'options.concurrency': 0 }, 1],
	[{ 'options.concurrency': -5 }, 1],
	[{ 'options.concurrency': 'many' }, 1],
	[{ 'options.concurrency': 100 }, 8],
])('concurrency: with %j, %d of eight items run at once', async (options, expected) => {
	expect(await mostAtOnce(8, options)).toBe(expected);
});

test.each([
	[{}, 4],
	[{ 'options.attempts': 2 }, 2],
	[{ 'options.attempts': 2.9 }, 2],
	[{ 'options.attempts': 0 }, 1],
	[{ 'options.attempts': -1 }, 1],
	[{ 'options.attempts': 'x' }, 1],
])('retries: with %j, a request is attempted %d times', async (options, expected) => {
	const operation = operationOf(async ({ client }) => [
		{ json: { policy: (client as unknown as { policy: object }).policy } },
	]);
	const [item] = await runItems(contextOf(1, { options }), operation);
	expect(item?.json.policy).toEqual({
		attempts: expected,
		baseDelayMs: 400,
		maxDelayMs: 8_000,
		maxServerWaitMs: 60_000,
	});
});

describe('a failed item', () => {
	const failing = (...indexes: number[]) =>
		operationOf(async ({ itemIndex }) => {
			await pause(itemIndex === indexes[0] ? 10 : 1);
			if (indexes.includes(itemIndex)) {
				throw new Failure({
					stage: 'speak.no-text',
					message: `No text ${itemIndex}`,
					hint: 'Write',
				});
			}
			return [{ json: { itemIndex } }];
		});

	test('continue on fail puts a failed item in its place', async () => {
		const items = await runItems(contextOf(3, { continueOnFail: true }), failing(1));
		expect(items).toEqual([
			{ json: { itemIndex: 0 }, pairedItem: { item: 0 } },
			{
				json: { error: 'No text 1', details: { stage: 'speak.no-text', hint: 'Write' } },
				pairedItem: { item: 1 },
			},
			{ json: { itemIndex: 2 }, pairedItem: { item: 2 } },
		]);
	});

	test('ends the run, and of several that of the first item is thrown', async () => {
		const options = { 'options.concurrency': 3 };
		const thrown = await runItems(contextOf(3, { options }), failing(0, 2)).catch(
			(e: unknown) => e,
		);
		expect(thrown).toHaveProperty('constructor.name', 'NodeOperationError');
		expect(thrown).toMatchObject({
			message: 'No text 0 [item 0]',
			description: 'Write',
			context: { itemIndex: 0, stage: 'speak.no-text' },
		});
	});

	test('a failed item stops further items from starting', async () => {
		const began: number[] = [];
		const operation = operationOf(async ({ itemIndex }) => {
			began.push(itemIndex);
			throw new Failure({ stage: 'speak.x', message: 'x' });
		});
		const options = { 'options.concurrency': 1 };
		await expect(runItems(contextOf(5, { options }), operation)).rejects.toThrow('x [item 0]');
		expect(began).toEqual([0]);
	});

	test('whatever was thrown has a stage under the name of the operation', async () => {
		const thrown = Object.assign(new Error('Odd [item 3]'), { description: 'Look', status: 5 });
		const operation = operationOf(async () => {
			throw thrown;
		});
		const [item] = await runItems(contextOf(1, { continueOnFail: true }), operation);
		expect(item?.json).toEqual({
			error: 'Odd',
			details: { stage: 'speak.unexpected', hint: 'Look' },
		});
	});

	test('an error with an HTTP status becomes a NodeApiError', async () => {
		const operation = operationOf(async () => {
			throw new Failure({ stage: 'speak.x', message: 'No', status: 429, attempts: 3 });
		});
		const thrown = await runItems(contextOf(1), operation).catch((error: unknown) => error);
		expect(thrown).toHaveProperty('constructor.name', 'NodeApiError');
		expect(thrown).toMatchObject({
			message: 'No [item 0]',
			httpCode: '429',
			context: { itemIndex: 0, stage: 'speak.x', attempts: 3 },
		});
	});
});

describe('the Timeout of an item', () => {
	const limited = (execute: (run: ItemRun) => Promise<INodeExecutionData[]>, isOption = true) => ({
		...operationOf(execute),
		timeLimit: { seconds: 100, isOption },
	});

	test.each([
		[{}, true, 100_000],
		[{ 'options.timeoutSeconds': 7 }, true, 7_000],
		[{ 'options.timeoutSeconds': 7 }, false, 100_000],
		[{ 'options.timeoutSeconds': 0 }, true, 100_000],
	])('with %j, an option %j, is %d ms from its beginning', async (options, isOption, ms) => {
		const operation = limited(async ({ client: { budget } }) => {
			expect(budget.remainingMs).toBeLessThanOrEqual(ms);
			expect(budget.remainingMs).toBeGreaterThan(ms - 2_000);
			expect(budget.isRaisable).toBe(isOption);
			return [];
		}, isOption);
		await runItems(contextOf(1, { options }), operation);
	});

	test('counts the time it waits for earlier turns of its session', async () => {
		const session = {};
		const left: number[] = [];
		const operation = limited(
			async ({ client }) =>
				await withMutex(session, client, async () => {
					left.push(client.budget.remainingMs);
					await pause(150);
					return [];
				}),
		);
		const options = { 'options.timeoutSeconds': 60, 'options.concurrency': 3 };
		await runItems(contextOf(3, { options }), operation);
		expect(left[1]).toBeLessThanOrEqual(60_000 - 145);
		expect(left[2]).toBeLessThanOrEqual(60_000 - 290);
	});

	test('ends an item that waits for its session for too long, which sends nothing', async () => {
		const session = {};
		let turns = 0;
		const operation = limited(
			async ({ client }) =>
				await withMutex(session, client, async () => {
					turns += 1;
					await pause(600);
					return [];
				}),
		);
		const options = { 'options.timeoutSeconds': 0.2, 'options.concurrency': 2 };
		const items = await runItems(contextOf(2, { options, continueOnFail: true }), operation);
		expect(turns).toBe(1);
		expect(items).toMatchObject([{ json: { details: { stage: 'speak.timed-out' } } }]);
	});
});
