// The table of audio formats: every MIME type and extension, and how each is uploaded to Mistral.

import { describe, expect, test } from '@jest/globals';
import {
	type AudioFormatId,
	AUDIO_FORMATS,
	formatByFileName,
	formatByMimeType,
} from '../../../nodes/shared/audio/formats.ts';
import { cleanStem, uploadName } from '../../../nodes/shared/audio/upload-name.ts';

/** Id, label, types (ours first), extensions, and what is sent or why not. */
const table: Array<[AudioFormatId, string, string, string, string]> = [
	[
		'mp3',
		'MP3',
		'audio/mpeg audio/mp3 audio/x-mp3 audio/mpeg3 audio/x-mpeg-3 audio/x-mpeg audio/mpg audio/mpa',
		'mp3 mpga mpeg mp2 mpg3',
		'mp3 audio/mpeg',
	],
	[
		'wav',
		'WAV',
		'audio/wav audio/x-wav audio/wave audio/vnd.wave audio/x-pn-wav',
		'wav wave',
		'wav audio/wav',
	],
	[
		'flac',
		'FLAC',
		'audio/flac audio/x-flac application/flac application/x-flac',
		'flac',
		'flac audio/flac',
	],
	[
		'ogg',
		'Ogg voice message',
		'audio/ogg audio/opus audio/x-opus audio/x-opus+ogg audio/vorbis audio/x-ogg audio/x-vorbis+ogg audio/speex application/ogg application/x-ogg',
		'ogg oga opus ogx spx',
		'ogg audio/ogg',
	],
	[
		'pcm',
		'raw PCM recording',
		'audio/pcm audio/x-pcm audio/raw',
		'pcm raw',
		'It has no header that says how it was recorded. Save it as WAV first.',
	],
	[
		'm4a',
		'M4A',
		'audio/mp4 audio/x-m4a audio/m4a audio/mp4a-latm audio/x-mp4',
		'm4a m4b m4r',
		'm4a audio/mp4',
	],
	[
		'mp4',
		'MP4',
		'video/mp4 application/mp4 video/x-m4v video/quicktime',
		'mp4 m4v mov qt',
		'mp4 audio/mp4 undocumented',
	],
	['webm', 'WebM', 'audio/webm video/webm', 'webm weba', 'webm audio/webm'],
	[
		'matroska',
		'Matroska',
		'audio/x-matroska audio/matroska video/x-matroska video/matroska',
		'mka mkv',
		'mka audio/x-matroska undocumented',
	],
	[
		'aac',
		'AAC',
		'audio/aac audio/x-aac audio/aacp audio/x-hx-aac-adts audio/vnd.dlna.adts',
		'aac adts',
		'aac audio/aac undocumented',
	],
	[
		'aiff',
		'AIFF',
		'audio/aiff audio/x-aiff sound/aiff',
		'aiff aif aifc',
		'aiff audio/aiff undocumented',
	],
	['caf', 'Core Audio file', 'audio/x-caf audio/caf', 'caf', 'caf audio/x-caf undocumented'],
	[
		'3gp',
		'3GP',
		'audio/3gpp video/3gpp audio/3gpp2 video/3gpp2',
		'3gp 3gpp 3ga 3g2',
		'3gp audio/3gpp undocumented',
	],
	[
		'wma',
		'Windows Media file',
		'audio/x-ms-wma audio/wma video/x-ms-asf application/vnd.ms-asf',
		'wma asf',
		'wma audio/x-ms-wma undocumented',
	],
	[
		'amr',
		'AMR voice recording',
		'audio/amr audio/amr-wb audio/x-amr audio/amr-nb',
		'amr awb',
		'Set the recording app to M4A or MP3, or convert the file to MP3 first.',
	],
];

test('there are no other formats', () => {
	expect(Object.keys(AUDIO_FORMATS).sort()).toEqual(table.map(([id]) => id).sort());
});

describe.each(table)('%s', (id, label, mimeTypes, extensions, sent) => {
	const format = AUDIO_FORMATS[id];

	test('has its label, MIME type and extension', () => {
		const [mimeType, ...mimeAliases] = mimeTypes.split(' ');
		expect(format).toMatchObject({ id, label, mimeType, mimeAliases });
		expect(format.extensions).toEqual(extensions.split(' '));
	});

	test('is found by all its MIME types and extensions', () => {
		for (const mimeType of mimeTypes.split(' ')) expect(formatByMimeType(mimeType)).toBe(format);
		for (const extension of extensions.split(' '))
			expect(formatByFileName(`a.${extension}`)).toBe(format);
	});

	test('is uploaded under its name and type, or refused with advice', () => {
		const { upload } = format;
		const told = upload.accepted
			? `${upload.extension} ${upload.mimeType}${upload.documented ? '' : ' undocumented'}`
			: upload.advice;
		expect(told).toBe(sent);
	});
});

test.each([
	[' audio/ogg ; codecs=opus', 'ogg'],
	['audio/ogg, audio/mpeg', 'ogg'],
	['audio', undefined],
	[';audio/ogg', undefined],
])('type %j is %s', (mimeType, id) => {
	expect(formatByMimeType(mimeType)?.id).toBe(id);
});

test.each([
	['a.mp3#t=3', 'mp3'],
	['a.mp3?a=1\n&b=2', 'mp3'],
	['a.mp3 \n', 'mp3'],
	['a.mp3/', undefined],
	['a.mp3.txt', undefined],
	['mp3', undefined],
	['.mp3', 'mp3'],
	['a.m', undefined],
	[`a.mp3?${'x'.repeat(2043)}`, 'mp3'],
	[`a.mp3?${'x'.repeat(2044)}`, undefined],
])('name %j is %s', (fileName, id) => {
	expect(formatByFileName(fileName)?.id).toBe(id);
});

test('an unknown file keeps its name and loses its extension', () => {
	expect(uploadName({ fileName: 'note.xyz' })).toEqual({
		fileName: 'note',
		mimeType: 'application/octet-stream',
	});
});

test.each([
	['memo.3gp', 'memo'],
	['memo.mp3 ', 'memo'],
	['memo.123', 'memo.123'],
	['memo.toolong', 'memo.toolong'],
	['memo.', 'memo'],
	['folder/', 'audio'],
	['folder/memo.ogg', 'memo'],
	['a'.repeat(61), 'a'.repeat(60)],
	[`${'a'.repeat(59)}.-b`, 'a'.repeat(59)],
	[`${'a'.repeat(100)}${'b'.repeat(1024)}`, 'b'.repeat(60)],
	['a \t\n$%b', 'a b'],
	['...ab c', 'ab c'],
	['-a-', 'a'],
	[`\u0301e`, 'e'],
])('%j is shortened to %s', (fileName, stem) => {
	expect(cleanStem(fileName)).toBe(stem);
});
