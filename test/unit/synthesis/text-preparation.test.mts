// Text preparation for speech: cutting into pieces, Markdown, speech tags.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { removeSpeechTags } from '../../../nodes/shared/text/directions.ts';
import {
	DEFAULT_PIECE_CHARACTERS,
	type TextSettings,
	prepareText,
} from '../../../nodes/shared/synthesis/text-preparation.ts';

const script = (written: string, more: Partial<TextSettings> = {}) =>
	prepareText({
		written,
		cleanText: true,
		family: 2,
		tags: 'trusted',
		isTrusted: () => true,
		directions: {},
		pieceCharacters: DEFAULT_PIECE_CHARACTERS,
		...more,
	});

const words = (text: string) => text.split(/\s+/).filter((word) => word !== '');
const sentence = fc
	.tuple(
		fc.array(fc.constantFrom('rain', 'snow', 'the', 'hills', 'seven', 'of', 'north'), {
			minLength: 2,
			maxLength: 25,
		}),
		fc.constantFrom('.', '!', '?'),
	)
	.map(([list, stop]) => `We saw ${list.join(' ')}${stop}`);

describe('pieces', () => {
	test('no word is lost or repeated, order is kept, no piece is too long', () => {
		fc.assert(
			fc.property(
				fc.array(sentence, { minLength: 1, maxLength: 60 }),
				fc.integer({ min: 50, max: 900 }),
				(sentences, pieceCharacters) => {
					const text = sentences.join(' ');
					const { pieces, spokenText } = script(text, { pieceCharacters });
					expect(words(pieces.join(' '))).toEqual(words(text));
					expect(spokenText).toBe(text);
					for (const piece of pieces) {
						expect(piece).toBe(piece.trim());
						expect(piece.length).toBeLessThanOrEqual(Math.ceil(pieceCharacters * 1.5));
					}
				},
			),
		);
	});

	test('10,000 characters make 16 pieces of about the same length, cut between sentences', () => {
		const text = 'It rained in the north and it snowed in the hills all day long. '
			.repeat(160)
			.slice(0, 10_000);
		const { pieces } = script(`${text.slice(0, text.lastIndexOf('.'))}.`);
		expect(pieces).toHaveLength(16);
		for (const piece of pieces) {
			expect(piece).toMatch(/^It .*\.$/s);
			expect(piece.length).toBeGreaterThan(300);
		}
	});

	test('a text of up to one and a half piece lengths stays whole', () => {
		expect(script('One two three four. '.repeat(40)).pieces).toHaveLength(1);
	});

	test('unspaced scripts are split too', () => {
		const text = '今日は天気がいいです。明日は雨が降るでしょう。'.repeat(100);
		const { pieces, language } = script(text);
		expect(pieces.join('')).toBe(text);
		expect(pieces.length).toBe(4);
		expect(language).toBe('ja');
	});

	test('no piece consists of punctuation alone, and no word is lost', () => {
		const signs = '… '.repeat(150);
		for (const text of [
			`We walked. ${signs}It was late. ${signs}`,
			`${signs}We walked. It was late.`,
		]) {
			const { pieces } = script(text, { cleanText: false, pieceCharacters: 50 });
			for (const piece of pieces) expect(piece).toMatch(/\p{L}/u);
			expect(pieces.join(' ').match(/\p{L}+/gu)).toEqual(['We', 'walked', 'It', 'was', 'late']);
			expect(pieces.join('').match(/…/g)).toEqual(text.match(/…/g));
		}
	});

	test('a text with nothing to say makes no piece', () => {
		expect(script('🎉 🎉')).toMatchObject({ pieces: [], spokenText: '' });
		expect(script('  \n ', { cleanText: false })).toMatchObject({ pieces: [], spokenText: '' });
		expect(script('[emotion=happy]', { family: 3 }).pieces).toEqual([]);
	});
});

