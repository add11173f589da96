// The silence planned at join points, to the frame.

import { describe, expect, test } from '@jest/globals';
import { planEvenPauses, planGaps } from '../../../../nodes/shared/audio/join/pauses.ts';
import { runToEnd } from '../../../support/run-to-end.mts';
import { frameBytesOf, type PcmLayout } from '../../../../nodes/shared/audio/pcm/pcm.ts';

const int16 = (...samples: number[]) => new Uint8Array(Int16Array.from(samples).buffer);
const fromInt16 = (content: Uint8Array) => [...new Int16Array(Uint8Array.from(content).buffer)];
/** A millisecond is a frame. */
const mono: PcmLayout = { sampleType: 'int16', sampleRate: 1000, channels: 1 };
const stereo: PcmLayout = { ...mono, channels: 2 };

describe('pauses of one length', () => {
	test.each([
		[10, 10],
		[10.4, 10],
		[10.5, 11],
		[0, 0],
		[-5, 0],
		[Number.NaN, 0],
	])('%d ms are %i frames', (gapMs, frames) => {
		const plan = planGaps([int16(1), int16(2), int16(3)], mono, gapMs);
		expect(plan.gapFrames).toEqual([frames, frames]);
	});

	test('no pieces, no pause; an incomplete frame is dropped', () => {
		expect(planGaps([], mono, 10)).toEqual({ pieces: [], gapFrames: [] });
		expect(planGaps([int16(1)], mono, 10).gapFrames).toEqual([]);
		const { pieces } = planGaps([int16(1, 2, 3).subarray(0, 5), int16(1, 2)], stereo, 10);
		expect(pieces.map((piece) => [...piece])).toEqual([
			[1, 0, 2, 0],
			[1, 0, 2, 0],
		]);
	});
});

describe('pauses within a range', () => {
	const quiet = (count: number, level = 3) => Array<number>(count).fill(level);
	const speech = (before: number, after: number) =>
		int16(...quiet(before), 500, 500, ...quiet(after, -3));
	const plan = (pieces: Uint8Array[], leastMs: number, mostMs: number, layout = mono) => {
		const made = runToEnd(planEvenPauses(pieces, layout, { leastMs, mostMs }));
		const frames = made.pieces.map((piece) => piece.length / frameBytesOf(layout));
		return { frames, gapFrames: made.gapFrames, pieces: made.pieces };
	};

	test.each([
		['too little: the rest is added', 3, 4, [5, 6], [3]],
		['the least there may be', 5, 5, [7, 7], [0]],
		['in between', 10, 5, [12, 7], [0]],
		['the most there may be', 10, 10, [12, 12], [0]],
		['one too much after: the longer side gives', 11, 10, [12, 12], [0]],
		['one too much before', 10, 11, [12, 12], [0]],
		['too much on both sides: half each', 30, 40, [12, 12], [0]],
		['too much after, little before', 30, 4, [18, 6], [0]],
		['too much before, little after', 4, 30, [6, 18], [0]],
		['too much after, nothing before', 30, 0, [22, 2], [0]],
		['too much before, nothing after', 0, 30, [2, 22], [0]],
	])('%s', (_, after, before, frames, gapFrames) => {
		expect(plan([speech(0, after), speech(before, 0)], 10, 20)).toMatchObject({
			frames,
			gapFrames,
		});
	});

	test('an odd range: the side after the join point has the smaller half', () => {
		expect(plan([speech(0, 30), speech(30, 0)], 10, 21).frames).toEqual([2 + 11, 10 + 2]);
	});

	test('a range with most below least has the length of least', () => {
		expect(plan([speech(0, 30), speech(30, 0)], 10, 5).frames).toEqual([7, 7]);
		expect(plan([speech(0, 1), speech(1, 0)], 10, 5).gapFrames).toEqual([8]);
	});

	test('only silence at a join point is cut', () => {
		const { pieces } = plan([speech(30, 30), speech(30, 30), speech(30, 30)], 10, 20);
		expect(pieces.map(fromInt16)).toEqual([
			[...quiet(30), 500, 500, ...quiet(10, -3)],
			[...quiet(10), 500, 500, ...quiet(10, -3)],
			[...quiet(10), 500, 500, ...quiet(30, -3)],
		]);
	});

	test('98 of 32768 is silence, 99 is speech, in any channel', () => {
		const around = (level: number) => [int16(500, level, -level), int16(level, -level, 500)];
		expect(plan(around(98), 10, 20).gapFrames).toEqual([6]);
		expect(plan(around(99), 10, 20).gapFrames).toEqual([10]);
		const left = [int16(0, 500, 99, 0), int16(99, 0, 0, 500)];
		const right = [int16(500, 0, 0, 99), int16(0, 99, 500, 0)];
		expect(plan(left, 10, 20, stereo).gapFrames).toEqual([10]);
		expect(plan(right, 10, 20, stereo).gapFrames).toEqual([10]);
	});

	test.each([
		[0, 10],
		[1, 10],
		[6, 7],
		[7, 7],
	])('a silent piece of %i frames counts half at each end', (count, gap) => {
		const silent = int16(...quiet(count));
		expect(plan([speech(0, 0), silent, speech(0, 0)], 10, 20).gapFrames).toEqual([gap, gap]);
	});

	test('one piece has no pause', () => {
		expect(plan([speech(50, 50)], 10, 20)).toMatchObject({ frames: [102], gapFrames: [] });
		expect(plan([], 10, 20)).toMatchObject({ frames: [], gapFrames: [] });
	});
});
