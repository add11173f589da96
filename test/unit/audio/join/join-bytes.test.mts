// Joined WAV files and PCM to the byte, and the error messages of what cannot be joined.

import { describe, expect, test } from '@jest/globals';
import { readWav } from '../../../../nodes/shared/audio/containers/wav.ts';
import { bytes, expectUnreadable } from '../../../support/bytes.mts';
import { chunk, data, format, le32, riff } from '../../../support/wav-bytes.mts';
import { joinAudio } from '../../../support/run-to-end.mts';

describe('joining', () => {
	const wav = (content: number[], facts = {}, tag = 1, bits = 16) =>
		riff(format(tag, bits, facts), data(...content));
	const error = (work: () => unknown): unknown => {
		try {
			return work();
		} catch (thrown) {
			return thrown;
		}
	};

	test('the first piece’s format chunk, all samples, silence between', () => {
		expect(Buffer.from(joinAudio('wav', [wav([1, 0]), wav([2, 0])], { gapMs: 0.25 }))).toEqual(
			wav([1, 0, 0, 0, 0, 0, 2, 0]),
		);
	});

	test('float audio has a fact chunk', () => {
		const float = (content: number[]) => wav(content, {}, 3, 32);
		expect(Buffer.from(joinAudio('wav', [float([0, 0, 0, 0]), float([0, 0, 0, 0])]))).toEqual(
			riff(format(3, 32), chunk('fact', le32(2)), data(0, 0, 0, 0, 0, 0, 0, 0)),
		);
	});

	test.each([
		['another rate', wav([1, 0], { rate: 9000 })],
		['another count of channels', wav([1, 0, 1, 0], { channels: 2 })],
		['another type', wav([1], {}, 1, 8)],
		['coded sound', wav([1, 0], { block: 1 }, 2, 4)],
	])('%s is rejected with the number of the piece', (_, other) => {
		const one = wav([1, 0]);
		expect(error(() => joinAudio('wav', [one, one, other, one]))).toMatchObject({
			code: 'mismatched',
			message: 'Piece 3 of 4 was recorded differently from the first one.',
		});
	});

	test('compressed audio cannot be joined', () => {
		const coded = wav([1, 0], { block: 1 }, 2, 4);
		expect(error(() => joinAudio('wav', [coded, coded]))).toMatchObject({
			code: 'cannot-join',
			message: 'These WAV files hold coded sound, which cannot be joined.',
		});
	});

	test.each(['wav', 'pcm', 'mp3', 'opus', 'flac'] as const)(
		'no pieces of %s are rejected',
		(kind) => {
			expectUnreadable(() => joinAudio(kind, []), 'There is no sound to join.');
		},
	);

	test('a single FLAC file is returned, several are rejected with advice', () => {
		const one = bytes('fLaC');
		expect(joinAudio('flac', [one])).toBe(one);
		expect(error(() => joinAudio('flac', [one, one]))).toMatchObject({
			code: 'cannot-join',
			message: 'FLAC files cannot be joined. Choose WAV for long texts, or MP3 for smaller files.',
		});
	});

	test('a single Opus file comes back as it is', () => {
		const one = bytes('anything');
		expect(joinAudio('opus', [one])).toBe(one);
	});

	test('PCM loses an incomplete last frame of the given layout', () => {
		const odd = Uint8Array.of(1, 2, 3, 4, 5, 6, 7);
		const stereo = { sampleType: 'int16', sampleRate: 1000, channels: 2 } as const;
		expect([...joinAudio('pcm', [odd])]).toEqual([1, 2, 3, 4]);
		expect([...joinAudio('pcm', [odd], { pcm: stereo })]).toEqual([1, 2, 3, 4]);
		expect([...joinAudio('pcm', [odd], { pcm: { ...stereo, channels: 1 } })]).toHaveLength(6);
		expect(joinAudio('pcm', [odd, odd], { pcm: stereo, gapMs: 3 })).toHaveLength(4 + 12 + 4);
	});

	test('pauses take the place of a gap', () => {
		const options = { gapMs: 500, pauses: { leastMs: 1, mostMs: 2 } };
		expect(readWav(joinAudio('wav', [wav([0, 9]), wav([0, 9])], options)).data).toHaveLength(
			4 + 16,
		);
	});
});
