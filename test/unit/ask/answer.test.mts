import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../../nodes/shared/mistral/answer.ts';

const message = (content: unknown, more: object = {}) => ({ type: 'message.output', content, ...more });
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
	test('as plain text', () => {
		expect(readAnswer(reply(message('Hi!', { model: 'mistral-small-latest' })))).toEqual({
			text: 'Hi!',
			sources: [],
			conversationId: 'conv_1',
			model: 'mistral-small-latest',
		});
	});

	test('in chunks: joined without separator, sources in order and once each', () => {
		const chunks = [
			text('It is sunny in Paris'),
			reference('https://example.com/w', 'Weather', 'Forecast'),
			reference('https://example.org/x', 'Other'),
			text(' today'),
			reference('https://example.com/w', 'Weather again'),
			text('.'),
		];
		expect(readAnswer(reply({ type: 'tool.execution', name: 'web_search' }, message(chunks)))).toMatchObject({
			text: 'It is sunny in Paris today.',
			sources: [
				{ title: 'Weather', url: 'https://example.com/w', description: 'Forecast' },
				{ title: 'Other', url: 'https://example.org/x' },
			],
		});
	});

	test('in several messages', () => {
		expect(readAnswer(reply(message('One. '), message([text('Two.')])))?.text).toBe('One. Two.');
	});

	test('with unknown outputs, chunks and junk among them', () => {
		const body = reply(null, 7, { type: 'telepathy' }, message([{ type: 'smell' }, 3, text('ok')]));
		expect(readAnswer(body)).toMatchObject({ text: 'ok', sources: [] });
	});

	test('with its usage', () => {
		const usage = { total_tokens: 5, connectors: { web_search: 1 } };
		expect(readAnswer({ ...reply(message('x')), usage })?.usage).toEqual(usage);
	});
});

test.each([[null], ['text'], [{}], [{ conversation_id: 'c' }], [{ outputs: [] }], [[]]])(
	'%j is no conversation',
	(body) => {
		expect(readAnswer(body)).toBeUndefined();
	},
);
