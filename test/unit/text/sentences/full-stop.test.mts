// Full stop disambiguation: the rules one by one.
import { describe, expect, test } from '@jest/globals';
import {
	startsLowerCase,
	fullStopEndsSentence,
} from '../../../../nodes/shared/text/sentences/full-stop.ts';

interface More {
	words?: number;
	isDotted?: boolean;
}

const ends = (before: string, word: string, { words = 9, isDotted = false }: More = {}) =>
	fullStopEndsSentence(before, words, { word, isIncomplete: false, isDotted, isQuoted: false });

type Row = [before: string, lookahead: string, more?: More];

const rows = (list: Row[]) =>
	list.map(([before, lookahead, more = {}]): [string, string, string, More] => [
		`${before}. ${lookahead}${more.isDotted ? '.' : ''}`,
		before,
		lookahead,
		more,
	]);

/** Cases with a sentence boundary, and cases without. */
const judge = (ending: Row[], goingOn: Row[]) => {
	if (ending.length > 0)
		test.each(rows(ending))('%s is a sentence boundary', (_, before, lookahead, more) => {
			expect(ends(before, lookahead, more)).toBe(true);
		});
	if (goingOn.length > 0)
		test.each(rows(goingOn))('%s is no sentence boundary', (_, before, lookahead, more) => {
			expect(ends(before, lookahead, more)).toBe(false);
		});
};

describe('a word starts with a lower-case letter', () => {
	test.each(['and', 'é', 'iP', 'я', 'ßen', 'i'])('%s', (word) => {
		expect(startsLowerCase(word)).toBe(word !== 'iP');
	});
	test.each(['iPhone', 'eBay', 'mRNA', 'ibLa'])('%s is a proper name and does not', (word) => {
		expect(startsLowerCase(word)).toBe(false);
	});
	test.each(['And', '1a', '', 'aand', 'abcD'])('%j', (word) => {
		expect(startsLowerCase(word)).toBe(word === 'aand' || word === 'abcD');
	});
});

describe('after ordinary words', () => {
	judge(
		[
			['We met the man', 'Weber'],
			['the man', 'Nobody'],
			['', 'Weber'],
			['He said —', 'Weber'],
			['It was 20°', 'Weber'],
			['It was 20°C', 'Weber'],
			['at 5 °F', 'Weber'],
		],
		[['It was 20° Dr', 'Weber']],
	);
});

describe('after titles and other abbreviations that are never sentence-final', () => {
	judge(
		[
			['We are at Drs2', 'Weber'],
			['the xdr', 'The'],
		],
		[
			['We met Dr', 'Weber'],
			['We met (Dr', 'Weber'],
			['We met “Dr', 'The'],
			['we met dr', 'Weber'],
			['Voir l’av', 'Weber'],
			["Voir l'av", 'Weber'],
			['Das gilt z.B', 'Weber'],
			['Das gilt z. B', 'Weber'],
			['Das gilt (z. B', 'Weber'],
			['Das gilt z. B', 'Der'],
			['Das gilt „(z. B', 'Der'],
			['we met („Dr', 'The'],
			['Das gilt i. d.R', 'Weber'],
		],
	);
});

describe('after abbreviations that close an enumeration', () => {
	judge(
		[
			['beans etc', 'Weber'],
			['Bohnen o.ä', 'Weber'],
			['Bohnen o. ä', 'Weber'],
			['Bohnen (o. ä', 'Weber'],
		],
		[
			['Bohnen o ä', 'Weber'],
			['Bohnen z B', 'Weber'],
		],
	);
});

describe('after a time of day', () => {
	judge(
		[
			['We met at 5 p.m', 'Weber', { words: 4 }],
			['We met at 5pm', 'Weber', { words: 4 }],
			['We met at five p.m', 'Weber', { words: 2 }],
		],
		[
			['At 5 p.m', 'Weber', { words: 3 }],
			['It is 5 am', 'Weber', { words: 3 }],
		],
	);
});

describe('before a number', () => {
	judge(
		[
			['We read vol', 'Weber'],
			['We met her', '5'],
			['Er wohnt in der Bergstr', 'x5'],
		],
		[
			['We read vol', '5'],
			['We read Vol', '５'],
			['Er wohnt in der Bergstr', '5'],
			['Er wohnt in der BERGSTR', '5'],
			["Selon l'art", '5'],
		],
	);
	test('only where `str` ends the word', () => {
		expect(ends('Er geht zum Bergstrand', '5')).toBe(true);
	});
});

