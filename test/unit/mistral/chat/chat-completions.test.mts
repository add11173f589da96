// Chat completions of OpenAI-compatible servers, converted from and to the types of conversations.
import { describe, expect, test } from '@jest/globals';
import { readChat, readChatStream } from '../../../../nodes/shared/mistral/chat/chat-answer.ts';
import { chatMessages } from '../../../../nodes/shared/mistral/chat/chat-completions.ts';
import { historyOf } from '../../../../nodes/shared/mistral/conversations/conversations.ts';
import { withFields } from '../../../../nodes/shared/mistral/conversations/chat-session.ts';
import { fingerprint } from '../../../../nodes/shared/mistral/conversations/session-lookup.ts';

async function* events(...list: (object | string)[]) {
	for (const data of list)
		yield { event: 'message', data: typeof data === 'string' ? data : JSON.stringify(data) };
}
const chunk = (delta: object, finish_reason: string | null = null) => ({
	model: 'm',
	choices: [{ index: 0, delta, finish_reason }],
});
const stream = async (...list: (object | string)[]) => {
	const pieces: string[] = [];
	return {
		answer: await readChatStream(events(...list), 'ask', (piece) => pieces.push(piece)),
		pieces,
	};
};

describe('a chat reply', () => {
	test('a whole chat completion with tool calls is read', () => {
		const message = {
			role: 'assistant',
			content: 'Wait',
			tool_calls: [{ id: 'c1', function: { name: 'f', arguments: '{}' } }],
		};
		expect(
			readChat({ model: 'm', choices: [{ message }], usage: { total_tokens: 3 } }),
		).toMatchObject({
			text: 'Wait',
			conversationId: '',
			model: 'm',
			usage: { total_tokens: 3 },
			calls: [{ id: 'c1', name: 'f', arguments: '{}' }],
		});
	});

	test('thinking before the text is ignored', () => {
		const content = [
			{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
			{ type: 'text', text: 'Yes' },
		];
		expect(readChat({ choices: [{ message: { content } }] })?.text).toBe('Yes');
	});

	test.each([[undefined], [{}], [{ choices: [] }], ['x']])(
		'%j is not a chat completion',
		(body) => {
			expect(readChat(body)).toBeUndefined();
		},
	);

	test('a streamed chat completion with tool calls in fragments is read', async () => {
		const { answer, pieces } = await stream(
			chunk({ role: 'assistant', content: '' }),
			chunk({ content: 'It ' }),
			chunk({ content: 'is' }),
			chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a"' } }] }),
			chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }, 'tool_calls'),
			{ choices: [], usage: { total_tokens: 9 } },
			'[DONE]',
		);
		expect(pieces).toEqual(['It ', 'is']);
		expect(answer).toMatchObject({
			text: 'It is',
			calls: [{ id: 'c1', name: 'f', arguments: '{"a":1}' }],
			usage: { total_tokens: 9 },
		});
	});

	test('a stream that ends early or breaks off fails', async () => {
		await expect(stream(chunk({ content: 'It' }))).rejects.toMatchObject({
			facts: { stage: 'ask.answer-cut-short' },
		});
		await expect(stream({ error: { message: 'Out of memory.' } })).rejects.toMatchObject({
			facts: {
				stage: 'ask.answer-failed',
				errorEvent: '{"error":{"message":"Out of memory."}}',
			},
		});
	});

	test('a stream that continues after its end fails', async () => {
		const whole = [chunk({ content: 'It' }), chunk({}, 'stop'), '[DONE]'];
		await expect(stream(...whole, chunk({ content: ' is' }))).rejects.toMatchObject({
			facts: { stage: 'ask.unexpected-answer' },
		});
		const news = [{ choices: [], usage: {} }, 'bye'];
		expect((await stream(...whole, '[DONE]', ...news)).answer.text).toBe('It');
	});
});

test('conversation entries become chat messages: the tool calls of one answer in one message, after its text', () => {
	expect(
		chatMessages([
			{ type: 'message.input', role: 'user', content: 'Q' },
			{ type: 'message.input', role: 'assistant', content: 'Wait' },
			{ type: 'function.call', tool_call_id: '1', name: 'f', arguments: '{}' },
			{ type: 'function.call', tool_call_id: '2', name: 'g', arguments: '{}' },
			{ type: 'function.result', tool_call_id: '1', result: 'A' },
			{ type: 'function.result', tool_call_id: '2', result: 'B' },
			{ type: 'function.call', tool_call_id: '3', name: 'f', arguments: '{}' },
		]),
	).toEqual([
		{ role: 'user', content: 'Q' },
		{
			role: 'assistant',
			content: 'Wait',
			tool_calls: [
				{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } },
				{ id: '2', type: 'function', function: { name: 'g', arguments: '{}' } },
			],
		},
		{ role: 'tool', tool_call_id: '1', content: 'A' },
		{ role: 'tool', tool_call_id: '2', content: 'B' },
		{
			role: 'assistant',
			content: '',
			tool_calls: [{ id: '3', type: 'function', function: { name: 'f', arguments: '{}' } }],
		},
	]);
});

test('a history is read with its roles and unanswered tool calls', () => {
	expect(
		historyOf([
			{ type: 'message.input', role: 'user', content: 'Q', created_at: '2026-01-01T00:00:00Z' },
			{ type: 'tool.execution', name: 'web_search' },
			{
				type: 'message.output',
				content: [
					{ type: 'text', text: 'A' },
					{ type: 'tool_reference' },
					{ type: 'text', text: '.' },
				],
			},
			{ type: 'function.call', tool_call_id: '1', name: 'f' },
			{ type: 'function.result', tool_call_id: '1', result: '' },
			{ type: 'function.call', tool_call_id: '2', name: 'g' },
			{ type: 'message.output', content: '' },
		]),
	).toEqual({
		messages: [
			{ role: 'user', text: 'Q', createdAt: '2026-01-01T00:00:00Z' },
			{ role: 'assistant', text: 'A.' },
		],
		tools: ['web_search', 'f', 'g'],
		openCalls: ['2'],
	});
});

test('additional body fields are merged but cannot override the messages or stream', () => {
	const body = { inputs: 'Q', store: true, completion_args: { temperature: 0.1 } };
	expect(
		withFields(body, {
			inputs: 'X',
			store: false,
			stream: true,
			guardrails: [],
			completion_args: { presence_penalty: 1 },
		}),
	).toEqual({
		...body,
		guardrails: [],
		completion_args: { temperature: 0.1, presence_penalty: 1 },
	});
});

test('additional metadata is merged with that of the session', () => {
	const body = { metadata: { n8n_session: '1:42' } };
	expect(withFields(body, { metadata: { n8n_session: 'x', team: 'a' } })).toEqual({
		metadata: { n8n_session: '1:42', team: 'a' },
	});
	expect(withFields({ inputs: 'Q' }, { metadata: { team: 'a' } })).toMatchObject({
		metadata: { team: 'a' },
	});
});

test('n8n_setup changes with what Mistral fixes when a conversation starts, and with nothing else', () => {
	const setup = {
		answerer: { model: 'm', instructions: 'i', tools: [] },
		completionArgs: {},
		store: true,
	} as const;
	const sign = fingerprint(setup);
	expect(sign).toMatch(/^[0-9a-f]{8}$/);
	expect(fingerprint({ ...setup, completionArgs: { temperature: 1 } })).toBe(sign);
	expect(fingerprint({ ...setup, answerer: { ...setup.answerer, instructions: 'j' } })).not.toBe(
		sign,
	);
	expect(fingerprint({ ...setup, answerer: { agentId: 'ag_1' } })).not.toBe(sign);
});
