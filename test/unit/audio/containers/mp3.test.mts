// MP3 with real files: demuxing past tags and junk, duration without encoder padding, joins that keep every sample.

import { describe, expect, jest, test } from '@jest/globals';
import { readMp3FrameHeader } from '../../../../nodes/shared/audio/containers/mp3-frame.ts';
import { mp3DurationSeconds } from '../../../../nodes/shared/audio/containers/mp3-stream.ts';
import {
	decodeSamples,
	ffmpeg,
	ffmpegFile,
	ffprobe,
	probeWarnings,
	tone,
} from '../../../support/media.mts';
import { joinAudio, readMp3 } from '../../../support/run-to-end.mts';

// ffmpeg shares the machine with other test files.
jest.setTimeout(60_000);

describe('frame headers', () => {
	test.each([
		[
			'fffb9064',
			{
				version: 1,
				sampleRate: 44_100,
				bitrateKbps: 128,
				channels: 2,
				samples: 1152,
				frameBytes: 417,
				sideInfoBytes: 32,
			},
		],
		[
			'fffb92c4',
			{
				version: 1,
				sampleRate: 44_100,
				bitrateKbps: 128,
				channels: 1,
				frameBytes: 418,
				sideInfoBytes: 17,
			},
		],
		[
			'fff384c4',
			{
				version: 2,
				sampleRate: 24_000,
				bitrateKbps: 64,
				channels: 1,
				samples: 576,
				frameBytes: 192,
				sideInfoBytes: 9,
			},
		],
		['ffe318c4', { version: 2.5, sampleRate: 8000, bitrateKbps: 8, samples: 576, frameBytes: 72 }],
		['fffa9064', { hasCrc: true }],
	])('%s', (hex, expected) => {
		expect(readMp3FrameHeader(Buffer.from(hex, 'hex'), 0)).toMatchObject(expected);
	});

	test.each([
		['free bitrate', 'fffb0064'],
		['reserved bitrate', 'fffbf064'],
		['reserved sample rate', 'fffb9c64'],
		['reserved version', 'ffeb9064'],
		['layer II', 'fffd9064'],
		['reserved emphasis', 'fffb9066'],
		['cut short', 'fffb90'],
	])('%s is not a frame header', (_, hex) => {
		expect(readMp3FrameHeader(Buffer.from(hex, 'hex'), 0)).toBeUndefined();
	});
});

describe('durations', () => {
	test.each([
		['24 kHz', []],
		['48 kHz stereo', ['-ar', '48000', '-ac', '2']],
		['variable bitrate', ['-q:a', '2']],
		['11 kHz', ['-ar', '11025']],
	])('%s: the encoder padding is not counted', async (_, args) => {
		const file = await ffmpegFile([...tone(1.234), ...args], 'tone.mp3');
		expect(Math.abs(mp3DurationSeconds(file) - 1.234)).toBeLessThan(0.0005);
	});

	test('tags at both ends, junk and a second file in between', async () => {
		const file = await ffmpegFile(
			[...tone(0.5), '-write_id3v1', '1', '-metadata', 'title=x'],
			'tone.mp3',
		);
		expect(file.subarray(-128, -125).toString()).toBe('TAG');
		const sound = readMp3(file).frames.length;
		const both = Buffer.concat([file, Buffer.alloc(77, 0xff), file]);
		expect(readMp3(both).frames.length).toBe(sound * 2);
	});

	test('a file cut inside a frame', async () => {
		const file = await ffmpegFile(tone(0.5), 'tone.mp3');
		expect(readMp3(file.subarray(0, -10)).frames.length).toBe(readMp3(file).frames.length - 1);
	});
});