describe('normalization', () => {
	test('removes markup unless switched off, and reads symbols in the language of the text', () => {
		expect(script('**Bold** [link](https://example.com)').spokenText).toBe('Bold link');
		expect(script('**Bold**', { cleanText: false }).spokenText).toBe('**Bold**');
		expect(
			script('Das sind 50 % von dem, was wir auf der Welt haben und nicht mehr.').spokenText,
		).toContain('Prozent');
		expect(script('50 %', { language: 'fr' })).toMatchObject({ language: 'fr' });
		expect(script('OK', { earlierLanguage: 'es' })).toMatchObject({ language: 'es' });
		expect(script('OK', { earlierLanguage: 7 })).not.toHaveProperty('language');
	});
});

describe('speech tags', () => {
	const tagged = '[emotion=happy] We won the match today. [pace=slow] Now we rest a little while.';

	test('models of family 2 never get a tag, whatever the rule', () => {
		for (const tags of ['all', 'trusted', 'none'] as const) {
			for (const cleanText of [true, false]) {
				const { pieces, tagsRemoved } = script(tagged, {
					tags,
					cleanText,
					directions: { emotion: 'calm' },
				});
				expect(pieces).toEqual(['We won the match today. Now we rest a little while.']);
				expect(tagsRemoved).toBe(2);
			}
		}
	});

	test('every piece starts with the speech tags in force where it was cut', () => {
		const text =
			'[emotion=happy] We won the match of today and of all days before. We won the match of the week and of all weeks before. [pace=slow] Now we all rest for a little while.';
		const { pieces, spokenText } = script(text, {
			family: 3,
			pieceCharacters: 50,
			directions: { emotion: 'calm', pace: 'fast' },
		});
		expect(pieces).toEqual([
			'[pace=fast][emotion=happy] We won the match of today and of all days before.',
			'[emotion=happy][pace=fast] We won the match of the week and of all weeks before.',
			'[emotion=happy][pace=slow] Now we all rest for a little while.',
		]);
		expect(spokenText).toBe(removeSpeechTags(text));
	});

	test('untrusted tags are removed, also those that only appear once others are removed', () => {
		const isTrusted = (tag: string) => tag === '[emotion=happy]';
		const hostile =
			'[emotion=[emotion=sad]angry] A [pace=[pace=[pace=x]y]z] b [emotion=happy] c. [emo**tion=ang**ry] d &#91;emotion=mad&#93; e';
		for (const cleanText of [true, false]) {
			const { pieces } = script(hostile, { family: 3, isTrusted, cleanText });
			expect(pieces.join(' ').match(/\[(emotion|pace)=[^[\]]*\]/g)).toEqual(['[emotion=happy]']);
		}
	});

	test('deeply nested and numerous tags take no more time than plain text of the same length', () => {
		const depth = 30_000;
		const texts = [
			`${'[pace='.repeat(depth)}x${']'.repeat(depth)} hello`,
			`hello.${' '.repeat(6 * depth)}[pace=x] you`,
			'[[emotion='.repeat(depth),
		];
		const honest = 'It rained in the north. '.repeat((7 * depth) / 24);
		const time = (text: string) => {
			const startMs = performance.now();
			const { pieces } = script(text, { family: 3, isTrusted: () => false, cleanText: false });
			expect(pieces.join(' ')).not.toMatch(/\[(emotion|pace)=[^[\]\r\n]{1,60}\]/i);
			return performance.now() - startMs;
		};
		const honestMs = time(honest);
		for (const text of texts) expect(time(text) / honestMs).toBeLessThan(20);
	});

	test('no combination of tags and brackets gets an injected tag through', () => {
		const part = fc.constantFrom(
			'[',
			']',
			'emotion=',
			'pace=',
			'[emotion=sad]',
			'[pace=slow]',
			'**',
			'&#91;',
			'a',
			' ',
			'\u00AD',
			'\u200B',
			'<b>',
			'</b>',
		);
		fc.assert(
			fc.property(fc.array(part, { maxLength: 14 }), fc.boolean(), (parts, cleanText) => {
				const { pieces } = script(`Hello ${parts.join('')} you`, {
					family: 3,
					isTrusted: () => false,
					cleanText,
				});
				expect(pieces.join(' ')).not.toMatch(/\[(emotion|pace)=[^[\]\r\n]{1,60}\]/i);
			}),
			{ numRuns: 500 },
		);
	});
});
