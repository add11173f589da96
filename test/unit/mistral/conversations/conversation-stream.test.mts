// Streamed conversations: the result equals the whole response, and a broken stream fails.
import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../../../nodes/shared/mistral/conversations/answer.ts';
import { readConversationStream } from '../../../../nodes/shared/mistral/conversations/conversation-stream.ts';
import type { Failure } from '../../../../nodes/shared/errors/failure.ts';

type Fields = Record<string, unknown>;

async function* events(list: readonly Fields[]) {
	for (const fields of list) yield { event: String(fields.type), data: JSON.stringify(fields) };
}
const started = { type: 'conversation.response.started', conversation_id: 'conv_1' };
const done = { type: 'conversation.response.done', usage: { total_tokens: 7 } };
const delta = (content: unknown, more: Fields = {}) => ({
	type: 'message.output.delta',
	output_index: 1,
	id: 'msg_1',
	role: 'assistant',
	model: 'mistral-small-latest',
	content,
	...more,
});
const reference = {
	type: 'tool_reference',
	tool: 'web_search',
	title: 'W',
	url: 'https://example.com/w',
};

const read = async (...list: Fields[]) => {
	const pieces: string[] = [];
	const answer = await readConversationStream(events(list), 'ask', (piece) => pieces.push(piece));
	return { answer, pieces };
};
const failure = async (...list: Fields[]) =>
	(await read(...list).then(
		() => undefined,
		(thrown: unknown) => thrown,
	)) as Failure | undefined;

