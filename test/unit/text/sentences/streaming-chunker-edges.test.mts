// When a chunk of a streamed text may be taken, to the character.
import { describe, expect, test } from '@jest/globals';
import { StreamingChunker } from '../../../../nodes/shared/text/sentences/streaming-chunker.ts';

const LENGTHS = {
	firstCharacters: 10,
	nextCharacters: 20,
	targetCharacters: 40,
	maxCharacters: 60,
};

/** No normalization, so that lengths can be counted. */
const pieces = (lengths = LENGTHS) => new StreamingChunker((markdown) => markdown.trim(), lengths);
/** A sentence of that many characters with its full stop, and a space behind it. */
const sentence = (length: number, letter = 'o') => `A${letter.repeat(length - 2)}. `;

describe('the first chunk', () => {
	test('waits for ten characters, counting the space behind the sentence', () => {
		const stream = pieces();
		stream.push(`${sentence(8)}Then `);
		expect(stream.take()).toBeUndefined();
		const longer = pieces();
		longer.push(`${sentence(9)}Then `);
		expect(longer.take()).toBe(sentence(9).trim());
	});

	test('may hold two sentences', () => {
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

	test('does not end at a clause when enough sentences or all the text has arrived', () => {
		const stream = pieces();
		stream.push('Anna went home. Then she, and Ben');
		expect(stream.take()).toBe('Anna went home.');
		expect(stream.take()).toBeUndefined();
		const over = pieces();
		over.push('Yes. Ann, I');
		over.end();
		expect(over.take()).toBe('Yes. Ann, I');
	});

	test('is the only one that ends at a clause', () => {
		const stream = pieces();
		stream.push('Anna went, and then she went home, and home, and home, and');
		expect(stream.take()).toBe('Anna went,');
		expect(stream.take()).toBeUndefined();
		stream.end();
		expect(stream.take()).toBe('and then she went home, and home, and home, and');
	});

	test('measures a clause by its normalized length', () => {
		const stream = new StreamingChunker((markdown) => markdown.replaceAll('*', '').trim(), LENGTHS);
		stream.push('**Ann we**, **so**, and then');
		expect(stream.take()).toBe('Ann we, so,');
	});
});

describe('later chunks', () => {
	const begun = (first: number) => {
		const stream = pieces();
		stream.push(`${sentence(first)}Then `);
		expect(stream.take()).toHaveLength(first);
		return stream;
	};

	test('wait for at least twenty characters', () => {
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
	])('wait after %d characters for half of them: %d', (taken, least) => {
		const short = begun(taken);
		short.push(`${'o'.repeat(least - 8)}. Now `);
		expect(short.take()).toBeUndefined();
		const enough = begun(taken);
		enough.push(`${'o'.repeat(least - 7)}. Now `);
		expect(enough.take()).toHaveLength(least - 1);
	});

	test('wait for forty characters at most', () => {
		const stream = pieces();
		stream.push(sentence(50).repeat(4));
		stream.push('Then ');
		for (let at = 0; at < 4; at++) expect(stream.take()).toHaveLength(50);
		stream.push(`${'o'.repeat(32)}. Now `);
		expect(stream.take()).toBeUndefined();
		stream.push(`it is. See `);
		expect(stream.take()).toBe(`Then ${'o'.repeat(32)}.`);
	});

	test('never exceed the maximum length', () => {
		const stream = pieces();
		stream.push(`${'oh '.repeat(50)}`);
		stream.end();
		const lengths: number[] = [];
		for (let piece = stream.take(); piece !== undefined; piece = stream.take())
			lengths.push(piece.length);
		expect(lengths).toEqual([59, 59, 29]);
	});

	test('may be short at the end of the text', () => {
		const stream = begun(12);
		stream.end();
		expect(stream.take()).toBe('Then');
		expect(stream.take()).toBeUndefined();
	});
});

describe('a part that normalizes to nothing', () => {
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

	test('is read out in full when the text holds nothing else', () => {
		expect(all(['```\na\n```\n', '\n', '```\nb\n```\n'])).toEqual([
			'Code: ```\na\n```\n\n```\nb\n```',
		]);
	});

	test('is skipped when other text can be spoken', () => {
		expect(all(['```\na\n```\n', 'So it is for ever. '])).toEqual(['So it is for ever.']);
		expect(all(['So it is for ever. \n\n', '```\na\n```\n'])).toEqual(['So it is for ever.']);
	});

	test.each(['…', '— 🙂', '...'])('%j has nothing to say', (signs) => {
		const stream = pieces();
		stream.push(`${signs}\n\n`);
		stream.end();
		expect(stream.take()).toBeUndefined();
	});
});

test('a full stop is added at the end of a line, not at the end of the text', () => {
	const stream = pieces();
	stream.push('Weather today\n\nSunny, all day');
	expect(stream.take()).toBe('Weather today.');
	stream.push(' long. So it is');
	stream.end();
	expect(stream.take()).toBe('Sunny, all day long.');
	expect(stream.take()).toBe('So it is');
});
