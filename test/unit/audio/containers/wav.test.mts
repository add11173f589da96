// WAV and PCM: written files read back, wrong header sizes are tolerated, samples are converted and joined.

import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
	frameBytesOf,
	guessSampleType,
	int16FromFloat32,
	type SampleType,
} from '../../../../nodes/shared/audio/pcm/pcm.ts';
import { readWav, wavDurationSeconds } from '../../../../nodes/shared/audio/containers/wav.ts';
import { ffmpeg, tone } from '../../../support/media.mts';
import { joinAudio, wrapPcm } from '../../../support/run-to-end.mts';

// ffmpeg shares the machine with other test files.
jest.setTimeout(60_000);

const layouts = fc.record({
	sampleType: fc.constantFrom<SampleType>('uint8', 'int16', 'int24', 'int32', 'float32'),
	sampleRate: fc.integer({ min: 8000, max: 96_000 }),
	channels: fc.integer({ min: 1, max: 6 }),
});

const float32 = (...samples: number[]): Uint8Array =>
	new Uint8Array(Float32Array.from(samples).buffer);
const int16 = (bytes: Uint8Array): number[] => [
	...new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
];
const int16Bytes = (samples: readonly number[]): Uint8Array =>
	new Uint8Array(Int16Array.from(samples).buffer);

const mono = { sampleType: 'int16', sampleRate: 24_000, channels: 1 } as const;

describe('headers', () => {
	test('a wrapped recording has the plain 44-byte header', () => {
		const file = Buffer.from(wrapPcm(int16Bytes([1, -2, 3]), mono));
		expect(file.length).toBe(44 + 6);
		expect(file.subarray(0, 44).toString('hex')).toBe(
			'524946462a00000057415645666d74201000000001000100c05d000080bb0000020010006461746106000000',
		);
	});

	test('write, then read back', () => {
		fc.assert(
			fc.property(
				layouts,
				fc.uint8Array({ maxLength: 300 }),
				({ sampleRate, channels }, samples) => {
					const file = wrapPcm(samples, { sampleType: 'int16', sampleRate, channels });
					const wav = readWav(file);
					const whole = samples.length - (samples.length % (channels * 2));
					expect(wav).toMatchObject({
						sampleType: 'int16',
						sampleRate,
						channels,
						blockBytes: channels * 2,
					});
					expect(Buffer.from(wav.data)).toEqual(Buffer.from(samples.subarray(0, whole)));
					expect(wavDurationSeconds(file)).toBeCloseTo(whole / (channels * 2) / sampleRate, 9);
					expect(file.length % 2).toBe(0);
				},
			),
		);
	});

	const samples = int16Bytes([5, 6, 7, 8]);
	const chunk = (
		name: string,
		body: Uint8Array,
		size = body.length,
		pad = body.length % 2,
	): Buffer => {
		const head = Buffer.alloc(8);
		head.write(name, 'latin1');
		head.writeUInt32LE(size, 4);
		return Buffer.concat([head, body, Buffer.alloc(pad)]);
	};
	const riff = (chunks: readonly Buffer[], size?: number): Buffer => {
		const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
		return chunk('RIFF', body, size ?? body.length, 0);
	};
	const format = Buffer.from('0100010080bb000000770100020010 00'.replace(' ', ''), 'hex');
	const extensible = Buffer.concat([
		Buffer.from('feff010080bb00000077010002001000160010000400 0000'.replace(' ', ''), 'hex'),
		Buffer.from('0100000000001000800000aa00389b71', 'hex'),
	]);

	test.each([
		['as it should be', riff([chunk('fmt ', format), chunk('data', samples)])],
		[
			'sizes 0xFFFFFFFF',
			riff([chunk('fmt ', format), chunk('data', samples, 0xffff_ffff)], 0xffff_ffff),
		],
		['sizes 0', riff([chunk('fmt ', format), chunk('data', samples, 0)], 0)],
		['data size larger than the file', riff([chunk('fmt ', format), chunk('data', samples, 9999)])],
		[
			'chunks before and after',
			riff([
				chunk('LIST', Buffer.from('INFOx')),
				chunk('fmt ', format),
				chunk('junk', Buffer.alloc(7)),
				chunk('data', samples),
				chunk('LIST', Buffer.from('INFO')),
			]),
		],
		[
			'odd chunk whose padding was forgotten',
			riff([
				chunk('fmt ', format),
				chunk('LIST', Buffer.from('INFOx'), 5, 0),
				chunk('data', samples),
			]),
		],
		['WAVE_FORMAT_EXTENSIBLE', riff([chunk('fmt ', extensible), chunk('data', samples)])],
		[
			'cut inside a sample',
			riff([chunk('fmt ', format), chunk('data', samples, 0xffff_ffff)]).subarray(0, -1),
		],
	])('%s', (name, file) => {
		const kept = name.startsWith('cut') ? [5, 6, 7] : [5, 6, 7, 8];
		const wav = readWav(file);
		expect(wav).toMatchObject({ sampleType: 'int16', sampleRate: 48_000, channels: 1 });
		expect(int16(wav.data)).toEqual(kept);
		const repaired = Buffer.from(joinAudio('wav', [file]));
		expect(repaired.readUInt32LE(4)).toBe(repaired.length - 8);
		expect(int16(readWav(repaired).data)).toEqual(kept);
		expect(repaired.readUInt32LE(repaired.indexOf('data') + 4)).toBe(kept.length * 2);
	});

	test('a complete file without audio stays empty', () => {
		const file = riff([
			chunk('fmt ', format),
			chunk('data', Buffer.alloc(0)),
			chunk('LIST', Buffer.from('INFO')),
		]);
		expect(readWav(file).data.length).toBe(0);
	});

	test.each([
		['text', Buffer.from('RIFFraff'), /does not begin as one/],
		['no format', riff([chunk('data', samples)]), /sound comes before its format/],
		['no sound', riff([chunk('fmt ', format)]), /holds no sound/],
		[
			'no channels',
			riff([chunk('fmt ', Buffer.alloc(16)), chunk('data', samples)]),
			/0 channels at 0 Hz/,
		],
	])('%s is refused', (_, file, message) => {
		expect(() => readWav(file)).toThrow(message);
	});
});

