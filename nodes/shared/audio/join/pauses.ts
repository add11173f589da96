// Plans the silence at join points: a fixed gap, or pauses within a range.

import { viewOf } from '../byte-reading';
import type { Steps } from '../steps';
import { frameBytesOf, type PcmLayout, readSample, SAMPLE_BYTES } from '../pcm/pcm';

/** Samples below -50 dBFS count as silence. */
const QUIET_LEVEL = 0.003;

/** Pieces in order, and the frames of silence at each join point: one fewer than pieces. */
export interface JoinPlan {
	pieces: readonly Uint8Array[];
	gapFrames: readonly number[];
}

export interface PauseRange {
	leastMs: number;
	mostMs: number;
}

const toFrames = (milliseconds: number, { sampleRate }: PcmLayout): number =>
	Math.max(0, Math.round((milliseconds / 1000) * sampleRate)) || 0;

/** Drops an incomplete last frame, which would shift every frame after it. */
const wholeFrames = (piece: Uint8Array, frameBytes: number): Uint8Array =>
	piece.subarray(0, piece.length - (piece.length % frameBytes));

/** Keeps every sample, with the same silence at every join point. */
export function planGaps(
	pieces: readonly Uint8Array[],
	layout: PcmLayout,
	gapMs: number,
): JoinPlan {
	const frameBytes = frameBytesOf(layout);
	const gap = toFrames(gapMs, layout);
	return {
		pieces: pieces.map((piece) => wholeFrames(piece, frameBytes)),
		gapFrames: Array.from({ length: Math.max(0, pieces.length - 1) }, () => gap),
	};
}

interface QuietEnds {
	before: number;
	after: number;
}

/** Silent frames at both ends; a piece that is silent throughout counts half for each. */
function measureQuietEnds(piece: Uint8Array, layout: PcmLayout): QuietEnds {
	const view = viewOf(piece);
	const frameBytes = frameBytesOf(layout);
	const frames = piece.length / frameBytes;
	const isQuiet = (frame: number): boolean => {
		for (let channel = 0; channel < layout.channels; channel++) {
			const offset = frame * frameBytes + channel * SAMPLE_BYTES[layout.sampleType];
			if (Math.abs(readSample[layout.sampleType](view, offset)) > QUIET_LEVEL) return false;
		}
		return true;
	};
	let before = 0;
	while (before < frames && isQuiet(before)) before++;
	if (before === frames) return { before: Math.floor(frames / 2), after: Math.floor(frames / 2) };
	let after = 0;
	while (isQuiet(frames - 1 - after)) after++;
	return { before, after };
}

/**
 * Makes the pause at every join point, counted from speech to speech, no shorter than `leastMs` (silence is
 * added) and no longer than `mostMs` (silence is cut, never speech). Each side keeps half if it can.
 */
export function* planEvenPauses(
	pieces: readonly Uint8Array[],
	layout: PcmLayout,
	{ leastMs, mostMs }: PauseRange,
): Steps<JoinPlan> {
	const frameBytes = frameBytesOf(layout);
	const whole = pieces.map((piece) => wholeFrames(piece, frameBytes));
	const quiet: QuietEnds[] = [];
	for (const piece of whole) {
		quiet.push(measureQuietEnds(piece, layout));
		yield;
	}
	const least = toFrames(leastMs, layout);
	const most = Math.max(least, toFrames(mostMs, layout));
	const starts = whole.map(() => 0);
	const ends = whole.map((piece) => piece.length / frameBytes);
	const gapFrames: number[] = [];
	for (let join = 0; join + 1 < whole.length; join++) {
		const after = quiet[join]?.after ?? 0;
		const before = quiet[join + 1]?.before ?? 0;
		gapFrames.push(Math.max(0, least - after - before));
		if (after + before <= most) continue;
		const keptBefore = Math.min(before, Math.max(most - after, Math.floor(most / 2)));
		ends[join] = (ends[join] ?? 0) - (after - (most - keptBefore));
		starts[join + 1] = before - keptBefore;
	}
	return {
		pieces: whole.map((piece, index) =>
			piece.subarray((starts[index] ?? 0) * frameBytes, (ends[index] ?? 0) * frameBytes),
		),
		gapFrames,
	};
}
