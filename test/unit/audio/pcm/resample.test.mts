import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readWav } from '../../../../nodes/shared/audio/containers/wav.ts';
import { resample, toPhoneWav, wrapPcm } from '../../../support/run-to-end.mts';

const tone = (hertz: number, rate: number, seconds = 0.5) =>
	Float32Array.from(
		{ length: Math.round(seconds * rate) },
		(_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / rate),
	);

/** Level in dB against a sine of amplitude 0.5, edges left out. */
function levelDb(samples: Float32Array): number {
	const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
	const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length;
	return 10 * Math.log10(power / 0.125 + 1e-12);
}

const wavOf = (samples: Float32Array, sampleRate: number) =>
	wrapPcm(new Uint8Array(samples.buffer), { sampleType: 'float32', sampleRate, channels: 1 });

const phoneRate = 8000;

describe('resampling to 8 kHz', () => {
	test.each([24_000, 44_100, 48_000, 22_050, 16_000])(
		'%i Hz: the speech band is kept, frequencies above 4 kHz are removed (anti-alias)',
		(rate) => {
			expect(levelDb(resample(tone(1000, rate), rate, phoneRate))).toBeCloseTo(0, 1);
			expect(Math.abs(levelDb(resample(tone(3100, rate), rate, phoneRate)))).toBeLessThan(0.5);
			expect(levelDb(resample(tone(4400, rate), rate, phoneRate))).toBeLessThan(-60);
		},
	);

	test.each([24_000, 44_100, 22_050])(
		'%i Hz: no shift in time, the result is the tone itself',
		(rate) => {
			const made = resample(tone(440, rate), rate, phoneRate);
			const wanted = tone(440, phoneRate);
			for (let n = 200; n < made.length - 200; n++)
				expect(Math.abs((made[n] ?? 1) - (wanted[n] ?? 0))).toBeLessThan(2e-3);
		},
	);

	test('a WAV comes out as 8 kHz, 16 bit, mono of the same duration, whatever the source', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 0, max: 4000 }),
				fc.constantFrom(8000, 16_000, 24_000, 44_100),
				(count, rate) => {
					const { sampleRate, channels, sampleType, data } = readWav(
						toPhoneWav(wavOf(tone(500, rate, count / rate), rate)),
					);
					expect({ sampleRate, channels, sampleType }).toEqual({
						sampleRate: 8000,
						channels: 1,
						sampleType: 'int16',
					});
					expect(Math.abs(data.length / 2 / 8000 - count / rate)).toBeLessThanOrEqual(
						0.5 / 8000 + 1e-9,
					);
				},
			),
			{ numRuns: 40 },
		);
	});

	test('two channels are mixed down, and other files are rejected', () => {
		const stereo = Int16Array.from({ length: 4800 }, (_, n) => (n % 2 === 0 ? 8000 : -8000));
		const wav = wrapPcm(new Uint8Array(stereo.buffer), {
			sampleType: 'int16',
			sampleRate: 24_000,
			channels: 2,
		});
		expect([...readWav(toPhoneWav(wav)).data].every((byte) => byte === 0)).toBe(true);
		expect(() => toPhoneWav(Buffer.from('no sound at all'))).toThrow(/WAV/);
	});
});
