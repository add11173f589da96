// Links, URLs and citation marks, one by one. `~` stands for a removal placeholder.
import { describe, expect, test } from '@jest/globals';
import { REMOVAL_PLACEHOLDER } from '../../../../nodes/shared/text/markdown/removal-placeholder.ts';
import {
	replaceAddressesByHosts,
	removeCitations,
	removeLinkedCitations,
	replaceLinks,
} from '../../../../nodes/shared/text/markdown/links.ts';

const judge = (
	change: (text: string) => string,
	rows: ReadonlyArray<readonly [text: string, plain: string]>,
) =>
	test.each(rows)('%j is %j', (text, plain) => {
		const changed = change(text.replaceAll('~', REMOVAL_PLACEHOLDER));
		expect(changed.replaceAll(REMOVAL_PLACEHOLDER, '~')).toBe(plain);
	});
const same = (texts: readonly string[]) => texts.map((text) => [text, text] as const);

describe('links become their label', () => {
	const references = new Set(['ref', 'a b', 'r'.repeat(198), 's'.repeat(199)]);
	const plain = (text: string) => replaceLinks(text, references);

	judge(plain, [
		['[a](http://b)', 'a'],
		['x[a](http://b)y', 'xay'],
		['[a](http://b)[c](http://d)', 'ac'],
		['[a]()', 'a'],
		['[a](b.com)', 'a'],
		['[a](b.cd)', 'a'],
		['[a](b/c)', 'a'],
		['[a](#b)', 'a'],
		['[a](?b)', 'a'],
		['[a](/b)', 'a'],
		['[a](.b)', 'a'],
		['[a](www.b)', 'a'],
		['[a](bc:d)', 'a'],
		['[a](BC+1.-:d)', 'a'],
		['[a](mailto:x)', 'a'],
		['[a](<b c>)', 'a'],
		['[a](<>)', 'a'],
		['[a](   <b>   )', 'a'],
		['[a]( http://b )', 'a'],
		['[a](http://b "t u")', 'a'],
		["[a](http://b   't u')", 'a'],
		['[a](http://b "")', 'a'],
		['[a](http://b(c)d(e))', 'a'],
		['[a](http://b())', 'a'],
		['[]( http://b)', ''],
		['![a](b.png)', 'a'],
		['!![a](b.png)', '!a'],
		['[![a](b.png)](http://c)', 'a'],
		['[a [b] c](http://d)', 'a [b] c'],
		['[[a]](http://b)', '[a]'],
		['[a][ref]', 'a'],
		['[a][REF]', 'a'],
		['[a][a b]', 'a'],
		['x[a][ref]y[b]z', 'xay[b]z'],
		[`[a][${'r'.repeat(198)}]`, 'a'],
	]);

	describe('other text stays', () => {
		judge(
			plain,
			same([
				'a',
				'[a](b)',
				'[a](b.c)',
				'[a](b:c)',
				'[a](1bc:c)',
				'[a](x y)',
				'[a](http://b t)',
				'[a](http://b "t)',
				'[a](    http://b)',
				'[a](http://b',
				'[a](http://b(c)',
				'[a] (http://b)',
				'a](http://b)',
				'[a][no]',
				'[a][ref',
				'[a]ref]',
				'[a]xref]',
				'[a](x<y)',
				'[a](xwww.y)',
				'a][ref]',
				'[a](f)(x)',
				'[a](<b\nc>)',
				`[a][${'s'.repeat(199)}]`,
			]),
		);
		test('a link reference without definitions stays', () => {
			expect(replaceLinks('[a][ref]', new Set())).toBe('[a][ref]');
		});
	});
});

describe('URLs become their host', () => {
	judge(replaceAddressesByHosts, [
		['http://a.b/c', 'a.b'],
		['https://a.b', 'a.b'],
		['ftp://a.b/c', 'a.b'],
		['ftps://a.b/c', 'a.b'],
		['www.a.b/c', 'a.b'],
		['HTTP://A.B/C', 'A.B'],
		['(see http://a.b/c d)', '(see a.b d)'],
		['http://www.a.b/c', 'a.b'],
		['http://www.localhost', 'www.localhost'],
		['http://u:p@a.b:80/c', 'a.b'],
		['http://a.b:80', 'a.b'],
		['http://a.b?c', 'a.b'],
		['http://a.b#c', 'a.b'],
		['http://a.b/c@d', 'a.b'],
		['http://ü.de/x', 'ü.de'],
		['http://1.2.3.4/x', '1.2.3.4'],
		['<http://a.b/c>', 'a.b'],
		['<www.a.b>', 'a.b'],
		['<HTTPS://a.b>', 'a.b'],
		['mailto:a@b.c', 'a@b.c'],
		['MAILTO:a@b.c', 'a@b.c'],
		['a.com/b', 'a.com'],
		['A.COM/B', 'A.COM'],
		['a.b.org/', 'a.b.org'],
		['a.net/x', 'a.net'],
		['a.edu/x', 'a.edu'],
		['a.gov/x', 'a.gov'],
		['a.b.c.d.com/e', 'a.b.c.d.com'],
		['a.com/b.', 'a.com.'],
		['http://a.b/c(d)', 'a.b'],
		['(http://a.b/c(d))', '(a.b)'],
		['(http://a.b)', '(a.b)'],
		['http://a.b/c))', 'a.b))'],
		['http://a.b/(c).', 'a.b.'],
		['http://a.b/c)).', 'a.b)).'],
		['*http://a.b*', '*a.b*'],
		...[...".,;:!?'*_~…。"].map((sign) => [`http://a.b/c${sign}`, `a.b${sign}`] as const),
		...[...'<>"`{}|\\^[]“”‘’«»　！中かカ한ก'].map(
			(sign) => [`http://a.b/c${sign}d`, `a.b${sign}d`] as const,
		),
	]);

	describe('other text stays', () => {
		judge(
			replaceAddressesByHosts,
			same([
				'xhttp://a.b',
				'1www.a.b',
				'http://',
				'http://!/x',
				'mailto: x',
				'xmailto:a@b',
				'1mailto:a@b',
				'a.com',
				'a.de/x',
				'x@a.com/b',
				'x/a.com/b',
				'a.b.c.d.e.com/f',
				'<a.com>',
			]),
		);
	});
});

