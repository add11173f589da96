// Sentence splitter: the rules one by one, and how much lookahead it waits for.
import { describe, expect, test } from '@jest/globals';
import {
	splitSentences,
	SentenceSplitter,
} from '../../../../nodes/shared/text/sentences/sentence-splitter.ts';

/** `|` marks the expected boundaries. */
const judge = (rows: string[]) =>
	test.each(rows.map((row) => [row]))('%j', (marked) => {
		expect(splitSentences(marked.replaceAll('|', '')).join('|')).toBe(marked);
	});

describe('lower-case sentence starts in informal text', () => {
	judge([
		'hello there. |and then',
		'Hello there. and then',
		'“hello there. |and then',
		'1 hello. and then',
		'hello there. |And so. and then',
		'hello it. and then',
		'hello there! |and then',
		'hello there.” and then',
		'hello there… |and then',
		'hello. |1 and',
		'HELLO there. and then',
		'hello theRe. and then',
		'hello theré. |and then',
		'hello (there). and then',
	]);
});

describe('a time of day near the start of a sentence', () => {
	judge([
		'At 5 p.m. They left',
		'So at 5 p.m. |They left',
		'(So) at 5 p.m. |They left',
		'So-at 5 p.m. They left',
		'So, at 5 p.m. |They left',
		'We. |So at 5 p.m. |They left',
		'At 5pm. |They left',
	]);
});

describe('inline numbered lists', () => {
	judge([
		'1) milk |2) eggs |3) tea',
		'1) milk 3) eggs',
		'1. milk 2) eggs',
		'1) milk 2. eggs',
		'       1) milk |2) eggs',
		'        1) milk 2) eggs',
		'x 1) milk 2) eggs',
		'99) a |100) b',
		'999) a 1000) b',
		'1) milk2) eggs',
		'1)milk |2)eggs',
		'2) milk 1) eggs',
		'0) a |1) b',
		'1) a b) c |2) d',
		'1. Milk |2. Eggs',
		'1. Milch |2. Mai',
		'1. Milk 2. eggs',
		'1. Milk 3. |Eggs',
		'1) Milk 2. |Eggs',
		'10. Milk |11. Eggs',
		'99. Milk |100. Eggs',
		'1. Milk |2. Eggs |3. Tea',
		'1. Milk 2. |5 eggs',
		'1. Milk |2! |Eggs',
		'1. Milk\n|2. Eggs',
		'1) a |2) b. |Then 3) c',
	]);
});

describe('closing punctuation and citations belong to the sentence they follow', () => {
	judge([
		'Viens. » |Puis',
		'Viens.» |Puis',
		'Viens ! » |Puis',
		'Viens.[1] |Puis',
		'Viens.[^12] |Puis',
		'Viens.[123] |Puis',
		'Viens.[1234] Puis',
		'Viens.[a] Puis',
		'Viens. |[1] Puis',
		'Viens.[1][2] |Puis',
		'Viens.[1]Puis',
		'Viens。[1]|好',
		'Viens。[1] |好',
		'Viens\n|[1] Puis',
		'Viens.[1',
		'Viens. |»',
		'Viens. ». |Puis',
		'Viens.[1]. |Puis',
		'Viens.[1]” |Puis',
		'Viens. »” |Puis',
		'Viens. » » |Puis',
	]);
});

describe('several terminators in a row', () => {
	judge([
		'Well . . . |Then',
		'Well. . . |Then',
		'Well. . |Then',
		'Well! . |Then',
		'Well.! |Then',
		'Well.。|Then',
		'Well.” . |Then',
		'Well.. |Then',
		'Well.... |Then',
		'Well?! |Then',
		'Well…. |Then',
	]);
});

describe('line breaks', () => {
	judge([
		'Title\r\ntext',
		'Title\r\n\r\n|text',
		'Title\n\r|text',
		'Title\r\r|text',
		'Title.\r\ntext',
		'Title. \n \n |text',
		'Title.\ntext',
		'Title.\n|Text',
		'Title\n  |Text',
		'Title  \n|Text',
		'\n\nText',
		'Title\n|, Text',
		'Title.\n, text',
		'Title\n|1',
		'Title\n\n',
	]);
});

describe('punctuation that no sentence starts with', () => {
	judge([
		'Hello. , Then',
		'Hello. ; Then',
		'Hello. : Then',
		'Hello. ! |Then',
		'Hello. ? |Then',
		'Hello. . |Then',
		'Hello. ، Then',
		'Hello. ؛ Then',
		'Hello. 、 Then',
		'Hello. ， Then',
		'Hello. ； Then',
		'Hello. ： Then',
		'Hello. ) Then',
		'Hello. ] Then',
		'Hello. } Then',
		'Hello. ） Then',
		'Hello. 」 Then',
		'Hello. 』 Then',
		'Hello. 》 Then',
	]);
});

describe('unless it starts a line', () => {
	judge([
		'Hello\n|, Then',
		'Hello\n|; Then',
		'Hello\n|: Then',
		'Hello\n|، Then',
		'Hello\n|؛ Then',
		'Hello\n|、 Then',
		'Hello\n|， Then',
		'Hello\n|； Then',
		'Hello\n|： Then',
		'Hello\n|) Then',
		'Hello\n|] Then',
		'Hello\n|} Then',
		'Hello\n|） Then',
		'Hello\n|」 Then',
		'Hello\n|』 Then',
		'Hello\n|》 Then',
	]);
});

