import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
	StreamRedactor,
	redactKeyDeep,
} from '../../../../nodes/shared/http/redaction/redact-stream.ts';

const KEY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';

function told(pieces: readonly string[]): string[] {
	const heard: string[] = [];
	const text = new StreamRedactor(KEY, (piece) => heard.push(piece));
	for (const piece of pieces) text.push(piece);
	text.end();
	return heard;
}

describe('text that arrives in pieces', () => {
	test('loses the key wherever it is cut, and nothing else', () => {
		fc.assert(
			fc.property(fc.array(fc.nat(80), { maxLength: 8 }), fc.string(), (cuts, word) => {
				const text = `${word} Bearer ${KEY}, ${word}.`;
				const ends = [0, ...cuts.sort((a, b) => a - b), text.length];
				const pieces = ends.slice(1).map((end, index) => text.slice(ends[index], end));
				expect(told(pieces).join('')).toContain(`${word} Bearer `);
				// A beginning too short to be told from any word may have been passed on.
				expect(told(pieces).join('')).toMatch(/Bearer (Z|Zq|Zq7)?\[key\], /);
			}),
		);
	});

	test('is passed on at once when it cannot be the key, and whole at the end', () => {
		const heard: string[] = [];
		const text = new StreamRedactor(KEY, (piece) => heard.push(piece));
		text.push('Good morning, ');
		text.push('Zq7c');
		expect(heard).toEqual(['Good morning, ']);
		text.push('hen');
		expect(heard).toEqual(['Good morning, ', 'Zq7chen']);
		text.push('Zq7ca');
		text.end();
		expect(heard.at(-1)).toBe('Zq7ca');
	});
});

test.each([
	['an address', encodeURIComponent],
	['base64', (text: string) => Buffer.from(text).toString('base64')],
])('a key written as in %s is held back as well', (_, write) => {
	const key = 'Zq7canary0/Xv93+LmT5bKw1=RgHd8s?PyNe';
	const written = write(key);
	for (let cut = 5; cut < written.length; cut++) {
		const heard: string[] = [];
		const text = new StreamRedactor(key, (piece) => heard.push(piece));
		for (const piece of ['It is ', written.slice(0, cut), written.slice(cut), '.'])
			text.push(piece);
		text.end();
		expect(heard.join('')).toMatch(/^It is \[key\]=?\.$/);
	}
});

test('a value loses the key in other forms, and in the names of its fields', () => {
	const packed = Buffer.from(`Bearer ${KEY}`).toString('base64');
	const shown = JSON.stringify(redactKeyDeep({ [`x ${KEY}`]: 1, list: [packed] }, KEY));
	expect(JSON.parse(shown)).toEqual({
		'x [key]': 1,
		list: [expect.stringMatching(/^QmVhcmVyI.\[key\].?$/)],
	});
});

test('a value loses the key in every text, and keeps its bytes', () => {
	const audio = Buffer.from(KEY);
	const value = { text: `x ${KEY}`, list: [{ deep: KEY }], audio, at: undefined, n: 1 };
	const cleaned = redactKeyDeep(value, KEY);
	expect(cleaned).toEqual({ ...value, text: 'x [key]', list: [{ deep: '[key]' }] });
	expect(cleaned.audio).toBe(audio);
	expect(redactKeyDeep(value, '')).toBe(value);
});
