// Joins MP3 files into one with a true info frame, so that players show and seek the right time.

import { AudioError } from './audio-error';
import {
	isSameMp3Stream,
	mp3Bitrates,
	mp3FrameBytes,
	type Mp3FrameHeader,
	mp3HeaderBytes,
} from './mp3-frame';
import { borrowedBytes, type Mp3Frame, type Mp3Stream, readMp3 } from './mp3-stream';
import { viewOf } from './pcm';

/** What every layer III decoder adds to the encoder's own delay. */
const decoderDelaySamples = 529;

/** Tag, flags, frame count, byte count, seek table, quality, LAME part. */
const infoTagBytes = 4 + 4 + 4 + 4 + 100 + 4 + 36;
const hasFramesBytesTableQuality = 15;

interface JoinedFrame extends Mp3Frame {
	source: Uint8Array;
}

/**
 * Frames that carry what is meant to be heard. At a seam, whole frames of encoder padding go, but
 * only when no later frame keeps its data in them; the rest of the padding (under 50 ms) stays.
 */
function usefulFrames(stream: Mp3Stream, isFirst: boolean, isLast: boolean): Mp3Frame[] {
	const { frames, padding, first } = stream;
	if (!padding) return frames;
	const silentAfter = padding.paddingSamples - decoderDelaySamples;
	const after = isLast ? 0 : Math.max(0, Math.floor(silentAfter / first.samples));
	const silentBefore = padding.delaySamples + decoderDelaySamples;
	let before = isFirst ? 0 : Math.floor(silentBefore / first.samples);
	const needsEarlier = (frame: Mp3Frame | undefined) =>
		frame !== undefined && borrowedBytes(stream, frame) > 0;
	while (before > 0 && needsEarlier(frames[before])) before--;
	const useful = frames.slice(before, frames.length - after);
	return useful.length > 0 ? useful : frames;
}

/** A silent frame like the stream's own, large enough for the tag; its tag is still empty. */
function blankInfoFrame(source: Uint8Array, offset: number, header: Mp3FrameHeader) {
	const needed = mp3HeaderBytes + header.sideInfoBytes + infoTagBytes;
	const rates = mp3Bitrates(header.version);
	const sizeAt = (kbps: number) => mp3FrameBytes(header.version, kbps, header.sampleRate);
	const preferred = rates.indexOf(header.bitrateKbps);
	const fitting =
		sizeAt(header.bitrateKbps) >= needed
			? preferred
			: rates.findIndex((kbps) => sizeAt(kbps) >= needed);
	const frame = new Uint8Array(sizeAt(rates[fitting] ?? 0));
	const [, second = 0, third = 0, fourth = 0] = source.subarray(offset, offset + mp3HeaderBytes);
	// No CRC, this bitrate, no padding; sample rate and channels stay.
	frame.set([0xff, second | 1, ((fitting + 1) << 4) | (third & 0x0d), fourth]);
	return frame;
}

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
 * Drops tags and info frames of the pieces and writes one info frame for the whole.
 * @throws {AudioError} `unreadable`, `mismatched` (sample rate, MPEG version or channels differ)
 */
export function joinMp3(pieces: readonly Uint8Array[]): Uint8Array {
	const streams = pieces.map(readMp3);
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
	const frames = streams.flatMap((stream, index): JoinedFrame[] =>
		usefulFrames(stream, index === 0, index === streams.length - 1).map((frame) => ({
			...frame,
			source: stream.bytes,
		})),
	);
	const infoFrame = blankInfoFrame(opening.bytes, openingFrame.offset, first);
	const soundBytes = frames.reduce((total, { header }) => total + header.frameBytes, 0);
	const file = new Uint8Array(infoFrame.length + soundBytes);
	file.set(infoFrame);
	const offsets: number[] = [];
	let at = infoFrame.length;
	for (const { source, offset, header } of frames) {
		offsets.push(at);
		file.set(source.subarray(offset, offset + header.frameBytes), at);
		at += header.frameBytes;
	}
	const isConstantBitrate = frames.every(({ header }) => header.bitrateKbps === first.bitrateKbps);
	const tag = mp3HeaderBytes + first.sideInfoBytes;
	writeInfoTag(file, tag, offsets, isConstantBitrate, streams);
	return file;
}
