// HTML tags and entities one by one: what is stripped, what becomes a line break, what is no HTML at all.
import { describe, expect, test } from '@jest/globals';
import { decodeEntities, removeHtml } from '../../../../nodes/shared/text/markdown/html.ts';

const words = (text: string) => text.split(/\s+/);
const judge = (
	change: (text: string) => string,
	rows: ReadonlyArray<readonly [text: string, plain: string]>,
) =>
	test.each(rows)('%j is %j', (text, plain) => {
		expect(change(text)).toBe(plain);
	});
const same = (texts: string[]) => texts.map((text) => [text, text] as const);

describe('tags', () => {
	test.each(
		words(
			'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html legend li main nav ol optgroup option p pre section select summary table tbody td tfoot th thead title tr ul',
		),
	)('<%s> becomes a line break', (tag) => {
		expect(removeHtml(`a<${tag}>b</${tag}>c`)).toBe('a\nb\nc');
	});

	test.each(
		words(
			'a abbr acronym audio b bdi bdo big button cite code data del dfn em embed figcap font i iframe img input ins kbd label link map mark math meta meter noscript object output param picture progress q rp rt ruby s samp small source span strike strong sub sup svg textarea time track tt u var video wbr',
		),
	)('<%s> is stripped', (tag) => {
		expect(removeHtml(`a<${tag}>b</${tag}>c`)).toBe('abc');
	});

	judge(removeHtml, [
		['a<br>b<BR/>c<br />d<hr>e<HR>f', 'a\nb\nc\nd\ne\nf'],
		['a<EM>b</Em>', 'ab'],
		['<div />x', '\nx'],
		['x</b>', 'x'],
		['<B>x</b>', 'x'],
		['a <b open> d</b>', 'a  d'],
	]);

	judge(
		removeHtml,
		same(['a<foo>b', '<h7>a', 'a<1b>', '< p>x', '<p', 'x < y', '<ababababababa>', '', 'plain']),
	);

	describe('of one letter are stripped only when a closing tag exists', () => {
		judge(removeHtml, same(['<b>x', '<s>x', '<a href="x">y', '<q>x<i>y']));
		judge(removeHtml, [['<b>x<i>y</b>', 'x<i>y']]);
	});
});

describe('attributes', () => {
	judge(removeHtml, [
		['<a href="x">y</a>', 'y'],
		["<a href='x'>y</a>", 'y'],
		['<a href=x>y</a>', 'y'],
		['<a href=xyz>y</a>', 'y'],
		["<a href='xyz'>y</a>", 'y'],
		['<video  open >x', 'x'],
		['<a href = "x">y</a>', 'y'],
		['<a href="" title="x y">y</a>', 'y'],
		['<img src="a" alt>', ''],
		['<em x:y.z-1="2">d', 'd'],
		['<em a=b c>d</em>', 'd'],
		['<em  a=b\n c=d>e', 'e'],
		...words('open checked disabled controls hidden selected autoplay loop muted').map(
			(name) => [`<video ${name}>x<video ${name.toUpperCase()} >`, 'x'] as const,
		),
	]);
	judge(
		removeHtml,
		same(['a <b and c> d</b >', '<em openx>a', '<em xopen>a', '<em open loop>a', '<em a="<">d']),
	);
});

describe('comments, scripts and styles are dropped with their content', () => {
	judge(removeHtml, [
		['a<!-- b -->c', 'a c'],
		['a<!-- b -->c<!-- d -->e', 'a c e'],
		['<script>x</script>y', ' y'],
		['a<SCRIPT src="x">y</Script>z', 'a z'],
		['<style>a</style><style>b', ' <style>b'],
		['a<style>b { }</style>c', 'a c'],
		['<!---->a<!-->b-->c', ' a c'],
	]);
	describe('unless they are unclosed', () => {
		judge(removeHtml, same(['a<!-- b', 'a<script>b', 'a<style>b', 'a -->b']));
	});
	describe('unless a letter changes its length in lower case', () => {
		judge(removeHtml, same(['İ<!-- b -->c']));
	});
});