describe('lettered lists', () => {
	judge([
		'a. Wash it. |b. boil it',
		'a) Wash it. |b) boil it',
		'a. Wash it. c. boil it',
		'a. Wash it. b boil it',
		'b. Wash it. |c) boil',
		'a Wash it. b. boil it',
		' a. Wash it. |b. boil',
		'A. Wash it. b. boil',
	]);
});

describe('ellipses and quotations', () => {
	judge([
		'Wait... what',
		'Wait... |What',
		'Wait ... I',
		'Wait . . . I',
		'Wait... |I',
		'Wait … I',
		'Wait … |We',
		'Wait…  |I',
		'Wait … |It',
		'انتظر... نعم',
		'انتظر! |نعم',
		'انتظر!” نعم',
		'انتظر!” |“نعم',
		'انتظر. |نعم',
		'Wait!” |Then',
		'Wait!) |Then',
		'Wait.” |Then',
		'Wait.) |Then',
		'see Dr.) Then',
		'see Dr.* Weber',
		'see Dr.” |Weber',
		'see Dr.] Weber',
		'see Dr._ Weber',
	]);
});

describe('the lookahead after the space', () => {
	judge([
		'Go. |— Then',
		'in the U.S. No. 5 is',
		'in the U.S. |No five is',
		'Go. |“Then”',
		'Go. |(Then)',
		'Dr. “Weber”',
		'Dr. (Weber)',
		'in the U.S. |“The”',
		'in the U.S. (the',
		'Go. ‘tis',
		'Go. ’tis',
		'Go. |Isn’t',
		'Go. |5',
		'Go. |$5',
		'Go.5',
		'Go.Then',
		'a.b.c',
		'Go . |Then',
		'. Then',
		'.. Then',
		'? Then',
		'- . Then',
	]);
});

describe('the splitter waits for lookahead', () => {
	/** Sentences returned by each push, then by the flush. */
	const leaving = (...pushes: string[]) => {
		const cutter = new SentenceSplitter();
		return [...pushes.map((text) => cutter.push(text).join('|')), cutter.flush().join('|')];
	};

	test.each<[string, string[], string[]]>([
		['for the next word', ['It is. ', 'T', 'here '], ['', 'It is. ', '', 'There ']],
		['for a word after opening punctuation', ['It is? ', '“', 'T'], ['', '', 'It is? ', '“T']],
		[
			'for the end of a word in small letters',
			['It is. i', 'P', 'od '],
			['', '', 'It is. ', 'iPod '],
		],
		['of one after a number', ['Am 3. Mä', 'rz '], ['', '', 'Am 3. März ']],
		['but not after an abbreviation', ['It is 5 p.m. I', 't '], ['It is 5 p.m. ', '', 'It ']],
		[
			'after an abbreviation that is sometimes sentence-final',
			['The U.S. Th', 'e '],
			['', 'The U.S. ', 'The '],
		],
		['after a Roman numeral', ['Kat IV. İ', 'k '], ['', '', 'Kat IV. İk ']],
		['after three dots', ['So ... I', 't '], ['', 'So ... ', 'It ']],
		['for one character after an East Asian terminator', ['好。', '好'], ['', '好。', '好']],
		[
			'for four characters after an East Asian quotation',
			['「好。」', 'とて', 'も', 'い'],
			['', '', '', '「好。」', 'とてもい'],
		],
		['for the bracket of a citation', ['It is.[1', ']', ' Then '], ['', '', 'It is.[1] ', 'Then ']],
		[
			'for a citation after an East Asian terminator',
			['好。[1', ']', '好'],
			['', '', '', '好。[1]|好'],
		],
		['but not for a bracket that goes on', ['好。[12', '34', '5'], ['', '', '好。', '[12345']],
		[
			'nor for a bracket after other terminators',
			['It is.[a', 'bcde', 'f. So it'],
			['', '', 'It is.[abcdef. ', 'So it'],
		],
		[
			'for one character after a spaced French quotation mark',
			['Non. »', ' Si '],
			['', 'Non. » ', 'Si '],
		],
		[
			'for the second half of a surrogate pair',
			['\uD83D', '\uDE00 is. So it', ' '],
			['', '😀 is. ', '', 'So it '],
		],
		['not for a lone surrogate at the end', ['So it\uD83D'], ['', 'So it\uD83D']],
	])('%s', (_, pushes, leave) => {
		expect(leaving(...pushes)).toEqual(leave);
	});

	test('of at most forty characters', () => {
		const word = (length: number) => 'T'.repeat(length);
		expect(leaving(`In 5. ${word(39)}`)).toEqual(['', `In 5. |${word(39)}`]);
		expect(leaving(`In 5. ${word(40)}`)).toEqual(['In 5. ', word(40)]);
	});

	test('and is reset by a flush', () => {
		const cutter = new SentenceSplitter();
		cutter.push('1) milk (and so\uD83D');
		expect(cutter.flush()).toEqual(['1) milk (and so\uD83D']);
		expect(cutter.flush()).toEqual([]);
		expect(cutter.push('Milk 2) eggs. Then ')).toEqual(['Milk 2) eggs. ']);
		expect(cutter.flush()).toEqual(['Then ']);
	});
});