describe('samples', () => {
	test('float32 to int16: clamped, NaN and infinities become silence', () => {
		const samples = float32(0, 0.5, -0.5, 1, -1, 1.7, -3, Number.NaN, Infinity, -Infinity, 1e-9);
		expect(int16(int16FromFloat32(samples))).toEqual([
			...[0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768],
			...[0, 0, 0, 0],
		]);
	});

	test('float32 to int16 as ffmpeg converts it', async () => {
		const [asFloat, asInt] = await Promise.all([
			ffmpeg([...tone(0.2), '-f', 'f32le', '-']),
			ffmpeg([...tone(0.2), '-c:a', 'pcm_f32le', '-f', 's16le', '-c:a', 'pcm_s16le', '-']),
		]);
		const ours = int16(int16FromFloat32(asFloat));
		const theirs = int16(asInt);
		expect(ours.length).toBe(theirs.length);
		expect(
			Math.max(...ours.map((sample, index) => Math.abs(sample - (theirs[index] ?? 0)))),
		).toBeLessThanOrEqual(1);
	});

	test('float32 and int16 speech are distinguished', async () => {
		const [asFloat, asInt] = await Promise.all([
			ffmpeg([...tone(0.5), '-f', 'f32le', '-']),
			ffmpeg([...tone(0.5), '-f', 's16le', '-']),
		]);
		expect(guessSampleType(asFloat)).toBe('float32');
		expect(guessSampleType(asInt)).toBe('int16');
		expect(guessSampleType(new Uint8Array(4000))).toBeUndefined();
	});
});