describe('entities', () => {
	const NAMED =
		'amp & | lt < | gt > | quot " | apos \' | zwnj \u200C | zwj \u200D | ndash – | mdash — | hellip … | laquo « | raquo » | lsquo ‘ | rsquo ’ | ldquo “ | rdquo ” | sbquo ‚ | bdquo „ | bull • | middot · | copy © | reg ® | trade ™ | deg ° | plusmn ± | times × | divide ÷ | minus − | ne ≠ | le ≤ | ge ≥ | asymp ≈ | infin ∞ | rarr → | larr ← | harr ↔ | euro € | pound £ | yen ¥ | cent ¢ | sect § | para ¶ | frac12 ½ | frac14 ¼ | frac34 ¾ | sup2 ² | sup3 ³ | micro µ | agrave à | aacute á | acirc â | atilde ã | auml ä | aring å | aelig æ | ccedil ç | egrave è | eacute é | ecirc ê | euml ë | iacute í | ntilde ñ | oacute ó | otilde õ | ouml ö | oslash ø | uacute ú | uuml ü | szlig ß | Auml Ä | Ouml Ö | Uuml Ü | Eacute É';
	test.each(NAMED.split(' | ').map((row) => row.split(' ') as [string, string]))(
		'&%s; is %s',
		(name, sign) => {
			expect(decodeEntities(`a&${name};b`)).toBe(`a${sign}b`);
		},
	);

	test.each(['nbsp', 'ensp', 'emsp', 'thinsp'])('&%s; is a space', (name) => {
		expect(decodeEntities(`a&${name};b`)).toBe('a b');
	});

	judge(decodeEntities, [
		['a&shy;b', 'ab'],
		['&#65;&#x41;&#X4a;', 'AAJ'],
		['&#31;&#32;', '  '],
		['&#33;', '!'],
		['&#55295;&#55296;&#57343;&#57344;', '\uD7FF  \uE000'],
		['&#1114111;&#1114112;', '\u{10FFFF} '],
		['&#x10ffff;&#x110000;', '\u{10FFFF} '],
		['&AMP;', '&'],
	]);

	describe('of accented letters, emoji and rare signs', () => {
		judge(decodeEntities, [
			['caf&eacute; &Agrave; la carte', 'café À la carte'],
			['&Uuml;bung macht den Meister', 'Übung macht den Meister'],
			['&Scaron;koda, &Ccedil;a va, &Oslash;rsted', 'Škoda, Ça va, Ørsted'],
			['Wait&hellip; &#x1F600;', 'Wait… 😀'],
			['&alpha;&Omega;&CounterClockwiseContourIntegral;', 'αΩ∳'],
			['&amp;CounterClockwiseContourIntegral;', '∳'],
			['&NotEqualTilde;', '\u2242\u0338'],
			['&#150;', '–'],
		]);
	});

	describe('of spaces, control characters and invisible characters', () => {
		judge(decodeEntities, [
			['a&hairsp;b&numsp;c&#12288;d', 'a b c d'],
			['a&NewLine;b&Tab;c&#127;d', 'a b c d'],
			['a&ZeroWidthSpace;b&NoBreak;c&it;d&#65279;e', 'abcde'],
		]);
	});

	describe('without a semicolon, as in the query of an address, stay', () => {
		judge(
			decodeEntities,
			same(['example.com/?a=1&copy=2&eacute=3', '?x&lt=4&#65', '&Uuml', 'R&eacute D']),
		);
	});
	judge(
		decodeEntities,
		same([
			'plain',
			'&foo;',
			'&toString;',
			'&amp',
			'&#65',
			'&#;',
			'&#x;',
			'&x;',
			'&abcdefghi;',
			'&#12345678;',
			'&#x1234567;',
		]),
	);

	describe('escaped more than once', () => {
		judge(decodeEntities, [
			['&amp;amp;lt;', '<'],
			['&amp;lt;', '<'],
			['&amp;#38;', '&'],
			['&amp;foo;', '&foo;'],
			['&amp;amp;amp;#65;', 'A'],
			['&amp;amp; amp;', '& amp;'],
			['&amp; x;', '& x;'],
			['&amp;abcdefghi;', '&abcdefghi;'],
		]);
	});

	describe('that make a tag leave its name', () => {
		judge(decodeEntities, [
			['&lt;b&gt;', 'b'],
			['&lt;/b&gt;', 'b'],
			['&lt;br /&gt;', 'br'],
			['&LT;b&GT;', 'b'],
			['&lt;h1&gt;', 'h1'],
			['&lt;1&gt;', '<1>'],
			['&lt;b', '<b'],
			['&lt;b c&gt;', '<b c>'],
			['&lt;ababababababa&gt;', '<ababababababa>'],
		]);
	});
});
