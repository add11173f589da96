// The fade at a PCM join point, to the byte.

import { describe, expect, test } from '@jest/globals';
import type { PcmLayout, SampleType } from '../../../../nodes/shared/audio/pcm/pcm.ts';
import { joinedBytes, joinPcm, writeJoined } from '../../../../nodes/shared/audio/join/pcm-join.ts';
import { bytes } from '../../../support/bytes.mts';
import { runToEnd } from '../../../support/run-to-end.mts';

const int16 = (...samples: number[]) => new Uint8Array(Int16Array.from(samples).buffer);
const fromInt16 = (content: Uint8Array) => [...new Int16Array(Uint8Array.from(content).buffer)];
/** A millisecond is a frame. */
const mono: PcmLayout = { sampleType: 'int16', sampleRate: 1000, channels: 1 };
const stereo: PcmLayout = { ...mono, channels: 2 };

describe('join points', () => {
	const join = (pieces: Uint8Array[], gapFrames: number[], layout = mono) =>
		runToEnd(joinPcm({ pieces, gapFrames }, layout));
	const joined = (pieces: number[][], gapFrames: number[], layout = mono) =>
		fromInt16(
			join(
				pieces.map((piece) => int16(...piece)),
				gapFrames,
				layout,
			),
		);
	const loud = Array<number>(6).fill(16_384);

	test('a loud step is faded over 4 ms on both sides', () => {
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

	test('a quiet step is unchanged', () => {
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

	test('at inserted silence each side is faded on its own', () => {
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

	test('the outer ends are unchanged', () => {
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
					[100, 100, ...both],
					[100, 100, 100, 100],
				],
				[0],
				stereo,
			),
		).toEqual([...[100, 100, 0, 0], ...[0, 0, 100, 100]]);
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

	test('bytes before the offset are unchanged', () => {
		const target = bytes([7, 7, 7], Buffer.alloc(4));
		const plan = { pieces: [int16(5000), int16(-5000)], gapFrames: [0] };
		runToEnd(writeJoined(target, 3, plan, mono));
		expect([...target]).toEqual([7, 7, 7, 0, 0, 0, 0]);
	});

	test('its length is that of all pieces and pauses', () => {
		const plan = { pieces: [int16(1, 2), int16(3, 4)], gapFrames: [3] };
		expect(joinedBytes(plan, stereo)).toBe(8 + 12);
		expect(joinedBytes({ pieces: [], gapFrames: [] }, stereo)).toBe(0);
	});

	test('a step ends after every piece that is not empty', () => {
		const steps = joinPcm({ pieces: [int16(1), int16(), int16(2)], gapFrames: [0, 0] }, mono);
		let taken = 0;
		while (!steps.next().done) taken++;
		expect(taken).toBe(2);
	});

	// Three frames up, three down: half of them fade, to zero at the join point.
	test.each<[SampleType, string[], string[]]>([
		['uint8', ['c0', 'a0', '80'], ['80', '60', '40']],
		['int16', ['0040', '0020', '0000'], ['0000', '00e0', '00c0']],
		['int24', ['563412', '2b1a09', '000000'], ['000000', 'd5e5f6', 'aacbed']],
		['int32', ['78563412', '3c2b1a09', '00000000'], ['00000000', 'c4d4e5f6', '88a9cbed']],
		['float32', ['0000003f', '0000803e', '00000000'], ['00000080', '000080be', '000000bf']],
	])(
		'%s: up and down',
		(sampleType, [up = '', ...fadedUp], [nothing = '', half = '', down = '']) => {
			const ramps = [up, down].map((sample) => Buffer.from(sample.repeat(3), 'hex'));
			const layout = { ...mono, sampleType };
			const meeting = Buffer.from(join(ramps, [0], layout)).toString('hex');
			expect(meeting).toBe([up, ...fadedUp, nothing, half, down].join(''));
			const silence = sampleType === 'uint8' ? '80' : '00'.repeat(up.length / 2);
			const apart = Buffer.from(join(ramps, [2], layout)).toString('hex');
			expect(apart).toBe([up, ...fadedUp, silence, silence, nothing, half, down].join(''));
		},
	);
});
