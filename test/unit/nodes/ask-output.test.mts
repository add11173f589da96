// Output items of Mistral Agent: fields of an answer and of a conversation, optional ones included.
import { describe, expect, test } from '@jest/globals';
import { askOutput, parseStructured, sourceList } from '../../../nodes/MistralAgent/ask.output.ts';
import { historyOutput } from '../../../nodes/MistralAgent/get-history.output.ts';
import type { ToolLoopResult } from '../../../nodes/shared/mistral/tools/tool-loop.ts';

const turn: ToolLoopResult = {
	text: 'It is **sunny**.',
	sources: [],
	toolUses: [],
	files: [],
	conversationId: 'conv_1',
	attempts: 2,
	cutOff: false,
};
const shape = { model: 'asked', stored: true };
const weather = { title: 'Weather', url: 'https://example.com/w' };

describe('output item of an answer', () => {
	test('an answer without optional fields', () => {
		expect(askOutput(turn, shape)).toEqual({
			output: 'It is **sunny**.',
			speech: 'It is sunny.',
			sources: [],
			toolCalls: [],
			conversationId: 'conv_1',
			model: 'asked',
			usage: {},
			attempts: 2,
		});
	});

	test('an answer with all fields, which share no object with the turn', () => {
		const full: ToolLoopResult = {
			...turn,
			sources: [{ ...weather, description: 'Forecast' }],
			toolUses: [{ name: 'web_search', arguments: { query: 'x' } }],
			files: [{ id: 'f1', name: 'cat', type: 'png' }],
			model: 'mistral-medium-2508',
			usage: { total_tokens: 5 },
		};
		const item = askOutput(full, { ...shape, stored: false });
		expect(item).toEqual({
			output: 'It is **sunny**.',
			speech: 'It is sunny.',
			sources: [{ ...weather, description: 'Forecast' }],
			toolCalls: [{ name: 'web_search', arguments: { query: 'x' } }],
			files: [{ id: 'f1', name: 'cat', type: 'png' }],
			conversationId: '',
			model: 'mistral-medium-2508',
			usage: { total_tokens: 5 },
			attempts: 2,
		});
		expect((item.sources as object[])[0]).not.toBe(full.sources[0]);
		expect((item.toolCalls as object[])[0]).not.toBe(full.toolUses[0]);
		expect((item.files as object[])[0]).not.toBe(full.files[0]);
	});

	test('sources are listed below the text only when switched on, and are never spoken', () => {
		const sourced = { ...turn, sources: [weather] };
		expect(askOutput(sourced, { ...shape, listSources: true })).toMatchObject({
			output: 'It is **sunny**.\n\n1. [Weather](<https://example.com/w>)',
			speech: 'It is sunny.',
		});
		expect(askOutput(sourced, { ...shape, listSources: false }).output).toBe('It is **sunny**.');
	});

	test.each([
		[{ other: 'no', text: 'd', output: 'c', answer: 'b', speech: '*a*' }, 'a'],
		[{ other: 'no', text: 'd', output: 'c', answer: 'b' }, 'b'],
		[{ other: 'no', text: 'd', output: 'c' }, 'c'],
		[{ other: 'no', text: 'd' }, 'd'],
		[{ count: 3, speech: 7, title: 'first text', more: 'second' }, 'first text'],
		[{ count: 3 }, ''],
	])('the spoken text of a JSON answer %j is %j', (structured, speech) => {
		expect(askOutput(turn, { ...shape, structured, listSources: true })).toMatchObject({
			output: structured,
			speech,
		});
	});
});

describe('the list of sources', () => {
	test('the list of sources is empty or has one numbered line for each source', () => {
		expect(sourceList({ sources: [] })).toBe('');
		expect(
			sourceList({ sources: [weather, { title: 'Other', url: 'https://example.org/x' }] }),
		).toBe('\n\n1. [Weather](<https://example.com/w>)\n2. [Other](<https://example.org/x>)');
	});

	test('titles and URLs cannot break out of their Markdown link', () => {
		const hostile = {
			title: 'a[b]c\\d\n \tand on',
			url: 'https://example.com/<a> b\tc',
		};
		expect(sourceList({ sources: [hostile] })).toBe(
			'\n\n1. [a\\[b\\]c\\\\d and on](<https://example.com/%3Ca%3E%20b%09c>)',
		);
	});
});

test.each([
	['{"a":1}', { a: 1 }],
	[' \n```json\n{"a":1}\n```\n ', { a: 1 }],
	['```\n{"a":1}\n```', { a: 1 }],
	['```json\n{\n\t"a": 1\n}\n```', { a: 1 }],
	['```{"a":1}```', { a: 1 }],
	['``` json {"a":1}```', undefined],
	['Here it is: ```json\n{"a":1}\n```', undefined],
	['```json\n{"a":1}\n``` there', undefined],
	['[1]', undefined],
	['"a"', undefined],
	['null', undefined],
	['{"a":', undefined],
	['', undefined],
])('the answer %j parsed as JSON is %j', (text, fields) => {
	expect(parseStructured(text)).toEqual(fields);
});

describe('output item of a conversation', () => {
	test('an unknown conversation is empty and not found', () => {
		const none = { conversationId: '', found: false, messages: [], transcript: '', tools: [] };
		expect(historyOutput()).toEqual(none);
		expect(historyOutput('conv_1')).toEqual(none);
	});

	test('a conversation has one transcript line for each message', () => {
		const history = {
			messages: [
				{ role: 'user', text: 'Hi!', createdAt: '2026-11-22T10:00:00Z' },
				{ role: 'assistant', text: 'Hello.' },
			],
			tools: ['web_search'],
			openCalls: ['c1'],
		} as const;
		const item = historyOutput('conv_1', history);
		expect(item).toEqual({
			conversationId: 'conv_1',
			found: true,
			messages: history.messages,
			transcript: 'User: Hi!\nAgent: Hello.',
			tools: ['web_search'],
		});
		expect((item.messages as object[])[0]).not.toBe(history.messages[0]);
		expect(item.tools).not.toBe(history.tools);
	});

	test('a conversation whose response has no id', () => {
		expect(historyOutput(undefined, { messages: [], tools: [], openCalls: [] })).toEqual({
			conversationId: '',
			found: true,
			messages: [],
			transcript: '',
			tools: [],
		});
	});
});
