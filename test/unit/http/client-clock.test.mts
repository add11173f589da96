// Timeouts of the HTTP client: the budget of an item, time to first byte, clean-up after the deadline, and deleting.
import { describe, expect, jest, test } from '@jest/globals';
import type { IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import type { Failure } from '../../../nodes/shared/errors/failure.ts';
import { isGone, deleteResource } from '../../../nodes/shared/mistral/delete-resource.ts';
import { listing } from '../../../nodes/shared/list-search/list-search.ts';
import { METADATA_REQUEST } from '../../../nodes/shared/http/request.ts';
import { DEFAULT_RETRY } from '../../../nodes/shared/http/retry.ts';
import type { Budget } from '../../../nodes/shared/http/budget.ts';
import { HttpClient } from '../../../nodes/shared/http/client.ts';
import { budgetOf } from './budget-of.mts';

type Answer = { status?: number; type?: string; body?: string } | 'nothing';

/** A context whose server gives these answers, one a request; the last one again and again. */
function contextOf(...answers: Answer[]) {
	const waits: number[] = [];
	const context = {
		getCredentials: async () => ({ apiKey: 'a-key-of-some-length', baseUrl: '' }),
		getNode: () => ({ name: 'Node', type: 'node', parameters: {} }),
		helpers: {
			async httpRequestWithAuthentication(_: string, { timeout }: { timeout: number }) {
				waits.push(timeout);
				const answer = answers.length > 1 ? answers.shift() : answers[0];
				if (!answer || answer === 'nothing') return await new Promise(() => undefined);
				const { status = 200, type = 'application/json', body = '{}' } = answer;
				async function* bytes() {
					yield Buffer.from(body);
				}
				return { statusCode: status, headers: { 'content-type': type }, body: bytes() };
			},
		},
	};
	return { context: context as unknown as IExecuteFunctions & ILoadOptionsFunctions, waits };
}

const POLICY = { ...DEFAULT_RETRY, baseDelayMs: 0 };
const open = (context: IExecuteFunctions, operation = 'speak', budget?: Budget) =>
	new HttpClient(context, operation, 0, { policy: POLICY, ...(budget ? { budget } : {}) });
const get = { method: 'GET', path: '/v1/models', repeatable: true } as const;
const failureOf = async (work: Promise<unknown>) =>
	(
		await work.then(
			() => undefined,
			(thrown: unknown) => thrown as Failure,
		)
	)?.facts;
const anything = (body: unknown) => body ?? undefined;

describe('what one item may take', () => {
	test('bounds every request of it, and a Timeout can be raised', async () => {
		const { context, waits } = contextOf('nothing');
		const client = open(context, 'speak', budgetOf(400));
		const facts = await failureOf(client.json({ ...get, timeoutMs: 30_000 }, anything));
		expect(waits[0]).toBeLessThanOrEqual(400);
		expect(facts).toMatchObject({
			stage: 'speak.timed-out',
			hint: expect.stringContaining('Raise'),
		});
		expect(await failureOf(client.json({ ...get, ...METADATA_REQUEST }, anything))).toMatchObject({
			stage: 'speak.timed-out',
			attempts: 0,
		});
		expect(waits).toHaveLength(1);
	});

	test('holds for its stages as well', async () => {
		const { context, waits } = contextOf('nothing');
		const client = open(context, 'speak', budgetOf(400));
		await failureOf(client.forStage('ask').json({ ...get, timeoutMs: 30_000 }, anything));
		expect(waits[0]).toBeLessThanOrEqual(400);
	});

	test('is not said to be raised where nobody can', async () => {
		const { context } = contextOf('nothing');
		const facts = await failureOf(
			open(context, 'getVoice').json({ ...get, ...METADATA_REQUEST, timeoutMs: 30 }, anything),
		);
		expect(facts).toMatchObject({
			stage: 'getVoice.timed-out',
			hint: expect.not.stringContaining('Timeout'),
		});
	});

	test('leaves time for clean-up', async () => {
		const { context, waits } = contextOf({ status: 204, body: '' });
		const client = open(context, 'speak', budgetOf(0));
		await deleteResource(client, '/v1/files/1', 200);
		expect(waits[0]).toBeGreaterThan(100);
		expect(await failureOf(deleteResource(client, '/v1/files/1'))).toMatchObject({
			attempts: 0,
		});
	});
});

test('a first byte that does not come is not waited for until the deadline: the request is sent again', async () => {
	const { context, waits } = contextOf('nothing', { body: '{"ok":true}' });
	const { value, attempts } = await open(context).json(
		{ ...get, ...METADATA_REQUEST, firstByteMs: 20 },
		anything,
	);
	expect({ value, attempts }).toEqual({ value: { ok: true }, attempts: 2 });
	expect(waits[0]).toBeLessThanOrEqual(20);
});

test('a list says after how long it gave up, and what else can be done', async () => {
	jest.spyOn(performance, 'now').mockReturnValueOnce(-14_970);
	const { context } = contextOf('nothing');
	await expect(
		listing(context, async (client) => {
			await client.json({ ...get, ...METADATA_REQUEST }, anything);
			return { results: [] };
		}),
	).rejects.toMatchObject({
		message: expect.stringContaining('did not send the list within 15 seconds'),
		description: expect.stringContaining('By ID'),
	});
	jest.restoreAllMocks();
});

describe('deleting', () => {
	const deleting = async (...answers: Answer[]) =>
		await failureOf(deleteResource(open(contextOf(...answers).context, 'deleteVoice'), '/v1/x'));
	const gone: Answer = { status: 404, body: '{"message":"Conversation not found"}' };

	test.each<[string, Answer[]]>([
		['204', [{ status: 204, body: '' }]],
		['what was deleted', [{ body: '{"id":"1"}' }]],
		['gone at the second try', [{ status: 502, body: '' }, gone]],
	])('is done with %s', async (_, answers) => {
		expect(await deleting(...answers)).toBeUndefined();
	});

	test.each<[string, Answer[], string]>([
		['gone at the first try', [gone], 'not-found'],
		['a login page', [{ type: 'text/html', body: '<html>Sign in</html>' }], 'unexpected-answer'],
		['nothing', [{ body: '' }], 'unexpected-answer'],
		['an error', [{ body: '{"object":"error","message":"no"}' }], 'server-trouble'],
		[
			'a server without it',
			[
				{ status: 502, body: '' },
				{ status: 404, body: '{"message":"no Route matched"}' },
			],
			'wrong-base-url',
		],
	])('is not done with %s', async (_, answers, reason) => {
		expect(await deleting(...answers)).toMatchObject({ stage: `deleteVoice.${reason}` });
	});

	test('something is gone when Mistral says so', async () => {
		const failed = async (answer: Answer) =>
			await deleteResource(open(contextOf(answer).context), '/v1/x').catch(
				(thrown: unknown) => thrown,
			);
		expect(isGone(await failed(gone))).toBe(true);
		expect(isGone(await failed({ status: 404, body: '{"message":"no Route matched"}' }))).toBe(
			false,
		);
		expect(isGone(new Error('gone'))).toBe(false);
	});
});