describe('joins', () => {
	/** The second piece's sound in the joined file, against the same piece decoded alone. */
	async function expectSameSound(args: readonly string[]): Promise<void> {
		const noise = (seed: number) => [
			...['-f', 'lavfi', '-i', `anoisesrc=d=1:r=24000:a=0.3:seed=${seed}`, ...args],
		];
		const [first, second] = await Promise.all([
			ffmpegFile(noise(1), 'first.mp3'),
			ffmpegFile(noise(2), 'second.mp3'),
		]);
		const file = joinAudio('mp3', [first, second]);
		expect(await probeWarnings(file)).toBe('');
		const { sampleRate } = await ffprobe(file);
		const [joined, alone] = await Promise.all([
			decodeSamples(file, sampleRate),
			decodeSamples(second, sampleRate),
		]);
		// Compared from the end, where both have the same padding cut off, to the first sample heard.
		const differences = Array.from(alone, (_, index) =>
			Math.abs((joined.at(-1 - index) ?? 0) - (alone.at(-1 - index) ?? 0)),
		);
		expect(Math.max(...differences)).toBeLessThanOrEqual(1);
	}

	test.each([
		['speech', ['-b:a', '64k']],
		['low bitrate', ['-b:a', '24k']],
		['variable bitrate', ['-q:a', '3']],
		['MPEG 1 stereo', ['-ar', '44100', '-ac', '2']],
		['highest bitrate', ['-b:a', '160k']],
		['no bit reservoir', ['-b:a', '64k', '-reservoir', '0']],
	])('%s: the second piece decodes as it does alone', async (_, args) => {
		await expectSameSound(args);
	});

	test('six short pieces are at most 84 ms a join point longer than the speech', async () => {
		const seconds = [0.31, 0.47, 0.53, 0.62, 0.29, 0.71];
		const pieces = await Promise.all(seconds.map((length) => ffmpegFile(tone(length), 'tone.mp3')));
		const spoken = seconds.reduce((total, length) => total + length, 0);
		const decoded = (await decodeSamples(joinAudio('mp3', pieces), 24_000)).length / 24_000;
		expect(decoded - spoken).toBeGreaterThan(0);
		expect(decoded - spoken).toBeLessThan(5 * 0.084);
	});

	test('inserts silence, the frame of encoder delay counted in, and the next piece decodes unchanged', async () => {
		const pieces = await Promise.all(
			[300, 900].map((hertz) => ffmpegFile([...tone(0.6, hertz), '-b:a', '64k'], 'tone.mp3')),
		);
		const [plain, spaced] = [0, 240].map((gapMs) => joinAudio('mp3', pieces, { gapMs }));
		expect(await probeWarnings(spaced ?? Buffer.alloc(0))).toBe('');
		const [without, withGap] = await Promise.all(
			[plain, spaced].map((file) => decodeSamples(file ?? Buffer.alloc(0), 24_000)),
		);
		expect((withGap?.length ?? 0) - (without?.length ?? 0)).toBe(0.24 * 24_000 - 576);
		const gap = withGap?.subarray(0.65 * 24_000, 0.83 * 24_000) ?? [];
		expect(Math.max(...[...gap].map(Math.abs))).toBeLessThan(328);
		const ending = Math.round(0.5 * 24_000);
		expect(withGap?.slice(-ending)).toEqual(without?.slice(-ending));
	});

	test('the seek table points to the right offsets', async () => {
		const pieces = await Promise.all([
			ffmpegFile([...tone(2, 300), '-b:a', '32k'], 'low.mp3'),
			ffmpegFile([...tone(2, 1200), '-b:a', '128k'], 'high.mp3'),
		]);
		const file = joinAudio('mp3', pieces);
		const tag = file.indexOf(0x58);
		expect(Buffer.from(file.subarray(tag, tag + 4)).toString()).toBe('Xing');
		const table = [...file.subarray(tag + 16, tag + 116)];
		expect(table).toEqual([...table].sort((one, other) => one - other));
		// The second half of the time takes four fifths of the bytes.
		const halfway = (table[50] ?? Number.NaN) / 256;
		expect(halfway).toBeGreaterThan(0.15);
		expect(halfway).toBeLessThan(0.25);
		const view = Buffer.from(file);
		expect(view.readUInt32BE(tag + 8)).toBe(readMp3(file).frames.length);
		expect(view.readUInt32BE(tag + 12)).toBe(file.length);
	});

	test('pieces written to a pipe, without info frames, decode without warnings', async () => {
		const pieces = await Promise.all(
			[0.4, 0.6].map((length) => ffmpeg([...tone(length), '-b:a', '48k', '-f', 'mp3', '-'])),
		);
		const file = joinAudio('mp3', pieces);
		expect(await probeWarnings(file)).toBe('');
		const frames = pieces.map((piece) => readMp3(piece).frames.length);
		expect(readMp3(file).frames.length).toBe((frames[0] ?? 0) + (frames[1] ?? 0));
	});
});
