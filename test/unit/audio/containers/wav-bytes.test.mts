// WAV files written by hand: every header field, the end of the data chunk, and the writer.

import { describe, expect, test } from '@jest/globals';
import {
	blankWav,
	isCutShort,
	readWav,
	wavDurationSeconds,
} from '../../../../nodes/shared/audio/containers/wav.ts';
import { bytes, expectUnreadable } from '../../../support/bytes.mts';
import { chunk, data, format, le16, le32, riff } from '../../../support/wav-bytes.mts';
import { joinAudio, wrapPcm } from '../../../support/run-to-end.mts';

const twelve = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

describe('formats', () => {
	test.each([
		[1, 8, 'uint8', 1],
		[1, 16, 'int16', 2],
		[1, 24, 'int24', 3],
		[1, 32, 'int32', 4],
		[3, 32, 'float32', 4],
		[1, 12, undefined, 1.5],
		[3, 64, undefined, 8],
		[3, 16, undefined, 2],
		[2, 4, undefined, 0.5],
		[7, 8, undefined, 1],
	])('code %i with %i bits is %s', (tag, bits, sampleType, sampleBytes) => {
		const facts = { channels: 2, block: 4, perSecond: 12 };
		const wav = readWav(riff(format(tag, bits, facts), data(...twelve)));
		const blockBytes = sampleType ? 2 * sampleBytes : 4;
		expect(wav).toMatchObject({
			sampleType,
			sampleRate: 8000,
			channels: 2,
			blockBytes,
			bytesPerSecond: sampleType ? blockBytes * 8000 : 12,
			statedSamples: 0,
		});
		expect(wav.data).toHaveLength(12 - (12 % blockBytes));
		expect(wav.formatChunk).toHaveLength(16);
	});

	const extension = (code: number, length = 10) =>
		[...le16(22), ...le16(16), ...le32(0), ...le16(code), ...Array<number>(14).fill(9)].slice(
			0,
			length,
		);

	test.each([
		['of integers', extension(1), 'int16'],
		['of coded sound', extension(2), undefined],
		['as long as it must be', extension(1, 24), 'int16'],
		['cut off before its code', extension(1, 9), undefined],
	])('an extended one %s', (_, rest, sampleType) => {
		const file = riff(format(0xfffe, 16, {}, ...rest), data(...twelve));
		expect(readWav(file).sampleType).toBe(sampleType);
	});

	test('the extensible sub-format is ignored for any other code', () => {
		const file = riff(format(1, 16, {}, ...extension(2)), data(...twelve));
		expect(readWav(file).sampleType).toBe('int16');
	});

	test('compressed audio without a block size has blocks of one byte', () => {
		const file = riff(format(2, 4, { block: 0 }), data(1, 2, 3));
		expect(readWav(file)).toMatchObject({ blockBytes: 1 });
		expect(readWav(file).data).toHaveLength(3);
	});

	test.each([
		['nothing', '', 'it does not begin as one'],
		['another signature', bytes('RIFX', riff(data()).subarray(4)), 'it does not begin as one'],
		['another kind', 'RIFF....WEBP', 'it does not begin as one'],
		['a beginning', 'RIFF....WAVE', 'it says nothing about its format'],
		['no format', riff(chunk('LIST', [1, 2])), 'it says nothing about its format'],
		['sound first', riff(data(1, 2), format(1, 16)), 'its sound comes before its format'],
		['no sound', riff(format(1, 16)), 'it holds no sound'],
		['half a chunk', bytes(riff(format(1, 16)), 'data', [0, 0, 0]), 'it holds no sound'],
		[
			'a short format',
			riff(chunk('fmt ', Array<number>(15).fill(0)), data()),
			'its format chunk is cut short',
		],
	])('%s is not a WAV file', (_, file, why) => {
		expectUnreadable(() => readWav(bytes(file)), `This is not a WAV file: ${why}.`);
	});

	test.each([
		[{ channels: 0 }, '0 channels at 8000 Hz is not audio.'],
		[{ rate: 0 }, '1 channels at 0 Hz is not audio.'],
	])('%j is not a valid layout', (facts, message) => {
		expectUnreadable(() => readWav(riff(format(1, 16, facts), data(1, 2))), message);
	});

	test.each(['RIFF', 'RF64', 'BW64'])('%s is a WAV file', (name) => {
		const file = bytes(name, riff(format(1, 16), data(1, 2)).subarray(4));
		expect([...readWav(file).data]).toEqual([1, 2]);
	});

	test('a data chunk of nothing at the very end', () => {
		expect(readWav(riff(format(1, 16), data())).data).toHaveLength(0);
	});
});

