// Long work on audio is cut into steps of bounded work, whatever the length, rate or sample type.

import { describe, expect, test } from '@jest/globals';
import { mp3DurationSeconds } from '../../../nodes/shared/audio/containers/mp3-stream.ts';
import { OggDemuxer } from '../../../nodes/shared/audio/containers/ogg-read.ts';
import { wrapPcm } from '../../../nodes/shared/audio/containers/wav.ts';
import { deliveryPreset, finishAudio } from '../../../nodes/shared/audio/delivery-preset.ts';
import { joinAudio } from '../../../nodes/shared/audio/join/join.ts';
import { copyInSteps, int16FromFloat32, STEP_BYTES } from '../../../nodes/shared/audio/pcm/pcm.ts';
import { BLOCK_WORK, resample, toPhoneWav } from '../../../nodes/shared/audio/pcm/resample.ts';
import type { Steps } from '../../../nodes/shared/audio/steps.ts';
import { infoFrame, mp3Frames } from '../../support/mp3-frames.mts';
import * as whole from '../../support/run-to-end.mts';

function countSteps(steps: Steps<unknown>): number {
	let count = 1;
	while (!steps.next().done) count++;
	return count;
}

const SECOND = 24_000;
const noise = (count: number) =>
	Float32Array.from({ length: count }, (_, n) => (((n * 7919 + 13) % 101) - 50) / 51);
const bytesOf = (samples: Float32Array) => new Uint8Array(samples.buffer);

describe('copying', () => {
	const source = bytesOf(noise(STEP_BYTES)).subarray(0, STEP_BYTES * 3 + 4);

	test('a step copies STEP_BYTES at most', () => {
		const parts: number[] = [];
		const target = new Uint8Array(source.length + 3);
		const steps = copyInSteps(target, 3, source, (part) => {
			parts.push(part.length);
			return part;
		});
		expect(countSteps(steps)).toBe(5);
		expect(parts).toEqual([STEP_BYTES, STEP_BYTES, STEP_BYTES, 4]);
		expect(Buffer.compare(target.subarray(3), source)).toBe(0);
	});

	test('converted part by part, the samples are those of one conversion', () => {
		const target = new Uint8Array(source.length / 2);
		whole.runToEnd(copyInSteps(target, 0, source, int16FromFloat32));
		expect(Buffer.compare(target, int16FromFloat32(source))).toBe(0);
	});
});

describe('resampling', () => {
	/** Sinc of 24 zero crossings on each side, its slope at 0.915 of half the lower rate. */
	const tapsFor = (from: number, to: number) =>
		2 * Math.ceil(24 / (0.915 * Math.min(1, to / from)));

	test.each([
		['24 kHz', 24_000, 20 * 24_000],
		['44.1 kHz, 80 phases', 44_100, 10 * 44_100],
		['a rate with 8,000 phases', 44_101, 2 * 44_101],
		['the highest rate', 768_000, 768_000],
		['the lowest rate', 2000, 20 * 2000],
	])('%s: a block takes BLOCK_WORK multiplications at most', (_, rate, count) => {
		const taps = tapsFor(rate, 8000);
		let read = 0;
		const source = whole.monoSource(noise(count), rate);
		const counted = {
			...source,
			read: (target: Float32Array, start: number) => {
				read += target.length;
				source.read(target, start);
			},
		};
		const work: number[] = [];
		let samples = 0;
		for (const block of resample(counted, 8000)) {
			samples += block.length;
			work.push(block.length * taps);
		}
		expect(Math.max(...work)).toBeLessThanOrEqual(BLOCK_WORK);
		expect(work.length).toBeGreaterThanOrEqual((samples * taps) / BLOCK_WORK);
		// No frame is read twice.
		expect(read).toBeLessThanOrEqual(count + 2 * taps);
	});

	test('blocks in which weights are computed are smaller', () => {
		const blocks = [...resample(whole.monoSource(noise(44_101), 44_101), 8000)];
		const taps = tapsFor(44_101, 8000);
		let made = 0;
		for (const { length } of blocks) {
			if (made < 8000) expect(length * taps * 32).toBeLessThanOrEqual(BLOCK_WORK);
			made += length;
		}
	});

	test('a source of many channels makes smaller blocks', () => {
		const wide = { ...whole.monoSource(noise(SECOND), SECOND), frameWork: 10_000 };
		const [block] = resample(wide, 8000);
		expect((block?.length ?? 0) * 3 * 10_000).toBeLessThanOrEqual(BLOCK_WORK);
	});

	test('cut into blocks of any size, the samples are the same', () => {
		const source = whole.monoSource(noise(SECOND), SECOND);
		const inSmallBlocks = [...resample({ ...source, frameWork: 20_000 }, 8000)];
		const inLargeBlocks = [...resample(source, 8000)];
		expect(inSmallBlocks.length).toBeGreaterThan(10 * inLargeBlocks.length);
		const flat = (blocks: Float32Array[]) => blocks.flatMap((block) => [...block]);
		expect(flat(inSmallBlocks)).toEqual(flat(inLargeBlocks));
	});
});

