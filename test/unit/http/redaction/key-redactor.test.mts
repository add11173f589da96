// Takes the API key out of texts and values, in every encoding a server may repeat it in.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { refusalFacts } from '../../../../nodes/shared/http/errors/error-response.ts';
import { KeyRedactor } from '../../../../nodes/shared/http/redaction/key-redactor.ts';

const KEY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';
const redact = (text: string, key: string): string => new KeyRedactor(key).redact(text);

describe('the API key', () => {
	test.each([
		['whole', `Bearer ${KEY}`, 'Bearer [key]'],
		['twice', `${KEY} ${KEY}`, '[key] [key]'],
		['its first half', `no ${KEY.slice(0, 16)}...`, 'no [key]...'],
		['its second half', `…${KEY.slice(16)}`, '…[key]'],
		['in base64', Buffer.from(KEY).toString('base64'), '[key]='],
	])('goes: %s', (_, text, shown) => {
		expect(redact(text, KEY)).toBe(shown);
	});

	test('goes when it is short too, but only where it stands alone', () => {
		expect(redact('Bearer abc is no abcd', 'abc')).toBe('Bearer [key] is no abcd');
		expect(redact('Bearer EMPTY', 'EMPTY')).toBe('Bearer [key]');
		expect(redact('nothing', '')).toBe('nothing');
	});

	test('goes before a long message is cut, wherever the cut falls', () => {
		for (let length = 250; length < 320; length++) {
			const message = `${'x'.repeat(length)}${KEY} and more`;
			const { hint, message: said } = refusalFacts(
				'speak',
				418,
				JSON.stringify({ message }),
				{},
				(text) => redact(text, KEY),
			);
			for (let at = 0; at + 12 <= KEY.length; at++) {
				expect(`${said}${hint}`).not.toContain(KEY.slice(at, at + 12));
			}
		}
	});

	test('goes from anything around it', () => {
		fc.assert(
			fc.property(fc.string(), fc.string(), (before, after) => {
				expect(redact(`${before}${KEY}${after}`, KEY)).not.toContain(KEY);
			}),
		);
	});
});

describe('how much of a key is enough to be redacted', () => {
	const key = 'abcdefghijklmnop';

	test('runs of twelve characters, not of eleven', () => {
		expect(redact(`<${key.slice(0, 12)}>`, key)).toBe('<[key]>');
		expect(redact(`<${key.slice(0, 11)}>`, key)).toBe(`<${key.slice(0, 11)}>`);
	});

	test('a key of eight characters anywhere, one of seven where it stands alone', () => {
		expect(redact('xabcdefghx', 'abcdefgh')).toBe('x[key]x');
		expect(redact('xabcdefgx abcdefg', 'abcdefg')).toBe('xabcdefgx [key]');
		expect(redact('ü1_-abc; abc', 'abc')).toBe('ü1_-abc; [key]');
	});

	test('as an address and as base64 writes it', () => {
		const odd = 'a/b+c=d&e?f g';
		expect(redact(`?k=${encodeURIComponent(odd)}`, odd)).toBe('?k=[key]');
		const padded = Buffer.from(odd).toString('base64');
		expect(padded).toMatch(/==$/);
		expect(redact(`(${padded.replace(/=+$/, '')})`, odd)).toBe('([key])');
	});

	test('behind "Bearer " in base64, whatever its length', () => {
		for (const before of ['', 'x', 'xy', 'Bearer ', 'k=']) {
			for (let length = 12; length < 40; length++) {
				const secret = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe0123456'.slice(0, length);
				const packed = Buffer.from(`${before}${secret} and more`).toString('base64');
				const shown = redact(packed, secret);
				expect(shown).toContain('[key]');
				// What is left of it, unpacked again: nothing of the key but a letter at its edges.
				const left = shown.split('[key]').map((part) => Buffer.from(part, 'base64').toString());
				expect(left.join(' ')).not.toContain(secret.slice(1, 5));
				expect(left.join(' ')).not.toContain(secret.slice(-5, -1));
			}
		}
	});

	test('as JSON within JSON, a page, base64 of addresses and small letters write it', () => {
		const odd = `sk"a\\b/c+d<e>'f&g??>`;
		const forms = {
			json: JSON.stringify(odd).slice(1, -1),
			page: odd
				.replaceAll('&', '&amp;')
				.replaceAll('<', '&lt;')
				.replaceAll('>', '&gt;')
				.replaceAll('"', '&quot;')
				.replaceAll("'", '&#39;'),
			small: encodeURIComponent(odd).toLowerCase(),
			address: Buffer.from(odd).toString('base64url'),
		};
		for (const [name, form] of Object.entries(forms))
			expect([name, redact(`<${form}>`, odd)]).toEqual([name, '<[key]>']);
	});

	test('an empty text stays empty', () => {
		expect(redact('', key)).toBe('');
		expect(redact('', 'k')).toBe('');
	});
});

test('a value loses the key in other forms, and in the names of its fields', () => {
	const packed = Buffer.from(`Bearer ${KEY}`).toString('base64');
	const shown = JSON.stringify(
		new KeyRedactor(KEY).redactDeep({ [`x ${KEY}`]: 1, list: [packed] }),
	);
	expect(JSON.parse(shown)).toEqual({
		'x [key]': 1,
		list: [expect.stringMatching(/^QmVhcmVyI.\[key\].?$/)],
	});
});

test('a value loses the key in every text, and keeps its bytes', () => {
	const audio = Buffer.from(KEY);
	const value = { text: `x ${KEY}`, list: [{ deep: KEY }], audio, at: undefined, n: 1 };
	const cleaned = new KeyRedactor(KEY).redactDeep(value);
	expect(cleaned).toEqual({ ...value, text: 'x [key]', list: [{ deep: '[key]' }] });
	expect(cleaned.audio).toBe(audio);
	expect(new KeyRedactor('').redactDeep(value)).toBe(value);
});