describe('a streamed answer', () => {
	test.each([
		['a paragraph apart', 'I look it up.', 'It rains.', '\n\n'],
		['as they are where white space stands between them', 'I look it up. ', 'It rains.', ''],
		['also behind them', 'I look it up.', '\nIt rains.', ''],
		['and where nothing was said before', '', 'It rains.', ''],
	])(
		'a streamed answer holds text before and after a web search %s',
		async (_, before, after, gap) => {
			const tool = { output_index: 1, id: 't', name: 'web_search' };
			const later = { output_index: 2, id: 'msg_2' };
			const { answer, pieces } = await read(
				started,
				delta(before, { output_index: 0 }),
				{ type: 'tool.execution.started', ...tool },
				{ type: 'tool.execution.done', ...tool },
				delta(after, later),
				delta(reference, later),
				delta(' Much.', later),
				done,
			);
			expect(answer.text).toBe(`${before}${gap}${after} Much.`);
			expect(pieces).toEqual([before, gap + after, ' Much.'].filter(Boolean));
			const content = (text: string) => [{ type: 'text', text }];
			expect(
				readAnswer({
					conversation_id: 'conv_1',
					outputs: [
						{ type: 'message.output', content: before },
						{ type: 'tool.execution', ...tool },
						{
							type: 'message.output',
							content: [...content(after), reference, ...content(' Much.')],
						},
					],
				})?.text,
			).toBe(answer.text);
		},
	);

	test('consecutive messages without a tool between them are joined without separator', async () => {
		const { answer, pieces } = await read(
			started,
			delta('It is'),
			delta('n’t.', { output_index: 2, id: 'msg_2' }),
			done,
		);
		expect([answer.text, ...pieces]).toEqual(['It isn’t.', 'It is', 'n’t.']);
	});

	test('a streamed answer equals the whole one, and its text is emitted in deltas', async () => {
		const { answer, pieces } = await read(
			started,
			{
				type: 'tool.execution.started',
				output_index: 0,
				id: 't',
				name: 'web_search',
				arguments: '',
			},
			{
				type: 'tool.execution.delta',
				output_index: 0,
				id: 't',
				name: 'web_search',
				arguments: '{"query":',
			},
			{
				type: 'tool.execution.delta',
				output_index: 0,
				id: 't',
				name: 'web_search',
				arguments: '"x"}',
			},
			{
				type: 'tool.execution.done',
				output_index: 0,
				id: 't',
				name: 'web_search',
				info: { result: 'r' },
			},
			delta('It is sunny'),
			delta(reference, { content_index: 1 }),
			delta({ type: 'text', text: '.' }, { content_index: 2 }),
			done,
		);
		expect(pieces).toEqual(['It is sunny', '.']);
		expect(answer).toEqual(
			readAnswer({
				conversation_id: 'conv_1',
				outputs: [
					{
						type: 'tool.execution',
						id: 't',
						name: 'web_search',
						arguments: '{"query":"x"}',
						info: { result: 'r' },
					},
					{
						type: 'message.output',
						model: 'mistral-small-latest',
						content: [
							{ type: 'text', text: 'It is sunny' },
							reference,
							{ type: 'text', text: '.' },
						],
					},
				],
				usage: { total_tokens: 7 },
			}),
		);
	});

	test('argument fragments of several tool calls are assembled separately', async () => {
		const call = (index: number, args: string) => ({
			type: 'function.call.delta',
			output_index: index,
			id: `fc${index}`,
			name: 'f',
			tool_call_id: `c${index}`,
			arguments: args,
		});
		const { answer } = await read(
			started,
			call(0, '{"a"'),
			call(1, '{"b":'),
			call(0, ':1}'),
			call(1, '2}'),
			done,
		);
		expect(answer.calls).toEqual([
			{ id: 'c0', name: 'f', arguments: '{"a":1}' },
			{ id: 'c1', name: 'f', arguments: '{"b":2}' },
		]);
	});

	test('ignores unknown events, chunks and handoffs', async () => {
		const { answer } = await read(
			started,
			{ type: 'telepathy.started', id: 'x', content: 'no' },
			{ type: 'x.news' },
			{ type: 'agent.handoff.started', output_index: 0, id: 'h', previous_agent_name: 'A' },
			{ type: 'agent.handoff.done', output_index: 0, id: 'h', next_agent_name: 'B' },
			delta({ type: 'smell', text: 'no' }),
			delta('yes'),
			done,
		);
		expect(answer.text).toBe('yes');
	});

	test('a stream that ends without a done event fails', async () => {
		expect((await failure(started, delta('It is')))?.facts.stage).toBe('ask.answer-cut-short');
		expect((await failure())?.facts.stage).toBe('ask.answer-cut-short');
	});

	test.each([
		[{ type: 'conversation.response.error', message: 'Internal error.' }],
		[{ type: 'error', message: 'Internal error' }],
	])('a stream with an error event fails: %j', async (event) => {
		const { facts } = (await failure(started, delta('It is'), event, done)) ?? {};
		const errorEvent = JSON.stringify(event);
		expect(facts).toMatchObject({ stage: 'ask.answer-failed', errorEvent });
	});

	test('a stream with text after its done event fails', async () => {
		const late = await failure(started, delta('It is'), done, delta(' not'));
		expect(late?.facts.stage).toBe('ask.unexpected-answer');
		const call = { type: 'function.call.delta', id: 'f', output_index: 2, arguments: '{}' };
		expect((await failure(started, delta('x'), done, call))?.facts.stage).toBe(
			'ask.unexpected-answer',
		);
	});

	test('that ends twice, or goes on after its end, is the same answer', async () => {
		const news = { type: 'x.news', value: 1 };
		expect((await read(started, delta('yes'), done, news, done)).answer.text).toBe('yes');
	});

	test('a [DONE] after the done event is accepted', async () => {
		async function* closedTwice() {
			yield* events([started, delta('yes'), done]);
			yield { event: 'message', data: '[DONE]' };
		}
		const answer = await readConversationStream(closedTwice(), 'ask', () => undefined);
		expect(answer.text).toBe('yes');
	});

	test('a stream without a conversation id fails', async () => {
		expect((await failure(delta('x'), done))?.facts.stage).toBe('ask.unexpected-answer');
	});
});
