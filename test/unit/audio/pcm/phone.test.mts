// WAV for phone lines: accepted files, and every resampled value against the filter's formula.

import { describe, expect, test } from '@jest/globals';
import { readWav } from '../../../../nodes/shared/audio/containers/wav.ts';
import { expectUnreadable } from '../../../support/bytes.mts';
import { data, format, riff } from '../../../support/wav-bytes.mts';
import { resample, toPhoneWav } from '../../../support/run-to-end.mts';

const int16 = (...samples: number[]) => [...new Uint8Array(Int16Array.from(samples).buffer)];
const float32 = (...samples: number[]) => [...new Uint8Array(Float32Array.from(samples).buffer)];
const heard = (file: Uint8Array) => [
	...new Int16Array(Uint8Array.from(readWav(toPhoneWav(file)).data).buffer),
];

describe('files', () => {
	test('of 8 kHz keep their samples', () => {
		expect(heard(riff(format(1, 16), data(...int16(0, 1, -1, 32_767, -32_768, 1000))))).toEqual([
			0, 1, -1, 32_767, -32_768, 1000,
		]);
		expect(heard(riff(format(3, 32), data(...float32(0, 0.5, -1, 2, Number.NaN, 0.25))))).toEqual([
			0, 16_384, -32_768, 32_767, 0, 8192,
		]);
	});

	test('of two channels are mixed, NaN or infinity in one silences both', () => {
		const stereo = { channels: 2 };
		expect(
			heard(riff(format(1, 16, stereo), data(...int16(100, 300, -100, 100, 32_767, 32_767)))),
		).toEqual([200, 0, 32_767]);
		expect(heard(riff(format(3, 32, stereo), data(...float32(0.5, 0.25, Infinity, 0.5))))).toEqual([
			12_288, 0,
		]);
	});

	test('are whole WAV files of one channel', () => {
		const file = riff(format(1, 16), data(...int16(1, 2)));
		expect(Buffer.from(toPhoneWav(file))).toEqual(file);
	});

	test.each([
		['8-bit', format(1, 8)],
		['24-bit', format(1, 24)],
		['coded', format(7, 8)],
	])('%s audio is rejected', (_, header) => {
		expectUnreadable(
			() => toPhoneWav(riff(header, data(1, 2, 3, 4, 5, 6))),
			'Only 16-bit and float WAV can be made ready for the telephone.',
		);
	});

	test.each([1, 1999, 768_001, 0xffff_ffff])('%i Hz is rejected', (rate) => {
		const file = riff(format(1, 16, { rate, perSecond: 0 }), data(...int16(1, 2)));
		expectUnreadable(() => toPhoneWav(file), `Nothing is recorded at ${rate} Hz.`);
	});

	test.each([
		[2000, 8],
		[768_000, 0],
		[16_000, 1],
	])('%i Hz is accepted', (rate, samples) => {
		const file = riff(format(1, 16, { rate, perSecond: 0 }), data(...int16(0, 0)));
		expect(heard(file)).toHaveLength(samples);
	});
});

describe('the filter', () => {
	/** A windowed sinc (Blackman), 24 crossings on each side, its slope at 0.915 of half the lower rate. */
	function byFormula(source: Float32Array, fromRate: number, toRate: number): number[] {
		const cutoff = 0.915 * Math.min(1, toRate / fromRate);
		const reach = Math.ceil(24 / cutoff);
		const weight = (distance: number): number => {
			const x = Math.PI * distance * cutoff;
			const y = (Math.PI * distance) / reach;
			const window = 0.42 + 0.5 * Math.cos(y) + 0.08 * Math.cos(2 * y);
			return (x === 0 ? 1 : Math.sin(x) / x) * window;
		};
		const length = Math.round((source.length * toRate) / fromRate);
		return Array.from({ length }, (_, index) => {
			const at = (index * fromRate) / toRate;
			let sum = 0;
			let weights = 0;
			for (let n = Math.floor(at) - reach; n <= Math.ceil(at) + reach; n++) {
				if (Math.abs(n - at) >= reach) continue;
				weights += weight(n - at);
				sum += weight(n - at) * (source[n] ?? 0);
			}
			return sum / weights;
		});
	}

	/** Neither smooth nor even, so that nothing cancels out. */
	const noise = (count: number) =>
		Float32Array.from({ length: count }, (_, n) => (((n * 7919 + 13) % 101) - 50) / 50);

	test.each([
		[24_000, 8000, 200],
		[16_000, 8000, 151],
		[22_050, 8000, 120],
		[4000, 8000, 60],
		[6000, 8000, 40],
		[8000, 6000, 3],
	])('from %i to %i Hz', (from, to, count) => {
		const source = noise(count);
		const made = resample(source, from, to);
		const expected = byFormula(source, from, to);
		expect(made).toHaveLength(expected.length);
		const differences = expected.map((sample, index) => Math.abs(sample - (made[index] ?? 9)));
		expect(Math.max(...differences)).toBeLessThan(1e-6);
	});

	test('the same rate changes nothing, and an empty source stays empty', () => {
		const source = noise(5);
		expect(resample(source, 8000, 8000)).toEqual(source);
		expect(resample(noise(0), 24_000, 8000)).toHaveLength(0);
	});
});
