// Format detection with real files of every container, and files that are not audio.

import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { audioDurationSeconds } from '../../../nodes/shared/audio/duration.ts';
import type { AudioFormatId } from '../../../nodes/shared/audio/formats.ts';
import { describeNonAudio } from '../../../nodes/shared/audio/non-audio.ts';
import { sniffAudioFormat, SNIFF_BYTES } from '../../../nodes/shared/audio/sniff.ts';
import { decodeSamples, ffmpeg, ffmpegFile, tone } from '../../support/media.mts';

// ffmpeg shares the machine with other test files.
jest.setTimeout(60_000);

const seconds = 1.3;

/** File name, ffmpeg arguments, what it is, and whether its duration can be read. */
const files: Array<[name: string, args: string[], id: AudioFormatId, hasDuration: boolean]> = [
	['tone.mp3', [], 'mp3', true],
	['untagged.mp3', ['-id3v2_version', '0', '-write_xing', '0'], 'mp3', true],
	['stereo.mp3', ['-ar', '44100', '-ac', '2', '-b:a', '320k', '-id3v2_version', '0'], 'mp3', true],
	['tone.wav', [], 'wav', true],
	['float.wav', ['-c:a', 'pcm_f32le'], 'wav', true],
	['adpcm.wav', ['-c:a', 'adpcm_ms'], 'wav', true],
	['big.wav', ['-rf64', 'always'], 'wav', true],
	['tone.flac', [], 'flac', true],
	['opus.ogg', ['-c:a', 'libopus'], 'ogg', true],
	['vorbis.ogg', ['-c:a', 'libvorbis'], 'ogg', true],
	['flac.oga', ['-c:a', 'flac'], 'ogg', true],
	['speex.ogg', ['-c:a', 'libspeex', '-ar', '16000'], 'ogg', true],
	['tone.m4a', ['-c:a', 'aac'], 'm4a', true],
	['tone.mp4', ['-c:a', 'aac'], 'mp4', true],
	['fragmented.mp4', ['-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov'], 'mp4', false],
	['tone.mov', ['-c:a', 'aac'], 'mp4', true],
	['tone.3gp', ['-c:a', 'libopencore_amrnb', '-ar', '8000'], '3gp', true],
	['tone.webm', ['-c:a', 'libopus'], 'webm', true],
	['tone.mka', ['-c:a', 'libvorbis'], 'matroska', true],
	['tone.aac', ['-c:a', 'aac'], 'aac', true],
	['tone.aiff', [], 'aiff', true],
	['tone.caf', [], 'caf', false],
	['tone.wma', ['-c:a', 'wmav2'], 'wma', false],
	['tone.amr', ['-c:a', 'libopencore_amrnb', '-ar', '8000'], 'amr', true],
	['wide.amr', ['-f', 'amr', '-c:a', 'libvo_amrwbenc', '-ar', '16000'], 'amr', true],
];

describe('real files', () => {
	test.each(files)('%s', async (name, args, id, hasDuration) => {
		const file = await ffmpegFile([...tone(seconds), ...args], name);
		expect(sniffAudioFormat(file.subarray(0, SNIFF_BYTES))).toBe(id);
		expect(sniffAudioFormat(file.subarray(0, 512))).toBe(id);
		const duration = audioDurationSeconds(file);
		if (hasDuration) {
			const heard = (await decodeSamples(file, 24_000)).length / 24_000;
			// MP4 tells what was recorded; a decoder adds the rest of the last frame.
			const truth = ['m4a', 'mp4'].includes(id) ? seconds : heard;
			expect(Math.abs((duration ?? 0) - truth)).toBeLessThan(0.02);
		} else {
			expect(duration).toBeUndefined();
		}
	});

	test.each(['mp3', 'flac', 'wav', 'ogg', 'webm'])(
		'%s written to a pipe, without totals',
		async (container) => {
			const codec = ['ogg', 'webm'].includes(container) ? ['-c:a', 'libopus'] : [];
			const file = await ffmpeg([...tone(seconds), ...codec, '-f', container, '-']);
			expect(sniffAudioFormat(file.subarray(0, SNIFF_BYTES))).toBe(container);
			const heard = (await decodeSamples(file, 24_000)).length / 24_000;
			expect(Math.abs((audioDurationSeconds(file) ?? 0) - heard)).toBeLessThan(0.02);
		},
	);

	test('an MP3 whose cover picture fills the sniffed bytes', () => {
		const head = Buffer.concat([
			Buffer.from('ID3\x04\0\0\0\x10\0\0', 'latin1'),
			Buffer.alloc(4000, 7),
		]);
		expect(sniffAudioFormat(head)).toBe('mp3');
	});
});

const nonAudio: Array<[phrase: string, content: string | Buffer]> = [
	['an empty file', ''],
	['a text file', 'Hello, this is the note I meant to record.'],
	['a text file', Buffer.from('\ufeffGrüße', 'utf16le')],
	['a text file', 'ID3 tags are found in MP3 files'],
	['JSON text', '  {"ok":false,"error_code":404}'],
	['JSON text', '[{"a":1}]'],
	['a web page (HTML)', '\n<!DOCTYPE html><html lang="en">'],
	['an XML document', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
	['an SVG image', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
	['a playlist, which only points to audio', '#EXTM3U\nhttps://example.com/a.ts'],
	['a web address, not the file behind it', 'https://example.com/voice.ogg'],
	['a data URL (text); decode it to a file first', `data:audio/ogg;base64,${'QUJD'.repeat(30)}`],
	['a file written as Base64 text; decode it first', 'T2dnUwAC'.repeat(12)],
	['a PDF document', '%PDF-1.7\n%\xe2\xe3'],
	['a PNG image', Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
	['a JPEG image', Buffer.from('ffd8ffe000104a464946', 'hex')],
	['a WebP image', Buffer.from('RIFF\x24\0\0\0WEBPVP8 ', 'latin1')],
	['a HEIC image', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
	['a ZIP archive or an Office document', Buffer.from('PK\x03\x04\x14\0', 'latin1')],
	['an AVI video', Buffer.from('RIFF\x24\0\0\0AVI LIST', 'latin1')],
	['a MIDI file, which holds notes and no sound', Buffer.from('MThd\0\0\0\x06\0\x01', 'latin1')],
	['a file of zeros', Buffer.alloc(64)],
];

describe('what is not audio', () => {
	test.each(nonAudio)('%s', (phrase, content) => {
		const bytes = Buffer.from(content as string);
		expect(sniffAudioFormat(bytes)).toBeUndefined();
		expect(describeNonAudio(bytes)).toBe(phrase);
	});

	test('text is not detected as audio', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
				fc.pre(!/^(?:RIFF|OggS|caff|FORM|fLaC|#!AMR)/.test(text));
				expect(sniffAudioFormat(Buffer.from(text))).toBeUndefined();
			}),
			{ numRuns: 2000 },
		);
	});

	test('random bytes of a usable length are not detected as audio', () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ minLength: 3000, maxLength: 4096 }),
				fc.constantFrom([], [0xff, 0xfb], [0xff, 0xf1], [0xff, 0xf3, 0x44, 0xc4]),
				(random, start) => {
					const bytes = Uint8Array.from([...start, ...random]);
					expect(sniffAudioFormat(bytes)).toBeUndefined();
				},
			),
			{ numRuns: 500, seed: 20_26 },
		);
	});

	test('any bytes give a phrase or undefined, and nothing is thrown', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				sniffAudioFormat(bytes);
				expect(['string', 'undefined']).toContain(typeof describeNonAudio(bytes));
			}),
			{ numRuns: 2000 },
		);
	});
});
