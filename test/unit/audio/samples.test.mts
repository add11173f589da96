// Bare samples: what each type means, what its bytes tell, how pauses are planned, and what a seam does to them.

import { describe, expect, test } from '@jest/globals';
import { AudioError } from '../../../nodes/shared/audio/audio-error.ts';
import { planEvenPauses, planGaps } from '../../../nodes/shared/audio/pauses.ts';
import {
	assertSaneLayout,
	Float32Pcm,
	frameBytesOf,
	guessSampleType,
	int16FromFloat32,
	pcmDurationSeconds,
	type PcmLayout,
	readSample,
	type SampleType,
	viewOf,
} from '../../../nodes/shared/audio/pcm.ts';
import { joinedBytes, pcmJoinSteps, writeJoined } from '../../../nodes/shared/audio/seams.ts';
import { allAtOnce } from '../../../nodes/shared/audio/steps.ts';
import { bytes } from '../../support/bytes.mts';

const int16 = (...samples: number[]) => new Uint8Array(Int16Array.from(samples).buffer);
const float32 = (...samples: number[]) => new Uint8Array(Float32Array.from(samples).buffer);
const fromInt16 = (content: Uint8Array) => [...new Int16Array(Uint8Array.from(content).buffer)];
/** A millisecond is a frame. */
const mono: PcmLayout = { sampleType: 'int16', sampleRate: 1000, channels: 1 };
const stereo: PcmLayout = { ...mono, channels: 2 };

describe('what samples mean', () => {
	test.each<[SampleType, number[], number]>([
		['uint8', [128], 0],
		['uint8', [0], -1],
		['uint8', [255], 127 / 128],
		['int16', [0, 0x80], -1],
		['int16', [0xff, 0x7f], 32_767 / 32_768],
		['int16', [1, 0], 1 / 32_768],
		['int24', [0, 0, 0x80], -1],
		['int24', [0xff, 0xff, 0x7f], 8_388_607 / 8_388_608],
		['int24', [0xff, 0xff, 0xff], -1 / 8_388_608],
		['int24', [0, 1, 0], 256 / 8_388_608],
		['int32', [0, 0, 0, 0x80], -1],
		['int32', [0, 0, 0, 0x40], 0.5],
		['int32', [1, 0, 0, 0], 1 / 2_147_483_648],
		['float32', [0, 0, 0, 0x3f], 0.5],
	])('%s %j is %d', (sampleType, content, value) => {
		const late = viewOf(bytes([1, 2, 3], content).subarray(2));
		expect(readSample[sampleType](late, 1)).toBe(value);
	});

	test.each<[SampleType, number]>([
		['uint8', 2],
		['int16', 4],
		['int24', 6],
		['int32', 8],
		['float32', 8],
	])('two channels of %s are %i bytes', (sampleType, length) => {
		expect(frameBytesOf({ ...stereo, sampleType })).toBe(length);
	});

	test('only whole frames last', () => {
		expect(pcmDurationSeconds(new Uint8Array(96_003))).toBe(1);
		expect(pcmDurationSeconds(new Uint8Array(96_000))).toBe(1);
		expect(pcmDurationSeconds(new Uint8Array(95_999))).toBeCloseTo(23_999 / 24_000, 9);
		expect(pcmDurationSeconds(new Uint8Array(2003), stereo)).toBe(0.5);
	});

	test.each([
		[1, 1, true],
		[0, 1, false],
		[-1, 1, false],
		[1, 0, false],
		[1, -1, false],
		[1.5, 1, false],
		[1, 1.5, false],
		[Number.NaN, 1, false],
	])('%d Hz and %d channels are sound: %j', (sampleRate, channels, isSane) => {
		const assert = () => assertSaneLayout({ sampleType: 'int16', sampleRate, channels });
		if (isSane) return expect(assert).not.toThrow();
		expect(assert).toThrow(AudioError);
		expect(assert).toThrow(`${channels} channels at ${sampleRate} Hz is not audio.`);
		expect(assert).toThrow(expect.objectContaining({ code: 'unreadable' }));
	});

	test('a broken last sample is dropped', () => {
		expect(fromInt16(int16FromFloat32(float32(0.5, 1).subarray(0, 7)))).toEqual([16_384]);
	});
});

