// Tools of the caller: what they take, how they are named, called, and what the model gets for a failure.
import { describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import type {
	Answer,
	FunctionCall,
} from '../../../../nodes/shared/mistral/conversations/answer.ts';
import { sum, runToolLoop } from '../../../../nodes/shared/mistral/tools/tool-loop.ts';
import { parametersOf } from '../../../../nodes/shared/mistral/tools/tool-schema.ts';
import { readTools, Toolbox } from '../../../../nodes/shared/mistral/tools/toolbox.ts';
import type { WireInput } from '../../../../nodes/shared/mistral/wire.ts';

// The Zod of n8n itself: version 3 at the root, version 4 beside it.
const require = createRequire(createRequire(import.meta.url).resolve('n8n-core'));
const { z } = require('zod') as typeof import('zod');
const { z: z4 } = require('zod/v4') as typeof import('zod/v4');

describe.each([
	['Zod 3', z as unknown as typeof z4],
	['Zod 4', z4],
])('what a tool takes, from %s', (_version, zod) => {
	test('an object schema of all usual types becomes JSON schema', () => {
		const schema = zod.object({
			city: zod.string().describe('Where'),
			days: zod.number().int(),
			share: zod.number().optional(),
			units: zod.enum(['C', 'F']).default('C'),
			tags: zod.array(zod.string()),
			exact: zod.boolean().nullable(),
			kind: zod.literal('weather'),
			either: zod.union([zod.string(), zod.number()]),
			extra: zod.record(zod.string(), zod.number()),
			inner: zod.object({ deep: zod.string().optional() }),
		});
		expect(parametersOf(schema)).toEqual({
			type: 'object',
			properties: {
				city: { type: 'string', description: 'Where' },
				days: { type: 'integer' },
				share: { type: 'number' },
				units: { enum: ['C', 'F'] },
				tags: { type: 'array', items: { type: 'string' } },
				exact: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
				kind: { enum: ['weather'] },
				either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
				extra: { type: 'object', additionalProperties: { type: 'number' } },
				inner: { type: 'object', properties: { deep: { type: 'string' } }, required: [] },
			},
			required: ['city', 'days', 'tags', 'exact', 'kind', 'either', 'extra', 'inner'],
		});
	});

	test('an object schema behind a transformation, as of single-input tools, becomes JSON schema', () => {
		const schema = zod.object({ input: zod.string().optional() }).transform(({ input }) => input);
		expect(parametersOf(schema)).toMatchObject({
			type: 'object',
			properties: { input: { type: 'string' } },
		});
	});

	test('a recursive schema terminates', () => {
		const tree: { parse: unknown } = zod.lazy(() =>
			zod.object({ children: zod.array(tree as never) }),
		);
		expect(JSON.stringify(parametersOf(tree)).length).toBeLessThan(5_000);
	});
});

test('JSON schema is passed on without $schema', () => {
	const schema = {
		$schema: 'http://json-schema.org/draft-07/schema#',
		type: 'object',
		properties: { a: { type: 'string' } },
		required: ['a'],
	};
	expect(parametersOf(schema)).toEqual({
		type: 'object',
		properties: { a: { type: 'string' } },
		required: ['a'],
	});
});

test.each([[undefined], [null], ['text'], [{ type: 'string' }], [z.string()]])(
	'a tool with schema %p accepts anything',
	(schema) => {
		expect(parametersOf(schema)).toEqual({
			type: 'object',
			properties: {},
			additionalProperties: true,
		});
	},
);

const tool = (name: string, invoke: (input: unknown) => Promise<unknown> = async () => 'ok') => ({
	name,
	description: ` ${name}! `,
	invoke,
});
const call = (name: string, args = '{}'): FunctionCall => ({ id: 'c1', name, arguments: args });

describe('a toolbox', () => {
	test('tools are found singly, in lists and in toolkits', () => {
		const connected = [
			tool('a'),
			[tool('b')],
			{ tools: [tool('c')], getTools: () => [] },
			null,
			'x',
			{ name: 'no' },
		];
		expect(readTools(connected).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
	});

	test('function names are valid for the API and unique', () => {
		const long = 'x'.repeat(80);
		const box = new Toolbox([
			tool('Get weather!'),
			tool('Get weather?'),
			tool('Météo'),
			tool(long),
			tool(long),
		]);
		const names = box.functions.map(({ function: { name } }) => name);
		expect(names.slice(0, 3)).toEqual(['Get_weather_', 'Get_weather__2', 'M_t_o']);
		for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
		expect(new Set(names).size).toBe(5);
		expect(box.functions[0]?.function.description).toBe('Get weather!!');
	});

	test('a tool is called with its arguments and any result becomes text', async () => {
		const seen: unknown[] = [];
		const box = new Toolbox([tool('f', async (input) => (seen.push(input), { answer: 42 }))]);
		expect(await box.run(call('f', '{"x":1}'))).toMatchObject({
			result: '{"answer":42}',
			use: { name: 'f', arguments: { x: 1 }, result: '{"answer":42}' },
		});
		await box.run(call('f', ''));
		expect(seen).toEqual([{ x: 1 }, {}]);
	});

	test.each([
		['throws', call('f'), 'Error: out of order'],
		['is not there', call('g'), 'Error: there is no tool named "g"'],
		['is given broken arguments', call('f', '{"x":'), 'Error: the arguments are not a JSON object'],
		['is given a list', call('f', '[1]'), 'Error: the arguments are not a JSON object'],
	])('the model gets an error when a tool %s', async (_what, wanted, result) => {
		const box = new Toolbox([
			tool('f', async () => await Promise.reject(new Error('out of order'))),
		]);
		expect(await box.run(wanted)).toMatchObject({ result, use: { failed: true } });
	});
});

describe('tool loop', () => {
	const answer = (more: Partial<Answer>): Answer => ({
		text: '',
		sources: [],
		conversationId: 'conv_1',
		toolUses: [],
		calls: [],
		files: [],
		replay: [],
		...more,
	});
	const dialogue = (...answers: Answer[]) => {
		const sent: { inputs: readonly WireInput[]; withoutTools: boolean }[] = [];
		return {
			sent,
			attempts: 3,
			answers: 0,
			conversationIds: new Set<string>(),
			send: async (inputs: readonly WireInput[], how?: { withoutTools?: boolean }) => {
				sent.push({ inputs, withoutTools: how?.withoutTools === true });
				return answers[Math.min(sent.length, answers.length) - 1] as Answer;
			},
		};
	};
	const question: WireInput[] = [{ type: 'message.input', role: 'user', content: 'Q' }];
	const limits = { maxRounds: 2, operation: 'ask' };

	test('the tool calls of one round run concurrently and are answered together, in order', async () => {
		let running = 0;
		let most = 0;
		const slow = async (name: string, ms: number) => {
			most = Math.max(most, ++running);
			await new Promise((resolve) => setTimeout(resolve, ms));
			running -= 1;
			return name;
		};
		const box = new Toolbox([
			tool('a', async () => await slow('A', 30)),
			tool('b', async () => await slow('B', 1)),
		]);
		const two = answer({
			text: 'Let me see',
			calls: [
				{ id: '1', name: 'a', arguments: '' },
				{ id: '2', name: 'b', arguments: '' },
			],
		});
		const talk = dialogue(two, answer({ text: 'Done', sources: [{ title: 'x', url: 'u' }] }));
		const turn = await runToolLoop(talk, question, box, limits);
		expect(most).toBe(2);
		expect(talk.sent[1]).toEqual({
			inputs: [
				{ type: 'function.result', tool_call_id: '1', result: 'A' },
				{ type: 'function.result', tool_call_id: '2', result: 'B' },
			],
			withoutTools: false,
		});
		expect(turn).toMatchObject({
			text: 'Done',
			attempts: 3,
			cutOff: false,
			toolUses: [{ name: 'a' }, { name: 'b' }],
		});
	});

	test('the tool loop ends at its limit with an answer without tools', async () => {
		const calling = answer({ calls: [call('a')] });
		let ran = 0;
		const box = new Toolbox([tool('a', async () => String(++ran))]);
		const talk = dialogue(calling, calling, calling, answer({ text: 'As far as I know' }));
		const turn = await runToolLoop(talk, question, box, limits);
		expect(ran).toBe(2);
		expect(talk.sent.map(({ withoutTools }) => withoutTools)).toEqual([false, false, false, true]);
		expect(turn).toMatchObject({ text: 'As far as I know', cutOff: true });
	});

	test('the tool loop fails when the model never stops calling tools', async () => {
		const talk = dialogue(answer({ calls: [call('a')] }));
		await expect(
			runToolLoop(talk, question, new Toolbox([tool('a')]), limits),
		).rejects.toMatchObject({
			facts: { stage: 'ask.too-many-tool-rounds', attempts: 3 },
		});
	});
});

test('the usage of several requests is summed, per connector too', () => {
	expect(
		sum(
			{ prompt_tokens: 1, total_tokens: 5, connectors: { web_search: 1 } },
			{ prompt_tokens: 2, connector_tokens: 7, connectors: { web_search: 2, code_interpreter: 1 } },
		),
	).toEqual({
		prompt_tokens: 3,
		total_tokens: 5,
		connector_tokens: 7,
		connectors: { web_search: 3, code_interpreter: 1 },
	});
});
