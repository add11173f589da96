// Writes MP3 frames that hold no audio: silence, and the info frame from which players know duration and seek positions.
// Source: the Xing and LAME info tag as written by the encoders.

import { viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import {
	mp3Bitrates,
	mp3FrameBytes,
	type Mp3FrameHeader,
	MP3_HEADER_BYTES,
} from '../containers/mp3-frame';
import type { EncoderPadding } from '../containers/mp3-stream';

/** Tag, flags, frame count, byte count, seek table, quality, LAME part. */
const INFO_TAG_BYTES = 4 + 4 + 4 + 4 + 100 + 4 + 36;
const HAS_FRAMES_BYTES_TABLE_QUALITY = 15;

/** A frame as it stands in a joined file. */
export interface PlacedFrame {
	header: Mp3FrameHeader;
	bytes: Uint8Array;
}

/**
 * A frame without audio data, which decodes to silence: like `frame`, without checksum, at the lowest
 * bitrate from its own on that has room for `leastBytes`. Undefined when no bitrate has.
 */
export function emptyFrame(
	{ header, bytes: template }: PlacedFrame,
	leastBytes = 0,
): PlacedFrame | undefined {
	const { version, sampleRate } = header;
	const rates = mp3Bitrates(version);
	const index = rates.findIndex(
		(kbps) => kbps >= header.bitrateKbps && mp3FrameBytes(version, kbps, sampleRate) >= leastBytes,
	);
	const bitrateKbps = rates[index];
	if (bitrateKbps === undefined) return undefined;
	const frameBytes = mp3FrameBytes(version, bitrateKbps, sampleRate);
	const bytes = new Uint8Array(frameBytes);
	const [, second = 0, third = 0, fourth = 0] = template;
	bytes.set([0xff, second | 1, ((index + 1) << 4) | (third & 0x0d), fourth]);
	return { bytes, header: { ...header, bitrateKbps, frameBytes, hasCrc: false } };
}

/** What an info frame states. */
export interface Mp3Facts {
	/** Where every frame of audio begins in the file. */
	frameOffsets: readonly number[];
	fileBytes: number;
	isConstantBitrate: boolean;
	/** Encoder padding of the whole file; left out where the encoder of its beginning is unknown. */
	padding: EncoderPadding | undefined;
}

/** An info frame to be filled in by {@link fillInfoFrame}, its sides like those of `first`. */
export function blankInfoFrame(first: PlacedFrame): PlacedFrame {
	const leastBytes = MP3_HEADER_BYTES + first.header.sideInfoBytes + INFO_TAG_BYTES;
	const frame = emptyFrame(first, leastBytes);
	if (!frame) throw new AudioError('cannot-join', 'These MP3 files have no room for an index.');
	return frame;
}

export function fillInfoFrame({ bytes, header }: PlacedFrame, facts: Mp3Facts): void {
	const { frameOffsets, fileBytes, isConstantBitrate, padding } = facts;
	const view = viewOf(bytes);
	const tag = MP3_HEADER_BYTES + header.sideInfoBytes;
	bytes.set(Buffer.from(isConstantBitrate ? 'Info' : 'Xing', 'latin1'), tag);
	view.setUint32(tag + 4, HAS_FRAMES_BYTES_TABLE_QUALITY);
	view.setUint32(tag + 8, frameOffsets.length);
	view.setUint32(tag + 12, fileBytes);
	bytes.set(seekTable(frameOffsets, fileBytes), tag + 16);
	if (!padding) return;
	const { encoder, delaySamples, paddingSamples } = padding;
	const lame = tag + 120;
	bytes.set(encoder, lame);
	bytes.set(
		[delaySamples >> 4, ((delaySamples & 15) << 4) | (paddingSamples >> 8), paddingSamples & 0xff],
		lame + 21,
	);
	view.setUint32(lame + 28, fileBytes);
	view.setUint16(lame + 34, crc16(bytes.subarray(0, lame + 34)));
}

/** Offset, in 256ths of the file, of every hundredth of the duration. */
function seekTable(frameOffsets: readonly number[], fileBytes: number): number[] {
	return Array.from({ length: 100 }, (_, percent) => {
		const offset = frameOffsets[Math.floor((percent / 100) * frameOffsets.length)] ?? 0;
		return Math.min(255, Math.floor((offset / fileBytes) * 256));
	});
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
