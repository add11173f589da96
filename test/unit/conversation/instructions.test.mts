// The system instructions built from the answer options.
import { expect, test } from '@jest/globals';
import { parseStructured } from '../../../nodes/MistralAgent/ask.output.ts';
import { instructionsOf } from '../../../nodes/shared/conversation/instructions.ts';
import { fileName } from '../../../nodes/shared/mistral/generated-files.ts';

const lines = (style: Parameters<typeof instructionsOf>[0]) => instructionsOf(style).split('\n\n');

test('no options add no instructions', () => {
	expect(instructionsOf({ instructions: ' Be kind. ' })).toBe('Be kind.');
	expect(instructionsOf({ instructions: '', persona: ' ', language: '', speechSeconds: 0 })).toBe(
		'',
	);
});

test('each option adds one line', () => {
	const now = new Date('2026-11-22T23:30:00Z');
	expect(
		lines({
			instructions: 'Be kind.',
			persona: 'a pirate',
			language: 'fr',
			speechSeconds: 20,
			today: { now, timeZone: 'Europe/Paris' },
		}),
	).toEqual([
		'Be kind.',
		'Speak as this character: a pirate.',
		'Always answer in French, whatever the language of the question.',
		'Keep the answer to at most 50 words, about 20 seconds aloud; this overrules any other length.',
		'Today is Monday, 23 November 2026 (time zone Europe/Paris).',
	]);
});

test.each([
	['asAsked', 'Answer in the language of the question.'],
	['pt_BR', 'Always answer in Brazilian Portuguese, whatever the language of the question.'],
	[
		'Swiss German, politely',
		'Always answer in Swiss German, politely, whatever the language of the question.',
	],
])('the answer language %s gives its instruction', (language, line) => {
	expect(instructionsOf({ instructions: '', language })).toBe(line);
});

test('all options together stay under 400 characters', () => {
	const style = {
		instructions: '',
		persona: 'x'.repeat(20),
		language: 'pt',
		speechSeconds: 600,
		today: { now: new Date(), timeZone: 'America/Argentina/ComodRivadavia' },
	};
	expect(instructionsOf(style).length).toBeLessThan(400);
});

test.each([
	['{"a":1}', { a: 1 }],
	['```json\n{"a":1}\n```', { a: 1 }],
	['[1]', undefined],
	['Sure! {"a":1}', undefined],
	['', undefined],
])('the structured answer %j is parsed', (text, fields) => {
	expect(parseStructured(text)).toEqual(fields);
});

test.each([
	['cat', 'png', 'cat.png'],
	['cat', 'image/jpeg', 'cat.jpeg'],
	['cat.PNG', 'png', 'cat.PNG'],
	['table', 'application/vnd.ms-excel', 'table'],
	['v1.2 of it', '', 'v1.2 of it'],
])('a file %s of type %s is called %s', (name, type, expected) => {
	expect(fileName(name, type)).toBe(expected);
});
