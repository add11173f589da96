// Joined files checked by ffmpeg and ffprobe: no warnings, and the duration is the sum of the pieces.

import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { AudioError } from '../../../../nodes/shared/audio/audio-error.ts';
import { audioDurationSeconds } from '../../../../nodes/shared/audio/duration.ts';
import type { SpeechFormat } from '../../../../nodes/shared/audio/formats.ts';
import { readOggPages } from '../../../../nodes/shared/audio/containers/ogg-read.ts';
import {
	decodeSamples,
	ffmpeg,
	ffmpegFile,
	ffprobe,
	probeWarnings,
	tone,
} from '../../../support/media.mts';
import { joinAudio } from '../../../support/run-to-end.mts';

// ffmpeg shares the machine with other test files.
jest.setTimeout(60_000);

const seconds = [1.1, 2.037, 0.731];
const totalSeconds = 3.868;
const hertz = [300, 700, 1500];

const encoders = {
	mp3: ['-b:a', '64k'],
	opus: ['-c:a', 'libopus', '-b:a', '32k'],
	wav: [],
	flac: [],
} as const;

function encode(format: keyof typeof encoders, extra: readonly string[] = []): Promise<Buffer[]> {
	const extension = format === 'opus' ? 'ogg' : format;
	return Promise.all(
		seconds.map((length, index) =>
			ffmpegFile(
				[...tone(length, hertz[index]), ...encoders[format], ...extra],
				`piece.${extension}`,
			),
		),
	);
}

/** Which of the pieces' tones is loudest around a moment: by zero crossings in 100 ms. */
function pitchAt(samples: Int16Array, atSeconds: number): number {
	const window = samples.subarray(
		Math.round((atSeconds - 0.05) * 24_000),
		Math.round((atSeconds + 0.05) * 24_000),
	);
	let crossings = 0;
	for (let index = 1; index < window.length; index++) {
		if ((window[index - 1] ?? 0) < 0 !== (window[index] ?? 0) < 0) crossings++;
	}
	return crossings * 5;
}

async function expectCleanJoin(format: SpeechFormat, file: Uint8Array, toleranceSeconds: number) {
	const [probe, warnings, samples] = await Promise.all([
		ffprobe(file),
		probeWarnings(file),
		decodeSamples(file, 24_000),
	]);
	const decodedSeconds = samples.length / 24_000;
	expect(warnings).toBe('');
	expect(Math.abs(decodedSeconds - totalSeconds)).toBeLessThan(toleranceSeconds);
	expect(Math.abs((audioDurationSeconds(file) ?? 0) - decodedSeconds)).toBeLessThan(0.02);
	expect(Math.abs(probe.durationSeconds - decodedSeconds)).toBeLessThan(
		format === 'mp3' ? (1105 + 1152) / probe.sampleRate : 0.02,
	);
	// Every piece is heard, in order.
	let startSeconds = 0;
	for (const [index, length] of seconds.entries()) {
		const pitch = hertz[index] ?? Number.NaN;
		// Each of the join points before it adds between nothing and half of the tolerance.
		const middle = startSeconds + length / 2 + (index * toleranceSeconds) / 4;
		expect(Math.abs(pitchAt(samples, middle) - pitch)).toBeLessThan(pitch * 0.1);
		startSeconds += length;
	}
}

describe('wav', () => {
	let pieces: Buffer[];
	beforeAll(async () => {
		pieces = await encode('wav');
	});

	test('is as long as its parts to the sample', async () => {
		const file = joinAudio('wav', pieces);
		await expectCleanJoin('wav', file, 1e-9);
		expect((await decodeSamples(file, 24_000)).length).toBe(Math.round(totalSeconds * 24_000));
	});

	test.each(['pcm_u8', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le'])('joins %s', async (codec) => {
		const coded = await encode('wav', ['-c:a', codec]);
		await expectCleanJoin('wav', joinAudio('wav', coded), 1e-9);
	});

	test('joins streamed pieces without sizes in their headers', async () => {
		const streamed = await Promise.all(
			seconds.map((length, index) => ffmpeg([...tone(length, hertz[index]), '-f', 'wav', '-'])),
		);
		expect(streamed[0]?.readUInt32LE(4)).toBe(0xffff_ffff);
		await expectCleanJoin('wav', joinAudio('wav', streamed), 1e-9);
	});
});

describe('pcm', () => {
	test('float32 as Mistral sends it', async () => {
		const pieces = await Promise.all(
			seconds.map((length, index) => ffmpeg([...tone(length, hertz[index]), '-f', 'f32le', '-'])),
		);
		const joined = joinAudio('pcm', pieces);
		expect(joined.length).toBe(pieces.reduce((total, piece) => total + piece.length, 0));
		expect(audioDurationSeconds(joined, 'pcm')).toBeCloseTo(totalSeconds, 6);
	});
});

