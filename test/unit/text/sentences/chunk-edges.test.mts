// Chunk boundaries, to the character.
import { describe, expect, test } from '@jest/globals';
import { chunkSentences } from '../../../../nodes/shared/text/sentences/chunks.ts';

const x = (count: number) => `${'x'.repeat(count - 1)} `;

describe('sentences are grouped into a chunk', () => {
	test.each<[string, number[], number[]]>([
		['while that brings the chunk nearer to its target', [6, 7], [13]],
		['when it is as near before as after', [6, 8], [14]],
		['not when it was nearer before', [6, 9], [6, 9]],
		['not to a chunk that has its length', [10, 1], [10, 1]],
		['to one that lacks a character', [9, 1], [10]],
		['never beyond the maximum', [9, 11], [9, 11]],
		['one after the other', [3, 3, 4, 3], [10, 3]],
	])('%s', (_, sentences, pieces) => {
		const lengths = { targetCharacters: 10, maxCharacters: 19 };
		expect(chunkSentences(sentences.map(x), lengths).map(({ length }) => length)).toEqual(pieces);
	});

	test('up to the maximum length, to the character', () => {
		const lengths = { targetCharacters: 20, maxCharacters: 20 };
		const of = (...sizes: number[]) =>
			chunkSentences(sizes.map(x), lengths).map((one) => one.length);
		expect(of(12, 8)).toEqual([20]);
		expect(of(12, 9)).toEqual([12, 9]);
		expect(of(20)).toEqual([20]);
	});

	test('no sentences give no chunks', () => {
		expect(chunkSentences([], { targetCharacters: 5, maxCharacters: 9 })).toEqual([]);
		expect(chunkSentences(['', ''], { targetCharacters: 5, maxCharacters: 9 })).toEqual([]);
	});
});

describe('the first chunk', () => {
	const lengths = { firstCharacters: 10, targetCharacters: 100, maxCharacters: 200 };

	test.each<[string, string[], string[]]>([
		['stays whole when little would be left', ['aaaa bbbb, cccc ddd.'], ['aaaa bbbb, cccc ddd.']],
		[
			'ends at a clause when more is left',
			['aaaa bbbb, cccc dddd.'],
			['aaaa bbbb, ', 'cccc dddd.'],
		],
		[
			'ends at the first clause that is long enough',
			['aaa, bbb, ccc, ddd, eee.'],
			['aaa, bbb, ', 'ccc, ddd, eee.'],
		],
		[
			'counts what stands before it',
			['Yes. ', 'aa, bbb, ccc ddd eee fff.'],
			['Yes. aa, bbb, ', 'ccc ddd eee fff.'],
		],
		[
			'is closed as soon as it is long enough',
			['aaaa bbbb. ', 'cc. ', 'dd.'],
			['aaaa bbbb. ', 'cc. dd.'],
		],
		['waits while it is too short', ['aaaa. ', 'bb. ', 'c. ', 'dd.'], ['aaaa. bb. c. ', 'dd.']],
		[
			'does not count the space at its ends',
			['aaaa bbb. ', 'cc. ', 'dd.'],
			['aaaa bbb. cc. ', 'dd.'],
		],
		[
			'ends nowhere when there is no clause',
			['aaaa bbbb cccc dddd eeee.'],
			['aaaa bbbb cccc dddd eeee.'],
		],
		[
			'ends at no clause that is the end',
			['aaaa bbbb cccc dddd eeee, '],
			['aaaa bbbb cccc dddd eeee, '],
		],
	])('%s', (_, sentences, pieces) => {
		expect(chunkSentences(sentences, lengths)).toEqual(pieces);
	});

	test('does not exceed the maximum length either', () => {
		const tight = { firstCharacters: 12, targetCharacters: 15, maxCharacters: 15 };
		expect(chunkSentences(['aaaa bbbb ', 'cccc.', 'dd'], tight)).toEqual(['aaaa bbbb cccc.', 'dd']);
		expect(chunkSentences(['aaaa bbbb ', 'ccccc.', 'dd'], tight)).toEqual([
			'aaaa bbbb ',
			'ccccc.dd',
		]);
	});
});

describe('a sentence longer than the maximum is split', () => {
	const cut = (text: string, maxCharacters: number) =>
		chunkSentences([text], { targetCharacters: 1, maxCharacters });

	test.each<[string, string, number, string[]]>([
		['is split after a clause', 'aaa, bbbb cccc', 12, ['aaa, ', 'bbbb cccc']],
		['but not in its first third', 'aa, bbbb cccc', 12, ['aa, bbbb ', 'cccc']],
		['after the last clause there is room for', 'aaaa, bb, cccc', 9, ['aaaa, ', 'bb, cccc']],
		['with a clause that just fits', 'aaaa, bb, cccc', 10, ['aaaa, bb, ', 'cccc']],
		['at spaces, all of them together', 'aaaa   bbbb cc', 9, ['aaaa   ', 'bbbb cc']],
		['behind a closed quotation', 'aa “bb,” cc dd', 10, ['aa “bb,” ', 'cc dd']],
		['at a dash between spaces', 'aaaa – bb cc', 9, ['aaaa – ', 'bb cc']],
		['not at a hyphen within a word', 'aaaa-bbbb cc', 10, ['aaaa-bbbb ', 'cc']],
		['where Japanese has its comma', 'ああああ、いいい', 6, ['ああああ、', 'いいい']],
		['between letters when there is nothing else', 'aaaaaaa', 3, ['aaa', 'aaa', 'a']],
		['but within no surrogate pair', '😀😀😀', 3, ['😀', '😀', '😀']],
		['nor within one longer than a chunk', '😀😀', 1, ['😀', '😀']],
	])('%s', (_, text, maximum, pieces) => {
		expect(cut(text, maximum)).toEqual(pieces);
	});
});
