// Joins PCM samples, with a short fade where a join point would click.

import { viewOf } from '../byte-reading';
import type { JoinPlan } from './pauses';
import {
	copyInSteps,
	frameBytesOf,
	type PcmLayout,
	readInt24,
	readSample,
	SAMPLE_BYTES,
	type SampleType,
} from '../pcm/pcm';
import type { Steps } from '../steps';

/** A step larger than this (-40 dBFS) between neighbouring samples of two pieces is audible as a click. */
const LARGEST_QUIET_STEP = 0.01;
const FADE_MS = 4;

type Scale = (view: DataView, offset: number, gain: number) => void;

const scaleSample: Readonly<Record<SampleType, Scale>> = {
	uint8: (view, offset, gain) =>
		view.setUint8(offset, 128 + Math.round((view.getUint8(offset) - 128) * gain)),
	int16: (view, offset, gain) =>
		view.setInt16(offset, Math.round(view.getInt16(offset, true) * gain), true),
	int24: (view, offset, gain) => {
		const scaled = Math.round(readInt24(view, offset) * gain);
		view.setInt16(offset, scaled & 0xffff, true);
		view.setInt8(offset + 2, scaled >> 16);
	},
	int32: (view, offset, gain) =>
		view.setInt32(offset, Math.round(view.getInt32(offset, true) * gain), true),
	float32: (view, offset, gain) =>
		view.setFloat32(offset, view.getFloat32(offset, true) * gain, true),
};

/** Length of what {@link writeJoined} writes, in bytes. */
export function joinedBytes({ pieces, gapFrames }: JoinPlan, layout: PcmLayout): number {
	const gaps = gapFrames.reduce((total, frames) => total + frames, 0);
	return pieces.reduce((total, piece) => total + piece.length, gaps * frameBytesOf(layout));
}

/** Whether the step between the frames at these two offsets would click. No offset means silence. */
function isStepLoud(
	view: DataView,
	layout: PcmLayout,
	one: number | undefined,
	other: number | undefined,
): boolean {
	const read = readSample[layout.sampleType];
	for (let channel = 0; channel < layout.channels; channel++) {
		const shift = channel * SAMPLE_BYTES[layout.sampleType];
		const before = one === undefined ? 0 : read(view, one + shift);
		const after = other === undefined ? 0 : read(view, other + shift);
		if (Math.abs(before - after) > LARGEST_QUIET_STEP) return true;
	}
	return false;
}

/** Scales frames from silence at `silentOffset` up to full level, walking in the given direction. */
function fade(
	view: DataView,
	layout: PcmLayout,
	silentOffset: number,
	frames: number,
	direction: 1 | -1,
): void {
	const scale = scaleSample[layout.sampleType];
	const frameBytes = frameBytesOf(layout);
	for (let frame = 0; frame < frames; frame++) {
		const frameOffset = silentOffset + direction * frame * frameBytes;
		for (let channel = 0; channel < layout.channels; channel++) {
			scale(view, frameOffset + channel * SAMPLE_BYTES[layout.sampleType], frame / frames);
		}
	}
}

/**
 * Writes the pieces of a plan into `target` from `offset` on, with its silence between them. At a step
 * above -40 dBFS between two pieces (or a piece and silence) the last 4 ms before and the first 4 ms
 * after it are faded; no sample is added, dropped or otherwise changed.
 */
export function* writeJoined(
	target: Uint8Array,
	offset: number,
	{ pieces, gapFrames }: JoinPlan,
	layout: PcmLayout,
): Steps<void> {
	const view = viewOf(target);
	const frameBytes = frameBytesOf(layout);
	const fadeFrames = Math.round((FADE_MS / 1000) * layout.sampleRate);
	const fadeFor = (bytes: number) => Math.min(fadeFrames, Math.ceil(bytes / frameBytes / 2));
	let at = offset;
	let previousBytes = 0;
	let silentBytes = 0;
	for (const [index, piece] of pieces.entries()) {
		const gapBytes = (gapFrames[index - 1] ?? 0) * frameBytes;
		if (layout.sampleType === 'uint8') target.fill(128, at, at + gapBytes);
		at += gapBytes;
		silentBytes += gapBytes;
		if (piece.length === 0) continue;
		yield* copyInSteps(target, at, piece);
		if (previousBytes > 0) {
			const last = at - silentBytes - frameBytes;
			const hasGap = silentBytes > 0;
			const endIsLoud = isStepLoud(view, layout, last, hasGap ? undefined : at);
			const startIsLoud = hasGap ? isStepLoud(view, layout, undefined, at) : endIsLoud;
			if (endIsLoud) fade(view, layout, last, fadeFor(previousBytes), -1);
			if (startIsLoud) fade(view, layout, at, fadeFor(piece.length), 1);
		}
		at += piece.length;
		previousBytes = piece.length;
		silentBytes = 0;
	}
}

/** Joins headerless samples. */
export function* joinPcm(plan: JoinPlan, layout: PcmLayout): Steps<Uint8Array> {
	const joined = new Uint8Array(joinedBytes(plan, layout));
	yield* writeJoined(joined, 0, plan, layout);
	return joined;
}
