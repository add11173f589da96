// Joins MP3 files into one with a true info frame, so that players show and seek the right time.

import { AudioError } from '../audio-error';
import { isSameMp3Stream } from '../containers/mp3-frame';
import { blankInfoFrame, emptyFrame, fillInfoFrame, type PlacedFrame } from './mp3-info-frame';
import { type EncoderPadding, type Mp3Stream, readMp3 } from '../containers/mp3-stream';
import { copyInSteps } from '../pcm/pcm';
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

/** Frames that stand one after another, copied at once. */
interface FrameRun {
	bytes: Uint8Array;
	/** Where each frame begins in `bytes`. */
	offsets: number[];
}

/** The first `count` frames of a stream; junk and tags between frames part the runs. */
function frameRuns({ bytes, frames }: Mp3Stream, count: number): FrameRun[] {
	const runs: FrameRun[] = [];
	let begin = 0;
	let end = -1;
	let offsets: number[] = [];
	for (let index = 0; index < count; index++) {
		const frame = frames[index];
		if (!frame) break;
		if (frame.offset !== end) {
			if (offsets.length > 0) runs.push({ bytes: bytes.subarray(begin, end), offsets });
			begin = frame.offset;
			offsets = [];
		}
		offsets.push(frame.offset - begin);
		end = frame.offset + frame.header.frameBytes;
	}
	runs.push({ bytes: bytes.subarray(begin, end), offsets });
	return runs;
}

/**
 * All frames of the joined file in order. At a join point whole frames of encoder padding are cut. The
 * encoder delay stays, because later frames keep part of their data in its frames (the bit reservoir);
 * it is near silence and counts towards `gapMs`. See docs/decisions/0011.
 */
function* placeFrames(streams: readonly Mp3Stream[], gapMs: number): Steps<FrameRun[]> {
	const placed: FrameRun[] = [];
	let last: PlacedFrame | undefined;
	for (const [index, stream] of streams.entries()) {
		const { frames, first } = stream;
		const silent = last && emptyFrame(last);
		if (silent) {
			const gapFrames = Math.round((gapMs / 1000) * (first.sampleRate / first.samples)) || 0;
			const pause = { bytes: silent.bytes, offsets: [0] };
			for (let count = gapFrames - delayFrames(stream); count > 0; count--) placed.push(pause);
		}
		const cut = index === streams.length - 1 ? 0 : paddingFrames(stream);
		const count = Math.max(1, frames.length - cut);
		for (const run of frameRuns(stream, count)) placed.push(run);
		last = placedFrame(stream, count - 1);
		yield;
	}
	return placed;
}

function placedFrame({ bytes, frames }: Mp3Stream, index: number): PlacedFrame | undefined {
	const frame = frames[index];
	if (!frame) return undefined;
	const { offset, header } = frame;
	return { header, bytes: bytes.subarray(offset, offset + header.frameBytes) };
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
	const [opening] = streams;
	const template = opening && placedFrame(opening, 0);
	if (!template) throw new AudioError('unreadable', 'There is no sound to join.');
	const runs = yield* placeFrames(streams, gapMs);
	const infoFrame = blankInfoFrame(template);
	const audioBytes = runs.reduce((total, { bytes }) => total + bytes.length, 0);
	const file = new Uint8Array(infoFrame.bytes.length + audioBytes);
	const frameOffsets: number[] = [];
	let at = infoFrame.bytes.length;
	for (const { bytes, offsets } of runs) {
		for (const offset of offsets) frameOffsets.push(at + offset);
		yield* copyInSteps(file, at, bytes);
		at += bytes.length;
	}
	const { bitrateKbps } = template.header;
	fillInfoFrame(infoFrame, {
		frameOffsets,
		fileBytes: file.length,
		isConstantBitrate: streams.every(({ frames }) =>
			frames.every(({ header }) => header.bitrateKbps === bitrateKbps),
		),
		padding: outerPadding(streams),
	});
	file.set(infoFrame.bytes);
	return file;
}
