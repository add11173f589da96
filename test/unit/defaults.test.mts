// What a newcomer sees in fields that are filled in already: an optional one may find nothing, but never "undefined" in red.
import { expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import type { INodeProperties } from 'n8n-workflow';
import { transcribeFields } from '../../nodes/VoxtralTranscribe/transcribe.fields.ts';
import { talkFields } from '../../nodes/VoxtralAssistant/talk.fields.ts';
import { conversationFields } from '../../nodes/shared/fields/answer/conversation.ts';

/** Fields and the options inside their collections. */
const all = (fields: readonly INodeProperties[]): INodeProperties[] =>
	fields.flatMap((field) => [field, ...all((field.options ?? []) as INodeProperties[])]);

/** What an expression gives for an item. */
const valueOf = (expression: string, item: object): unknown => {
	const [, inner = ''] = /^=\{\{(.*)\}\}$/s.exec(expression) ?? [];
	return runInNewContext(inner, { $json: item }) as unknown;
};

const optional = all([...transcribeFields, ...talkFields, ...conversationFields('memory')]).filter(
	({ default: value }) => typeof value === 'string' && value.startsWith('={{'),
);

test('there are such fields', () => {
	expect(optional.map(({ name }) => name)).toEqual(
		expect.arrayContaining(['typedMessage', 'text', 'sessionKey', 'conversationId']),
	);
});

test.each(optional)('$displayName is empty where an item has nothing for it', (field) => {
	expect(valueOf(String(field.default), {})).toBe('');
});

test('what an item does have is taken', () => {
	const named = (name: string) => String(optional.find((field) => field.name === name)?.default);
	expect(valueOf(named('sessionKey'), { message: { chat: { id: 7 } } })).toBe(7);
	expect(valueOf(named('text'), { body: { text: 'Well?' } })).toBe('Well?');
});
