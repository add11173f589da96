// Full stops, commas and colons of each script, and which punctuation makes a voice pause.
import { describe, expect, test } from '@jest/globals';
import {
	CLOSING_CHARACTERS,
	endsLine,
	endsWithPause,
	punctuationFor,
	withTerminator,
} from '../../../../nodes/shared/text/language/punctuation.ts';

describe('punctuation of a text', () => {
	test.each([
		...['か', 'カ', '日か', 'か日', 'か1', 'かab中'].map((text) => [text, '。', '、', '：']),
		['中', '。', '，', '：'],
		...['म', 'ব', 'ਮ', 'ଅ', 'कि', 'aम1'].map((text) => [text, '।', ', ', ': ']),
		['ب', '.', '، ', ': '],
		['Հ', '։', ', ', '. '],
		['አ', '።', '፣ ', '፦ '],
		['က', '။', '၊ ', ': '],
		['ក', '។', ', ', ': '],
		['ཀ', '།', ' ', ' '],
		['ก', '', ' ', ' '],
		['ກ', '', ' ', ' '],
		...['a', 'я', '한', '', '123', 'かa'].map((text) => [text, '.', ', ', ': ']),
	] as Array<[string, string, string, string]>)('%s', (text, stop, comma, colon) => {
		expect(punctuationFor(text)).toEqual({ stop, comma, colon });
		expect(withTerminator(text)).toBe(text === '' ? '' : text + stop);
	});

	test('follows the script of the last forty characters', () => {
		expect(punctuationFor(`か${'1'.repeat(39)}`).stop).toBe('。');
		expect(punctuationFor(`か${'1'.repeat(40)}`).stop).toBe('.');
		expect(punctuationFor(`か${'中'.repeat(39)}`).comma).toBe('、');
		expect(punctuationFor(`か${'中'.repeat(40)}`).comma).toBe('，');
	});
});

describe('punctuation at the end that makes a voice pause', () => {
	test.each([...'.!?…:;,‥。！？：；，、．｡､।॥۔؟؛،։՞՜።፧፨፣፤፥၊။៕៕។॥⸮‼⁇⁈⁉—–-'])(
		'%s is one',
		(sign) => {
			expect(endsWithPause(`a${sign}`)).toBe(true);
			expect(endsWithPause(`a${sign}”)`)).toBe(true);
			expect(withTerminator(`a${sign}`)).toBe(`a${sign}`);
		},
	);

	test.each([...CLOSING_CHARACTERS])('%s may follow it', (closer) => {
		expect(endsWithPause(`a.${closer}`)).toBe(true);
		expect(withTerminator(`a${closer}`)).toBe(`a${closer}.`);
	});

	test.each(['a', 'a.b', 'a"', '', '"', 'a. ', '.a', 'a*', '.....a', '. ."a'])(
		'%j has none at its end',
		(text) => {
			expect(endsWithPause(text)).toBe(false);
		},
	);

	test('counts before any number of closing characters', () => {
		expect(endsWithPause('."')).toBe(true);
		expect(endsWithPause('"".')).toBe(true);
	});
});

test.each<[string, boolean]>([
	['a.', true],
	['ก', true],
	['กา', true],
	['กิ', true],
	['ກ', true],
	['a', false],
	['กa', false],
	['a\u0301', false],
	['कि', false],
	['中', false],
	['ก1', false],
])('the line of %s ends: %s', (text, ends) => {
	expect(endsLine(text)).toBe(ends);
});