describe('opus', () => {
	let pieces: Buffer[];
	beforeAll(async () => {
		pieces = await encode('opus');
	});

	test('is one valid logical stream', async () => {
		const file = joinAudio('opus', pieces);
		// Two join points, at each less than a packet and the pre-skip (26.5 ms) of near silence.
		await expectCleanJoin('opus', file, 2 * 0.0265 + 0.001);
		const pages = [...readOggPages(file)];
		expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
		expect(pages.map(({ bytes }) => Buffer.from(bytes).readUInt32LE(18))).toEqual(
			pages.map((_, index) => index),
		);
		expect(pages.map(({ isFirst }) => isFirst)).toEqual(pages.map((_, index) => index === 0));
		expect(pages.map(({ isLast }) => isLast)).toEqual(
			pages.map((_, index) => index === pages.length - 1),
		);
		const granules = pages.map(({ granule }) => granule);
		expect(granules).toEqual([...granules].sort((one, other) => one - other));
		const text = Buffer.from(file).toString('latin1');
		expect(text.split('OpusHead').length).toBe(2);
		expect(text.split('OpusTags').length).toBe(2);
	});

	test('splits a chained file', async () => {
		const [first, second, third] = pieces as [Buffer, Buffer, Buffer];
		const chained = Buffer.concat([first, second]);
		expect(joinAudio('opus', [chained, third])).toEqual(joinAudio('opus', pieces));
	});

	test('puts silence between', async () => {
		const plain = joinAudio('opus', pieces);
		const spaced = joinAudio('opus', pieces, { gapMs: 200 });
		expect(await probeWarnings(spaced)).toBe('');
		const added = (audioDurationSeconds(spaced) ?? 0) - (audioDurationSeconds(plain) ?? 0);
		expect(added).toBeCloseTo(0.4, 6);
		const samples = await decodeSamples(spaced, 24_000);
		const gap = samples.subarray(Math.round(1.16 * 24_000), Math.round(1.26 * 24_000));
		expect(gap.every((sample) => Math.abs(sample) < 328)).toBe(true);
	});

	test('refuses damaged pieces and other channel counts', async () => {
		const [first, second] = pieces as [Buffer, Buffer];
		const damaged = Buffer.from(second);
		const at = damaged.length - 20;
		damaged.writeUInt8(damaged.readUInt8(at) ^ 1, at);
		expect(() => joinAudio('opus', [first, damaged])).toThrow('Piece 2 of 2 is damaged.');
		const stereo = await ffmpegFile([...tone(0.5), '-ac', '2', '-c:a', 'libopus'], 'stereo.ogg');
		expect(() => joinAudio('opus', [first, stereo])).toThrow(/differ in channels/);
	});

	test('a long piece keeps its pages near a second and none too full', async () => {
		const long = await ffmpegFile(
			[...tone(5), '-c:a', 'libopus', '-frame_duration', '2.5'],
			'long.ogg',
		);
		const file = joinAudio('opus', [long, ...pieces]);
		expect(await probeWarnings(file)).toBe('');
		const decoded = (await decodeSamples(file, 24_000)).length / 24_000;
		expect(Math.abs(decoded - totalSeconds - 5)).toBeLessThan(0.09);
	});
});

describe('mp3', () => {
	test.each([
		['24 kHz', ['-ar', '24000']],
		['24 kHz variable bitrate', ['-b:a', '0', '-q:a', '4']],
		['44.1 kHz stereo', ['-ar', '44100', '-ac', '2']],
		['8 kHz (MPEG 2.5)', ['-ar', '8000', '-b:a', '24k']],
		['32 kbit/s, too small for an info frame', ['-b:a', '32k']],
	])('%s: one true info frame, no tags left', async (_, args) => {
		const pieces = await encode('mp3', args);
		const file = joinAudio('mp3', pieces);
		const { sampleRate } = await ffprobe(file);
		// Two join points: encoder delay and the rest of the padding take under 84 ms each at speech rates.
		await expectCleanJoin('mp3', file, 2 * Math.max(0.084, 1728 / sampleRate));
		const text = Buffer.from(file).toString('latin1');
		expect(text.split(/Xing|Info/).length).toBe(2);
		expect(text).not.toContain('ID3');
	});

	test('pieces streamed without an info frame', async () => {
		const pieces = await Promise.all(
			seconds.map((length, index) =>
				ffmpeg([...tone(length, hertz[index]), '-b:a', '64k', '-f', 'mp3', '-']),
			),
		);
		await expectCleanJoin('mp3', joinAudio('mp3', pieces), 3 * 0.07);
	});

	test('refuses another sample rate', async () => {
		const [slow, fast] = await Promise.all([
			ffmpegFile([...tone(0.3), '-ar', '24000'], 'slow.mp3'),
			ffmpegFile([...tone(0.3), '-ar', '48000'], 'fast.mp3'),
		]);
		expect(() => joinAudio('mp3', [slow, fast])).toThrow('Piece 2 of 2 has another sample rate');
	});
});

describe('unjoinable input is rejected', () => {
	test('flac', async () => {
		const [piece] = (await encode('flac')) as [Buffer];
		expect(joinAudio('flac', [piece])).toBe(piece);
		expect(() => joinAudio('flac', [piece, piece])).toThrow(AudioError);
		expect(() => joinAudio('flac', [piece, piece])).toThrow(/Choose WAV/);
	});

	test.each(['mp3', 'wav', 'opus'] as const)('%s from bytes that are something else', (format) => {
		const text = Buffer.from('{"detail":"nope"}');
		expect(() => joinAudio(format, [text, text])).toThrow(AudioError);
		expect(() => joinAudio(format, [])).toThrow('There is no sound to join.');
	});
});
