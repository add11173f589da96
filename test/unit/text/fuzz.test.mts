// Fuzzing of text normalization, sentence splitting and subtitles: no loss, no exception, linear time.
import { expect, jest, test } from '@jest/globals';
import {
	splitSentences,
	SentenceSplitter,
} from '../../../nodes/shared/text/sentences/sentence-splitter.ts';
import { toSpeakable } from '../../../nodes/shared/text/speakable.ts';
import { toCues, toSrt, toWebVtt } from '../../../nodes/shared/text/subtitles/subtitles.ts';
import { fuzz, textOf } from '../../support/fuzz.mts';

jest.setTimeout(3_600_000);

const words = [
	'Hello',
	'world',
	'a',
	'Dr',
	'e.g',
	'U.S',
	'3',
	'14',
	'p.m',
	'No',
	'Übung',
	'là',
	'и',
	'好',
];
const signs = [
	'.',
	'!',
	'?',
	'…',
	'。',
	' ',
	'\n',
	'\n\n',
	', ',
	': ',
	'"',
	'”',
	'(',
	')',
	'’s',
	'-',
];
const markup = [
	'**',
	'_',
	'`',
	'```\n',
	'# ',
	'- ',
	'1. ',
	'[',
	'](',
	'https://a.b/c',
	'|',
	'<b>',
	'</b>',
	'&amp;',
	'$',
	'\\(',
	'~~',
	'> ',
	'[^1]',
	'![',
	'😀',
	'<!--',
];

const plain = textOf([...words, ...signs], 14);
const rich = textOf([...words, ...signs, ...markup], 16);

test('sentence boundaries do not depend on the pushes, and every word stays', () => {
	fuzz(plain, (text, dice) => {
		const cutter = new SentenceSplitter();
		const heard: string[] = [];
		for (let at = 0; at < text.length; ) {
			const end = at + 1 + (dice() % 9);
			heard.push(...cutter.push(text.slice(at, end)));
			at = end;
		}
		heard.push(...cutter.flush());
		const whole = splitSentences(text);
		if (heard.join('|') !== whole.join('|'))
			expect({ text, heard }).toEqual({ text, heard: whole });
		if (whole.join('') !== text) expect(whole.join('')).toBe(text);
	});
});

test('text normalization', () => {
	fuzz(rich, (text) => {
		const spoken = toSpeakable(text);
		if (spoken !== spoken.trim() || spoken.includes('\uE000'))
			expect({ text, spoken }).toBe('clean');
	});
});

test('subtitles are in order and well formed', () => {
	fuzz(
		(dice) => {
			let at = 0;
			return Array.from({ length: dice() % 3 }, () => {
				const start = at + (dice() % 4_000) / 1000 - 0.5;
				at = start + (dice() % 9_000) / 1000;
				return { text: plain(dice), start, end: at };
			});
		},
		(segments) => {
			const cues = toCues(segments);
			const isBroken = cues.some(
				({ startMs, endMs }, index) =>
					!(startMs >= 0 && endMs >= startMs + 10) || startMs < (cues[index - 1]?.endMs ?? 0),
			);
			if (isBroken) expect({ segments, cues }).toBe('in order');
			const srt = toSrt(segments);
			const times = srt.match(/^\d{2,}:\d{2}:\d{2},\d{3} --> \d{2,}:\d{2}:\d{2},\d{3}$/gm) ?? [];
			if (times.length !== cues.length) expect({ segments, srt }).toBe('a time a cue');
			if (!toWebVtt(segments).startsWith('WEBVTT')) expect(segments).toBe('WebVTT');
		},
	);
});
