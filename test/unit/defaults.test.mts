// Default expressions of optional parameters: empty where the item lacks the value, never "undefined".
import { expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import type { INodeProperties } from 'n8n-workflow';
import { transcribeFields } from '../../nodes/VoxtralTranscribe/transcribe.fields.ts';
import { talkFields } from '../../nodes/VoxtralAssistant/talk.fields.ts';
import { conversationFields } from '../../nodes/shared/fields/answer/conversation.ts';

/** Parameters and the options inside collections. */
const all = (fields: readonly INodeProperties[]): INodeProperties[] =>
	fields.flatMap((field) => [field, ...all((field.options ?? []) as INodeProperties[])]);

/** Evaluates an expression for an item. */
const valueOf = (expression: string, item: object): unknown => {
	const [, inner = ''] = /^=\{\{(.*)\}\}$/s.exec(expression) ?? [];
	return runInNewContext(inner, { $json: item }) as unknown;
};

const optional = all([...transcribeFields, ...talkFields, ...conversationFields('memory')]).filter(
	({ default: value }) => typeof value === 'string' && value.startsWith('={{'),
);

test('there are parameters with default expressions', () => {
	expect(optional.map(({ name }) => name)).toEqual(
		expect.arrayContaining(['typedMessage', 'text', 'sessionKey', 'conversationId']),
	);
});

test.each(optional)(
	'the default expression of $displayName is empty for an item without the value',
	(field) => {
		expect(valueOf(String(field.default), {})).toBe('');
	},
);

test('default expressions read the value of the item', () => {
	const named = (name: string) => String(optional.find((field) => field.name === name)?.default);
	expect(valueOf(named('sessionKey'), { message: { chat: { id: 7 } } })).toBe(7);
	expect(valueOf(named('text'), { body: { text: 'Well?' } })).toBe('Well?');
});
