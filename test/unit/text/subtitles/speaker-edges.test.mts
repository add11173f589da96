// Speaker turns, labels and shares, to the second and the character.
import { describe, expect, test } from '@jest/globals';
import type { Segment } from '../../../../nodes/shared/text/subtitles/segments.ts';
import {
	nameSpeakers,
	readableLabel,
	speakerShares,
	toTranscript,
	toSpeakerTurns,
} from '../../../../nodes/shared/text/subtitles/speakers.ts';

const said = (start: number, end: number, text: string, speaker?: string): Segment =>
	speaker === undefined ? { start, end, text } : { start, end, text, speaker };

test('a turn merges the next segments of its speaker, with or without silence between', () => {
	expect(
		toSpeakerTurns([
			said(0, 1, 'a', 'A'),
			said(1, 0.5, ' b\n', 'A'),
			said(1, 5, ' \u0007\n', 'B'),
			said(2, 3, 'c', 'A'),
			said(4, 9, 'd', 'B'),
			said(5, 8, 'e', 'B'),
			said(9, 10, 'f'),
			said(10, 11, 'g'),
		]),
	).toEqual([
		{ start: 0, end: 3, text: 'a b c', speaker: 'A', segments: 3 },
		{ start: 4, end: 9, text: 'd e', speaker: 'B', segments: 2 },
		{ start: 9, end: 11, text: 'f g', segments: 2 },
	]);
});

test.each([
	['times that are not finite', said(NaN, NaN, 'a'), 0, 0],
	['a start that is not finite', said(NaN, 2, 'a'), 0, 2],
	['an infinite end', said(1, Infinity, 'a'), 1, 1],
	['a negative start', said(-1, 2, 'a'), 0, 2],
	['an end before the start', said(3, 2, 'a'), 3, 3],
])('%s', (_, segment, start, end) => {
	expect(toSpeakerTurns([segment])[0]).toMatchObject({ start, end });
});

describe('separators between merged texts', () => {
	test.each([
		['中', '中', '中中'],
		['あ', 'ア', 'あア'],
		['ア', 'あ', 'アあ'],
		['中a', '中', '中a中'],
		['中ab', '中', '中ab 中'],
		['中', '「中', '中「中'],
		['中', 'a中', '中a中'],
		['中', 'ab中', '中 ab中'],
		['中', 'a', '中 a'],
		['a', '中', 'a 中'],
		['a.', '中', 'a. 中'],
		...[...'、。，．！？：；」』）…'].map((sign) => [`ab${sign}`, '中', `ab${sign}中`]),
		['ab。c', '中', 'ab。c 中'],
	] as Array<[string, string, string]>)('%s and %s become %s', (left, right, joined) => {
		expect(toSpeakerTurns([said(0, 1, left), said(1, 2, right)])[0]?.text).toBe(joined);
	});

	test('depend on the segment before, not on the whole turn', () => {
		expect(toSpeakerTurns([said(0, 1, '中'), said(1, 2, 'a'), said(2, 3, '中')])[0]?.text).toBe(
			'中 a 中',
		);
	});
});

test.each([
	['speaker_1', 'Speaker 1'],
	['speaker 12', 'Speaker 12'],
	['SPEAKER-3', 'Speaker 3'],
	['speaker4', 'Speaker 4'],
	[' speaker_01 ', 'Speaker 1'],
	['speaker_1234', 'Speaker 1234'],
	['speaker_12345', 'speaker_12345'],
	['speaker__1', 'speaker__1'],
	['speaker', 'speaker'],
	['xspeaker_1', 'xspeaker_1'],
	['speaker_1x', 'speaker_1x'],
	['A\n\u0007 B ', 'A B'],
	['', ''],
])('label %j becomes %j', (label, shown) => {
	expect(readableLabel(label)).toBe(shown);
});

test('names replace labels in any spelling, and nothing but labels', () => {
	const segments = [said(0, 1, 'a', 'anna b'), said(1, 2, 'b'), said(2, 3, 'c', 'speaker_1')];
	expect(nameSpeakers(segments, { 'ANNA  B': ' Anna ', 'Speaker 01': 'Ben', '': 'X' })).toEqual([
		{ ...segments[0], speaker: 'Anna' },
		segments[1],
		{ ...segments[2], speaker: 'Ben' },
	]);
});

describe('a transcript', () => {
	test('shows minutes and seconds below an hour', () => {
		expect(
			toTranscript([
				said(0, 1, 'a', ''),
				said(59.99, 60, 'b', 'A'),
				said(60, 61, 'c', 'speaker_2'),
				said(3599.9, 3600, 'd', 'A'),
			]).split('\n'),
		).toEqual(['[00:00] a', '[00:59] A: b', '[01:00] Speaker 2: c', '[59:59] A: d']);
	});

	test('shows hours from an hour on', () => {
		expect(
			toTranscript([
				said(61, 62, 'a'),
				said(3600, 3601, 'b', 'A'),
				said(36_000 + 661, 36_700, 'c', 'B'),
			]).split('\n'),
		).toEqual(['[0:01:01] a', '[1:00:00] A: b', '[10:11:01] B: c']);
	});

	test('merges two labels with the same name into one turn', () => {
		const segments = [said(0, 1, 'a', 'x'), said(1, 2, 'b', 'y')];
		expect(toTranscript(segments, { x: 'Anna', y: 'Anna' })).toBe('[00:00] Anna: a b');
	});
});

test('shares count overlapping time once and turns with text, and skip segments without a speaker', () => {
	expect(
		speakerShares([
			said(0, 1, 'a', 'A'),
			said(1.111, 2.005, 'b', 'B'),
			said(3, 2, 'c', 'A'),
			said(4, 6, 'd', 'A'),
			said(5, 5.5, 'e', 'A'),
			said(5, 7, 'f', 'A'),
			said(8, 9, ' ', 'C'),
			said(9, 10, 'x', ''),
			said(10, 11, 'y'),
		]),
	).toEqual([
		{ speaker: 'A', seconds: 4, turns: 2 },
		{ speaker: 'B', seconds: 0.89, turns: 1 },
		{ speaker: 'C', seconds: 1, turns: 0 },
	]);
});