describe('linked citations are removed', () => {
	judge(removeLinkedCitations, [
		['a ([b](http://c)) d', 'a ~ d'],
		['([a](https://b), [c](www.d))', '~'],
		['([a](http://b);  [c](http://d) )', '~'],
		['([A](HTTP://b))', '~'],
		['[1](http://b)', '~'],
		['[[1]](https://b)', '~'],
		['[123](#b)', '~'],
		['[1](www.b)', '~'],
		['[1](http:)', '~'],
		...'source Sources Quelle QUELLEN fuente fuentes fonte fontes fonti bron bronnen källa kilde'
			.split(' ')
			.map((word) => [`a (${word}: b) c`, 'a ~ c'] as const),
		['(source : x)', '~'],
		['(source: x(y)z)', '~'],
		['(source: ())', '~'],
	]);
	describe('other text stays', () => {
		judge(
			removeLinkedCitations,
			same([
				'([a](b))',
				'([a](http://b)x)',
				'([a](http://b);   [c](http://d))',
				'([](http://c))',
				'([a\nb](http://c))',
				'[1234](http://b)',
				'[](http://b)',
				'[1](b)',
				'[a](http://b)',
				'(source x)',
				'(source:x)',
				'(source: )',
				'(source: x\ny)',
				'(resource: x)',
				'(sourcess: x)',
				'(brone: x)',
			]),
		);
	});
});

describe('citation marks without a link are removed', () => {
	judge(removeCitations, [
		['a【1】', 'a~'],
		['【12:3†x】', '~'],
		['【a†b】', '~'],
		['【†】', '~'],
		['【source】', '~'],
		['【SOURCE】', '~'],
		['a [^1] b', 'a ~ b'],
		['[^abc-d]', '~'],
		[`[^${'a'.repeat(40)}]`, '~'],
		['aa[1]', 'aa~'],
		['aa[123]', 'aa~'],
		['aa[1,2]', 'aa~'],
		['aa[1, 2]', 'aa~'],
		['aa[1;2]', 'aa~'],
		['aa[1-3]', 'aa~'],
		['aa[1–345]', 'aa~'],
		['aa[1] b', 'aa~ b'],
		['aa[1][2][3]', 'aa~~~'],
		['[1][2]', '[1]~'],
		['xx[1]', 'xx~'],
		['5°[1]', '5°~'],
		['5%[1]', '5%~'],
		['55[1]', '55~'],
		['e\u0301[1]', 'e\u0301~'],
		['aa.[1] b', 'aa.~ b'],
		...[...'.,;:!?…。，、'].map((sign) => [`aa${sign}[1] b`, `aa${sign}~ b`] as const),
		...[...'"\'”’»›)]}）］｝」』】〉》〕〗｠'].map(
			(sign) => [`aa${sign}[1] b`, `aa${sign}~ b`] as const,
		),
		...[...'.,;:!?…。，、)»”"\'’\n['].map((sign) => [`aa [1]${sign}`, `aa ~${sign}`] as const),
		['aa [1]', 'aa ~'],
		['aa [1] [2]', 'aa ~ ~'],
		['aa [1]~', 'aa ~~'],
		['aa [12], b', 'aa ~, b'],
		['aa~[1]', 'aa~~'],
		['aa[1], =', 'aa~, ='],
	]);
	describe('other text stays', () => {
		judge(
			removeCitations,
			same([
				'【a】',
				'【】',
				'【sources】',
				'【1\n】',
				'[^1]:',
				'[^]',
				'[^a b]',
				`[^${'a'.repeat(41)}]`,
				'aa[0]',
				'aa[1234]',
				'aa[1,2222]',
				'aa[1,  2]',
				'[1] aa',
				'[1].',
				'aa\n[1]',
				'a@[1]',
				'aa [1] b',
				'aa [1] b.',
				'aa [1]- [',
				'aa [1]x',
				'aa [1] (',
				'aa [1,2].',
				'a[1]',
				...[...' (=+*/,;'].map((sign) => `${sign}x[1]`),
				...['b', '5', '(', '_', '=', ' =', '+', ' *', '/', '<', ' >'].map((next) => `aa[1]${next}`),
			]),
		);
	});
});