describe('a minute of speech', () => {
	const float32 = bytesOf(noise(60 * SECOND));
	const int16 = int16FromFloat32(float32);
	const layout = { sampleRate: SECOND, channels: 1 };
	const wav = whole.wrapPcm(int16, { ...layout, sampleType: 'int16' });
	const floatWav = wavOfFloats(float32);
	/** 158 multiplications for each of 8,000 samples a second. */
	const phoneSteps = (60 * 8000 * 158) / BLOCK_WORK;

	test.each<[string, () => Steps<unknown>, number]>([
		['wrapped from float32', () => wrapPcm(float32, { ...layout, sampleType: 'float32' }), 11],
		['wrapped from int16', () => wrapPcm(int16, { ...layout, sampleType: 'int16' }), 5.5],
		['resampled', () => toPhoneWav(wav), phoneSteps],
		[
			'a stream for a phone line',
			() => finishAudio(float32, 'pcm', deliveryPreset('phoneLine', 'wav', 1)),
			11 + phoneSteps,
		],
		[
			'a stream as int16 samples',
			() => finishAudio(float32, 'pcm', deliveryPreset('file', 'pcm16', 1)),
			11,
		],
		[
			'a float WAV as int16 samples',
			() => finishAudio(floatWav, 'wav', deliveryPreset('file', 'pcm16', 1)),
			11,
		],
		['joined as the only WAV piece', () => joinAudio('wav', [wav]), 5.5],
		['joined as one of two pieces', () => joinAudio('pcm', [float32, int16]), 11 + 5.5],
	])('%s', (_, work, least) => {
		expect(countSteps(work())).toBeGreaterThanOrEqual(least);
	});
});

/** The header says float32 at 24 kHz, mono. */
function wavOfFloats(samples: Uint8Array): Uint8Array {
	const header = Buffer.alloc(44);
	header.write('RIFF\0\0\0\0WAVEfmt ', 0, 'latin1');
	header.writeUInt32LE(36 + samples.length, 4);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(3, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(SECOND, 24);
	header.writeUInt32LE(SECOND * 4, 28);
	header.writeUInt16LE(4, 32);
	header.writeUInt16LE(32, 34);
	header.write('data', 36, 'latin1');
	header.writeUInt32LE(samples.length, 40);
	return Buffer.concat([header, samples]);
}

describe('durations of stored files need no pass over the whole file', () => {
	test('MP3: the info frame of a joined file is trusted', () => {
		const piece = Buffer.concat([infoFrame(576, 1000), ...mp3Frames(50)]);
		const file = Buffer.from(whole.joinMp3([piece]));
		const seconds = mp3DurationSeconds(file);
		expect(seconds).toBeCloseTo((50 * 576 - 1576) / 24_000, 9);
		// If frames were counted, the file would be shorter without its audio.
		const hollow = Buffer.concat([file.subarray(0, 192 + 192), Buffer.alloc(file.length - 384)]);
		expect(mp3DurationSeconds(hollow)).toBe(seconds);
		expect(mp3DurationSeconds(file.subarray(0, -192))).toBeCloseTo(seconds - 576 / 24_000, 9);
	});

	test('Ogg: packets after the first granule position are not collected', () => {
		const demuxer = new OggDemuxer({ verify: false, packets: 'opening' });
		const page = (granule: number, isFirst = false) => ({
			isContinued: false,
			isFirst,
			isLast: false,
			granule,
			serial: 1,
			segments: Uint8Array.of(1, 1),
			body: Uint8Array.of(1, 2),
			bytes: new Uint8Array(0),
		});
		for (const one of [page(0, true), page(960), page(1920), page(2880)]) demuxer.add(one);
		expect(demuxer.streams).toMatchObject([
			{ packets: { length: 4 }, packetsAtFirstGranule: 4, firstGranule: 960, lastGranule: 2880 },
		]);
	});
});
