// Joins MP3 files into one with a true info frame, so that players show and seek the right time.

import { AudioError } from '../audio-error';
import { isSameMp3Stream } from '../containers/mp3-frame';
import { blankInfoFrame, emptyFrame, fillInfoFrame, type PlacedFrame } from './mp3-info-frame';
import {
	type EncoderPadding,
	MP3_FRAMES_PER_STEP,
	type Mp3Stream,
	readMp3,
} from '../containers/mp3-stream';
import type { Steps } from '../steps';

/** What every layer III decoder adds to the encoder's own delay. */
const DECODER_DELAY_SAMPLES = 529;

/** LAME's delay, which nearly every MP3 has, for pieces that do not state theirs. */
const USUAL_DELAY_SAMPLES = 576;

/** Whole frames of encoder padding at the end of a stream. */
function paddingFrames({ padding, first }: Mp3Stream): number {
	const samples = (padding?.paddingSamples ?? 0) - DECODER_DELAY_SAMPLES;
	return Math.max(0, Math.floor(samples / first.samples));
}

/** Whole frames of encoder delay at the start of a stream. */
function delayFrames({ padding, first }: Mp3Stream): number {
	const samples = (padding?.delaySamples ?? USUAL_DELAY_SAMPLES) + DECODER_DELAY_SAMPLES;
	return Math.floor(samples / first.samples);
}

/**
 * All frames of the joined file in order. At a join point whole frames of encoder padding are cut. The
 * encoder delay stays, because later frames keep part of their data in its frames (the bit reservoir);
 * it is near silence and counts towards `gapMs`. See docs/decisions/0011.
 */
function* placeFrames(streams: readonly Mp3Stream[], gapMs: number): Steps<PlacedFrame[]> {
	const placed: PlacedFrame[] = [];
	for (const [index, stream] of streams.entries()) {
		const { bytes, frames, first } = stream;
		const last = placed.at(-1);
		const silent = last && emptyFrame(last);
		if (silent) {
			const gapFrames = Math.round((gapMs / 1000) * (first.sampleRate / first.samples)) || 0;
			for (let count = gapFrames - delayFrames(stream); count > 0; count--) placed.push(silent);
		}
		const cut = index === streams.length - 1 ? 0 : paddingFrames(stream);
		for (const { offset, header } of frames.slice(0, Math.max(1, frames.length - cut))) {
			placed.push({ header, bytes: bytes.subarray(offset, offset + header.frameBytes) });
		}
		yield;
	}
	return placed;
}

/** Delay of the first stream, padding of the last. */
function outerPadding(streams: readonly Mp3Stream[]): EncoderPadding | undefined {
	const opening = streams[0]?.padding;
	const paddingSamples = streams.at(-1)?.padding?.paddingSamples ?? 0;
	return opening && { ...opening, paddingSamples };
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
	const first = streams[0]?.first;
	const differing = streams.findIndex(
		(stream) =>
			first && (!isSameMp3Stream(stream.first, first) || stream.first.channels !== first.channels),
	);
	if (differing > 0) {
		const piece = `Piece ${differing + 1} of ${pieces.length}`;
		throw new AudioError('mismatched', `${piece} has another sample rate or channel count.`);
	}
	const frames = yield* placeFrames(streams, gapMs);
	const [opening] = frames;
	if (!opening) throw new AudioError('unreadable', 'There is no sound to join.');
	const infoFrame = blankInfoFrame(opening);
	const audioBytes = frames.reduce((total, { bytes }) => total + bytes.length, 0);
	const file = new Uint8Array(infoFrame.bytes.length + audioBytes);
	const frameOffsets: number[] = [];
	let at = infoFrame.bytes.length;
	for (const { bytes } of frames) {
		frameOffsets.push(at);
		file.set(bytes, at);
		at += bytes.length;
		if (frameOffsets.length % MP3_FRAMES_PER_STEP === 0) yield;
	}
	fillInfoFrame(infoFrame, {
		frameOffsets,
		fileBytes: file.length,
		isConstantBitrate: frames.every(
			({ header }) => header.bitrateKbps === opening.header.bitrateKbps,
		),
		padding: outerPadding(streams),
	});
	file.set(infoFrame.bytes);
	return file;
}
