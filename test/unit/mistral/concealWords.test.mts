// Where the person's own words hide in a request, and how long a word must be to be known again.
import { describe, expect, test } from '@jest/globals';
import { privateTexts, withoutKey, withoutTexts } from '../../../nodes/shared/mistral/conceal.ts';

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
		expect(withoutTexts(`<${twentyFour}>`, sent, false)).toBe('<[your text]>');
		expect(withoutTexts(`<${twentyFour.slice(1)}>`, sent, false)).toBe(`<${twentyFour.slice(1)}>`);
	});

	test('a text of 24 characters counts as long, one of 23 only as a whole and where asked', () => {
		expect(withoutTexts(`<${twentyFour}>`, [twentyFour], false)).toBe('<[your text]>');
		const short = twentyFour.slice(1);
		expect(withoutTexts(`<${short}>`, [short], false)).toBe(`<${short}>`);
		expect(withoutTexts(`<${short}>`, [short], true)).toBe('<[your text]>');
	});

	test('four characters are a word, three could be any', () => {
		expect(withoutTexts('a word here', ['word'], true)).toBe('a [your text] here');
		expect(withoutTexts('any word', ['any'], true)).toBe('any word');
	});

	test('what is too long to be looked through is not passed on', () => {
		expect(withoutTexts('y'.repeat(1_500), [], true)).toBe('y'.repeat(1_000));
	});

	test('several runs go, what stands between them stays', () => {
		expect(withoutTexts(`1 ${twentyFour} 2 ${twentyFour} 3`, [twentyFour], false)).toBe(
			'1 [your text] 2 [your text] 3',
		);
	});
});

describe('how much of a key is known again', () => {
	const key = 'abcdefghijklmnop';

	test('runs of twelve characters, not of eleven', () => {
		expect(withoutKey(`<${key.slice(0, 12)}>`, key)).toBe('<[key]>');
		expect(withoutKey(`<${key.slice(0, 11)}>`, key)).toBe(`<${key.slice(0, 11)}>`);
	});

	test('a key of eight characters anywhere, one of seven where it stands alone', () => {
		expect(withoutKey('xabcdefghx', 'abcdefgh')).toBe('x[key]x');
		expect(withoutKey('xabcdefgx abcdefg', 'abcdefg')).toBe('xabcdefgx [key]');
		expect(withoutKey('ü1_-abc; abc', 'abc')).toBe('ü1_-abc; [key]');
	});

	test('as an address and as base64 writes it', () => {
		const odd = 'a/b+c=d&e?f g';
		expect(withoutKey(`?k=${encodeURIComponent(odd)}`, odd)).toBe('?k=[key]');
		const padded = Buffer.from(odd).toString('base64');
		expect(padded).toMatch(/==$/);
		expect(withoutKey(`(${padded.replace(/=+$/, '')})`, odd)).toBe('([key])');
	});

	test('an empty text stays empty', () => {
		expect(withoutKey('', key)).toBe('');
		expect(withoutKey('', 'k')).toBe('');
	});
});
