// Reading of whole conversation responses.
import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../../../nodes/shared/mistral/conversations/answer.ts';

const message = (content: unknown, more: object = {}) => ({
	type: 'message.output',
	content,
	...more,
});
const reply = (...outputs: unknown[]) => ({ conversation_id: 'conv_1', outputs });
const text = (words: string) => ({ type: 'text', text: words });
const reference = (url: string, title?: string, description?: string) => ({
	type: 'tool_reference',
	tool: 'web_search',
	url,
	title,
	description,
});

describe('an answer', () => {
	test('an answer of plain text', () => {
		expect(readAnswer(reply(message('Hi!', { model: 'mistral-small-latest' })))).toEqual({
			text: 'Hi!',
			sources: [],
			conversationId: 'conv_1',
			toolUses: [],
			calls: [],
			files: [],
			replay: [{ type: 'message.input', role: 'assistant', content: 'Hi!' }],
			model: 'mistral-small-latest',
		});
	});

	test('text chunks are joined without separator, sources are in order and once each', () => {
		const chunks = [
			text('It is sunny in Paris'),
			reference('https://example.com/w', 'Weather', 'Forecast'),
			reference('https://example.org/x', 'Other'),
			text(' today'),
			reference('https://example.com/w', 'Weather again'),
			text('.'),
		];
		expect(
			readAnswer(reply({ type: 'tool.execution', name: 'web_search' }, message(chunks))),
		).toMatchObject({
			text: 'It is sunny in Paris today.',
			sources: [
				{ title: 'Weather', url: 'https://example.com/w', description: 'Forecast' },
				{ title: 'Other', url: 'https://example.org/x' },
			],
		});
	});

	test('several messages are joined', () => {
		expect(readAnswer(reply(message('One. '), message([text('Two.')])))?.text).toBe('One. Two.');
	});

	test('unknown outputs and chunks are ignored', () => {
		const body = reply(null, 7, { type: 'telepathy' }, message([{ type: 'smell' }, 3, text('ok')]));
		expect(readAnswer(body)).toMatchObject({ text: 'ok', sources: [] });
	});

	test('executed tools are listed, with the name of the executed connector', () => {
		const search = {
			type: 'tool.execution',
			id: 't1',
			name: 'web_search',
			arguments: '{"query":"x"}',
		};
		const fetched = {
			...search,
			id: 't2',
			function: 'web_fetch',
			arguments: 'not JSON',
			info: { result: 'page' },
		};
		const answer = readAnswer(reply(search, fetched, message('ok')));
		expect(answer?.toolUses).toEqual([
			{ name: 'web_search', arguments: { query: 'x' } },
			{ name: 'web_search', function: 'web_fetch', arguments: 'not JSON' },
		]);
		expect(answer?.replay.slice(2)).toEqual([
			{ type: 'function.call', tool_call_id: 't2', name: 'web_fetch', arguments: 'not JSON' },
			{ type: 'function.result', tool_call_id: 't2', result: 'page' },
			{ type: 'message.input', role: 'assistant', content: 'ok' },
		]);
	});

	test('function calls are read with arguments as string or object', () => {
		const calls = readAnswer(
			reply(
				{ type: 'function.call', tool_call_id: 'a', name: 'f', arguments: '{"x":1}' },
				{ type: 'function.call', tool_call_id: 'b', name: 'g', arguments: { y: 2 } },
				{ type: 'function.call', name: 'without id' },
			),
		)?.calls;
		expect(calls).toEqual([
			{ id: 'a', name: 'f', arguments: '{"x":1}' },
			{ id: 'b', name: 'g', arguments: '{"y":2}' },
		]);
	});

	test('generated files are listed, after a handoff too', () => {
		const file = {
			type: 'tool_file',
			tool: 'image_generation',
			file_id: 'f1',
			file_name: 'cat',
			file_type: 'png',
		};
		const body = reply(
			{ type: 'agent.handoff', next_agent_name: 'Painter' },
			message([text('A cat.'), file]),
		);
		expect(readAnswer(body)).toMatchObject({
			text: 'A cat.',
			files: [{ id: 'f1', name: 'cat', type: 'png' }],
		});
	});

	test('usage is read', () => {
		const usage = { total_tokens: 5, connectors: { web_search: 1 } };
		expect(readAnswer({ ...reply(message('x')), usage })?.usage).toEqual(usage);
	});
});

test.each([[null], ['text'], [{}], [{ conversation_id: 'c' }], [{ outputs: [] }], [[]]])(
	'%j is not a conversation response',
	(body) => {
		expect(readAnswer(body)).toBeUndefined();
	},
);
