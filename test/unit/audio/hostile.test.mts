// Hostile input: every reader returns or throws an AudioError, quickly, and nothing else.

import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { adtsDurationSeconds } from '../../../nodes/shared/audio/containers/adts.ts';
import { aiffDurationSeconds } from '../../../nodes/shared/audio/containers/aiff.ts';
import { amrDurationSeconds } from '../../../nodes/shared/audio/containers/amr.ts';
import { AudioError } from '../../../nodes/shared/audio/audio-error.ts';
import { flacDurationSeconds } from '../../../nodes/shared/audio/containers/flac.ts';
import { matroskaDurationSeconds } from '../../../nodes/shared/audio/containers/matroska.ts';
import { mp3DurationSeconds } from '../../../nodes/shared/audio/containers/mp3-stream.ts';
import { mp4DurationSeconds } from '../../../nodes/shared/audio/containers/mp4.ts';
import { oggDurationSeconds } from '../../../nodes/shared/audio/containers/ogg.ts';
import { wavDurationSeconds } from '../../../nodes/shared/audio/containers/wav.ts';
import { ffmpegFile, tone } from '../../support/media.mts';
import { joinAudio } from '../../support/run-to-end.mts';

// ffmpeg shares the machine with other test files.
jest.setTimeout(60_000);

type Reader = (bytes: Uint8Array) => unknown;

const readers: Record<string, { sample: string[]; fileName: string; read: Reader[] }> = {
	wav: {
		sample: [],
		fileName: 'a.wav',
		read: [wavDurationSeconds, (b) => joinAudio('wav', [b, b])],
	},
	mp3: {
		sample: [],
		fileName: 'a.mp3',
		read: [mp3DurationSeconds, (b) => joinAudio('mp3', [b, b])],
	},
	ogg: {
		sample: ['-c:a', 'libopus'],
		fileName: 'a.ogg',
		read: [oggDurationSeconds, (b) => joinAudio('opus', [b, b])],
	},
	m4a: { sample: ['-c:a', 'aac'], fileName: 'a.m4a', read: [mp4DurationSeconds] },
	webm: { sample: ['-c:a', 'libopus'], fileName: 'a.webm', read: [matroskaDurationSeconds] },
	aac: { sample: ['-c:a', 'aac'], fileName: 'a.aac', read: [adtsDurationSeconds] },
	aiff: { sample: [], fileName: 'a.aiff', read: [aiffDurationSeconds] },
	amr: { sample: ['-ar', '8000'], fileName: 'a.amr', read: [amrDurationSeconds] },
	flac: { sample: [], fileName: 'a.flac', read: [flacDurationSeconds] },
};

function expectAnswer(read: Reader, bytes: Uint8Array): void {
	try {
		const answer = read(bytes);
		if (typeof answer === 'number') expect(answer).toBeGreaterThanOrEqual(0);
		if (typeof answer === 'number') expect(answer).toBeLessThan(Infinity);
	} catch (error) {
		expect(error).toBeInstanceOf(AudioError);
	}
}

describe.each(Object.entries(readers))('%s', (_, { sample, fileName, read }) => {
	let file: Buffer;
	beforeAll(async () => {
		file = await ffmpegFile([...tone(0.15), ...sample], fileName);
	});

	test('random bytes, with and without valid magic bytes', () => {
		fc.assert(
			fc.property(fc.nat({ max: 200 }), fc.uint8Array({ maxLength: 400 }), (kept, random) => {
				for (const reader of read)
					expectAnswer(reader, Buffer.concat([file.subarray(0, kept), random]));
			}),
			{ numRuns: 600 },
		);
	});

	test('real files with bytes changed, cut out or doubled', () => {
		const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
		fc.assert(
			fc.property(edits, fc.nat(), fc.nat(), (changes, one, other) => {
				const changed = Buffer.from(file);
				for (const [at, value] of changes) changed[at % changed.length] = value;
				const [from = 0, to = 0] = [one % changed.length, other % changed.length];
				const rearranged = Buffer.concat([changed.subarray(0, from), changed.subarray(to)]);
				for (const reader of read) expectAnswer(reader, rearranged);
			}),
			{ numRuns: 400 },
		);
	});

	test('a view into a larger buffer reads like a copy', () => {
		const room = Buffer.concat([Buffer.from('OggSRIFFfLaC'), file, Buffer.from('junk')]);
		const view = room.subarray(12, 12 + file.length);
		for (const reader of read) expect(reader(view)).toEqual(reader(Buffer.from(file)));
	});

	test.each([
		['frame headers', Buffer.from([0xff, 0xfb, 0x90, 0x00])],
		['page beginnings', Buffer.from('OggS\0')],
		['its own beginning', undefined],
	])('time grows with size, not with its square: %s', (_, repeated) => {
		const start = file.subarray(0, 64);
		const cpuMs = (bytes: number): number => {
			const hostile = Buffer.concat([start, Buffer.alloc(bytes, repeated ?? start)]);
			const before = process.cpuUsage();
			for (const reader of read) expectAnswer(reader, hostile);
			const { user, system } = process.cpuUsage(before);
			return (user + system) / 1000;
		};
		cpuMs(50_000);
		// Four times the bytes cost four times the work, or sixteen times if it were the square.
		expect(cpuMs(800_000)).toBeLessThan(10 * cpuMs(200_000) + 100);
	});
});

describe('FLAC without a total', () => {
	let file: Buffer;
	beforeAll(async () => {
		file = await ffmpegFile(tone(0.15), 'a.flac');
	});

	test('trailing bytes do not matter when the header states the total', () => {
		const tagged = Buffer.concat([file, Buffer.alloc(128, 'TAG')]);
		expect(flacDurationSeconds(tagged)).toBeCloseTo(0.15, 6);
	});

	test('a header without a total, then endless frame sync codes, is read quickly', () => {
		const header = Buffer.from(file.subarray(0, 42));
		header.writeUInt16BE(0xffff, 10);
		header.writeUIntBE(0, 15, 3);
		header.writeUInt32BE(0, 22);
		const frames = Buffer.alloc(400_000, Buffer.from([0xff, 0xf8, 0x69, 0x08, 0, 0]));
		const before = process.cpuUsage();
		expect(flacDurationSeconds(Buffer.concat([header, frames]))).toBeUndefined();
		expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
	});
});
