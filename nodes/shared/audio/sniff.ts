// Detects the audio format from magic bytes: names and MIME types of voice messages are often wrong.

import { latin1 } from './byte-reading';
import { readAdtsFrame } from './containers/adts';
import type { AudioFormatId } from './formats';
import {
	id3v2Bytes,
	isSameMp3Stream,
	MP3_HEADER_BYTES,
	readMp3FrameHeader,
} from './containers/mp3-frame';

/** How many first bytes detection needs; fewer work, with less certainty for MP3 and AAC. */
export const SNIFF_BYTES = 4096;

const hasAscii = (bytes: Uint8Array, offset: number, text: string): boolean =>
	latin1(bytes, offset, text.length) === text;

/** A second header where the first frame ends, unless the bytes stop before it. */
function startsWithMp3Frames(bytes: Uint8Array, offset: number): boolean {
	const first = readMp3FrameHeader(bytes, offset);
	if (!first) return false;
	const next = offset + first.frameBytes;
	if (next + MP3_HEADER_BYTES > bytes.length) return true;
	const second = readMp3FrameHeader(bytes, next);
	return (second !== undefined && isSameMp3Stream(first, second)) || hasAscii(bytes, next, 'TAG');
}

/** AAC holds at most 768 bytes a channel in a frame; more than two channels do not occur in voice messages. */
const LARGEST_ADTS_FRAME_BYTES = 2 * 768 + 9;

function startsWithAdtsFrames(bytes: Uint8Array, offset: number): boolean {
	const first = readAdtsFrame(bytes, offset);
	if (!first || first.frameBytes > LARGEST_ADTS_FRAME_BYTES) return false;
	const next = offset + first.frameBytes;
	return next + 7 > bytes.length || readAdtsFrame(bytes, next) !== undefined;
}

const IMAGE_BRANDS = new Set([
	'heic',
	'heix',
	'hevc',
	'heim',
	'heis',
	'mif1',
	'msf1',
	'avif',
	'avis',
]);

const AUDIO_BRANDS = new Set(['M4A ', 'M4B ', 'M4P ']);

/** ISO base media files name their brands in the first box (ISO/IEC 14496-12, `ftyp`). */
function sniffBoxes(head: Uint8Array): AudioFormatId | undefined {
	if (hasAscii(head, 4, 'ftyp')) {
		const boxBytes = Math.min(Buffer.from(head.subarray(0, 4)).readUInt32BE(0), 256, head.length);
		const major = latin1(head, 8, 4);
		const brands = [major];
		for (let at = 16; at + 4 <= boxBytes; at += 4) brands.push(latin1(head, at, 4));
		if (IMAGE_BRANDS.has(major)) return undefined;
		if (/^3g[2egprs]/.test(major)) return '3gp';
		return brands.some((brand) => AUDIO_BRANDS.has(brand)) ? 'm4a' : 'mp4';
	}
	const isOldQuickTime = ['moov', 'mdat', 'wide'].some((name) => hasAscii(head, 4, name));
	return isOldQuickTime && head[0] === 0 ? 'mp4' : undefined;
}

/** Matroska and WebM are told apart by the DocType element (RFC 8794, section 11.2.4). */
function sniffEbml(head: Uint8Array): AudioFormatId | undefined {
	if (Buffer.from(head.subarray(0, 4)).toString('hex') !== '1a45dfa3') return undefined;
	const documentType = /\x42\x82[\x80-\xff](webm|matroska)/.exec(latin1(head, 4, 96))?.[1];
	return documentType === 'matroska' ? 'matroska' : 'webm';
}

function sniffFrames(head: Uint8Array): AudioFormatId | undefined {
	const tagBytes = id3v2Bytes(head, 0);
	if (hasAscii(head, tagBytes, 'fLaC')) return 'flac';
	if (startsWithAdtsFrames(head, tagBytes)) return 'aac';
	// Nearly every file that opens with an ID3 tag is an MP3, even when its cover picture fills the head.
	return tagBytes > 0 || startsWithMp3Frames(head, 0) ? 'mp3' : undefined;
}

/**
 * Detects the audio format from the first bytes of a file ({@link SNIFF_BYTES} are enough).
 * Undefined for anything else, and for headerless PCM, which no magic bytes identify.
 */
export function sniffAudioFormat(head: Uint8Array): AudioFormatId | undefined {
	const container = latin1(head, 0, 4);
	if (['RIFF', 'RF64', 'BW64'].includes(container))
		return hasAscii(head, 8, 'WAVE') ? 'wav' : undefined;
	if (container === 'OggS') return 'ogg';
	if (container === 'caff') return 'caf';
	if (container === 'FORM')
		return ['AIFF', 'AIFC'].includes(latin1(head, 8, 4)) ? 'aiff' : undefined;
	if (hasAscii(head, 0, '#!AMR')) return 'amr';
	if (latin1(head, 0, 8) === '\x30\x26\xb2\x75\x8e\x66\xcf\x11') return 'wma';
	return sniffBoxes(head) ?? sniffEbml(head) ?? sniffFrames(head);
}