describe('after abbreviations that are sentence-final only before a sentence starter', () => {
	judge(
		[
			['in the U.S', 'The'],
			['by Baker Inc', 'the'],
			['en EE. UU', 'El'],
			['an EEG', 'Weber'],
			['an AEE', 'Weber'],
			['by Baker Inc', 'No', { isDotted: false }],
			['a QQ', 'The'],
			['plan B', 'The'],
			['by a.b.c', 'The'],
			['by a.-b', 'The'],
			['the abc.abc', 'The'],
			['the abcd.ab', 'Weber'],
			['the ab.abcd', 'Weber'],
			['the a-b', 'Weber'],
			['the Qx', 'The'],
		],
		[
			['in the U.S', 'Government'],
			['by Baker Inc', 'York'],
			['en EE. UU', 'Weber'],
			['a QQ', 'Weber'],
			['plan B', 'Weber'],
			['by a.b.c', 'Weber'],
			['by a.-b', 'Weber'],
			['the abc.abc', 'Weber'],
			['the Hptm', 'Weber'],
			['the Hptm', '5'],
		],
	);

	describe('but not before an initial or an abbreviation', () => {
		judge(
			[
				['plan B', 'We'],
				['plan B', 'No'],
				['plan B', 'The', { isDotted: true }],
			],
			[
				['plan B', 'A', { isDotted: true }],
				['plan B', 'No', { isDotted: true }],
				['plan B', 'Y', { isDotted: true }],
			],
		);
	});
});

describe('after single letters', () => {
	judge(
		[
			['это я', 'Weber'],
			['là é', 'Weber'],
			...[...'яàáâãèéêìíòóôõùúạảấậẻẽẹỉịọỏốởụủýỳỷ'].map((letter): Row => [`x ${letter}`, 'Weber']),
			...[...'中あア한กກ'].map((letter): Row => [`x ${letter}`, 'Weber']),
		],
		[
			['x ä', 'Weber'],
			['x M', 'The'],
			['x M', 'Weber'],
		],
	);
});

describe('after Roman numerals', () => {
	judge(
		[
			['König Ludwig XIV', 'Weber'],
			['im Band XIV', 'Der'],
			['the XIVa', 'Weber'],
			['the aXIV', 'Weber'],
			['x2y', 'Weber'],
		],
		[
			['im band XIV', 'Weber'],
			['im band II', 'Weber'],
			['im bAnd II', 'Weber'],
			['Sultan ğ XIV', 'Weber'],
			['Sultan XIV', 'Şah'],
		],
	);
});

describe('after abbreviations without a vowel', () => {
	judge(
		[
			['der Hptmn', 'Weber'],
			['der HPTM', 'Weber'],
			['der TV', 'Weber'],
			['der Hatm', 'Weber'],
			['der Hätm', 'Weber'],
			['der 5 Hptm', 'Weber'],
			['der Dhä', 'Weber'],
			['das דדb', 'Weber'],
			['das bדד', 'Weber'],
			['der Hp2m', 'Weber'],
			['это смрт', 'Weber'],
			['to je smrt', 'Weber'],
			['to je vlk', 'Weber'],
			['der Hrtm', 'Weber'],
			['то вълк', 'Weber'],
			['דבר', 'Weber'],
			['дом', 'Weber'],
			['λόγ', 'Weber'],
		],
		[
			['der Hptm', 'Weber'],
			['der x5 Hptm', 'Weber'],
			['der Fx', 'Weber'],
			['это гдж', 'Weber'],
			['δδφ', 'Weber'],
			['der Htmr', 'Weber'],
		],
	);
});

describe('after numbers', () => {
	describe('before a number', () => {
		judge(
			[
				['on 32', '10', { isDotted: true }],
				['on 100', '10', { isDotted: true }],
				['on 3', '10'],
				['on 3', '20201'],
				['on 3', '202'],
				['on 3', 'x20', { isDotted: true }],
			],
			[
				['on 31', '10', { isDotted: true }],
				['on 3', '10', { isDotted: true }],
				['on 3', '2020'],
			],
		);
	});

	describe('before a month', () => {
		judge(
			[['bis 1990', 'Oktober']],
			[
				['am 3', 'Oktober'],
				['es war 30', 'oktober'],
				['It was May 3', 'May'],
			],
		);
	});

	describe('before another word', () => {
		judge(
			[
				['im 19', 'Der'],
				['im 1900', 'Jahrhundert'],
				['um 19', 'Jahrhundert'],
				['seit 999', 'Der'],
				['he has 3', 'Weber'],
			],
			[
				['im 19', 'Jahrhundert'],
				['(im 19', 'Jahrhundert'],
				['Im 999', 'Jahrhundert'],
				['Şah 3', 'Weber'],
				['he has 3', 'Şah'],
			],
		);
		test('a number of three digits in a Turkish text', () => {
			expect(ends('Şah 300', 'Weber')).toBe(true);
		});
	});
});
