import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
	nameSpeakers,
	readableLabel,
	speakerShares,
	toTranscript,
	toSpeakerTurns,
} from '../../../../nodes/shared/text/subtitles/speakers.ts';
import { fastestMs } from '../cpu-time.mts';

const meeting = [
	{ start: 1.2, end: 3, text: ' Good morning.', speaker: 'speaker_1' },
	{ start: 3, end: 4.5, text: 'Shall we begin?', speaker: 'speaker_1' },
	{ start: 4.6, end: 6, text: 'Yes.', speaker: 'speaker_2' },
	{ start: 61, end: 62.25, text: 'Fine.', speaker: 'speaker_1' },
];

describe('transcript', () => {
	test('has one line for each speaker turn, with names where they are known', () => {
		expect(toTranscript(meeting, { speaker_1: 'Anna' })).toBe(
			'[00:01] Anna: Good morning. Shall we begin?\n[00:04] Speaker 2: Yes.\n[01:01] Anna: Fine.',
		);
	});

	test('shows hours once the recording has any', () => {
		expect(
			toTranscript([
				{ start: 0, end: 1, text: 'a' },
				{ start: 3723.9, end: 3724, text: 'b', speaker: 'X' },
			]),
		).toBe('[0:00:00] a\n[1:02:03] X: b');
	});

	test('joins Chinese text without a space, and skips segments without text', () => {
		expect(
			toSpeakerTurns([
				{ start: 0, end: 1, text: '你好。' },
				{ start: 1, end: 2, text: ' ' },
				{ start: 2, end: 3, text: '再见。' },
			]),
		).toEqual([{ start: 0, end: 3, text: '你好。再见。', segments: 2 }]);
	});

	test('sorts segments by start time', () => {
		expect(
			toTranscript([
				{ start: 2, end: 3, text: 'b' },
				{ start: 0, end: 1, text: 'a' },
			]),
		).toBe('[00:00] a b');
	});
});

describe('names', () => {
	test.each(['speaker_1', 'Speaker 1', 'SPEAKER-01', 'speaker1'])('%s is matched', (label) => {
		expect(nameSpeakers(meeting, { [label]: ' Anna ' })[0]?.speaker).toBe('Anna');
	});
	test('an empty name changes nothing, unknown labels stay', () => {
		expect(nameSpeakers(meeting, { speaker_1: ' ', speaker_9: 'Zoe' })).toEqual(meeting);
		expect(readableLabel('Dr. Lang')).toBe('Dr. Lang');
	});
});

describe('shares', () => {
	test('count seconds and turns, overlapping time once', () => {
		expect(
			speakerShares([...meeting, { start: 2, end: 4, text: 'again', speaker: 'speaker_1' }], {
				speaker_2: 'Ben',
			}),
		).toEqual([
			{ speaker: 'speaker_1', seconds: 4.55, turns: 2 },
			{ speaker: 'Ben', seconds: 1.4, turns: 1 },
		]);
	});
	test('are empty when no segment has a speaker', () => {
		expect(speakerShares([{ start: 0, end: 1, text: 'a' }])).toEqual([]);
	});
});

describe('properties', () => {
	const segment = fc.record({
		start: fc.double({ min: -1, max: 10_000 }),
		end: fc.double({ min: -1, max: 10_000 }),
		text: fc.string({ unit: 'binary', maxLength: 12 }),
		speaker: fc.constantFrom('speaker_1', 'speaker_2', 'Anna', '', '__proto__'),
	});
	test('no word is lost, turns alternate, times ascend, and the transcript parses back', () => {
		fc.assert(
			fc.property(fc.array(segment, { maxLength: 20 }), (segments) => {
				const turns = toSpeakerTurns(segments);
				const compact = (value: string) =>
					[...value.replace(/[\s\p{Cc}\p{Cs}]/gu, '')].sort().join('');
				expect(compact(turns.map(({ text }) => text).join(''))).toBe(
					compact(segments.map(({ text }) => text).join('')),
				);
				for (const [index, turn] of turns.entries()) {
					const next = turns[index + 1];
					if (!next) continue;
					expect(next.speaker).not.toBe(turn.speaker);
					expect(next.start).toBeGreaterThanOrEqual(turn.start);
				}
				const lines = toTranscript(segments)
					.split('\n')
					.filter((line) => line !== '');
				expect(lines.length).toBe(turns.length);
				for (const [index, line] of lines.entries()) {
					expect(line).toMatch(/^\[(\d+:)?\d{2}:\d{2}\] /);
					expect(line.endsWith(turns[index]?.text ?? '?')).toBe(true);
				}
				for (const { seconds } of speakerShares(segments))
					expect(seconds).toBeGreaterThanOrEqual(0);
			}),
			{ numRuns: 200 },
		);
	});
	test('ten thousand characters take little time', () => {
		const many = Array.from({ length: 2000 }, (_, index) => ({
			start: index,
			end: index + 1,
			text: 'word.',
			speaker: 'A',
		}));
		expect(fastestMs(() => toTranscript(many))).toBeLessThan(50);
	});
});
