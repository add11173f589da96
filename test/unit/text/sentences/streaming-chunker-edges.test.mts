// When a piece of a text that is still coming may be taken, to the character.
import { describe, expect, test } from '@jest/globals';
import { StreamingChunker } from '../../../../nodes/shared/text/sentences/streaming-chunker.ts';

const LENGTHS = {
	firstCharacters: 10,
	nextCharacters: 20,
	targetCharacters: 40,
	maxCharacters: 60,
};

/** Text as it is, so that lengths can be counted. */
const pieces = (lengths = LENGTHS) => new StreamingChunker((markdown) => markdown.trim(), lengths);
/** A sentence of that many characters with its stop, and the space behind it. */
const sentence = (length: number, letter = 'o') => `A${letter.repeat(length - 2)}. `;

describe('the first piece', () => {
	test('waits for ten characters, the space behind its sentence counted', () => {
		const stream = pieces();
		stream.push(`${sentence(8)}Then `);
		expect(stream.take()).toBeUndefined();
		const longer = pieces();
		longer.push(`${sentence(9)}Then `);
		expect(longer.take()).toBe(sentence(9).trim());
	});

	test('may be two sentences', () => {
		const stream = pieces();
		stream.push(`${sentence(4)}${sentence(5)}Then `);
		expect(stream.take()).toBe(`${sentence(4)}${sentence(5)}`.trim());
	});

	test.each([
		['Anna went, and then', 'Anna went,'],
		['Ann went, and then', undefined],
		['Ann went, as, then', 'Ann went, as,'],
		['Yes, I see. Anna, so', 'Yes, I see.'],
		['Yes. Anna, and then', 'Yes. Anna,'],
		['Yes. Ann, and then', undefined],
	])('of %j is %j', (text, piece) => {
		const stream = pieces();
		stream.push(text);
		expect(stream.take()).toBe(piece);
	});

	test('is not cut at a clause once enough is there, nor once all is', () => {
		const stream = pieces();
		stream.push('Anna went home. Then she, and Ben');
		expect(stream.take()).toBe('Anna went home.');
		expect(stream.take()).toBeUndefined();
		const over = pieces();
		over.push('Yes. Ann, I');
		over.end();
		expect(over.take()).toBe('Yes. Ann, I');
	});

	test('later ones are not cut at clauses', () => {
		const stream = pieces();
		stream.push('Anna went, and then she went home, and home, and home, and');
		expect(stream.take()).toBe('Anna went,');
		expect(stream.take()).toBeUndefined();
		stream.end();
		expect(stream.take()).toBe('and then she went home, and home, and home, and');
	});

	test('a clause counts as it is spoken', () => {
		const stream = new StreamingChunker((markdown) => markdown.replaceAll('*', '').trim(), LENGTHS);
		stream.push('**Ann we**, **so**, and then');
		expect(stream.take()).toBe('Ann we, so,');
	});
});

describe('later pieces', () => {
	const begun = (first: number) => {
		const stream = pieces();
		stream.push(`${sentence(first)}Then `);
		expect(stream.take()).toHaveLength(first);
		return stream;
	};

	test('wait for twenty characters at least', () => {
		const stream = begun(12);
		stream.push(`we ${sentence(10)}So `);
		expect(stream.take()).toBeUndefined();
		stream.push(`it is. Now `);
		expect(stream.take()).toBe(`Then we ${sentence(10).trim()}`);
	});

	test.each([
		[39, 20],
		[50, 26],
		[59, 30],
	])('after %d characters for half of them: %d', (taken, least) => {
		const short = begun(taken);
		short.push(`${'o'.repeat(least - 8)}. Now `);
		expect(short.take()).toBeUndefined();
		const enough = begun(taken);
		enough.push(`${'o'.repeat(least - 7)}. Now `);
		expect(enough.take()).toHaveLength(least - 1);
	});

	test('in the end for forty', () => {
		const stream = pieces();
		stream.push(sentence(50).repeat(4));
		stream.push('Then ');
		for (let at = 0; at < 4; at++) expect(stream.take()).toHaveLength(50);
		stream.push(`${'o'.repeat(32)}. Now `);
		expect(stream.take()).toBeUndefined();
		stream.push(`it is. See `);
		expect(stream.take()).toBe(`Then ${'o'.repeat(32)}.`);
	});

	test('none is longer than the maximum', () => {
		const stream = pieces();
		stream.push(`${'oh '.repeat(50)}`);
		stream.end();
		const lengths: number[] = [];
		for (let piece = stream.take(); piece !== undefined; piece = stream.take())
			lengths.push(piece.length);
		expect(lengths).toEqual([59, 59, 29]);
	});

	test('the last one may be short', () => {
		const stream = begun(12);
		stream.end();
		expect(stream.take()).toBe('Then');
		expect(stream.take()).toBeUndefined();
	});
});

describe('what nothing is made of', () => {
	const spoken = (markdown: string, isPart: boolean) =>
		isPart ? markdown.replace(/```[\s\S]*```\s*/g, '').trim() : `Code: ${markdown.trim()}`;
	const all = (parts: string[]) => {
		const stream = new StreamingChunker(spoken, LENGTHS);
		const out: string[] = [];
		const take = () => {
			for (let piece = stream.take(); piece !== undefined; piece = stream.take()) out.push(piece);
		};
		for (const part of parts) {
			stream.push(part);
			take();
		}
		stream.end();
		take();
		return out;
	};

	test('is read out where there is nothing else, all of it', () => {
		expect(all(['```\na\n```\n', '\n', '```\nb\n```\n'])).toEqual([
			'Code: ```\na\n```\n\n```\nb\n```',
		]);
	});

	test('is passed over where there is something', () => {
		expect(all(['```\na\n```\n', 'So it is for ever. '])).toEqual(['So it is for ever.']);
		expect(all(['So it is for ever. \n\n', '```\na\n```\n'])).toEqual(['So it is for ever.']);
	});

	test.each(['…', '— 🙂', '...'])('%j is nothing to say', (signs) => {
		const stream = pieces();
		stream.push(`${signs}\n\n`);
		stream.end();
		expect(stream.take()).toBeUndefined();
	});
});

test('a line that ends gets its stop, the end of all does not', () => {
	const stream = pieces();
	stream.push('Weather today\n\nSunny, all day');
	expect(stream.take()).toBe('Weather today.');
	stream.push(' long. So it is');
	stream.end();
	expect(stream.take()).toBe('Sunny, all day long.');
	expect(stream.take()).toBe('So it is');
});
