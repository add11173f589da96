// An MP3 file as a list of frames: tags and junk passed over, the Xing or Info frame read.
// Sources: ISO/IEC 11172-3, the Xing and LAME info tag as written by the encoders.

import { AudioError } from '../audio-error';
import {
	id3v2Bytes,
	isSameMp3Stream,
	type Mp3FrameHeader,
	mp3HeaderBytes,
	readMp3FrameHeader,
} from './mp3-frame';
import { viewOf } from '../pcm/pcm';
import type { Steps } from '../steps';

/** About a minute of speech: read or written within a few milliseconds. */
export const MP3_FRAMES_PER_STEP = 2500;

/** Samples an encoder put before and after the sound, from the LAME part of an info frame. */
export interface EncoderPadding {
	/** The encoder's name as it stands, nine bytes. */
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
	/** Frames of sound, whole ones only, without the info frame. Never empty. */
	frames: Mp3Frame[];
	first: Mp3FrameHeader;
	padding: EncoderPadding | undefined;
}

const latin1 = (bytes: Uint8Array, start: number, length: number): string =>
	Buffer.from(bytes.subarray(start, start + length)).toString('latin1');

/** Length of whatever tag stands at `offset`: ID3v2, ID3v1 or APE. */
function tagBytes(bytes: Uint8Array, offset: number): number {
	const id3 = id3v2Bytes(bytes, offset);
	const isLetterTOrA = bytes[offset] === 0x54 || bytes[offset] === 0x41;
	if (id3 > 0 || !isLetterTOrA) return id3;
	if (latin1(bytes, offset, 3) === 'TAG' && offset + 128 === bytes.length) return 128;
	if (latin1(bytes, offset, 8) !== 'APETAGEX' || offset + 32 > bytes.length) return 0;
	return 32 + viewOf(bytes).getUint32(offset + 12, true);
}

/** After lost synchronisation, a header only counts when another one, a tag or the end follows it. */
function isConfirmed(bytes: Uint8Array, offset: number, header: Mp3FrameHeader): boolean {
	const next = offset + header.frameBytes;
	if (next === bytes.length || (next < bytes.length && tagBytes(bytes, next) > 0)) return true;
	const following = readMp3FrameHeader(bytes, next);
	return following !== undefined && isSameMp3Stream(header, following);
}

/** "Xing" and "Info" as numbers: asked of every frame, so no text is made of it. */
const infoTags = new Set([0x5869_6e67, 0x496e_666f]);

/** Where the Xing or Info tag of an info frame begins, 0 when the frame is one of sound. */
function infoTagOffset(view: DataView, { offset, header }: Mp3Frame): number {
	const afterSideInfo = offset + mp3HeaderBytes + header.sideInfoBytes;
	const isInside = afterSideInfo + 4 <= view.byteLength;
	return isInside && infoTags.has(view.getUint32(afterSideInfo)) ? afterSideInfo : 0;
}

const isVbriFrame = (bytes: Uint8Array, { offset }: Mp3Frame): boolean =>
	latin1(bytes, offset + mp3HeaderBytes + 32, 4) === 'VBRI';

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

/** Every whole frame, info frames included. Tags and junk between frames are skipped. */
function* walkFrames(bytes: Uint8Array): Generator<Mp3Frame> {
	let first: Mp3FrameHeader | undefined;
	let isInSync = false;
	for (let at = 0; at + mp3HeaderBytes <= bytes.length; ) {
		const header = readMp3FrameHeader(bytes, at);
		const isNext =
			header !== undefined &&
			at + header.frameBytes <= bytes.length &&
			(first === undefined || isSameMp3Stream(first, header)) &&
			(isInSync || isConfirmed(bytes, at, header));
		if (isNext) {
			yield { offset: at, header };
			first ??= header;
			at += header.frameBytes;
			isInSync = true;
			continue;
		}
		const skipped = tagBytes(bytes, at);
		isInSync = skipped > 0 && isInSync;
		at += skipped || 1;
	}
}

/** Whole frames of audio: neither Xing, Info nor VBRI. */
function* audioFrames(bytes: Uint8Array): Generator<Mp3Frame> {
	const view = viewOf(bytes);
	let isOpening = true;
	for (const frame of walkFrames(bytes)) {
		const isVbri = isOpening && isVbriFrame(bytes, frame);
		isOpening = false;
		if (!isVbri && infoTagOffset(view, frame) === 0) yield frame;
	}
}

interface Mp3Index {
	padding?: EncoderPadding | undefined;
	/** Frames of audio; undefined unless the index was written for a file of this very length. */
	frameCount?: number | undefined;
}

/** What the opening frame says about the file, where it is a Xing or Info frame. */
function readIndex(bytes: Uint8Array): Mp3Index {
	const [opening] = walkFrames(bytes);
	if (!opening) throw new AudioError('unreadable', 'This is not an MP3 file.');
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

/** @throws {AudioError} `unreadable` when no frame of MPEG layer III is there */
export function* readMp3(bytes: Uint8Array): Steps<Mp3Stream> {
	const { padding } = readIndex(bytes);
	const frames: Mp3Frame[] = [];
	for (const frame of audioFrames(bytes)) {
		frames.push(frame);
		if (frames.length % MP3_FRAMES_PER_STEP === 0) yield;
	}
	const [first] = frames;
	if (!first) throw new AudioError('unreadable', 'This MP3 file holds no sound.');
	return { bytes, frames, first: first.header, padding };
}

/** How long it sounds when played without the encoder's padding. */
export function mp3DurationSeconds(bytes: Uint8Array): number {
	const { padding, frameCount } = readIndex(bytes);
	const [first] = audioFrames(bytes);
	if (!first) throw new AudioError('unreadable', 'This MP3 file holds no sound.');
	// Hours of speech have hundreds of thousands of frames: they are counted only without a true index.
	const frames = frameCount ?? [...audioFrames(bytes)].length;
	const silent = padding ? padding.delaySamples + padding.paddingSamples : 0;
	const samples = frames * first.header.samples;
	return (silent < samples ? samples - silent : samples) / first.header.sampleRate;
}

/** How many bytes of earlier frames this one's sound begins in (`main_data_begin`). */
export function borrowedBytes({ bytes }: Mp3Stream, { offset, header }: Mp3Frame): number {
	const start = offset + mp3HeaderBytes + (header.hasCrc ? 2 : 0);
	const [high = 0, low = 0] = bytes.subarray(start, start + 2);
	return header.version === 1 ? (high << 1) | (low >> 7) : high;
}
