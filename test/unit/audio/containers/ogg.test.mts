// Ogg pages and Opus packets: written streams read back, and durations agree with the decoder.

import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { oggDurationSeconds } from '../../../../nodes/shared/audio/containers/ogg.ts';
import {
	hasValidChecksum,
	readOggPages,
} from '../../../../nodes/shared/audio/containers/ogg-read.ts';
import {
	opusPacketSamples,
	readOpusStream,
} from '../../../../nodes/shared/audio/containers/opus-packets.ts';
import { decodeSamples, ffmpegFile, probeWarnings, tone } from '../../../support/media.mts';
import { oggFile, readOggStreams } from '../../../support/ogg-pages.mts';
import { joinAudio } from '../../../support/run-to-end.mts';

// ffmpeg shares the machine with other test files.
jest.setTimeout(60_000);

const packetLengths = fc.oneof(
	{ weight: 6, arbitrary: fc.nat({ max: 700 }) },
	{ weight: 2, arbitrary: fc.constantFrom(0, 254, 255, 256, 510, 255 * 255) },
	{ weight: 1, arbitrary: fc.integer({ min: 60_000, max: 140_000 }) },
);

const groups = fc.array(fc.array(packetLengths, { minLength: 1, maxLength: 8 }), {
	minLength: 1,
	maxLength: 5,
});

