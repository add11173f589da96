// MP3 demuxer: the frames of a file without tags and junk, and what its Xing or Info frame states.
// Sources: ISO/IEC 11172-3, the Xing and LAME info tag as written by the encoders.

import { latin1, viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import {
	id3v2Bytes,
	isSameMp3Stream,
	type Mp3FrameHeader,
	MP3_HEADER_BYTES,
	readMp3FrameHeader,
} from './mp3-frame';
import type { Steps } from '../steps';

/** About a minute of speech: read or written within a few milliseconds. */
const MP3_FRAMES_PER_STEP = 2500;

/** Encoder delay and padding in samples, from the LAME part of an info frame. */
export interface EncoderPadding {
	/** The encoder's name, nine bytes. */
	encoder: Uint8Array;
	delaySamples: number;
	paddingSamples: number;
}

export interface Mp3Frame {
	offset: number;
	header: Mp3FrameHeader;
}

export interface Mp3Stream {
	bytes: Uint8Array;
	/** Whole frames of audio, without the info frame. Never empty. */
	frames: Mp3Frame[];
	first: Mp3FrameHeader;
	padding: EncoderPadding | undefined;
}

/** Length of an ID3v2, ID3v1 or APE tag at `offset`, 0 when there is none. */
function tagBytes(bytes: Uint8Array, offset: number): number {
	const id3 = id3v2Bytes(bytes, offset);
	const isLetterTOrA = bytes[offset] === 0x54 || bytes[offset] === 0x41;
	if (id3 > 0 || !isLetterTOrA) return id3;
	if (latin1(bytes, offset, 3) === 'TAG' && offset + 128 === bytes.length) return 128;
	if (latin1(bytes, offset, 8) !== 'APETAGEX' || offset + 32 > bytes.length) return 0;
	return 32 + viewOf(bytes).getUint32(offset + 12, true);
}

/** After loss of sync, a header is valid only when another one, a tag or the end follows it. */
function isConfirmed(bytes: Uint8Array, offset: number, header: Mp3FrameHeader): boolean {
	const next = offset + header.frameBytes;
	if (next === bytes.length || (next < bytes.length && tagBytes(bytes, next) > 0)) return true;
	const following = readMp3FrameHeader(bytes, next);
	return following !== undefined && isSameMp3Stream(header, following);
}

/** "Xing" and "Info" as numbers: compared for every frame, so without making a string. */
const INFO_TAGS = new Set([0x5869_6e67, 0x496e_666f]);

/** Where the Xing or Info tag of an info frame begins, 0 for a frame of audio. */
function infoTagOffset(view: DataView, { offset, header }: Mp3Frame): number {
	const afterSideInfo = offset + MP3_HEADER_BYTES + header.sideInfoBytes;
	const isInside = afterSideInfo + 4 <= view.byteLength;
	return isInside && INFO_TAGS.has(view.getUint32(afterSideInfo)) ? afterSideInfo : 0;
}

const isVbriFrame = (bytes: Uint8Array, { offset }: Mp3Frame): boolean =>
	latin1(bytes, offset + MP3_HEADER_BYTES + 32, 4) === 'VBRI';

function readEncoderPadding(bytes: Uint8Array, tag: number): EncoderPadding | undefined {
	const flags = bytes[tag + 7] ?? 0;
	const optionalBytes =
		((flags & 1) !== 0 ? 4 : 0) +
		((flags & 2) !== 0 ? 4 : 0) +
		((flags & 4) !== 0 ? 100 : 0) +
		((flags & 8) !== 0 ? 4 : 0);
	const start = tag + 8 + optionalBytes;
	if (!/^(?:LAME|Lav[cf])/.test(latin1(bytes, start, 4))) return undefined;
	const [high = 0, middle = 0, low = 0] = bytes.subarray(start + 21, start + 24);
	return {
		encoder: bytes.subarray(start, start + 9),
		delaySamples: (high << 4) | (middle >> 4),
		paddingSamples: ((middle & 15) << 8) | low,
	};
}

/** Reads frames in order, whole ones only. Tags and junk between them are skipped. */
class FrameReader {
	/** The first frame, of audio or not. */
	opening: Mp3Frame | undefined;
	private at = 0;
	private isInSync = false;
	private readonly view: DataView;

	constructor(private readonly bytes: Uint8Array) {
		this.view = viewOf(bytes);
	}

	/** The next frame of audio: neither Xing, Info nor VBRI. */
	nextAudio(): Mp3Frame | undefined {
		const { bytes, view } = this;
		let frame = this.next();
		if (frame && frame === this.opening && isVbriFrame(bytes, frame)) frame = this.next();
		while (frame && infoTagOffset(view, frame) > 0) frame = this.next();
		return frame;
	}

	private next(): Mp3Frame | undefined {
		const { bytes, opening } = this;
		while (this.at + MP3_HEADER_BYTES <= bytes.length) {
			const offset = this.at;
			const header = readMp3FrameHeader(bytes, offset);
			const isNext =
				header !== undefined &&
				offset + header.frameBytes <= bytes.length &&
				(opening === undefined || isSameMp3Stream(opening.header, header)) &&
				(this.isInSync || isConfirmed(bytes, offset, header));
			if (isNext) {
				const frame = { offset, header };
				this.opening ??= frame;
				this.at += header.frameBytes;
				this.isInSync = true;
				return frame;
			}
			const skipped = tagBytes(bytes, offset);
			this.isInSync = skipped > 0 && this.isInSync;
			this.at += skipped || 1;
		}
		return undefined;
	}
}

interface Mp3Index {
	padding?: EncoderPadding | undefined;
	/** Frames of audio; undefined unless the index was written for a file of this very length. */
	frameCount?: number | undefined;
}

/** What a Xing or Info frame at the start says about the file. */
function readIndex(bytes: Uint8Array, opening: Mp3Frame): Mp3Index {
	const view = viewOf(bytes);
	const tag = infoTagOffset(view, opening);
	if (tag === 0) return {};
	const countsFramesAndBytes = tag + 16 <= bytes.length && (view.getUint8(tag + 7) & 3) === 3;
	const isTrue = countsFramesAndBytes && view.getUint32(tag + 12) === bytes.length - opening.offset;
	return {
		padding: readEncoderPadding(bytes, tag),
		frameCount: isTrue ? view.getUint32(tag + 8) : undefined,
	};
}

/** The reader at the first frame of audio. @throws {AudioError} `unreadable` */
function openMp3(bytes: Uint8Array) {
	const reader = new FrameReader(bytes);
	const first = reader.nextAudio();
	if (!reader.opening) throw new AudioError('unreadable', 'This is not an MP3 file.');
	if (!first) throw new AudioError('unreadable', 'This MP3 file holds no sound.');
	return { reader, first, index: readIndex(bytes, reader.opening) };
}

/** @throws {AudioError} `unreadable` when no frame of MPEG layer III is there */
export function* readMp3(bytes: Uint8Array): Steps<Mp3Stream> {
	const { reader, first, index } = openMp3(bytes);
	const frames: Mp3Frame[] = [];
	for (let frame: Mp3Frame | undefined = first; frame; frame = reader.nextAudio()) {
		frames.push(frame);
		if (frames.length % MP3_FRAMES_PER_STEP === 0) yield;
	}
	return { bytes, frames, first: first.header, padding: index.padding };
}

/** Duration without encoder delay and padding. @throws {AudioError} `unreadable` */
export function mp3DurationSeconds(bytes: Uint8Array): number {
	const { reader, first, index } = openMp3(bytes);
	const { padding } = index;
	let frameCount = index.frameCount ?? 1;
	// An hour has 150,000 frames: they are counted only where no true index does.
	if (index.frameCount === undefined) while (reader.nextAudio()) frameCount++;
	const silent = padding ? padding.delaySamples + padding.paddingSamples : 0;
	const samples = frameCount * first.header.samples;
	return (silent < samples ? samples - silent : samples) / first.header.sampleRate;
}
