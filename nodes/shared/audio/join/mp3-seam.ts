// Cuts encoder padding out of the place where two MP3 files meet, without coding anything anew.

import {
	mp3Bitrates,
	mp3FrameBytes,
	type Mp3FrameHeader,
	mp3HeaderBytes,
} from '../containers/mp3-frame';
import type { Steps } from '../steps';
import { borrowedBytes, type Mp3Frame, type Mp3Stream } from '../containers/mp3-stream';

/** What every layer III decoder adds to the encoder's own delay. */
const decoderDelaySamples = 529;

/** LAME's delay, which nearly every MP3 has, for pieces that do not tell theirs. */
const usualDelaySamples = 576;

/** A frame as it will stand in the joined file. */
export interface PlacedFrame {
	header: Mp3FrameHeader;
	bytes: Uint8Array;
}

const place = ({ bytes }: Mp3Stream, { offset, header }: Mp3Frame): PlacedFrame => ({
	header,
	bytes: bytes.subarray(offset, offset + header.frameBytes),
});

/** Where the sound data of a frame begins, after header, checksum and side information. */
const soundOffset = ({ hasCrc, sideInfoBytes }: Mp3FrameHeader): number =>
	mp3HeaderBytes + (hasCrc ? 2 : 0) + sideInfoBytes;

const soundOf = ({ header, bytes }: PlacedFrame): Uint8Array => bytes.subarray(soundOffset(header));

/** The smallest frame like this one, without checksum, that has room for `neededBytes` in all. */
export function roomierHeader(
	template: Uint8Array,
	header: Mp3FrameHeader,
	neededBytes: number,
): { bytes: Uint8Array; header: Mp3FrameHeader } | undefined {
	const rates = mp3Bitrates(header.version);
	const sizeAt = (kbps: number) => mp3FrameBytes(header.version, kbps, header.sampleRate);
	const index = rates.findIndex(
		(kbps) => kbps >= header.bitrateKbps && sizeAt(kbps) >= neededBytes,
	);
	const bitrateKbps = rates[index];
	if (bitrateKbps === undefined) return undefined;
	const frameBytes = sizeAt(bitrateKbps);
	const bytes = new Uint8Array(frameBytes);
	const [, second = 0, third = 0, fourth = 0] = template;
	bytes.set([0xff, second | 1, ((index + 1) << 4) | (third & 0x0d), fourth]);
	return { bytes, header: { ...header, bitrateKbps, frameBytes, hasCrc: false } };
}

/** The last `count` bytes of sound data before a frame, which may lie in several frames. */
function soundBefore(stream: Mp3Stream, index: number, count: number): Uint8Array | undefined {
	const parts: Uint8Array[] = [];
	let missing = count;
	for (let at = index - 1; missing > 0; at--) {
		const frame = stream.frames[at];
		if (!frame) return undefined;
		const sound = soundOf(place(stream, frame));
		const part = sound.subarray(Math.max(0, sound.length - missing));
		parts.unshift(part);
		missing -= part.length;
	}
	return Buffer.concat(parts);
}

/**
 * Layer III keeps part of a frame's sound data in the frames before it (the bit reservoir). When
 * those are cut away, the data moves into the last frame before the seam, made larger for it.
 */
function lend(last: PlacedFrame, borrowed: Uint8Array): PlacedFrame | undefined {
	const { header } = last;
	const own = soundOf(last);
	const fixedBytes = mp3HeaderBytes + header.sideInfoBytes;
	const roomier = roomierHeader(last.bytes, header, fixedBytes + own.length + borrowed.length);
	if (!roomier) return undefined;
	const { bytes } = roomier;
	const sideInfo = last.bytes.subarray(
		soundOffset(header) - header.sideInfoBytes,
		soundOffset(header),
	);
	bytes.set(sideInfo, mp3HeaderBytes);
	bytes.set(own, fixedBytes);
	bytes.set(borrowed, bytes.length - borrowed.length);
	return roomier;
}

/** Adds a stream's frames to those placed already, without the padding that fills whole frames. */
function append(placed: PlacedFrame[], stream: Mp3Stream, isLast: boolean): void {
	const { frames, padding, first } = stream;
	const delay = (padding?.delaySamples ?? usualDelaySamples) + decoderDelaySamples;
	const after = isLast ? 0 : (padding?.paddingSamples ?? 0) - decoderDelaySamples;
	const end = frames.length - Math.max(0, Math.floor(after / first.samples));
	let start = 0;
	const last = placed.at(-1);
	const wanted = Math.floor(delay / first.samples);
	if (last && wanted < end) {
		const opening = frames[wanted];
		const count = opening ? borrowedBytes(stream, opening) : 0;
		const borrowed = soundBefore(stream, wanted, count);
		const lender = count === 0 ? last : borrowed && lend(last, borrowed);
		if (lender) {
			placed[placed.length - 1] = lender;
			start = wanted;
		}
	}
	for (const frame of frames.slice(start, Math.max(end, start + 1)))
		placed.push(place(stream, frame));
}

/** Frames without any sound data, which decode to silence. */
function silentFrames(after: PlacedFrame, gapMs: number): PlacedFrame[] {
	const { sampleRate, samples } = after.header;
	const count = Math.max(0, Math.round((gapMs / 1000) * (sampleRate / samples))) || 0;
	const silent = roomierHeader(after.bytes, after.header, 0);
	return silent ? Array.from({ length: count }, () => silent) : [];
}

/**
 * All frames of the joined file in order. Of the encoder's padding at a seam, what fills whole
 * frames is cut; the rest, under two frames and usually half of that, stays as near silence. `gapMs`
 * of silence stands at every seam, to the nearest frame.
 */
export function* placeFrames(streams: readonly Mp3Stream[], gapMs: number): Steps<PlacedFrame[]> {
	const placed: PlacedFrame[] = [];
	for (const [index, stream] of streams.entries()) {
		const last = placed.at(-1);
		if (last) placed.push(...silentFrames(last, gapMs));
		append(placed, stream, index === streams.length - 1);
		yield;
	}
	return placed;
}