describe('pages', () => {
	test('write, then read back: any packet sizes, any grouping', () => {
		fc.assert(
			fc.property(groups, fc.nat({ max: 0xffff_ffff }), (lengths, serial) => {
				let granule = 0;
				const written = lengths.map((group) =>
					group.map((length) => ({
						bytes: new Uint8Array(length).fill(granule % 251),
						granule: (granule += 960),
					})),
				);
				const file = oggFile(serial, written);
				const pages = [...readOggPages(file)];
				expect(pages.every(hasValidChecksum)).toBe(true);
				expect(pages.every((page) => page.serial === serial)).toBe(true);
				expect(pages.reduce((total, { bytes }) => total + bytes.length, 0)).toBe(file.length);
				const [stream, ...others] = readOggStreams(file, true);
				expect(others).toEqual([]);
				expect(stream).toMatchObject({ isIntact: true, lastGranule: granule });
				const packets = written.flat().map(({ bytes }) => bytes);
				expect(stream?.packets.length).toBe(packets.length);
				const areEqual = packets.map((packet, index) =>
					Buffer.compare(packet, stream?.packets[index] ?? packet),
				);
				expect(areEqual.every((order) => order === 0)).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	test('any changed byte is detected by the checksum', () => {
		const file = oggFile(7, [[{ bytes: new Uint8Array(600).fill(9), granule: 960 }]]);
		fc.assert(
			fc.property(
				fc.nat({ max: file.length - 1 }),
				fc.integer({ min: 1, max: 255 }),
				(at, change) => {
					const changed = Buffer.from(file);
					changed[at] = (changed[at] ?? 0) ^ change;
					const pages = [...readOggPages(changed)];
					expect(pages.every(hasValidChecksum) && pages.length === 1).toBe(false);
				},
			),
		);
	});

	test('junk before, between and after pages is skipped', () => {
		const first = oggFile(1, [[{ bytes: Uint8Array.of(1), granule: 1 }]]);
		const second = oggFile(2, [[{ bytes: Uint8Array.of(2), granule: 1 }]]);
		const junk = Buffer.from('OggOggS\x01junk');
		const file = Buffer.concat([junk, first, junk, second, first.subarray(0, 20)]);
		expect([...readOggPages(file)].map(({ serial }) => serial)).toEqual([1, 2]);
	});
});

describe('Opus', () => {
	// RFC 6716, table 2: configuration in the upper five bits; frame count code in the lower two.
	test.each([
		[[0b00000_000], 480],
		[[0b00011_000], 2880],
		[[0b01100_000], 480],
		[[0b01111_001], 1920],
		[[0b10000_010], 240],
		[[0b11111_000], 960],
		[[0b11111_011, 6], 5760],
		[[0b11111_011, 7], 0],
		[[0b11111_011], 0],
		[[], 0],
	])('packet %j lasts %i samples', (bytes, samples) => {
		expect(opusPacketSamples(Uint8Array.from(bytes))).toBe(samples);
	});

	test.each(['2.5', '5', '10', '20', '40', '60'])('frames of %s ms', async (frameMs) => {
		const args = ['-c:a', 'libopus', '-frame_duration', frameMs, '-b:a', '24k'];
		const file = await ffmpegFile([...tone(0.8, 440, 48_000), ...args], 'tone.ogg');
		expect(Math.abs(oggDurationSeconds(file) - 0.8)).toBeLessThan(0.001);
		const joined = joinAudio('opus', [file, file]);
		expect(await probeWarnings(joined)).toBe('');
		const decoded = (await decodeSamples(joined, 48_000)).length / 48_000;
		const joinPoint = Number(frameMs) / 1000 + 0.0065;
		expect(Math.abs(decoded - 1.6)).toBeLessThan(joinPoint + 0.001);
		expect(Math.abs(oggDurationSeconds(joined) - decoded)).toBeLessThan(0.02);
	});

	test('a stream cut out of a longer one counts from its first granule position', async () => {
		const file = await ffmpegFile([...tone(1, 440, 48_000), '-c:a', 'libopus'], 'tone.ogg');
		const [stream] = readOggStreams(file);
		const [head, tags, ...packets] = stream?.packets ?? [];
		const start = 4_800_000;
		const trimmed = (index: number) => (index === packets.length - 1 ? 300 : 0);
		const later = packets.map((bytes, index) => ({
			bytes,
			granule: start + (index + 1) * 960 - trimmed(index),
		}));
		const cut = oggFile(5, [
			[{ bytes: head ?? Buffer.alloc(0), granule: 0 }],
			[{ bytes: tags ?? Buffer.alloc(0), granule: 0 }],
			later.slice(0, 10),
			later.slice(10),
		]);
		expect(oggDurationSeconds(cut)).toBeCloseTo((packets.length * 960 - 300 - 312) / 48_000, 6);
	});

	test('a join keeps every packet but those of pure padding, in order', async () => {
		const pieces = await Promise.all(
			[0.5, 0.37].map((seconds) => ffmpegFile([...tone(seconds), '-c:a', 'libopus'], 'tone.ogg')),
		);
		const sounds = [...pieces, joinAudio('opus', pieces)].map((file) => {
			const [stream] = readOggStreams(file);
			return stream && readOpusStream(stream);
		});
		const [first, second, joined] = sounds.map(
			(sound) => sound?.packets.map((p) => Buffer.from(p)) ?? [],
		);
		expect(joined).toEqual([...(first ?? []), ...(second ?? [])]);
		const heardOfSecond = sounds[1]?.heardSamples ?? 0;
		expect(sounds[2]?.heardSamples).toBe((first?.length ?? 0) * 960 + heardOfSecond);
	});

	test('a voice note with a huge pre-skip and whole packets of padding loses both', () => {
		const head = Buffer.from('OpusHead\x01\x01\x80\x0f\xc0\x5d\0\0\0\0\0', 'latin1');
		const packet = (index: number) => Uint8Array.of(0xf8, index);
		const piece = (samples: number) =>
			oggFile(3, [
				[{ bytes: head, granule: 0 }],
				[{ bytes: Buffer.from('OpusTags'), granule: 0 }],
				Array.from({ length: 9 }, (_, index) => ({
					bytes: packet(index),
					granule: (index + 1) * 960,
				})),
				[{ bytes: packet(9), granule: samples }],
			]);
		// Pre-skip 3968: four packets and 128 samples. The end leaves one packet of pure padding.
		const ended = piece(9 * 960);
		const [stream] = readOggStreams(joinAudio('opus', [ended, ended]));
		const numbers = stream?.packets.slice(2).map((bytes) => bytes[1]);
		expect(numbers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 4, 5, 6, 7, 8]);
	});
});
