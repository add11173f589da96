import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	splitSentences,
	SentenceSplitter,
} from '../../../../nodes/shared/text/sentences/sentence-splitter.ts';
import { fastestMs } from '../cpu-time.mts';

/** `|` marks the expected boundaries. */
const expectBoundaries = (marked: string) => {
	expect(splitSentences(marked.replaceAll('|', '')).join('|')).toBe(marked);
};

describe('sentence boundaries', () => {
	test.each([
		'Hello. |World! |Is it? |Yes',
		'1. Buy milk. |2. Buy eggs.',
		'1) The first item |2) The second item',
		'Version 2.5.1 is out. |It costs $3.50.',
		'Mr. J. R. Smith met Dr. Weber at 5 p.m. |They left.',
		'I live in the U.S. |How about you?',
		'He works for the U.S. Government.',
		'See www.example.com/a.b?c. |Or write to anna.b@example.org. |Thanks.',
		'Title\n\n|Text here\n|- item\n|- item',
		'Title\n\n|small letters',
		'wrapped\nlines stay together. |Next.',
		'“Go!” he said. |“No.” |She left.',
		'Am 3. Oktober kommt er. |Das 19. Jahrhundert war lang.',
		'你好。|我很好！|真的吗？|是',
		'「はい。」と彼は言った。|次です。',
		'मैं घर जाता हूँ। |वह आता है।',
		'Wait… what? |Well... |Then go.',
		'Il dit : « Viens. » |Puis il part.',
		'It grew.[1] |Then it fell.',
	])('%s', expectBoundaries);
});

const rough = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				'.',
				'. ',
				'!',
				'?',
				'…',
				'。',
				'।',
				' ',
				'\n',
				'\r\n',
				'»',
				'" ',
				'[1]',
				'(',
				')',
				'「',
				'」',
				'1',
				'2.',
				'1) ',
				'Mr',
				'A',
				'a',
				'z. B',
				'The',
				'• ',
				'😀',
				'\uD83D',
				'\uDE00',
				'ครับ ',
				'፡',
				';',
				':',
				'中',
				'é',
			),
			fc.string({ unit: 'binary', maxLength: 4 }),
		),
		{ maxLength: 60 },
	)
	.map((parts) => parts.join(''));

describe('properties', () => {
	test('no character is lost or added, and no sentence is empty', () => {
		fc.assert(
			fc.property(rough, (text) => {
				const pieces = splitSentences(text);
				expect(pieces.join('')).toBe(text);
				expect(pieces.every((piece) => piece !== '')).toBe(true);
			}),
			{ numRuns: 600 },
		);
	});

	test('the boundaries do not depend on how the text is divided into pushes', () => {
		fc.assert(
			fc.property(
				rough,
				fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
				(text, sizes) => {
					const cutter = new SentenceSplitter();
					const pieces: string[] = [];
					for (let at = 0, turn = 0; at < text.length; turn++) {
						const size = sizes[turn % sizes.length] ?? 1;
						pieces.push(...cutter.push(text.slice(at, at + size)));
						at += size;
					}
					pieces.push(...cutter.flush());
					expect(pieces).toEqual(splitSentences(text));
					expect(cutter.flush()).toEqual([]);
				},
			),
			{ numRuns: 300 },
		);
	});

	test('a sentence is returned as soon as the next one begins', () => {
		const cutter = new SentenceSplitter();
		expect(cutter.push('It rains today. ')).toEqual([]);
		expect(cutter.push('T')).toEqual(['It rains today. ']);
		expect(cutter.push('omorrow too! ')).toEqual([]);
		expect(cutter.flush()).toEqual(['Tomorrow too! ']);
	});

	test('time is linear in the length of the text', () => {
		const slow: string[] = [];
		for (const pattern of [
			'.',
			'. ',
			'. . ',
			'a. ',
			'A. ',
			'!',
			' ',
			'\n',
			'"',
			'(',
			'( ',
			'Mr. ',
			'1. ',
			'1) ',
			'[',
			'¿',
			'.[',
			'. "',
			'. «',
			'. »',
			'a',
			'。」',
			'「',
			'ก ',
			'፡',
			'😀',
			'\uD83D',
			'.—',
			'. -',
			'• ',
		]) {
			const text = `Hello. ${pattern.repeat(Math.ceil(10_000 / pattern.length))}`;
			const best = fastestMs(() => {
				const cutter = new SentenceSplitter();
				for (const character of text) cutter.push(character);
				cutter.flush();
			});
			if (best >= 50) slow.push(`${pattern}: ${best.toFixed(0)} ms`);
		}
		expect(slow).toEqual([]);
	});
});
