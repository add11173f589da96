// Lookups in the format table are unambiguous, and upload names are safe in a multipart header.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
	type AudioFormat,
	AUDIO_FORMATS,
	formatByFileName,
	formatByMimeType,
	SPEECH_FORMATS,
} from '../../../nodes/shared/audio/formats.ts';
import { cleanStem, uploadName } from '../../../nodes/shared/audio/upload-name.ts';

const rows: AudioFormat[] = Object.values(AUDIO_FORMATS);

describe('table', () => {
	test('no MIME type and no extension is in two rows', () => {
		const mimeTypes = rows.flatMap(({ mimeType, mimeAliases }) => [mimeType, ...mimeAliases]);
		const extensions = rows.flatMap((row) => row.extensions);
		expect(new Set(mimeTypes).size).toBe(mimeTypes.length);
		expect(new Set(extensions).size).toBe(extensions.length);
	});

	test('rows are keyed by their id and found by their own names', () => {
		for (const [id, row] of Object.entries(AUDIO_FORMATS)) {
			expect(row.id).toBe(id);
			expect(row.extensions).toContain(row.extension);
			expect(formatByMimeType(row.mimeType)).toBe(row);
			expect(formatByFileName(`x.${row.extension}`)).toBe(row);
		}
	});

	test('types that players and WhatsApp insist on', () => {
		expect(
			Object.entries(SPEECH_FORMATS).map(([name, { mimeType, extension }]) => [
				name,
				mimeType,
				extension,
			]),
		).toEqual([
			['mp3', 'audio/mpeg', 'mp3'],
			['wav', 'audio/wav', 'wav'],
			['flac', 'audio/flac', 'flac'],
			['opus', 'audio/ogg', 'ogg'],
			['pcm', 'audio/pcm', 'pcm'],
		]);
	});

	test.each([
		['audio/ogg; codecs=opus', 'ogg'],
		['AUDIO/MP3', 'mp3'],
		['audio/x-wav', 'wav'],
		['audio/mp4', 'm4a'],
		['video/mp4', 'mp4'],
		['audio/webm;codecs=opus', 'webm'],
		['application/octet-stream', undefined],
		['', undefined],
		[undefined, undefined],
	])('type %s is %s', (mimeType, id) => {
		expect(formatByMimeType(mimeType)?.id).toBe(id);
	});

	test.each([
		['file_12.oga', 'ogg'],
		['note.OPUS', 'ogg'],
		['speech.mpga', 'mp3'],
		['https://example.com/a/voice.m4a?token=1.mp9', 'm4a'],
		['3f2b9c1e-0000-4000-8000-000000000000', undefined],
		['archive.tar.gz', undefined],
		['constructor', undefined],
		[undefined, undefined],
	])('name %s is %s', (fileName, id) => {
		expect(formatByFileName(fileName)?.id).toBe(id);
	});
});

describe('upload names', () => {
	test.each([
		[{ fileName: 'file_3.oga', mimeType: 'audio/ogg' }, 'file_3.ogg', 'audio/ogg'],
		[{ fileName: 'x.mp3', mimeType: 'audio/mpeg', sniffed: 'wav' as const }, 'x.wav', 'audio/wav'],
		[{ mimeType: 'audio/ogg; codecs=opus' }, 'audio.ogg', 'audio/ogg'],
		[{ fileName: 'speech.mpga' }, 'speech.mp3', 'audio/mpeg'],
		[{ fileName: 'round.mp4', sniffed: 'mp4' as const }, 'round.mp4', 'audio/mp4'],
		[{ fileName: 'memo.amr', sniffed: 'amr' as const }, 'memo.amr', 'audio/amr'],
		[
			{ fileName: 'data0', mimeType: 'application/octet-stream' },
			'data0',
			'application/octet-stream',
		],
		[{}, 'audio', 'application/octet-stream'],
	])('%j becomes %s', (hints, fileName, mimeType) => {
		expect(uploadName(hints)).toEqual({ fileName, mimeType });
	});

	test.each([
		['voice.ogg\r\nX-Evil: 1', 'voice.ogg X-Evil 1'],
		['a"; filename="b.mp3', 'a filename b'],
		['../../etc/passwd', 'passwd'],
		['C:\\Users\\me\\memo.m4a', 'memo'],
		['.....', 'audio'],
		['a...b..mp3.ogg', 'a.b.mp3'],
		['می\u200cخواهم.ogg', 'میخواهم'],
		['.oga', 'audio'],
		['\0\0', 'audio'],
		['\u202Egpm.exe\u202C', 'gpm'],
		['\ud800half\udfff.wav', 'half'],
		['Meeting 2026.11.22.m4a', 'Meeting 2026.11.22'],
		['Besprechung Müller.mp3', 'Besprechung Müller'],
		['録音 テスト.wav', '録音 テスト'],
		['مذكرة صوتية.ogg', 'مذكرة صوتية'],
		['👋🎤', 'audio'],
		[undefined, 'audio'],
	])('%j is reduced to %s', (fileName, stem) => {
		expect(cleanStem(fileName)).toBe(stem);
	});

	test('any name becomes short and safe in headers and paths', () => {
		const names = fc.oneof(
			fc.string({ unit: 'binary', maxLength: 400 }),
			fc.string({ unit: 'grapheme-ascii' }),
			fc.constantFrom('x'.repeat(10_000), '. '.repeat(5000), 'e\u0301'.repeat(3000)),
		);
		fc.assert(
			fc.property(names, (fileName) => {
				const name = uploadName({ fileName, sniffed: 'ogg' }).fileName;
				expect(name).toMatch(/^[^\p{C}"'\\/%<>:|?*\s.-](?:[^\p{C}"'\\/%<>:|?*\n\r\t]*)\.ogg$/u);
				expect(Array.from(name).length).toBeLessThanOrEqual(64);
				expect(name).not.toContain('..');
			}),
			{ numRuns: 3000 },
		);
	});
});
