// Every magic number of audio and other files, with near misses.

import { describe, expect, test } from '@jest/globals';
import { describeNonAudio } from '../../../nodes/shared/audio/non-audio.ts';
import { sniffAudioFormat } from '../../../nodes/shared/audio/sniff.ts';
import { bytes, u32 } from '../../support/bytes.mts';

describe('audio', () => {
	const mp3Header = [0xff, 0xfb, 0x90, 0x64];
	/** 417 bytes by its header. */
	const mp3Frame = bytes(mp3Header, Buffer.alloc(413));
	const aacHeader = (size: number) => [
		...[0xff, 0xf1, 0x50, 0x80 | (size >> 11), (size >> 3) & 0xff, ((size & 7) << 5) | 0x1f, 0xfc],
	];
	const aacFrame = bytes(aacHeader(40), Buffer.alloc(33));
	const boxes = (major: string, compatible: readonly string[] = [], size?: number) =>
		bytes(u32(size ?? 16 + 4 * compatible.length), 'ftyp', major, 'M4A ', ...compatible);
	const ebml = '\x1a\x45\xdf\xa3';
	const id3 = 'ID3\x04\0\0\0\0\0\x02xx';

	test.each([
		['RIFF....WAVE', 'wav'],
		['RF64....WAVE', 'wav'],
		['BW64....WAVE', 'wav'],
		['RIFF....WAVX', undefined],
		['RIFX....WAVE', undefined],
		['....', undefined],
		['RIFF....WAV', undefined],
		['OggS', 'ogg'],
		['OggX', undefined],
		['caff', 'caf'],
		['FORM....AIFF', 'aiff'],
		['FORM....AIFC', 'aiff'],
		['FORM....AIF', undefined],
		['FORM....AIFX', undefined],
		['FORM....8SVX', undefined],
		['#!AMR\n', 'amr'],
		['#!AMX', undefined],
		['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'wma'],
		['\x30\x26\xb2\x75\x8e\x66\xcf\x12', undefined],
		['fLaC', 'flac'],
		[`${id3}fLaC`, 'flac'],
		['fLaX', undefined],
		['\0\0\0\x08moov', 'mp4'],
		['\0\0\0\x08mdat', 'mp4'],
		['\0\0\0\x08wide', 'mp4'],
		['\0\0\0\x08free', undefined],
		['this moov was text', undefined],
		['A\0\0\x08moov', undefined],
		[`${ebml}\x9f\x42\x82\x84webm`, 'webm'],
		[`${ebml}\x9f\x42\x82\x88matroska`, 'matroska'],
		[`${ebml}\x9f\x42\x86\x81\x01\x42\x82\x40matroska`, 'webm'],
		[`${ebml}${'.'.repeat(85)}\x42\x82\x88matroska`, 'matroska'],
		[`${ebml}${'.'.repeat(86)}\x42\x82\x88matroska`, 'webm'],
		[ebml, 'webm'],
		['\x1a\x45\xdf\xa4', undefined],
		[id3, 'mp3'],
	])('%j is %s', (text, format) => {
		expect(sniffAudioFormat(bytes(text))).toBe(format);
	});

	test.each([
		[boxes('M4A '), 'm4a'],
		[boxes('M4B '), 'm4a'],
		[boxes('M4P '), 'm4a'],
		[boxes('M4V '), 'mp4'],
		[boxes('isom'), 'mp4'],
		[boxes('isom', ['mp42', 'M4A ']), 'm4a'],
		[boxes('isom', ['mp42', 'M4A '], 23), 'mp4'],
		[boxes('isom', ['M4A ', 'mp42']), 'm4a'],
		[boxes('mp42', [...Array<string>(59).fill('isom'), 'M4A ']), 'm4a'],
		[boxes('mp42', [...Array<string>(60).fill('isom'), 'M4A ']), 'mp4'],
		[boxes('mp42', ['M4A '], 9999).subarray(0, -1), 'mp4'],
		[boxes('mp42', ['M4A '], 9999), 'm4a'],
		[boxes('qt  '), 'mp4'],
		...['2', 'e', 'g', 'p', 'r', 's'].map((letter) => [boxes(`3g${letter}4`), '3gp'] as const),
		[boxes('3gx4'), 'mp4'],
		[boxes('x3g2'), 'mp4'],
		...['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis'].map(
			(brand) => [boxes(brand, ['M4A ']), undefined] as const,
		),
	])('boxes %s are %s', (file, format) => {
		expect(sniffAudioFormat(file)).toBe(format);
	});

	test.each([
		['a frame and another', bytes(mp3Frame, mp3Header), 'mp3'],
		['a frame alone', mp3Frame, 'mp3'],
		['a frame cut short', mp3Frame.subarray(0, 100), 'mp3'],
		['a header alone', bytes(mp3Header), 'mp3'],
		['a frame, then too few bytes for another', bytes(mp3Frame, 'abc'), 'mp3'],
		['a frame, then something else', bytes(mp3Frame, 'abcd'), undefined],
		['a frame and the tag at the end', bytes(mp3Frame, 'TAG!'), 'mp3'],
		['a frame, then one of another rate', bytes(mp3Frame, [0xff, 0xfb, 0x94, 0x64]), undefined],
		['a tag and anything', bytes(id3, 'abcd'), 'mp3'],
		['a frame of AAC and another', bytes(aacFrame, aacHeader(40)), 'aac'],
		['a frame of AAC alone', aacFrame, 'aac'],
		['a header of AAC alone', bytes(aacHeader(40)), 'aac'],
		['a frame of AAC, then too few bytes for another', bytes(aacFrame, 'abcdef'), 'aac'],
		['a frame of AAC, then something else', bytes(aacFrame, 'abcdefg'), undefined],
		['a tag and AAC', bytes(id3, aacFrame), 'aac'],
		['the largest frame of AAC', bytes(aacHeader(1545)), 'aac'],
		['a larger one', bytes(aacHeader(1546)), undefined],
	])('%s', (_, file, format) => {
		expect(sniffAudioFormat(file)).toBe(format);
	});
});

describe('not audio', () => {
	const sized = '\0\0\0\x18';

	test.each([
		['%PDF-1', 'a PDF document'],
		['%PDF', 'a text file'],
		['\x89PNG', 'a PNG image'],
		['\xff\xd8\xff', 'a JPEG image'],
		['\xff\xd8\xfe', undefined],
		['GIF89a', 'a GIF image'],
		['GIF7', 'a text file'],
		['RIFF....WEBP', 'a WebP image'],
		['RIFX....WEBP', 'a text file'],
		['RIFF....WEBM', 'a text file'],
		['RIFF....AVI LIST', 'an AVI video'],
		['RIFX....AVI LIST', 'a text file'],
		['RIFF....AVIX', 'a text file'],
		['BM....\0\0\0\0', 'a bitmap image'],
		['BM....\0\0\0\x01', undefined],
		['BMW drives', 'a text file'],
		['II*\0', 'a TIFF image'],
		['II*\x01', undefined],
		['MM\0*', 'a TIFF image'],
		['MM\x01*', undefined],
		[`${sized}ftypheic`, 'a HEIC image'],
		[`${sized}ftypheix`, 'a HEIC image'],
		[`${sized}ftypmif1`, 'a HEIC image'],
		[`${sized}ftypavif`, 'an AVIF image'],
		[`${sized}ftypmif2`, undefined],
		['\x01\0\0\x18ftypheic', undefined],
		['\x01\0\0\x18ftypmif1', undefined],
		['\x01\0\0\x18ftypavif', undefined],
		['PK\x03\x04', 'a ZIP archive or an Office document'],
		['PK\x05\x06', undefined],
		['\x1f\x8b', 'a gzip archive'],
		['\x1f\x8a', undefined],
		['7z\xbc\xaf', 'a 7z archive'],
		['7z\xbc\xae', undefined],
		['Rar!', 'a RAR archive'],
		['Rare', 'a text file'],
		['\xd0\xcf\x11\xe0', 'an old Office document'],
		['\xd0\xcf\x11\xe1', undefined],
		['MThd', 'a MIDI file, which holds notes and no sound'],
		['MTrk', 'a text file'],
		['\x7fELF', 'a program'],
		['\x7eELF', 'a text file'],
		['MZ\x90\0', 'a program'],
		['MZ\x90\x01', undefined],
		['', 'an empty file'],
		['\0', 'a file of zeros'],
		['\0\0\0\x01', undefined],
		['\x01\0', undefined],
		['\x0e', undefined],
		['tab\tand\nlines\r\n', 'a text file'],
		['latin: caf\xe9 noir', undefined],
	])('%j is %s', (text, phrase) => {
		expect(describeNonAudio(bytes(text))).toBe(phrase);
	});

	test('zeros are recognised within the sniffed bytes', () => {
		expect(describeNonAudio(bytes(Buffer.alloc(4096), [1]))).toBe('a file of zeros');
		expect(describeNonAudio(bytes(Buffer.alloc(4095), [1]))).toBeUndefined();
	});

	test.each([
		['<!DOCTYPE html>', 'a web page (HTML)'],
		['<html lang="en">', 'a web page (HTML)'],
		['<head>', 'a web page (HTML)'],
		['<BODY>', 'a web page (HTML)'],
		['See <html>', 'a text file'],
		['<svg/>', 'an SVG image'],
		['<?xml version="1.0"?><svg>', 'an SVG image'],
		['<?xml version="1.0"?> \n<svg>', 'an SVG image'],
		['<!-- made by hand --><svg>', 'an SVG image'],
		['<?xml?>\n<!-- made -->\n\n<!-- by\nhand --> <svg>', 'an SVG image'],
		['See <svg/>', 'a text file'],
		['<?xml version="1.0"?>', 'an XML document'],
		['<b>', 'an XML document'],
		['<a/>', 'an XML document'],
		['<rss version="2.0">', 'an XML document'],
		['<ns:tag-x>', 'an XML document'],
		['<RSS\n>', 'an XML document'],
		['<1>', 'a text file'],
		['<a!', 'a text file'],
		['See <b>', 'a text file'],
		['#EXTM3U', 'a playlist, which only points to audio'],
		['See #EXTM3U', 'a text file'],
		['data:audio/ogg;base64,T2dn', 'a data URL (text); decode it to a file first'],
		['data:text/plain,hello', 'a data URL (text); decode it to a file first'],
		['data:text plain,hello', 'a text file'],
		['See data:audio/ogg;base64,T2dn', 'a text file'],
		['http://example.com/a', 'a web address, not the file behind it'],
		['https://example.com/a\n \n', 'a web address, not the file behind it'],
		['https://example.com/a and more', 'a text file'],
		['See https://example.com/a', 'a text file'],
		['{"a":1}', 'JSON text'],
		['{ \n"a":1}', 'JSON text'],
		['{}', 'JSON text'],
		['{', 'JSON text'],
		['{ ', 'JSON text'],
		['{a}', 'a text file'],
		['See {"a":1}', 'a text file'],
		['[', 'JSON text'],
		['[]', 'JSON text'],
		['[[', 'JSON text'],
		['[ {', 'JSON text'],
		['[1', 'JSON text'],
		['[-1', 'JSON text'],
		['["', 'JSON text'],
		['[a]', 'a text file'],
		['See ["', 'a text file'],
		['aB3/'.repeat(16), 'a file written as Base64 text; decode it first'],
		['aB3_'.repeat(16), 'a file written as Base64 text; decode it first'],
		[`${'aB3+'.repeat(16)}==\r\n`, 'a file written as Base64 text; decode it first'],
		['aB3/'.repeat(16).slice(1), 'a text file'],
		[`${'aB3/'.repeat(16)}===`, 'a text file'],
		[`${'aB3/'.repeat(16)} and more`, 'a text file'],
		[`See ${'aB3/'.repeat(16)}`, 'a text file'],
		[' \n#EXTM3U', 'a playlist, which only points to audio'],
	])('%j is %s', (text, phrase) => {
		expect(describeNonAudio(bytes(text))).toBe(phrase);
	});

	test('UTF-16 text in both byte orders, or with a character cut off', () => {
		const little = Buffer.from('\ufeff{"ü":1}', 'utf16le');
		expect(describeNonAudio(little)).toBe('JSON text');
		expect(describeNonAudio(Buffer.from(little).swap16())).toBe('JSON text');
		expect(describeNonAudio(Buffer.from('Grü').subarray(0, -1))).toBe('a text file');
		expect(describeNonAudio(Buffer.from('\ufeff<html>'))).toBe('a web page (HTML)');
	});

	test.each([
		[[0xff, 0x41, 0x42, 0x42]],
		[[0x41, 0xfe, 0x42, 0x42]],
		[[0xfe, 0x41, 0x42, 0x42]],
		[[0x41, 0xff, 0x42, 0x42]],
	])('half of a byte order mark is none: %j', (start) => {
		expect(describeNonAudio(bytes(start))).toBeUndefined();
	});
});
