// Where the person's own words hide in a request, and how long a word must be to be known again.
import { describe, expect, test } from '@jest/globals';
import {
	privateTexts,
	redactKey,
	redactTexts,
} from '../../../../nodes/shared/http/redaction/redact.ts';

describe('what is private', () => {
	test.each([
		'arguments',
		'audio_data',
		'content',
		'context_bias',
		'file_url',
		'input',
		'inputs',
		'instructions',
		'prompt',
		'ref_audio',
		'result',
		'sample_audio',
		'text',
		'url',
	])('%s, and whatever is below it', (name) => {
		expect(privateTexts({ [name]: 'secret' })).toEqual(['secret']);
		expect(privateTexts({ a: [{ [name]: { deep: [{ er: 'secret' }] } }] })).toEqual(['secret']);
	});

	test.each(['role', 'type', 'object', 'id', 'tool_call_id', 'model'])(
		'%s is not, wherever it stands',
		(name) => {
			expect(privateTexts({ inputs: [{ [name]: 'plain', text: 'secret' }] })).toEqual(['secret']);
		},
	);

	test('anything else is not', () => {
		expect(privateTexts({ voice: 'plain', n: 5, no: null, yes: true, list: ['plain'] })).toEqual(
			[],
		);
		expect(privateTexts('plain')).toEqual([]);
		expect(privateTexts(null)).toEqual([]);
		expect(privateTexts({ inputs: null, text: 5 })).toEqual([]);
	});

	test('what signs an address is private by itself', () => {
		const url = 'https://files.example/a.ogg?id=12345&sig=aB%2Fc9XyZ';
		const sent = privateTexts({ file_url: url });
		expect(sent).toEqual(expect.arrayContaining([url, '12345', 'aB/c9XyZ', 'aB%2Fc9XyZ']));
		expect(redactTexts('bad signature aB/c9XyZ', sent, true)).toBe('bad signature [your text]');
		expect(privateTexts({ file_url: 'https://files.example/a.ogg' })).toContain(
			'https://files.example/a.ogg',
		);
	});

	test('each text once, the longest first, with its spaces and without', () => {
		expect(privateTexts({ text: ' a  b ', input: 'a longer text', prompt: ' a  b ' })).toEqual([
			'a longer text',
			'a  b',
			'a b',
		]);
	});
});

describe('how much of a text is known again', () => {
	const twentyFour = 'abcdefghijklmnopqrstuvwx';

	test('runs of 24 characters, not of 23', () => {
		const sent = [`${twentyFour}yz and so on`];
		expect(redactTexts(`<${twentyFour}>`, sent, false)).toBe('<[your text]>');
		expect(redactTexts(`<${twentyFour.slice(1)}>`, sent, false)).toBe(`<${twentyFour.slice(1)}>`);
	});

	test('a text of 24 characters counts as long, one of 23 only as a whole and where asked', () => {
		expect(redactTexts(`<${twentyFour}>`, [twentyFour], false)).toBe('<[your text]>');
		const short = twentyFour.slice(1);
		expect(redactTexts(`<${short}>`, [short], false)).toBe(`<${short}>`);
		expect(redactTexts(`<${short}>`, [short], true)).toBe('<[your text]>');
	});

	test('four characters are a word, three could be any', () => {
		expect(redactTexts('a word here', ['word'], true)).toBe('a [your text] here');
		expect(redactTexts('any word', ['any'], true)).toBe('any word');
	});

	test('what is too long to be looked through is not passed on', () => {
		expect(redactTexts('y'.repeat(1_500), [], true)).toBe('y'.repeat(1_000));
	});

	test('several runs go, what stands between them stays', () => {
		expect(redactTexts(`1 ${twentyFour} 2 ${twentyFour} 3`, [twentyFour], false)).toBe(
			'1 [your text] 2 [your text] 3',
		);
	});
});

describe('how much of a key is known again', () => {
	const key = 'abcdefghijklmnop';

	test('runs of twelve characters, not of eleven', () => {
		expect(redactKey(`<${key.slice(0, 12)}>`, key)).toBe('<[key]>');
		expect(redactKey(`<${key.slice(0, 11)}>`, key)).toBe(`<${key.slice(0, 11)}>`);
	});

	test('a key of eight characters anywhere, one of seven where it stands alone', () => {
		expect(redactKey('xabcdefghx', 'abcdefgh')).toBe('x[key]x');
		expect(redactKey('xabcdefgx abcdefg', 'abcdefg')).toBe('xabcdefgx [key]');
		expect(redactKey('ü1_-abc; abc', 'abc')).toBe('ü1_-abc; [key]');
	});

	test('as an address and as base64 writes it', () => {
		const odd = 'a/b+c=d&e?f g';
		expect(redactKey(`?k=${encodeURIComponent(odd)}`, odd)).toBe('?k=[key]');
		const padded = Buffer.from(odd).toString('base64');
		expect(padded).toMatch(/==$/);
		expect(redactKey(`(${padded.replace(/=+$/, '')})`, odd)).toBe('([key])');
	});

	test('behind "Bearer " in base64, whatever its length', () => {
		for (const before of ['', 'x', 'xy', 'Bearer ', 'k=']) {
			for (let length = 12; length < 40; length++) {
				const secret = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe0123456'.slice(0, length);
				const packed = Buffer.from(`${before}${secret} and more`).toString('base64');
				const shown = redactKey(packed, secret);
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
			expect([name, redactKey(`<${form}>`, odd)]).toEqual([name, '<[key]>']);
	});

	test('an empty text stays empty', () => {
		expect(redactKey('', key)).toBe('');
		expect(redactKey('', 'k')).toBe('');
	});
});
