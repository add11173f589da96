import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { widthOf } from '../../../../nodes/shared/text/subtitles/caption-lines.ts';
import type { Segment } from '../../../../nodes/shared/text/subtitles/segments.ts';
import { toCues, toSrt, toWebVtt } from '../../../../nodes/shared/text/subtitles/subtitles.ts';
import { fastestMs } from '../cpu-time.mts';

interface Parsed {
	startMs: number;
	endMs: number;
	lines: string[];
	speaker?: string;
}

const TIME = /^(\d{2,}):(\d{2}):(\d{2})[,.](\d{3}) --> (\d{2,}):(\d{2}):(\d{2})[,.](\d{3})$/;

function parseTimes(line: string): { startMs: number; endMs: number } {
	const found = TIME.exec(line);
	if (!found) throw new Error(`not a cue time: ${line}`);
	const [, ...parts] = found.map(Number);
	const read = (at: number) =>
		(((parts[at] ?? 0) * 60 + (parts[at + 1] ?? 0)) * 60 + (parts[at + 2] ?? 0)) * 1000 +
		(parts[at + 3] ?? 0);
	return { startMs: read(0), endMs: read(4) };
}

function parseSrt(srt: string): Parsed[] {
	if (srt === '') return [];
	return srt
		.replace(/\n$/, '')
		.split('\n\n')
		.map((block, index) => {
			const [number = '', times = '', ...lines] = block.split('\n');
			expect(number).toBe(String(index + 1));
			return { ...parseTimes(times), lines };
		});
}

function parseWebVtt(vtt: string): Parsed[] {
	const [header, ...blocks] = vtt.replace(/\n$/, '').split('\n\n');
	expect(header).toBe('WEBVTT');
	const unescape = (text: string) =>
		text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
	return blocks.map((block) => {
		const [times = '', ...lines] = block.split('\n');
		const voice = /^<v ([^<>]*)>([^<>]*)<\/v>$/s.exec(lines.join('\n'));
		const text = voice?.[2] ?? lines.join('\n');
		expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
		const parsed = { ...parseTimes(times), lines: text.split('\n').map(unescape) };
		return voice ? { ...parsed, speaker: unescape(voice[1] ?? '') } : parsed;
	});
}

const letters = (text: string) => text.replace(/[\s\p{Cc}\p{Cs}]/gu, '');

describe('cues', () => {
	test('a short segment is one cue with its own times, to the hundredth', () => {
		expect(toCues([{ start: 1.234, end: 3.456, text: ' Hello there. ', speaker: 'Anna' }])).toEqual(
			[{ startMs: 1230, endMs: 3460, lines: ['Hello there.'], speaker: 'Anna' }],
		);
	});

	test('two balanced lines, never more, within 42 columns', () => {
		const text = 'The quick brown fox jumps over the lazy dog while nobody is looking at it.';
		expect(toCues([{ start: 0, end: 5, text }])[0]?.lines).toEqual([
			'The quick brown fox jumps over the lazy',
			'dog while nobody is looking at it.',
		]);
	});

	test('a long segment is split at sentences and clauses, and its time is shared by length', () => {
		const cues = toCues([
			{
				start: 0,
				end: 10,
				text: 'One sentence that fills about one whole line. Another sentence, just as long as it, ends here now and goes on for some time.',
			},
		]);
		expect(cues.map(({ lines }) => lines.join(' '))).toEqual([
			'One sentence that fills about one whole line.',
			'Another sentence, just as long as it, ends here now and goes on for some time.',
		]);
		expect(cues[0]?.startMs).toBe(0);
		expect(cues[1]?.endMs).toBe(10_000);
		expect(cues[1]?.startMs).toBe(3660);
	});

	test('a cue too short to read is extended into the silence after it, with a gap before the next', () => {
		expect(
			toCues([
				{ start: 1, end: 1.2, text: 'Yes.' },
				{ start: 5, end: 6, text: 'No.' },
			])[0]?.endMs,
		).toBe(2000);
		expect(
			toCues([
				{ start: 1, end: 1.2, text: 'Yes.' },
				{ start: 1.8, end: 3, text: 'No.' },
			])[0]?.endMs,
		).toBe(1720);
		expect(toCues([{ start: 1, end: 60, text: 'Yes.' }])[0]?.endMs).toBe(8000);
	});

	test('overlapping speech stays readable', () => {
		const cues = toCues([
			{ start: 0, end: 5, text: 'I think so.', speaker: 'A' },
			{ start: 0, end: 4, text: 'Not at all.', speaker: 'B' },
		]);
		expect(cues.map(({ startMs, endMs }) => endMs - startMs >= 1000)).toEqual([true, true]);
	});

	test('word timestamps are merged into cues', () => {
		const words = ['We', 'met', 'them', 'in', 'May.'].map((text, index) => ({
			start: index * 0.3,
			end: index * 0.3 + 0.25,
			text,
		}));
		expect(toCues(words)).toEqual([{ startMs: 0, endMs: 1450, lines: ['We met them in May.'] }]);
	});

	test('Japanese characters count two columns, and no line starts with punctuation', () => {
		const text =
			'今日はとても天気がよいので、みんなで公園まで散歩に行きましょう。そして昼ごはんを食べます。';
		const cues = toCues([{ start: 0, end: 8, text }]);
		const lines = cues.flatMap((cue) => cue.lines);
		expect(lines.join('')).toBe(text);
		expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(42);
		expect(lines.some((line) => /^[、。]/.test(line))).toBe(false);
	});
});

