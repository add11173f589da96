// Keeps the API key out of text that arrives in pieces.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyRedactor } from '../../../../nodes/shared/http/redaction/key-redactor.ts';
import { StreamRedactor } from '../../../../nodes/shared/http/redaction/stream-redactor.ts';

const KEY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';

function told(pieces: readonly string[]): string[] {
	const heard: string[] = [];
	const text = new StreamRedactor(new KeyRedactor(KEY), (piece) => heard.push(piece));
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
				// A prefix of less than four characters may have been passed on.
				expect(told(pieces).join('')).toMatch(/Bearer (Z|Zq|Zq7)?\[key\], /);
			}),
		);
	});

	test('is passed on at once when it cannot be the key, and whole at the end', () => {
		const heard: string[] = [];
		const text = new StreamRedactor(new KeyRedactor(KEY), (piece) => heard.push(piece));
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
		const text = new StreamRedactor(new KeyRedactor(key), (piece) => heard.push(piece));
		for (const piece of ['It is ', written.slice(0, cut), written.slice(cut), '.'])
			text.push(piece);
		text.end();
		expect(heard.join('')).toMatch(/^It is \[key\]=?\.$/);
	}
});
