// LaTeX formulas as plain text, and text that only looks like a formula.
import { describe, expect, test } from '@jest/globals';
import { formulasToPlainText } from '../../../../nodes/shared/text/markdown/formulas.ts';

const judge = (rows: Array<[text: string, plain: string]>) =>
	test.each(rows)('%s is %s', (text, plain) => {
		expect(formulasToPlainText(text)).toBe(plain);
	});

describe('formula delimiters', () => {
	judge([
		['\\[a\\]', ' a '],
		['x\\[a\\]y', 'x a y'],
		['\\(a\\)', 'a'],
		['x\\(a\\)y', 'xay'],
		['$$a$$', 'a'],
		['$$a\nb$$', 'a\nb'],
		['$a$', 'a'],
		['$a$ and $b$', 'a and b'],
		['\\[a\\(b\\]', ' a\\(b '],
		['\\(a\\[b\\)', 'a\\[b'],
		['\\[a\\[b\\]', '\\[a b '],
		['\\(a\\(b\\)', '\\(ab'],
		['\\[\\times\\]', ' × '],
		['\\(\\times\\)', '×'],
		['$5^2$', '5^2'],
		['$5_1$', '5_1'],
		['$a=b$', 'a=b'],
		['$a<b$', 'a<b'],
		['$a>b$', 'a>b'],
		['$a+b$', 'a+b'],
		['$a^b$', 'a^b'],
		['$a_b$', 'a_b'],
		['$\\alpha$', 'alpha'],
		['$5 \\alpha$', '5 alpha'],
		['$abc ef=1$', 'abc ef=1'],
		['$abcd e=1$', 'abcd e=1'],
	]);
});

describe('text that is no formula stays', () => {
	test.each([
		'plain',
		'\\[\\]',
		'\\(\\)',
		'\\alpha',
		'$$$$',
		'$5$',
		'$1=2$',
		'$ab$',
		'$a b$',
		'$abcd ef=1$',
		'a$b$',
		'1$b$',
		'$b$c',
		'$b$1',
		'$ b$',
		'$b $',
		'\\$b$',
		'$$b$',
		'$b$$',
		'$5 and $10',
		'$a\nb=c$',
		`$a=${'b'.repeat(199)}$`,
		`$$${'b'.repeat(1001)}$$`,
		`\\[${'b'.repeat(1001)}\\]`,
		`\\(${'b'.repeat(1001)}\\)`,
	])('%s', (text) => {
		expect(formulasToPlainText(text)).toBe(text);
	});

	test('a formula may be up to the maximum length', () => {
		const [short, long] = ['b'.repeat(198), 'b'.repeat(1000)];
		expect(formulasToPlainText(`$a=${short}$`)).toBe(`a=${short}`);
		expect(formulasToPlainText(`$$${long}$$`)).toBe(long);
		expect(formulasToPlainText(`\\[${long}\\]`)).toBe(` ${long} `);
		expect(formulasToPlainText(`\\(${long}\\)`)).toBe(long);
	});
});

describe('symbols', () => {
	test.each([
		['times', '×'],
		['cdot', '·'],
		['div', '÷'],
		['pm', '±'],
		['le', '≤'],
		['leq', '≤'],
		['ge', '≥'],
		['geq', '≥'],
		['ne', '≠'],
		['neq', '≠'],
		['approx', '≈'],
		['to', '→'],
		['rightarrow', '→'],
		['Rightarrow', '→'],
		['infty', '∞'],
		['degree', '°'],
		['circ', '°'],
		['ldots', '…'],
		['dots', '…'],
		['cdots', '…'],
		['alpha', 'alpha'],
		['toString', 'toString'],
		['constructor', 'constructor'],
	])('\\%s is %s', (name, sign) => {
		expect(formulasToPlainText(`$a\\${name} b$`)).toBe(`a${sign} b`);
		expect(formulasToPlainText(`$a\\${name}1$`)).toBe(`a${sign} 1`);
	});

	test.each(['left', 'right', 'big', 'Big', 'displaystyle'])('\\%s is dropped', (name) => {
		expect(formulasToPlainText(`$a\\${name}(b$`)).toBe('a (b');
	});

	test.each(['quad', 'qquad'])('\\%s is space', (name) => {
		expect(formulasToPlainText(`$a\\${name} b$`)).toBe('a  b');
	});

	judge([
		['$90^\\circ$', '90°'],
		['$90^{\\circ}$', '90°'],
		['$90^ \\circ$', '90°'],
		['$90^ {\\circ} C$', '90° C'],
		['$a\\,b\\;c\\:d\\!e\\ f\\x$', 'a b c d e fx'],
		['\\[\\%\\&\\#\\_\\{\\|\\$\\]', ' %&#_|$ '],
		['$a\\\\b^2$', 'a b^2'],
		['$a \\\\ b^2$', 'a   b^2'],
		['$x_{12}$', 'x_12'],
	]);
});

describe('fractions, roots and text commands', () => {
	judge([
		['$\\frac{a}{b}$', 'a/b'],
		['$\\dfrac{a}{b+1}$', 'a/(b+1)'],
		['$\\tfrac {a} {b}$', 'a/b'],
		['$\\frac{a.1}{c,d}$', 'a.1/c,d'],
		['$\\frac{}{b}$', '/b'],
		['$\\frac{+a}{b-}$', '(+a)/(b-)'],
		['$\\frac{\\frac{a}{b}}{c}$', '(a/b)/c'],
		['$\\frac{\\frac{\\frac{\\frac{1}{2}}{3}}{4}}{5}$', '(((1/2)/3)/4)/5'],
		['$\\frac{\\frac{\\frac{\\frac{\\frac{1}{2}}{3}}{4}}{5}}{6}$', 'frac (((1/2)/3)/4)/56'],
		['$\\sqrt{2}$', '√2'],
		['$\\sqrt {a b}$', '√(a b)'],
		['$\\sqrt{}$', '√'],
		...[...'text mathrm mathbf mathit operatorname boxed mathbb textbf'.split(' ')].flatMap(
			(name): Array<[string, string]> => [
				[`$\\${name}{if}$`, 'if'],
				[`$\\${name} {if}$`, 'if'],
				[`$\\${name}{}^2$`, '^2'],
			],
		),
	]);
});
