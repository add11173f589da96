import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { chunkSentences } from '../../../../nodes/shared/text/sentences/chunks.ts';
import { splitSentences } from '../../../../nodes/shared/text/sentences/sentence-splitter.ts';
import { fastestMs } from '../cpu-time.mts';

const lengths = { targetCharacters: 40, maxCharacters: 60 };

describe('chunking', () => {
	test('groups sentences up to the target length', () => {
		const sentences = ['One is short. ', 'Two is short. ', 'Three is short. ', 'Four.'];
		expect(chunkSentences(sentences, lengths)).toEqual([
			'One is short. Two is short. Three is short. ',
			'Four.',
		]);
	});

	test('ends the first chunk at a clause', () => {
		const sentences = [
			'The weather in Lisbon is mild today, with some clouds in the late afternoon. ',
			'Enjoy.',
		];
		expect(
			chunkSentences(sentences, { firstCharacters: 25, targetCharacters: 100, maxCharacters: 200 }),
		).toEqual([
			'The weather in Lisbon is mild today, ',
			'with some clouds in the late afternoon. Enjoy.',
		]);
	});

	test('groups two short sentences into the first chunk, and not much more', () => {
		const sentences = [
			'Yes. ',
			'It rains in the north of the country, ' + 'and it snows in the south, where it is cold.',
		];
		expect(
			chunkSentences(sentences, {
				firstCharacters: 25,
				targetCharacters: 200,
				maxCharacters: 300,
			})[0],
		).toBe('Yes. It rains in the north of the country, ');
	});

	test('splits a long sentence at clauses, else at spaces, else between characters', () => {
		const clauses = 'aaaa bbbb cccc dddd, eeee ffff gggg hhhh, iiii jjjj kkkk llll mmmm';
		expect(chunkSentences([clauses], { targetCharacters: 45, maxCharacters: 45 })).toEqual([
			'aaaa bbbb cccc dddd, eeee ffff gggg hhhh, ',
			'iiii jjjj kkkk llll mmmm',
		]);
		expect(chunkSentences(['aaaa bbbb cccc'], { targetCharacters: 10, maxCharacters: 10 })).toEqual(
			['aaaa bbbb ', 'cccc'],
		);
		expect(chunkSentences(['👩‍👩‍👧👩‍👩‍👧'], { targetCharacters: 9, maxCharacters: 9 })).toEqual([
			'👩‍👩‍👧',
			'👩‍👩‍👧',
		]);
		expect(
			chunkSentences(['e\u0301'.repeat(4)], { targetCharacters: 3, maxCharacters: 3 }),
		).toEqual(Array(4).fill('e\u0301'));
	});
});

describe('properties', () => {
	const text = fc
		.array(
			fc.oneof(
				fc.constantFrom(
					'Hello there. ',
					'one, ',
					'two ',
					'。',
					'😀',
					'नमस्ते ',
					'\n',
					'x'.repeat(50),
				),
				fc.string({ unit: 'binary', maxLength: 9 }),
			),
			{ maxLength: 40 },
		)
		.map((parts) => parts.join(''));
	const options = fc.record({
		firstCharacters: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
		targetCharacters: fc.integer({ min: 1, max: 80 }),
		maxCharacters: fc.integer({ min: 8, max: 120 }),
	});

	test('no character is lost, no chunk is too long or splits a surrogate pair', () => {
		fc.assert(
			fc.property(text, options, (whole, { firstCharacters, ...rest }) => {
				const pieces = chunkSentences(
					splitSentences(whole),
					firstCharacters === undefined ? rest : { firstCharacters, ...rest },
				);
				expect(pieces.join('')).toBe(whole);
				for (const [index, piece] of pieces.entries()) {
					expect(piece).not.toBe('');
					const graphemes = [...new Intl.Segmenter().segment(piece)].length;
					expect(piece.length <= rest.maxCharacters || graphemes === 1).toBe(true);
					const seam = piece.slice(-1) + (pieces[index + 1] ?? '').slice(0, 1);
					expect(seam).not.toMatch(/^[\uD800-\uDBFF][\uDC00-\uDFFF]$/);
				}
			}),
			{ numRuns: 400 },
		);
	});

	test('time is linear in the length of the text', () => {
		for (const pattern of ['a', ' ', ', ', '😀', 'e\u0301', '\u0301', 'word ']) {
			const whole = pattern.repeat(Math.ceil(10_000 / pattern.length));
			const best = fastestMs(() =>
				chunkSentences([whole], { firstCharacters: 25, targetCharacters: 200, maxCharacters: 300 }),
			);
			expect(best).toBeLessThan(50);
		}
	});
});