describe('what samples tell of their type', () => {
	const many = (count: number, value: number) => Array<number>(count).fill(value);

	test.each([
		['64 samples', many(64, 0.5), 'float32'],
		['63 samples', many(63, 0.5), undefined],
		['64 among zeros', [...many(500, 0), ...many(64, 0.5)], 'float32'],
		['96 of 100', [...many(96, -0.5), ...many(4, 1e30)], 'float32'],
		['95 of 100', [...many(95, 0.5), ...many(5, 1e30)], 'int16'],
		['hardly audible', many(64, 1.1e-9), 'float32'],
		['below that', many(64, 0.9e-9), 'int16'],
		['far too loud', many(64, 7.99), 'float32'],
		['no sound at all', many(64, 8), 'int16'],
		['what comes after two seconds', [...many(48_000, 0), ...many(64, 0.5)], undefined],
		['what comes within', [...many(48_000 - 64, 0), ...many(64, 0.5)], 'float32'],
	])('%s', (_, samples, type) => {
		expect(guessSampleType(float32(...samples))).toBe(type);
		expect(guessSampleType(bytes(float32(...samples), [0, 0, 1]))).toBe(type);
	});
});

describe('samples that arrive in parts', () => {
	test('a part of a sample waits for its rest', () => {
		const decoder = new Float32Pcm();
		const sample = float32(0.5);
		expect(decoder.pendingBytes).toBe(0);
		for (const at of [0, 1, 2]) {
			expect(decoder.push(sample.subarray(at, at + 1))).toHaveLength(0);
			expect(decoder.pendingBytes).toBe(at + 1);
		}
		expect([...decoder.push(bytes(sample.subarray(3), sample, [9]))]).toEqual([
			...sample,
			...sample,
		]);
		expect(decoder.pendingBytes).toBe(1);
	});
});

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

	test('no piece, no pause; a broken frame goes', () => {
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
		const made = planEvenPauses(pieces, layout, { leastMs, mostMs });
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

	test('an odd range: the side after the seam has the smaller half', () => {
		expect(plan([speech(0, 30), speech(30, 0)], 10, 21).frames).toEqual([2 + 11, 10 + 2]);
	});

	test('a range upside down has one length', () => {
		expect(plan([speech(0, 30), speech(30, 0)], 10, 5).frames).toEqual([7, 7]);
		expect(plan([speech(0, 1), speech(1, 0)], 10, 5).gapFrames).toEqual([8]);
	});

	test('only what lies at a seam is cut', () => {
		const { pieces } = plan([speech(30, 30), speech(30, 30), speech(30, 30)], 10, 20);
		expect(pieces.map(fromInt16)).toEqual([
			[...quiet(30), 500, 500, ...quiet(10, -3)],
			[...quiet(10), 500, 500, ...quiet(10, -3)],
			[...quiet(10), 500, 500, ...quiet(30, -3)],
		]);
	});

	test('98 of 32768 is silence, 99 is sound, in whichever channel', () => {
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

describe('seams', () => {
	const join = (pieces: Uint8Array[], gapFrames: number[], layout = mono) =>
		allAtOnce(pcmJoinSteps({ pieces, gapFrames }, layout));
	const joined = (pieces: number[][], gapFrames: number[], layout = mono) =>
		fromInt16(
			join(
				pieces.map((piece) => int16(...piece)),
				gapFrames,
				layout,
			),
		);
	const loud = Array<number>(6).fill(16_384);

	test('a loud one fades over 4 ms on both sides', () => {
		expect(joined([loud, loud.map((sample) => -sample)], [0])).toEqual([
			...[16_384, 16_384, 16_384, 10_923, 5461, 0],
			...[0, -5461, -10_923, -16_384, -16_384, -16_384],
		]);
		const long = [...loud, ...loud];
		expect(joined([long, long.map((sample) => -sample)], [0]).slice(6, 18)).toEqual([
			...[16_384, 16_384, 12_288, 8192, 4096, 0],
			...[0, -4096, -8192, -12_288, -16_384, -16_384],
		]);
	});

	test('a quiet one is left as it is', () => {
		expect(
			joined(
				[
					[1000, 1000],
					[1327, 1327],
				],
				[0],
			),
		).toEqual([1000, 1000, 1327, 1327]);
		expect(
			joined(
				[
					[1000, 1000],
					[1328, 1328],
				],
				[0],
			),
		).toEqual([1000, 0, 0, 1328]);
		expect(
			joined(
				[
					[1000, 1000],
					[672, 672],
				],
				[0],
			),
		).toEqual([1000, 0, 0, 672]);
	});

	test('against silence each side is judged by itself', () => {
		expect(
			joined(
				[
					[9, 1000],
					[1000, 9],
				],
				[2],
			),
		).toEqual([9, 0, 0, 0, 0, 9]);
		expect(
			joined(
				[
					[9, 327],
					[1000, 9],
				],
				[2],
			),
		).toEqual([9, 327, 0, 0, 0, 9]);
		expect(
			joined(
				[
					[9, 1000],
					[327, 9],
				],
				[2],
			),
		).toEqual([9, 0, 0, 0, 327, 9]);
		expect(
			joined(
				[
					[9, 327],
					[-327, 9],
				],
				[2],
			),
		).toEqual([9, 327, 0, 0, -327, 9]);
	});

	test('the outer ends are left as they are', () => {
		expect(
			joined(
				[
					[5000, 0],
					[0, 5000],
				],
				[1],
			),
		).toEqual([5000, 0, 0, 0, 5000]);
	});

	test('a piece of one frame becomes silent, one of three keeps its far end', () => {
		expect(joined([[5000], [-5000, -5000, -5000]], [0])).toEqual([0, 0, -2500, -5000]);
	});

	test('an empty piece leaves its silence behind', () => {
		expect(joined([[1000, 1000], [], [1000, 1000]], [1, 2])).toEqual([1000, 0, 0, 0, 0, 0, 1000]);
		expect(joined([[], [1000, 1000]], [1])).toEqual([0, 1000, 1000]);
		expect(joined([[], [1000, 1000], []], [0, 1])).toEqual([1000, 1000, 0]);
		expect(joined([[1000, 1000], [], [1000, 1000]], [0, 0])).toEqual([1000, 1000, 1000, 1000]);
	});

	test('silence counts from the last sound only', () => {
		expect(
			joined(
				[
					[0, 5000],
					[5000, 0],
					[0, 5000],
				],
				[1, 0],
			),
		).toEqual([0, 0, 0, 0, 0, 0, 5000]);
		expect(
			joined(
				[
					[0, 0],
					[0, 500],
					[500, 0],
				],
				[3, 0],
			),
		).toEqual([0, 0, 0, 0, 0, 0, 500, 500, 0]);
	});

	test('channels fade together, if one of them jumps', () => {
		const both = [100, 5000];
		expect(
			joined(
				[
					[...both, ...both],
					[100, 100, 100, 100],
				],
				[0],
				stereo,
			),
		).toEqual([...[...both, 0, 0], ...[0, 0, 100, 100]]);
		expect(
			joined(
				[
					[...both, ...both],
					[...both, 100, 100],
				],
				[0],
				stereo,
			),
		).toEqual([...[...both, ...both], ...[...both, 100, 100]]);
	});

	test('what stands before in the target is left alone', () => {
		const target = bytes([7, 7, 7], Buffer.alloc(4));
		const plan = { pieces: [int16(5000), int16(-5000)], gapFrames: [0] };
		allAtOnce(writeJoined(target, 3, plan, mono));
		expect([...target]).toEqual([7, 7, 7, 0, 0, 0, 0]);
	});

	test('its length is that of all pieces and pauses', () => {
		const plan = { pieces: [int16(1, 2), int16(3, 4)], gapFrames: [3] };
		expect(joinedBytes(plan, stereo)).toBe(8 + 12);
		expect(joinedBytes({ pieces: [], gapFrames: [] }, stereo)).toBe(0);
	});

	test('others have their turn after every piece that holds sound', () => {
		const steps = pcmJoinSteps({ pieces: [int16(1), int16(), int16(2)], gapFrames: [0, 0] }, mono);
		let taken = 0;
		while (!steps.next().done) taken++;
		expect(taken).toBe(2);
	});

	// Three frames up, three down: half of them fade, to nothing at the seam.
	test.each<[SampleType, string[], string[]]>([
		['uint8', ['c0', 'a0', '80'], ['80', '60', '40']],
		['int16', ['0040', '0020', '0000'], ['0000', '00e0', '00c0']],
		['int24', ['563412', '2b1a09', '000000'], ['000000', 'd5e5f6', 'aacbed']],
		['int32', ['78563412', '3c2b1a09', '00000000'], ['00000000', 'c4d4e5f6', '88a9cbed']],
		['float32', ['0000003f', '0000803e', '00000000'], ['00000080', '000080be', '000000bf']],
	])(
		'%s: up and down',
		(sampleType, [up = '', ...fadedUp], [nothing = '', half = '', down = '']) => {
			const [first, second] = [up, down].map((sample) => Buffer.from(sample.repeat(3), 'hex'));
			const layout = { ...mono, sampleType };
			const meeting = Buffer.from(join([first!, second!], [0], layout)).toString('hex');
			expect(meeting).toBe([up, ...fadedUp, nothing, half, down].join(''));
			const silence = sampleType === 'uint8' ? '80' : '00'.repeat(up.length / 2);
			const apart = Buffer.from(join([first!, second!], [2], layout)).toString('hex');
			expect(apart).toBe([up, ...fadedUp, silence, silence, nothing, half, down].join(''));
		},
	);
});
