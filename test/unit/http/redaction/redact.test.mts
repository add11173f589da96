import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
	privateTexts,
	redactKey,
	redactTexts,
} from '../../../../nodes/shared/http/redaction/redact.ts';
import { refusalFacts } from '../../../../nodes/shared/http/errors/error-response.ts';

const KEY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';

describe('the key', () => {
	test.each([
		['whole', `Bearer ${KEY}`, 'Bearer [key]'],
		['twice', `${KEY} ${KEY}`, '[key] [key]'],
		['its first half', `no ${KEY.slice(0, 16)}...`, 'no [key]...'],
		['its second half', `…${KEY.slice(16)}`, '…[key]'],
		['in base64', Buffer.from(KEY).toString('base64'), '[key]='],
	])('goes: %s', (_, text, shown) => {
		expect(redactKey(text, KEY)).toBe(shown);
	});

	test('goes when it is short too, but only where it stands alone', () => {
		expect(redactKey('Bearer abc is no abcd', 'abc')).toBe('Bearer [key] is no abcd');
		expect(redactKey('Bearer EMPTY', 'EMPTY')).toBe('Bearer [key]');
		expect(redactKey('nothing', '')).toBe('nothing');
	});

	test('goes before a long message is cut, wherever the cut falls', () => {
		for (let length = 250; length < 320; length++) {
			const message = `${'x'.repeat(length)}${KEY} and more`;
			const { hint, message: said } = refusalFacts(
				'speak',
				418,
				JSON.stringify({ message }),
				{},
				(text) => redactKey(text, KEY),
			);
			for (let at = 0; at + 12 <= KEY.length; at++) {
				expect(`${said}${hint}`).not.toContain(KEY.slice(at, at + 12));
			}
		}
	});

	test('goes from anything around it', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (before, after) => {
				expect(redactKey(`${before}${KEY}${after}`, KEY)).not.toContain(KEY);
			}),
		);
	});
});

describe('what was sent', () => {
	const prompt = 'My neighbour told me in confidence that the garden is hers';

	test('is found wherever people put it, ids and models are not', () => {
		const body = {
			model: 'mistral-small-latest',
			inputs: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
			instructions: 'Be  kind',
			tools: [{ type: 'web_search' }],
		};
		expect(privateTexts(body)).toEqual([prompt, 'Be  kind', 'Be kind']);
		const form = new FormData();
		form.append('model', 'voxtral-mini-latest');
		form.append('context_bias', 'Grete');
		expect(privateTexts(form)).toEqual(['Grete']);
		expect(privateTexts(undefined)).toEqual([]);
	});

	test('is taken out of what a server says, also in part', () => {
		expect(redactTexts(`Bad input: ${prompt}!`, [prompt], true)).toBe('Bad input: [your text]!');
		expect(redactTexts(`Bad input: ${prompt.slice(5, 40)}…`, [prompt], true)).toBe(
			'Bad input: [your text]…',
		);
		expect(redactTexts('Bad input: Grete', ['Grete'], true)).toBe('Bad input: [your text]');
	});

	test('short texts stay in our own sentences', () => {
		expect(redactTexts('Check the Text field', ['Text'], false)).toBe('Check the Text field');
	});

	test('is looked for in no time, however long it is', () => {
		const began = process.cpuUsage().user;
		redactTexts('y '.repeat(32_000), ['x'.repeat(200_000)], true);
		expect(process.cpuUsage().user - began).toBeLessThan(300_000);
	});
});
