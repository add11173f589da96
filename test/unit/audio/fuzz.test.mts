// Fuzzing: every reader of recordings, given damaged files, returns or throws an AudioError, quickly.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { adtsDurationSeconds } from '../../../nodes/shared/audio/containers/adts.ts';
import { aiffDurationSeconds } from '../../../nodes/shared/audio/containers/aiff.ts';
import { amrDurationSeconds } from '../../../nodes/shared/audio/containers/amr.ts';
import { AudioError } from '../../../nodes/shared/audio/audio-error.ts';
import { audioDurationSeconds } from '../../../nodes/shared/audio/duration.ts';
import { flacDurationSeconds } from '../../../nodes/shared/audio/containers/flac.ts';
import { matroskaDurationSeconds } from '../../../nodes/shared/audio/containers/matroska.ts';
import { mp3DurationSeconds } from '../../../nodes/shared/audio/containers/mp3-stream.ts';
import { mp4DurationSeconds } from '../../../nodes/shared/audio/containers/mp4.ts';
import { describeNonAudio } from '../../../nodes/shared/audio/non-audio.ts';
import { oggDurationSeconds } from '../../../nodes/shared/audio/containers/ogg.ts';
import { sniffAudioFormat } from '../../../nodes/shared/audio/sniff.ts';
import { isCutShort, wavDurationSeconds } from '../../../nodes/shared/audio/containers/wav.ts';
import { damaged, fuzz } from '../../support/fuzz.mts';
import { ffmpegFile, tone } from '../../support/media.mts';
import { joinAudio, toPhoneWav } from '../../support/run-to-end.mts';

jest.setTimeout(3_600_000);

type Read = (bytes: Buffer) => unknown;

/** Small files of each format: ffmpeg's arguments, and their readers. */
const kinds: Record<string, { encode: string[]; seconds?: number; readers: Record<string, Read> }> =
	{
		'a.wav': {
			encode: ['-ar', '8000'],
			readers: {
				wavDurationSeconds,
				isCutShort,
				'join wav': (bytes) => joinAudio('wav', [bytes, bytes]),
			},
		},
		// Every sample is worked on.
		'short.wav': { encode: ['-ar', '8000'], seconds: 0.002, readers: { toPhoneWav } },
		'a.mp3': {
			encode: ['-ar', '16000', '-b:a', '16k'],
			readers: {
				mp3DurationSeconds,
				'join mp3': (bytes) => joinAudio('mp3', [bytes, bytes]),
			},
		},
		'a.ogg': {
			encode: ['-c:a', 'libopus', '-b:a', '16k'],
			readers: {
				oggDurationSeconds,
				'join opus': (bytes) => joinAudio('opus', [bytes, bytes]),
			},
		},
		'a.m4a': { encode: ['-c:a', 'aac', '-ar', '16000'], readers: { mp4DurationSeconds } },
		'a.webm': { encode: ['-c:a', 'libopus'], readers: { matroskaDurationSeconds } },
		'a.aac': { encode: ['-c:a', 'aac', '-ar', '16000'], readers: { adtsDurationSeconds } },
		'a.aiff': { encode: ['-ar', '8000'], readers: { aiffDurationSeconds } },
		'a.amr': { encode: ['-ar', '8000'], readers: { amrDurationSeconds } },
		'a.flac': { encode: ['-ar', '8000'], readers: { flacDurationSeconds } },
	};

/** Whatever the file, these are asked about it. */
const anyReader: Record<string, Read> = {
	sniffAudioFormat,
	describeNonAudio,
	audioDurationSeconds,
};

const files = new Map<string, Buffer>();
const { stackTraceLimit } = Error;

beforeAll(async () => {
	// An error thrown a million times need not say from where.
	Error.stackTraceLimit = 0;
	for (const [name, { encode, seconds = 0.03 }] of Object.entries(kinds))
		files.set(name, await ffmpegFile([...tone(seconds), ...encode], name));
});
afterAll(() => {
	Error.stackTraceLimit = stackTraceLimit;
});

function answers(read: Read, bytes: Buffer): void {
	let answer: unknown;
	try {
		answer = read(bytes);
	} catch (error) {
		if (!(error instanceof AudioError))
			expect({ bytes: bytes.toString('hex'), error }).toBe('told');
	}
	if (typeof answer === 'number' && !(answer >= 0 && answer < Infinity))
		expect({ bytes: bytes.toString('hex'), answer }).toBe('a length');
}

describe.each(Object.keys(kinds))('%s', (name) => {
	test.each(Object.entries(kinds[name]?.readers ?? {}))('%s', (_, read) => {
		const file = files.get(name) ?? Buffer.alloc(0);
		expect(file.length).toBeGreaterThan(20);
		fuzz(damaged(file), (bytes) => answers(read, bytes));
	});
});

test.each(Object.entries(anyReader))('%s, of files of every kind', (_, read) => {
	const makers = [...files.values()].map(damaged);
	fuzz(
		(dice) => (makers[dice() % makers.length] ?? damaged(Buffer.alloc(1)))(dice),
		(bytes) => answers(read, bytes),
	);
});
