// The duration reader for each format; an unreadable file has no duration and throws nothing.

import { describe, expect, test } from '@jest/globals';
import { audioDurationSeconds } from '../../../nodes/shared/audio/duration.ts';
import { bytes } from '../../support/bytes.mts';
import { mp3Frames } from '../../support/mp3-frames.mts';
import { data, format, riff } from '../../support/wav-bytes.mts';

const wav = riff(format(1, 8), data(...Array<number>(8000).fill(128)));
const mp3 = bytes(...mp3Frames(10));
const amr = bytes('#!AMR\n', Array<number>(50).fill(0x7c));

describe('duration', () => {
	test.each([
		['WAV', wav, 1],
		['MP3', mp3, 0.24],
		['AMR', amr, 1],
		['text', bytes('text'), undefined],
		['a Core Audio file, which no reader knows', bytes('caff', Buffer.alloc(40)), undefined],
		['a WAV file without a format', riff(data(1, 2)), undefined],
	])('%s, by its bytes', (_, file, seconds) => {
		expect(audioDurationSeconds(file)).toBe(seconds);
	});

	test('a given format takes precedence over magic bytes', () => {
		expect(audioDurationSeconds(wav, 'mp3')).toBeUndefined();
		expect(audioDurationSeconds(wav, 'caf')).toBeUndefined();
		expect(audioDurationSeconds(wav, 'pcm')).toBe((44 + 8000) / 4 / 24_000);
		const layout = { sampleType: 'int16', sampleRate: 8000, channels: 2 } as const;
		expect(audioDurationSeconds(wav, 'pcm', layout)).toBe((44 + 8000) / 4 / 8000);
	});
});
