// PCM sample formats: values, frame sizes, and guessing the format from bytes.

import { describe, expect, test } from '@jest/globals';
import { AudioError } from '../../../../nodes/shared/audio/audio-error.ts';
import {
	assertSaneLayout,
	frameBytesOf,
	guessSampleType,
	int16FromFloat32,
	pcmDurationSeconds,
	type PcmLayout,
	readSample,
	type SampleType,
} from '../../../../nodes/shared/audio/pcm/pcm.ts';
import { viewOf } from '../../../../nodes/shared/audio/byte-reading.ts';
import { bytes } from '../../../support/bytes.mts';

const float32 = (...samples: number[]) => new Uint8Array(Float32Array.from(samples).buffer);
const fromInt16 = (content: Uint8Array) => [...new Int16Array(Uint8Array.from(content).buffer)];
const stereo: PcmLayout = { sampleType: 'int16', sampleRate: 1000, channels: 2 };

describe('sample formats', () => {
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

	test('only whole frames count towards the duration', () => {
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

	test('an incomplete last sample is dropped', () => {
		expect(fromInt16(int16FromFloat32(float32(0.5, 1).subarray(0, 7)))).toEqual([16_384]);
	});
});

describe('guessing the sample format', () => {
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
