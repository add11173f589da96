// Inline parser: the text of a line without its inline markup.
import { describe, expect, test } from '@jest/globals';
import { inlineToPlainText } from '../../../../nodes/shared/text/markdown/inline-parser.ts';
import { spokenWordsFor } from '../../../../nodes/shared/text/language/spoken-words.ts';

const plain = (text: string, language?: string) =>
	inlineToPlainText(text, { words: spokenWordsFor(language), references: new Set(['r']) });

const judge = (rows: Array<[text: string, plain: string]>) =>
	test.each(rows)('%j is %j', (text, left) => {
		expect(plain(text)).toBe(left);
	});

describe('code spans keep their words', () => {
	judge([
		['`a`', 'a'],
		['`a b` c', 'a b c'],
		['``a`b``', 'a`b'],
		['`a b``c`', 'a b``c'],
		['`[a]`', 'a'],
		['`a[0]`', 'a 0'],
		['`a[[0]]b`', 'a 0 b'],
		['`<div>`', 'div'],
		['`</div>`', 'div'],
		['`<br/>`', 'br'],
		['`<br />`', 'br'],
		['`<a b>`', '<a b>'],
		['`<1>`', '<1>'],
		['`<DIV>`', 'DIV'],
		['` a `', 'a'],
		['`a` `b`', 'a b'],
		['ab`cd`ef', 'abcdef'],
		['`a```b`', 'a```b'],
		['`a` b `c` d `e', 'a b c d e'],
		['`a\nb`', 'a\nb'],
		['a \\`b\\` c', 'a b c'],
		['`a\\` b', 'a b'],
	]);
});

describe('an unmatched backtick is removed', () => {
	judge([
		['`a', 'a'],
		['a`', 'a'],
		['``a`', 'a'],
		['`a``', 'a'],
		['1`a', '1a'],
		['a`1', 'a1'],
		['a `b', 'a b'],
		['😀`a', 'a'],
		['a``` b', 'a b'],
	]);
});

describe('an unmatched backtick between letters is an apostrophe', () => {
	judge([
		['a`b', "a'b"],
		['it`s', "it's"],
		['é`é', "é'é"],
		['x`y z`w`v', "xy zw'v"],
		['a``b', "a'b"],
		['é`s', 'és'],
	]);
});

describe('mail addresses stay whole', () => {
	judge([
		['a@b.cd', 'a@b.cd'],
		['<a@b.cd>', 'a@b.cd'],
		['<a@b>', 'a@b'],
		['a_b_c@d.ef', 'a_b_c@d.ef'],
		['_a_@b.cd', '_a_@b.cd'],
		['(_a_@b.cd)', '(_a_@b.cd)'],
		['x _a_@bb.c-d.efg y', 'x _a_@bb.c-d.efg y'],
		['_a_@b.c', 'a@b.c'],
		['_a_@b.cd9', 'a@b.cd9'],
		['_a_@b.cd-e', 'a@b.cd-e'],
		['_a_b@c.de', '_a_b@c.de'],
		['x *a_b@c.de* y', 'x a_b@c.de y'],
		['a.b+c-d@e-f.gh.ij', 'a.b+c-d@e-f.gh.ij'],
		['a@b.cd-e', 'a@b.cd-e'],
		['x_y_@b.cd_z_', 'x_y_@b.cd_z_'],
		['[a@b.cd](mailto:a@b.cd)', 'a@b.cd'],
		['**a__b__@c.de**', 'a__b__@c.de'],
		['a_b_@c.d and _e_', 'a_b_@c.d and e'],
	]);
});

describe('direction tags stay whole', () => {
	judge([
		['[emotion=*x*]', '[emotion=*x*]'],
		['*[emotion=a_b_c]*', '[emotion=a_b_c]'],
		['[pace=`x`] `y`', '[pace=`x`] y'],
	]);
});

describe('backslash escapes', () => {
	judge([
		['\\*a\\*', 'a'],
		['a\\_b', 'a_b'],
		['\\[x', '[x'],
		['\\#a', '#a'],
		['\\-', '-'],
		[
			'\\!\\"\\#\\$\\%\\&\\\'\\(\\)\\*\\+\\,\\.\\/\\:\\;\\<\\=\\>\\?\\@\\[\\]\\^\\_\\{\\|\\}\\~',
			'!"#$%&\'()*+,./:;<=>?@[]^_{|}~',
		],
		['\\a', '\\a'],
		['\\\\', '\\\\'],
		['\\é', '\\é'],
		['\\ a', '\\ a'],
	]);
});

describe('emoji are removed', () => {
	judge([
		['😀', ''],
		['a😀', 'a'],
		['a 😀 b', 'a b'],
		['a😀b', 'ab'],
		['a 😀.', 'a.'],
		['👍🏽', ''],
		['👍🏽👍 a', 'a'],
		['👩\u200D👩\u200D👧 x', 'x'],
		['🇫🇷', ''],
		['🇫🇷🇩🇪 x', 'x'],
		['❤\uFE0F x', 'x'],
		['❤ x', 'x'],
		['☀\uFE0E x', 'x'],
		['⌚', ''],
		['🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} x', 'x'],
		['🏽', ''],
		['a\uFE0Fb', 'ab'],
		['a\uFE0Eb', 'ab'],
	]);
});

describe('symbols that are no emoji stay', () => {
	judge([
		['© ® ™ ‼ ⁉ ℹ ↔ ↪ ↩', '© ® ™ ‼ ⁉ ℹ ↔ ↪ ↩'],
		['5 → 6', '5 → 6'],
		['1\uFE0F\u20E3', '1'],
		['1\u20E3', '1'],
		['#\uFE0F\u20E3 a', '# a'],
		['*\uFE0F\u20E3 a', '* a'],
		['➡\uFE0F b', '→ b'],
		['➡ b', '→ b'],
		['a ➡\uFE0F b', 'a → b'],
	]);
});

describe('white space', () => {
	judge([
		['a\t b', 'a b'],
		['a\u00A0\u00A0b', 'a b'],
		['a  b', 'a b'],
		['a \n b', 'a \n b'],
		['a\vb', 'a\vb'],
		['a  \n\n  b', 'a \n\n b'],
	]);
});

describe('links, HTML, formulas and emphasis are removed too', () => {
	judge([
		['$x$', 'x'],
		['aa[1].', 'aa.'],
		['[a][r]', 'a'],
		['[a](b.com)', 'a'],
		['&amp;', '&'],
		['<b>x</b>', 'x'],
		['https://a.b/c', 'a.b'],
		['~~a~~', 'a'],
		['aa【1】', 'aa'],
		['([a](https://b))x', 'x'],
		['`**a**`', 'a'],
		['**`a`**', 'a'],
		['[`a`](b.com)', 'a'],
		['&lt;b&gt;', 'b'],
	]);
});

test('symbols become words last', () => {
	expect(plain('**5** % & [a](b.com)', 'en')).toBe('5 percent and a');
});

test('spans beyond the number of placeholders stay unprotected', () => {
	const many = 'a_b@c.de '.repeat(65_534);
	expect(plain(`${many}*a@b.cd*`)).toBe(`${many}a@b.cd`);
});
