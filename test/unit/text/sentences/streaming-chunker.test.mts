import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toSpeakable } from '../../../../nodes/shared/text/speakable.ts';
import { StreamingChunker } from '../../../../nodes/shared/text/sentences/streaming-chunker.ts';

const LENGTHS = {
	firstCharacters: 25,
	nextCharacters: 60,
	targetCharacters: 120,
	maxCharacters: 250,
};
const pieces = () => new StreamingChunker((text, isPart) => toSpeakable(text, { isPart }), LENGTHS);

const all = (stream: StreamingChunker): string[] => {
	const out: string[] = [];
	for (let piece = stream.take(); piece !== undefined; piece = stream.take()) out.push(piece);
	return out;
};

/** Pushes token by token and takes every chunk as soon as it is ready. */
const speakAll = (text: string): string[] => {
	const stream = pieces();
	const out: string[] = [];
	for (const token of text.match(/\s*\S+|\s+$/g) ?? []) {
		stream.push(token);
		out.push(...all(stream));
	}
	stream.end();
	return [...out, ...all(stream)];
};

const ANSWER =
	'It will be sunny in Paris this afternoon, with about twenty-one degrees and a light wind from the west. In the evening clouds come in from the sea. Rain is not expected before tomorrow. You may leave your umbrella at home today. Take a jacket for the evening, though. Have a good time in the city!';

test('the first chunk is short and ready before its sentence ends', () => {
	const stream = pieces();
	stream.push('It will be sunny in Paris this ');
	expect(stream.take()).toBeUndefined();
	stream.push('afternoon, with');
	expect(stream.take()).toBe('It will be sunny in Paris this afternoon,');
	expect(stream.take()).toBeUndefined();
});

test('later chunks group whole sentences', () => {
	const [first, ...later] = speakAll(ANSWER);
	expect(first).toBe('It will be sunny in Paris this afternoon,');
	for (const piece of later.slice(0, -1)) {
		expect(piece.length).toBeGreaterThanOrEqual(40);
		expect(piece).toMatch(/[.!?]$/);
	}
	expect([first, ...later].join(' ')).toBe(ANSWER);
});

test('chunks grow with the text taken so far', () => {
	const lengths = speakAll(`${ANSWER} `.repeat(4)).map(({ length }) => length);
	const mean = (some: number[]) => some.reduce((sum, length) => sum + length, 0) / some.length;
	expect(mean(lengths.slice(5, -1))).toBeGreaterThan(1.4 * mean(lengths.slice(1, 5)));
});

test('text that accumulates is grouped into longer chunks', () => {
	const stream = pieces();
	stream.push(ANSWER.repeat(3));
	stream.end();
	for (const piece of all(stream)) expect(piece.length).toBeLessThanOrEqual(250);
});

test('a short answer is one chunk, an empty one none', () => {
	expect(speakAll('Yes.')).toEqual(['Yes.']);
	expect(speakAll('')).toEqual([]);
	expect(speakAll('…  \n\n--- 🙂')).toEqual([]);
});

test('code is skipped, unless the answer holds nothing else', () => {
	expect(speakAll('Run this.\n\n```sh\nnpm start\n```\n\nThat is all.')).toEqual([
		'Run this. That is all.',
	]);
	expect(speakAll('```sh\nnpm start\n```')).toEqual(['npm start']);
});

test('a heading ends with a full stop before the text that follows', () => {
	expect(speakAll('# Weather\n\nSunny all day long.')).toEqual(['Weather. Sunny all day long.']);
});

describe('nothing is lost, doubled or out of order', () => {
	const sentence = fc.constantFrom(
		'Yes. ',
		'It is **really** so. ',
		'See [the page](https://example.com/x), which is good. ',
		'Take one, two, three, and then some more of what is left of it. ',
		'Use `npm start` now! ',
		'\n\n- One thing\n- Another thing\n\n',
		'\n\n```\nlet x, y = 1. Then more, and more of it\n```\n\n',
		'今日は晴れです。',
	);
	const words = (text: string) => text.match(/[\p{L}\p{N}]+/gu) ?? [];

	test('whenever chunks are taken', () => {
		fc.assert(
			fc.property(
				fc.array(sentence, { maxLength: 25 }),
				fc.array(fc.nat({ max: 9 }), { minLength: 1 }),
				(parts, steps) => {
					const text = parts.join('');
					const stream = pieces();
					const out: string[] = [];
					let at = 0;
					for (let turn = 0; at < text.length; turn++) {
						const step = 1 + (steps[turn % steps.length] ?? 0) * 7;
						stream.push(text.slice(at, at + step));
						at += step;
						const piece = turn % 2 ? stream.take() : undefined;
						if (piece !== undefined) out.push(piece);
					}
					stream.end();
					out.push(...all(stream));
					expect(words(out.join(' '))).toEqual(words(toSpeakable(text)));
					for (const piece of out) expect(piece.length).toBeLessThanOrEqual(250);
				},
			),
			{ numRuns: 200 },
		);
	});
});

describe('a pause', () => {
	test('flushes the text so far, however short, and makes the next chunk as short as the first', () => {
		const stream = pieces();
		stream.push('I look it up.');
		expect(all(stream)).toEqual([]);
		stream.pause();
		expect(all(stream)).toEqual(['I look it up.']);
		stream.push('It will be sunny in Paris this afternoon, with a light wind');
		expect(all(stream)).toEqual(['It will be sunny in Paris this afternoon,']);
		stream.end();
		expect(all(stream)).toEqual(['with a light wind']);
	});

	test('before the first word, or after all text was taken, flushes nothing', () => {
		const stream = pieces();
		stream.pause();
		stream.push('It will be sunny in Paris this afternoon, and warm. So');
		expect(all(stream)).toEqual(['It will be sunny in Paris this afternoon,']);
		stream.push(' it stays.');
		stream.pause();
		expect(all(stream)).toEqual(['and warm. So it stays.']);
		stream.pause();
		stream.push('Take a hat with you to the park today, my friend');
		expect(all(stream)).toEqual(['Take a hat with you to the park today,']);
	});
});