describe('joins', () => {
	test('every sample of quiet pieces survives, in order, with exact silence between', () => {
		const pieces = fc.array(fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 50 }), {
			minLength: 1,
			maxLength: 6,
		});
		fc.assert(
			fc.property(pieces, fc.integer({ min: 0, max: 5 }), (samples, gapMs) => {
				const files = samples.map((piece) => wrapPcm(int16Bytes(piece), mono));
				const gap = Array.from({ length: gapMs * 24 }, () => 0);
				const expected = samples.flatMap((piece, index) =>
					index > 0 ? [...gap, ...piece] : piece,
				);
				expect(int16(readWav(joinAudio('wav', files, { gapMs })).data)).toEqual(expected);
			}),
		);
	});

	test('an odd number of bytes is padded, and the padding is not audio', () => {
		const odd = Buffer.from(wrapPcm(int16Bytes([1]), mono));
		odd.writeUInt16LE(1, 32);
		odd.writeUInt16LE(8, 34);
		odd.writeUInt32LE(1, 40);
		const joined = Buffer.from(joinAudio('wav', [odd, odd, odd]));
		expect(joined.length).toBe(44 + 3 + 1);
		expect(joined.readUInt32LE(4)).toBe(40);
		expect(joined.readUInt32LE(40)).toBe(3);
		expect([...readWav(joined).data]).toEqual([1, 1, 1]);
	});

	test('length is the sum of the parts for every layout', () => {
		const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 });
		fc.assert(
			fc.property(layouts, pieces, fc.integer({ min: 0, max: 3 }), (layout, parts, gapMs) => {
				const frameBytes = frameBytesOf(layout);
				const frames = parts.reduce(
					(total, { length }) => total + Math.floor(length / frameBytes),
					0,
				);
				const gapFrames = Math.round((gapMs / 1000) * layout.sampleRate) * (parts.length - 1);
				expect(joinAudio('pcm', parts, { pcm: layout, gapMs }).length).toBe(
					(frames + gapFrames) * frameBytes,
				);
			}),
		);
	});

	test.each<SampleType>(['uint8', 'int16', 'int24', 'int32', 'float32'])(
		'%s: no click at a loud join point, nothing changed further than 4 ms away',
		async (sampleType) => {
			const codec = {
				uint8: 'u8',
				int16: 's16le',
				int24: 's24le',
				int32: 's32le',
				float32: 'f32le',
			}[sampleType];
			const layout = { sampleType, sampleRate: 24_000, channels: 1 };
			const loud = await ffmpeg([
				'-f',
				'lavfi',
				'-i',
				'aevalsrc=0.8*cos(2*PI*200*t):d=0.05:s=24000',
				'-f',
				codec,
				'-',
			]);
			const upsideDown = await ffmpeg([
				'-f',
				'lavfi',
				'-i',
				'aevalsrc=-0.8*cos(2*PI*200*t):d=0.05:s=24000',
				'-f',
				codec,
				'-',
			]);
			for (const gapMs of [0, 100]) {
				const joined = joinAudio('pcm', [loud, upsideDown], { pcm: layout, gapMs });
				const pcm = await ffmpeg(
					['-f', codec, '-ar', '24000', '-ac', '1', '-i', '-', '-f', 's16le', '-'],
					joined,
				);
				const samples = int16(pcm);
				const gap = gapMs * 24;
				const steps = [1199, 1200, 1200 + gap - 1, 1200 + gap].map((at) =>
					Math.abs((samples[at] ?? 0) - (samples[at - 1] ?? 0)),
				);
				// The largest step of the tone itself is about 1400; a click would be over 20,000.
				expect(Math.abs((samples[1199] ?? 0) - (samples[1200] ?? 0))).toBeLessThan(328);
				expect(Math.max(...steps)).toBeLessThan(1400);
				const untouched = 1200 - 96;
				expect(Buffer.from(joined.subarray(0, untouched * frameBytesOf(layout)))).toEqual(
					loud.subarray(0, untouched * frameBytesOf(layout)),
				);
				const restStart = (1200 + gap + 96) * frameBytesOf(layout);
				expect(Buffer.from(joined.subarray(restStart))).toEqual(
					upsideDown.subarray(96 * frameBytesOf(layout)),
				);
			}
		},
	);

	test('pieces of another layout are rejected with their number', () => {
		const other = { ...mono, sampleRate: 16_000 };
		const pieces = [wrapPcm(int16Bytes([1]), mono), wrapPcm(int16Bytes([1]), other)];
		expect(() => joinAudio('wav', pieces)).toThrow(
			'Piece 2 of 2 was recorded differently from the first one.',
		);
	});

	test('10 MiB are joined quickly', () => {
		const piece = new Uint8Array(1024 * 1024);
		const before = process.cpuUsage();
		joinAudio(
			'pcm',
			Array.from({ length: 10 }, () => piece),
			{ gapMs: 100 },
		);
		expect(process.cpuUsage(before).user).toBeLessThan(200_000);
	});

	describe('even pauses', () => {
		const speech = (before: number, sound: number, after: number): Uint8Array => {
			const levels = [
				Array<number>(before).fill(3),
				Array<number>(sound).fill(200),
				Array<number>(after).fill(-3),
			];
			return wrapPcm(int16Bytes(levels.flat()), mono);
		};
		/** Runs of silence inside the joined file, in samples. */
		const pausesIn = (file: Uint8Array): number[] =>
			int16(readWav(file).data)
				.map((sample) => (Math.abs(sample) < 98 ? ' ' : 'x'))
				.join('')
				.trim()
				.split(/x+/)
				.slice(1, -1)
				.map(({ length }) => length);

		test.each([
			['too short: silence is added', 100, 200, 1920],
			['none at all', 0, 0, 1920],
			['within the range: left alone', 2000, 1000, 3000],
			['too long on both sides', 6000, 9000, 6000],
			['too long before only', 10, 9000, 6000],
			['too long after only', 9000, 10, 6000],
		])('%s', (_, after, before, pause) => {
			const pieces = [speech(50, 480, after), speech(before, 480, 70)];
			const file = joinAudio('wav', pieces, { pauses: { leastMs: 80, mostMs: 250 } });
			expect(pausesIn(file)).toEqual([pause]);
			const samples = int16(readWav(file).data);
			expect(samples.filter((sample) => sample === 200).length).toBe(960);
			expect(samples.length).toBe(50 + 480 + pause + 480 + 70);
		});

		test('each side keeps half of a pause that was too long', () => {
			const pieces = [speech(0, 480, 6000), speech(9000, 480, 0)];
			const file = joinAudio('wav', pieces, { pauses: { leastMs: 80, mostMs: 250 } });
			const samples = int16(readWav(file).data);
			expect(samples.filter((sample) => sample === -3).length).toBe(3000);
			expect(samples.filter((sample) => sample === 3).length).toBe(3000);
		});

		test('any pieces: every pause in range, no loud sample lost', () => {
			const piece = fc.tuple(
				fc.nat({ max: 9000 }),
				fc.integer({ min: 1, max: 300 }),
				fc.nat({ max: 9000 }),
			);
			fc.assert(
				fc.property(fc.array(piece, { minLength: 2, maxLength: 5 }), (shapes) => {
					const pieces = shapes.map((shape) => speech(...shape));
					const file = joinAudio('wav', pieces, { pauses: { leastMs: 80, mostMs: 250 } });
					const pauses = pausesIn(file);
					expect(pauses.length).toBe(shapes.length - 1);
					for (const pause of pauses) {
						expect(pause).toBeGreaterThanOrEqual(1920);
						expect(pause).toBeLessThanOrEqual(6000);
					}
					const loud = int16(readWav(file).data).filter((sample) => sample === 200).length;
					expect(loud).toBe(shapes.reduce((total, [, sound]) => total + sound, 0));
				}),
				{ numRuns: 40 },
			);
		});

		test('pieces of silence only do no harm', () => {
			const silent = wrapPcm(new Uint8Array(48_000), mono);
			const file = joinAudio('wav', [silent, silent], { pauses: { leastMs: 80, mostMs: 250 } });
			expect(wavDurationSeconds(file)).toBeCloseTo(0.5 + 0.25 + 0.5, 6);
		});
	});
});
