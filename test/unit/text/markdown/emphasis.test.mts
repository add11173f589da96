// Which asterisks, underscores and tildes are emphasis delimiters, and which are plain text.
import { describe, expect, test } from '@jest/globals';
import { removeEmphasis } from '../../../../nodes/shared/text/markdown/emphasis.ts';
import {
	closeRemovalGaps,
	REMOVAL_PLACEHOLDER,
} from '../../../../nodes/shared/text/markdown/removal-placeholder.ts';

const judge = (rows: Array<[text: string, plain: string]>) =>
	test.each(rows)('%s is %s', (text, plain) => {
		expect(removeEmphasis(text)).toBe(plain);
	});
const staysAsItIs = (texts: string[]) => judge(texts.map((text) => [text, text]));

describe('matching delimiter runs are removed', () => {
	judge([
		['*a*', 'a'],
		['_a_', 'a'],
		['__a__', 'a'],
		['~~a~~', 'a'],
		['==a==', 'a'],
		['***a***', 'a'],
		['a ==b== c', 'a b c'],
		['a _b_ c', 'a b c'],
		['5 *a* 6', '5 a 6'],
		['(*a*)', '(a)'],
		['_a b_', 'a b'],
		['==a b==', 'a b'],
		['a~~b~~c', 'abc'],
		['~~a~~b', 'ab'],
		['**a** **b**', 'a b'],
		['*a**b*', 'ab'],
		['**a*b**', 'ab'],
		['*a*b', 'ab'],
		['**ab**cd', 'abcd'],
		['*ab*cd*', 'abcd*'],
		['*a b*c d*', 'a bc d*'],
		['*a b* c*', 'a b c*'],
		['**a***', 'a'],
	]);
});

describe('unmatched single delimiters stay', () => {
	staysAsItIs([
		'*a *b',
		'_a _b',
		'_a b_c',
		'a_b c_',
		'*a',
		'a*',
		'_a',
		'a_',
		'==a',
		'a==',
		'a *b',
		'a* b',
		'_a_b',
		'a_b_',
	]);
});

describe('unmatched runs of two or more next to a word are removed', () => {
	judge([
		['**a', 'a'],
		['a**', 'a'],
		['**a b', 'a b'],
		['~~a', 'a'],
		['a~~', 'a'],
		['~~a b', 'a b'],
		['***a**', '*a'],
		['***a*', 'a'],
		['**a*', '*a'],
		['*a**', 'a'],
		['**a*b', '*ab'],
	]);
});

describe('runs between spaces', () => {
	judge([
		['** a', ' a'],
		['a **', 'a '],
		[' ** a', ' ** a'],
		['a ** ', 'a ** '],
	]);
	staysAsItIs(['* a', 'a *', '__ a', 'a __', '~~ a', 'a ** b', 'a ~~ b', '\u00A0**\u00A0a']);
});

describe('tildes and equals signs in runs of another length stay', () => {
	staysAsItIs(['~a~', '=a=', '~~~a~~~', '===a===', 'a == b != c']);
});

describe('inside words', () => {
	staysAsItIs(['a_b_c', 'a__b__c', 'a==b==c', 'e\u0301_b_c']);
	judge([
		['中_中_中', '中_中_中'],
		['中*中*中', '中中中'],
		['中**中**中', '中中中'],
		['a**中**b', 'a中b'],
		...[...'中あア한กກកက'].map((letter): [string, string] => [
			`${letter}**ab**${letter}`,
			`${letter}ab${letter}`,
		]),
	]);
});

describe('between operands', () => {
	staysAsItIs([
		'3*4',
		'3**4',
		'a*b*c',
		'x**2',
		'2**x',
		'xy*zw',
		'xyz**2',
		'2**xyz',
		'a**b',
		'a**bc',
		'a**b c',
		'ab**c d',
		'ab**c',
		'é**é',
		'é**éé',
		']*b*',
		')*b*',
		'a*[b*',
		'a*(b*',
		'xyz**234',
		'234**xyz',
		'f(x)*g',
		'f(x)*(y)',
		')*(',
		'](*[',
		'x]*[y',
		'1*a*',
		'中3*4',
	]);
	judge([
		['ab**cd', 'abcd'],
		['éé**éé', 'éééé'],
		['(ab)**cd', '(ab)cd'],
		['ab**(cd)', 'ab(cd)'],
		['a***b', 'ab'],
		['*3*4*', '3*4'],
		['*a 3*4 b*', 'a 3*4 b'],
		['**3**x', '3x'],
		['**3**4', '3**4'],
	]);
});

describe('a gap that removed markup left', () => {
	test.each([...'.,;:!?…)]}。，、！？；：）」』”»\n'])('is closed before %j', (sign) => {
		expect(closeRemovalGaps(`a ${REMOVAL_PLACEHOLDER} ${sign}`)).toBe(`a${sign}`);
	});
	test.each([
		['a ~ b', 'a b'],
		['a~b', 'ab'],
		['a~ b', 'a b'],
		['a ~b', 'a b'],
		['~ a', 'a'],
		['a ~', 'a'],
		['a\n ~ b', 'a\nb'],
		['a\n~ b', 'a\nb'],
		['a ~~ ~ b', 'a b'],
		['a  ~ b', 'a  b'],
		['a ~ (b', 'a (b'],
		['a  b', 'a  b'],
		['', ''],
	])('%j is %j', (text, closed) => {
		expect(closeRemovalGaps(text.replaceAll('~', REMOVAL_PLACEHOLDER))).toBe(closed);
	});
});
