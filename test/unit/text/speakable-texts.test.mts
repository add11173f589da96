// Text normalization for speech: whole texts, to the character.
import { describe, expect, test } from '@jest/globals';
import { toSpeakable } from '../../../nodes/shared/text/speakable.ts';

const judge = (rows: Array<[markdown: string, spoken: string]>) =>
	test.each(rows)('%j is %j', (markdown, spoken) => {
		expect(toSpeakable(markdown)).toBe(spoken);
	});

describe('blank lines between blocks stay', () => {
	judge([
		['a\n\n```\nx\n```\n\nb', 'a.\n\nb'],
		['a\n```\nx\n```\nb', 'a.\n\nb'],
		['```\nx\n```\nb', 'b'],
		['a\n\n😀\n\nb', 'a.\n\nb'],
		['a\n\n😀\nb', 'a.\n\nb'],
		['a\n😀\n\nb', 'a.\n\nb'],
		['a\n\n- 😀\n- b', 'a.\n\nb.'],
		['a\n\n\n\nb', 'a.\n\nb'],
		['# a\n\nb', 'a.\n\nb'],
		['# a\nb', 'a.\nb'],
		['x\n\n[^1]: http://a', 'x'],
		['a\n  \nb', 'a.\n\nb'],
	]);
});

describe('list items and headings end with a full stop', () => {
	judge([
		['- a\n- b', 'a.\nb.'],
		['- a\n\n- b', 'a.\n\nb.'],
		['# a', 'a.'],
		['- a!', 'a!'],
		['1. a', '1. a.'],
		['1. a\n2) b', '1. a.\n2) b.'],
		['- 😀', ''],
		['1. 😀', '1.'],
		['1. 😀\n2. b', '1.\n2. b.'],
		['# 1. a', '1. a.'],
		['- 苹果', '苹果。'],
	]);
});

describe('hard line breaks and wrapped lines', () => {
	judge([
		['a\nB', 'a,\nB'],
		['a\nb', 'a b'],
		['a\n1', 'a,\n1'],
		['a,\nb', 'a,\nb'],
		['a.\nb', 'a.\nb'],
		['a\\\nb', 'a,\nb'],
		['a  \nb', 'a,\nb'],
		['a  \nb\nc', 'a,\nb c'],
		['ก\nข', 'ก\nข'],
		['中\n中', '中，\n中'],
		['中  \n中', '中，\n中'],
		['か  \nか', 'か、\nか'],
		['ب  \nب', 'ب،\nب'],
		['a\n😀\nb', 'a b'],
		['- a\nB\n- c', 'a,\nB.\nc.'],
	]);
});

describe('tables', () => {
	judge([
		['|a|b|\n|-|-|\n|c|d|', 'a: c, b: d.'],
		['|a:|b|\n|-|-|\n|c|d|', 'a: c, b: d.'],
		['|a|b|\n|-|-|\n||d|', 'b: d.'],
		['|a|b|\n|-|-|\n|c||', 'a: c.'],
		['||b|\n|-|-|\n|c|d|', 'c, b: d.'],
		['|a|b|\n|-|-|\n|-|–|\n|—|e|', 'b: e.'],
		['|a|b|\n|-|-|\n|c.|d|', 'a: c. b: d.'],
		['|a|b|\n|-|-|\n|c|d|e|', 'a: c, b: d, e.'],
		['|a|b|\n|-|-|\n|\\||`x\\|y`|', 'a: |, b: x|y.'],
		['|a|b|\n|-|-|', 'a, b.'],
		['|a|b|c|\n|-|-|-|\n|1|2,|3!|', 'a: 1, b: 2, c: 3!'],
		['|城市|人口|\n|-|-|\n|北京|多|', '城市：北京，人口：多。'],
		['|都市|ひと|\n|-|-|\n|か|き|', '都市：か、ひと：き。'],
		['|a|b|\n|-|-|\n|  *c*\t d |e|', 'a: c d, b: e.'],
		['|a|b|\n\n|c|d|', 'a, b.\n\nc, d.'],
		['|—|x|', 'x.'],
		['|a|b|\n|-|-|\n|-5|x-|', 'a: -5, b: x-'],
		['x\n|a|b|\n|-|-|\n|c|d|\ny', 'x.\na: c, b: d.\ny'],
		['a|b\n-|-\nc|d|', 'a: c, b: d.'],
		['|a|\n|-|\n|✅|', ''],
		['| a |\n|---|\n| b |\n| |\n| c |', 'a: b.\na: c.'],
		['|a|b|\n|-|-|\n|c|d\\||', 'a: c, b: d|.'],
	]);
});

describe('control and invisible characters are removed', () => {
	judge([
		['a\r\nB\rC\u2028D\u2029E', 'a,\nB,\nC,\nD,\nE'],
		['a\u200Bb\u2060c\uFEFFd\u00ADe', 'abcde'],
		['a\u0007b', 'a b'],
		['a\u0007\bb', 'a b'],
		['a\tb', 'a b'],
		['\uE000a\u{F0001}b', 'ab'],
		['  a  ', 'a'],
		['\n\na\n', 'a'],
	]);
});

describe('nested markup', () => {
	judge([
		['`**a**`', 'a'],
		['&lt;b&gt;x&lt;/b&gt;', 'bxb'],
		['&amp;amp;lt;b&amp;gt;x', 'bx'],
		['**[`a`](b.com)**', 'a'],
		['# - # a', 'a.'],
	]);
});

describe('text of nothing but code', () => {
	judge([
		['```\n```', ''],
		['```\n**a** b\n```', 'a b'],
		['```\n# a\nb\n```', 'a.\nb'],
		['    ', ''],
		['```\n😀\n```', ''],
	]);
});

test('a line of fifty characters counts as wrapped', () => {
	expect(toSpeakable(`${'x'.repeat(50)}\nB`)).toBe(`${'x'.repeat(50)} B`);
	expect(toSpeakable(`${'x'.repeat(49)}\nB`)).toBe(`${'x'.repeat(49)},\nB`);
});

test('lone surrogates are removed', () => {
	expect(toSpeakable('a\uD800b\uDC00c')).toBe('abc');
});

describe('options', () => {
	test.each<[string, string, Parameters<typeof toSpeakable>[1], string]>([
		['code of a part is skipped', '```\na\n```', { isPart: true }, ''],
		['code is announced', '```\na\n```', { language: 'en' }, 'Code example.'],
		['code between text is announced', 'a\n```\nb\n```', { language: 'en' }, 'a.\n\nCode example.'],
		['code before text is announced', '```\nb\n```\na', { language: 'de' }, 'Codebeispiel.\na'],
		['tags are removed', '[emotion=a] b', { keepTags: false }, 'b'],
		['tags are removed from a text of tags alone', '[emotion=a]', { keepTags: false }, ''],
		['tags are kept', '[emotion=a] b', { keepTags: true }, '[emotion=a] b'],
		['a check mark among words is no cell value', '| ✅ ok | ✔️ |', { language: 'en' }, 'ok, yes.'],
		[
			'a check mark before another is no cell value',
			'| x✅ | ✔x | ❌x | x✖ |',
			{ language: 'en' },
			'x, x, x, x.',
		],
		['without a language check marks are removed', '| ✅ | x |', {}, 'x.'],
	])('%s', (_, markdown, options, spoken) => {
		expect(toSpeakable(markdown, options)).toBe(spoken);
	});
});
