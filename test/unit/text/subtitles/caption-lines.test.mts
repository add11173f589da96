// Display width and line breaking, to the column.
import { describe, expect, test } from '@jest/globals';
import {
	breakLines,
	extendLayout,
	widthOf,
} from '../../../../nodes/shared/text/subtitles/caption-lines.ts';

const x = (count: number, letter = 'x') => letter.repeat(count);

describe('width', () => {
	test.each([
		...[
			'a',
			'~',
			'\u02FF',
			'ก',
			'\u10FF',
			'\u1160',
			'\u2E7F',
			'\u303F',
			'\u3040',
			'\u4DC0',
			'\uA000',
		],
		...['\uA95F', '\uA980', '\uABFF', '\uD7A4', '\uF8FF', '\uFB00', '\uFE2F', '\uFF61', '\uFFDF'],
		...['\uFFE7', '\u{1F2FF}', '\u{1FB00}', '\u{1FFFF}', '\u{3FFFE}'],
	])('one column: %s', (character) => {
		// Combining marks between the ranges have no width.
		expect(widthOf(character)).toBe(/\p{M}/u.test(character) ? 0 : 1);
	});

	test.each([
		...['\u1100', '\u115F', '\u2E80', '\u303E', '\u3041', '\u33FF', '\u3400', '\u4DBF', '\u4E00'],
		...['\u9FFF', '\uA960', '\uA97F', '\uAC00', '\uD7A3', '\uF900', '\uFAFF', '\uFE30', '\uFE4F'],
		...['\uFF00', '\uFF60', '\uFFE0', '\uFFE6', '\u{1F300}', '\u{1FAFF}', '\u{20000}', '\u{3FFFD}'],
	])('two columns: %s', (character) => {
		expect(widthOf(character)).toBe(2);
	});

	test.each(['\u0300', '\u0301', '\u0E31', '\u200D', '\u2060'])('none: %j', (character) => {
		expect(widthOf(character)).toBe(0);
	});

	test('is the sum over the characters', () => {
		expect(widthOf('')).toBe(0);
		expect(widthOf('a中ก\u0E31e\u0301！')).toBe(7);
	});
});

describe('line breaking', () => {
	test.each<[string, string, number, string[]]>([
		['an empty text has no line', '', 42, []],
		['spaces have no line', '  ', 42, []],
		['spaces do not count', '  aaaa \n bbbb ', 9, ['aaaa bbbb']],
		['what fits stays', 'aaaa bbbb', 9, ['aaaa bbbb']],
		['what does not fit by a column is broken', 'aaaa bbbb', 8, ['aaaa', 'bbbb']],
		['a word as long as a line', 'aaaaa bbbbb', 5, ['aaaaa', 'bbbbb']],
		['a longer one is broken', 'aaaaaa bbbbb', 5, ['aaaaa', 'a', 'bbbbb']],
		['the rest of a broken word is followed by the next word', 'aaaaaaa bb', 5, ['aaaaa', 'aa bb']],
		['full-width characters count two columns', '中中中', 5, ['中中', '中']],
		['the space between full-width words stays', '中中 中中', 42, ['中中 中中']],
		['kana are broken too', 'カカかか', 5, ['カカ', 'かか']],
		['Latin letters among full-width characters stay together', 'ab中cd', 5, ['ab中', 'cd']],
		['letters longer than a line', '中abcdefgh', 4, ['中', 'abcd', 'efgh']],
		['letters that fill a line', 'abcd中', 4, ['abcd', '中']],
		['combining marks take no columns', 'e\u0301e\u0301e\u0301', 3, ['e\u0301e\u0301e\u0301']],
		['a family emoji is one grapheme cluster', '👩‍👩‍👧👩‍👩‍👧', 6, ['👩‍👩‍👧', '👩‍👩‍👧']],
		['a character wider than a line', '中 中', 1, ['中', '中']],
		['a wide character in a long word of letters', 'aaaa！bbbb', 6, ['aaaa！', 'bbbb']],
	])('%s', (_, text, columns, lines) => {
		expect(breakLines(text, columns)).toEqual(lines);
	});

	test.each([...'、。，．！？：；）」』】》〉・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…'])(
		'no line starts with %s',
		(mark) => {
			expect(breakLines(`中中${mark}中中`, 4)).toEqual(
				mark === '…' ? ['中中', '…中', '中'] : ['中', `中${mark}`, '中中'],
			);
		},
	);

	test('except with the fifth of five such characters', () => {
		expect(breakLines('中、、、、中', 8)).toEqual(['中、、、', '、中']);
		expect(breakLines('、中', 8)).toEqual(['、中']);
	});

	test.each<[string, string, number, string[]]>([
		['two lines of about the same length', 'aa bb cc dd ee ff', 14, ['aa bb cc dd', 'ee ff']],
		['four columns more than the mean at most', 'aaaa bb cc dd e', 12, ['aaaa bb cc', 'dd e']],
		[
			'not where that takes a line more',
			`${x(13)} ${x(13, 'y')} ${x(6, 'z')} ${x(6, 'w')}`,
			21,
			[`${x(13)}`, `${x(13, 'y')} ${x(6, 'z')}`, `${x(6, 'w')}`],
		],
		['a word longer than the mean', `${x(40)} aa`, 42, [x(40), 'aa']],
	])('%s', (_, text, columns, lines) => {
		expect(breakLines(text, columns)).toEqual(lines);
	});
});

describe('the line layout after appending text', () => {
	test.each<[string, [lines: number, used: number], string, [lines: number, used: number]]>([
		['the first line begins', [0, 0], 'aaaa', [1, 5]],
		['a word fits', [1, 5], 'aaaaa', [1, 11]],
		['a word does not fit', [1, 5], 'aaaaaa', [2, 7]],
		['full-width characters fit', [1, 6], '中中', [1, 11]],
		['full-width characters do not fit', [1, 7], '中中中', [2, 5]],
		['a wide character without a space needs its columns', [1, 9], '中中', [2, 5]],
		['an empty text changes nothing', [1, 3], '', [1, 3]],
		['white space on an empty layout is no line', [0, 0], ' ', [0, 0]],
		['a full line is followed by the next', [2, 10], 'a b', [3, 4]],
		['a character of no width starts a line too', [0, 0], '\u200D', [1, 1]],
	])('%s', (_, [lines, used], text, [newLines, newUsed]) => {
		expect(extendLayout({ lines, used }, text, 10)).toEqual({ lines: newLines, used: newUsed });
	});
});