describe('files', () => {
	test('SRT names the speaker when the speaker changes', () => {
		const segments = [
			{ start: 0, end: 2, text: 'Good morning to you.', speaker: 'Anna' },
			{ start: 2, end: 4, text: 'And to all of you -->', speaker: 'Anna' },
			{ start: 3661.5, end: 3663, text: 'Hello, dear Anna.', speaker: 'Ben' },
		];
		expect(toSrt(segments)).toBe(
			'1\n00:00:00,000 --> 00:00:02,000\nAnna: Good morning to you.\n\n2\n00:00:02,000 --> 00:00:04,000\nAnd to all of you ->\n\n3\n01:01:01,500 --> 01:01:03,000\nBen: Hello, dear Anna.\n',
		);
	});

	test('WebVTT escapes text and carries the speaker in a voice span', () => {
		expect(toWebVtt([{ start: 0, end: 2, text: 'a < b & c > d --> e', speaker: 'A<b>&C\n' }])).toBe(
			'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v Ab&amp;C>a &lt; b &amp; c &gt; d --&gt; e</v>\n',
		);
		expect(toWebVtt([])).toBe('WEBVTT\n');
		expect(toSrt([])).toBe('');
	});
});

const times = fc.oneof(
	fc.double({ min: -5, max: 400_000, noNaN: false }),
	fc.double({ min: 0, max: 60, noNaN: true }),
	fc.constantFrom(0, 1, 1, 2),
);
const text = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 80 }),
	fc
		.array(
			fc.constantFrom(
				'word',
				'Wort,',
				'end.',
				'今日は',
				'。',
				' ',
				'\n',
				'\n\n',
				'<b>',
				'&amp;',
				'-->',
				'x'.repeat(50),
				'สวัสดี',
				'👩‍👩‍👧',
			),
			{ maxLength: 30 },
		)
		.map((parts) => parts.join(' ')),
);
const segments: fc.Arbitrary<Segment[]> = fc.array(
	fc
		.record({ start: times, end: times, text }, {})
		.chain((segment) =>
			fc
				.constantFrom(undefined, 'Anna', 'speaker_1')
				.map((speaker) => (speaker === undefined ? segment : { ...segment, speaker })),
		),
	{ maxLength: 12 },
);

describe('properties', () => {
	test('cues are in order without overlaps, lines fit, no text is lost, and both files parse back the same', () => {
		fc.assert(
			fc.property(segments, (spoken) => {
				const cues = toCues(spoken);
				let end = 0;
				for (const { startMs, endMs, lines } of cues) {
					expect(startMs).toBeGreaterThanOrEqual(end);
					expect(endMs).toBeGreaterThan(startMs);
					expect([startMs % 10, endMs % 10]).toEqual([0, 0]);
					expect([1, 2]).toContain(lines.length);
					for (const line of lines) {
						expect(line.trim()).not.toBe('');
						expect(widthOf(line)).toBeLessThanOrEqual(42);
					}
					end = endMs;
				}
				const ordered = spoken
					.map((segment, index) => ({ ...segment, index }))
					.map((segment) => ({
						...segment,
						at: Number.isFinite(segment.start)
							? Math.min(Math.round(Math.max(0, segment.start) * 100), 35_999_999)
							: 0,
					}))
					.sort((left, right) => left.at - right.at || left.index - right.index);
				expect(letters(cues.flatMap(({ lines }) => lines).join(''))).toBe(
					letters(ordered.map((segment) => segment.text).join('')),
				);
				const parsed = parseWebVtt(toWebVtt(spoken));
				expect(
					parsed.map(({ startMs, endMs, lines, speaker }) => ({ startMs, endMs, lines, speaker })),
				).toEqual(
					cues.map(({ startMs, endMs, lines, speaker }) => ({ startMs, endMs, lines, speaker })),
				);
				const srt = parseSrt(
					toSrt(
						spoken.map(({ start, end: stop, text: words }) => ({
							start,
							end: stop,
							text: words.replaceAll('-->', ''),
						})),
					),
				);
				expect(letters(srt.flatMap(({ lines }) => lines).join(''))).toBe(
					letters(ordered.map((segment) => segment.text.replaceAll('-->', '')).join('')),
				);
			}),
			{ numRuns: 200 },
		);
	});

	test('segments without overlaps keep their exact start', () => {
		const steady = fc.array(
			fc.record({
				gap: fc.integer({ min: 0, max: 500 }),
				length: fc.integer({ min: 100, max: 900 }),
			}),
			{ minLength: 1, maxLength: 20 },
		);
		fc.assert(
			fc.property(steady, (pairs) => {
				let at = 0;
				const spoken = pairs.map(({ gap, length }) => {
					const start = at + gap;
					at = start + length;
					return { start: start / 100, end: at / 100, text: 'Some words here.' };
				});
				expect(toCues(spoken).map(({ startMs }) => startMs)).toEqual(
					spoken.map(({ start }) => Math.round(start * 100) * 10),
				);
			}),
		);
	});

	test('long input takes linear time', () => {
		const slow: string[] = [];
		for (const pattern of [
			'word ',
			'a',
			'。',
			'今',
			' ',
			'\n',
			'x. ',
			', ',
			'-->',
			'&',
			'\u0301',
			'👩‍👩‍👧',
			'\uD800',
			'ก',
		]) {
			const whole = pattern.repeat(Math.ceil(10_000 / pattern.length));
			const best = fastestMs(() => toSrt([{ start: 0, end: 100, text: whole }]));
			if (best >= 50) slow.push(`${pattern}: ${best.toFixed(0)} ms`);
		}
		expect(slow).toEqual([]);
	});
});