describe('the end of the data chunk', () => {
	const sounds = (size: number, after: Buffer = Buffer.alloc(0), riffSize?: number) => {
		const file = riff(format(1, 8), chunk('data', [1, 2, 3, 4], size), after);
		if (riffSize !== undefined) file.writeUInt32LE(riffSize, 4);
		return readWav(file).data.length;
	};
	const list = chunk('LIST', [9, 9]);

	test.each([
		['where it says', 4, list, undefined, 4],
		['before its end', 2, list, undefined, 2],
		['before its end in an unfinished file', 2, list, 0, 2],
		['beyond the file', 9999, undefined, undefined, 4],
		['unknown: at the end of the file', 0xffff_ffff, list, undefined, 14],
		['0 in a finished file: nothing', 0, list, undefined, 0],
		['0 in an unfinished file: at its end', 0, list, 0, 14],
		['0 in a file that was cut: at its end', 0, list, 100, 14],
	])('%s', (_, size, after, riffSize, length) => {
		expect(sounds(size, after, riffSize)).toBe(length);
	});

	test.each(['data', 'fmt ', 'LIST', 'fact'])('missing padding before %s is tolerated', (name) => {
		const odd = bytes('junk', le32(3), [7, 7, 7]);
		const next = name === 'fmt ' ? format(1, 8) : chunk(name, [1, 2, 3, 4]);
		const chunks = name === 'fmt ' ? [odd, next] : [format(1, 8), odd, next];
		const file = riff(...chunks, ...(name === 'data' ? [] : [data(1, 2, 3, 4)]));
		expect([...readWav(file).data]).toEqual([1, 2, 3, 4]);
	});

	test('padding is skipped, whatever follows', () => {
		const odd = bytes('junk', le32(3), [7, 7, 7, 0]);
		const file = riff(odd, format(1, 8), odd, chunk('PEAK', [5, 6]), odd, data(1, 2, 3, 4));
		expect([...readWav(file).data]).toEqual([1, 2, 3, 4]);
		const named = bytes('junk', le32(3), [7, 7, 7, 0], 'xdata', [0, 0, 0]);
		expect(readWav(riff(format(1, 8), named.subarray(0, 12), data(1, 2))).data).toHaveLength(2);
	});
});

describe('durations', () => {
	const fact = (samples: number) => chunk('fact', le32(samples));
	const coded = { block: 1, perSecond: 4 };

	test.each([
		['samples by their number', riff(format(1, 16), data(...twelve)), 6 / 8000],
		['samples, whatever is stated', riff(format(1, 16), fact(8000), data(...twelve)), 6 / 8000],
		['coded sound as stated', riff(format(2, 4, coded), fact(4000), data(...twelve)), 0.5],
		['coded sound by its rate', riff(format(2, 4, coded), data(...twelve)), 3],
		['coded sound, stated as nothing', riff(format(2, 4, coded), fact(0), data(...twelve)), 3],
		[
			'compressed audio without any length',
			riff(format(2, 4, { ...coded, perSecond: 0 }), data(1)),
			0,
		],
		['nothing', riff(format(1, 16), data()), 0],
	])('%s', (_, file, seconds) => {
		expect(wavDurationSeconds(file)).toBeCloseTo(seconds, 9);
	});

	test('a truncated fact chunk is ignored', () => {
		const file = riff(format(2, 4, coded), bytes('fact', le32(2), [1, 0]));
		expectUnreadable(() => readWav(file), 'This is not a WAV file: it holds no sound.');
	});
});

describe('writing', () => {
	test('float32 is written as int16', () => {
		const samples = new Uint8Array(Float32Array.of(0.5, -1).buffer);
		const file = wrapPcm(samples, { sampleType: 'float32', sampleRate: 8000, channels: 2 });
		expect(Buffer.from(file)).toEqual(riff(format(1, 16, { channels: 2 }), data(0, 0x40, 0, 0x80)));
	});

	test('an incomplete last frame is dropped', () => {
		const file = wrapPcm(Uint8Array.of(1, 2, 3, 4, 5, 6), {
			sampleType: 'int16',
			sampleRate: 8000,
			channels: 2,
		});
		expect(Buffer.from(file)).toEqual(riff(format(1, 16, { channels: 2 }), data(1, 2, 3, 4)));
	});

	test('a layout without channels is rejected', () => {
		const layout = { sampleType: 'int16', sampleRate: 8000, channels: 0 } as const;
		expectUnreadable(
			() => wrapPcm(Uint8Array.of(1, 2), layout),
			'0 channels at 8000 Hz is not audio.',
		);
	});

	test('a single file gets true sizes: other chunks are dropped, float audio states its samples', () => {
		const plain = riff(format(1, 8), chunk('LIST', [9, 9]), chunk('data', [1, 2, 3], 0xffff_ffff));
		expect(Buffer.from(joinAudio('wav', [plain.subarray(0, -1)]))).toEqual(
			riff(format(1, 8), data(1, 2, 3)),
		);
		const float = format(3, 32, { channels: 1 }, 0, 0);
		const file = riff(float, chunk('data', twelve, 0xffff_ffff));
		expect(Buffer.from(joinAudio('wav', [file]))).toEqual(
			riff(float, chunk('fact', le32(3)), data(...twelve)),
		);
	});

	test('an odd format chunk is padded', () => {
		const odd = format(1, 16, {}, 7);
		const file = riff(odd, chunk('data', [1, 2], 0xffff_ffff));
		expect(Buffer.from(joinAudio('wav', [file]))).toEqual(riff(odd, data(1, 2)));
	});

	test('more than 4 GiB is rejected', () => {
		expect(() => blankWav(format(1, 16).subarray(8), 0xffff_ffff - 36, 2)).toThrow(
			expect.objectContaining({
				code: 'too-large',
				message: 'The joined sound is over 4 GiB, more than a WAV file holds.',
			}),
		);
	});
});

test.each([
	[bytes('RIFF', le32(1)), true],
	[bytes('RIFF', le32(0)), false],
	[bytes('RIFF', le32(5), 'WAVE'), true],
	[bytes('RIFF', le32(4), 'WAVE'), false],
	[bytes('RIFF', le32(3), 'WAVE'), false],
	[bytes('RIFF', le32(0xffff_ffff), 'WAVE'), false],
	[bytes('RIFF', [0, 0, 0]), true],
	[Buffer.alloc(0), true],
])('%s is truncated: %j', (file, isCut) => {
	expect(isCutShort(file)).toBe(isCut);
});
