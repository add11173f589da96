// Joins MP3 files into one with a true info frame, so that players show and seek the right time.

import { AudioError } from '../audio-error';
import { isSameMp3Stream, mp3HeaderBytes } from '../containers/mp3-frame';
import { placeFrames, roomierHeader } from './mp3-seam';
import { MP3_FRAMES_PER_STEP, type Mp3Stream, readMp3 } from '../containers/mp3-stream';
import { viewOf } from '../pcm/pcm';
import type { Steps } from '../steps';

/** Tag, flags, frame count, byte count, seek table, quality, LAME part. */
const infoTagBytes = 4 + 4 + 4 + 4 + 100 + 4 + 36;
const hasFramesBytesTableQuality = 15;

/** Offset, in 256ths of the file, of every hundredth of the duration. */
function seekTable(offsets: readonly number[], totalBytes: number): number[] {
	return Array.from({ length: 100 }, (_, percent) => {
		const frame = offsets[Math.floor((percent / 100) * offsets.length)] ?? 0;
		return Math.min(255, Math.floor((frame / totalBytes) * 256));
	});
}

function writeInfoTag(
	file: Uint8Array,
	tag: number,
	offsets: readonly number[],
	isConstantBitrate: boolean,
	streams: readonly Mp3Stream[],
): void {
	const view = viewOf(file);
	file.set(Buffer.from(isConstantBitrate ? 'Info' : 'Xing', 'latin1'), tag);
	view.setUint32(tag + 4, hasFramesBytesTableQuality);
	view.setUint32(tag + 8, offsets.length);
	view.setUint32(tag + 12, file.length);
	file.set(seekTable(offsets, file.length), tag + 16);
	const opening = streams[0]?.padding;
	if (!opening) return;
	const paddingSamples = streams.at(-1)?.padding?.paddingSamples ?? 0;
	const lame = tag + 120;
	file.set(opening.encoder, lame);
	file.set(
		[
			opening.delaySamples >> 4,
			((opening.delaySamples & 15) << 4) | (paddingSamples >> 8),
			paddingSamples & 0xff,
		],
		lame + 21,
	);
	view.setUint32(lame + 28, file.length);
	view.setUint16(lame + 34, crc16(file.subarray(0, lame + 34)));
}

/** The checksum LAME puts over everything before it in its frame (polynomial 0x8005, reflected). */
function crc16(bytes: Uint8Array): number {
	let checksum = 0;
	for (const byte of bytes) {
		checksum ^= byte;
		for (let bit = 0; bit < 8; bit++) {
			checksum = (checksum >> 1) ^ ((checksum & 1) !== 0 ? 0xa001 : 0);
		}
	}
	return checksum;
}

/**
 * Drops tags and info frames of the pieces and writes one info frame for the whole. `gapMs` is
 * rounded to whole frames (24 ms at 24 kHz).
 * @throws {AudioError} `unreadable`, `mismatched` (sample rate, MPEG version or channels differ)
 */
export function* joinMp3(pieces: readonly Uint8Array[], gapMs = 0): Steps<Uint8Array> {
	const streams: Mp3Stream[] = [];
	for (const piece of pieces) {
		streams.push(yield* readMp3(piece));
		yield;
	}
	const [opening] = streams;
	const [openingFrame] = opening?.frames ?? [];
	if (!opening || !openingFrame) throw new AudioError('unreadable', 'There is no sound to join.');
	const { first } = opening;
	const differing = streams.findIndex(
		(stream) => !isSameMp3Stream(stream.first, first) || stream.first.channels !== first.channels,
	);
	if (differing > 0) {
		const piece = `Piece ${differing + 1} of ${pieces.length}`;
		throw new AudioError('mismatched', `${piece} has another sample rate or channel count.`);
	}
	const frames = yield* placeFrames(streams, gapMs);
	const template = opening.bytes.subarray(openingFrame.offset);
	const infoFrameBytes = mp3HeaderBytes + first.sideInfoBytes + infoTagBytes;
	const infoFrame = roomierHeader(template, first, infoFrameBytes)?.bytes;
	if (!infoFrame) throw new AudioError('cannot-join', 'These MP3 files have no room for an index.');
	const soundBytes = frames.reduce((total, { bytes }) => total + bytes.length, 0);
	const file = new Uint8Array(infoFrame.length + soundBytes);
	file.set(infoFrame);
	const offsets: number[] = [];
	let at = infoFrame.length;
	for (const { bytes } of frames) {
		offsets.push(at);
		file.set(bytes, at);
		at += bytes.length;
		if (offsets.length % MP3_FRAMES_PER_STEP === 0) yield;
	}
	const isConstantBitrate = frames.every(({ header }) => header.bitrateKbps === first.bitrateKbps);
	const tag = mp3HeaderBytes + first.sideInfoBytes;
	writeInfoTag(file, tag, offsets, isConstantBitrate, streams);
	return file;
}
