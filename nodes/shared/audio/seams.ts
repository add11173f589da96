// Puts runs of samples one after another so that nobody hears where they meet.

import { frameBytesOf, type PcmLayout, sampleBytes, type SampleType, viewOf } from './pcm';

/** A jump larger than this (-40 dBFS) between neighbouring samples of two pieces is heard as a click. */
const largestQuietStep = 0.01;
const fadeMs = 4;

interface SampleAccess {
	/** -1 to 1. */
	read(view: DataView, offset: number): number;
	scale(view: DataView, offset: number, gain: number): void;
}

const readInt24 = (view: DataView, offset: number): number =>
	view.getUint8(offset) | (view.getUint8(offset + 1) << 8) | (view.getInt8(offset + 2) << 16);

const access: Readonly<Record<SampleType, SampleAccess>> = {
	uint8: {
		read: (view, offset) => (view.getUint8(offset) - 128) / 128,
		scale: (view, offset, gain) =>
			view.setUint8(offset, 128 + Math.round((view.getUint8(offset) - 128) * gain)),
	},
	int16: {
		read: (view, offset) => view.getInt16(offset, true) / 32_768,
		scale: (view, offset, gain) =>
			view.setInt16(offset, Math.round(view.getInt16(offset, true) * gain), true),
	},
	int24: {
		read: (view, offset) => readInt24(view, offset) / 8_388_608,
		scale: (view, offset, gain) => {
			const scaled = Math.round(readInt24(view, offset) * gain);
			view.setInt16(offset, scaled & 0xffff, true);
			view.setInt8(offset + 2, scaled >> 16);
		},
	},
	int32: {
		read: (view, offset) => view.getInt32(offset, true) / 2_147_483_648,
		scale: (view, offset, gain) =>
			view.setInt32(offset, Math.round(view.getInt32(offset, true) * gain), true),
	},
	float32: {
		read: (view, offset) => view.getFloat32(offset, true),
		scale: (view, offset, gain) =>
			view.setFloat32(offset, view.getFloat32(offset, true) * gain, true),
	},
};

export const gapFrames = (gapMs: number, { sampleRate }: PcmLayout): number =>
	Math.max(0, Math.round((gapMs / 1000) * sampleRate)) || 0;

/** Length of what {@link writeJoined} writes, in bytes. */
export function joinedBytes(
	pieces: readonly Uint8Array[],
	layout: PcmLayout,
	gapMs: number,
): number {
	const gapBytes = gapFrames(gapMs, layout) * frameBytesOf(layout);
	const gaps = Math.max(0, pieces.length - 1);
	return pieces.reduce((total, piece) => total + piece.length, gaps * gapBytes);
}

/** Do the frames at these two offsets differ by more than an ear forgives? No offset means silence. */
function isStepLoud(
	view: DataView,
	layout: PcmLayout,
	one: number | undefined,
	other: number | undefined,
): boolean {
	const { read } = access[layout.sampleType];
	for (let channel = 0; channel < layout.channels; channel++) {
		const shift = channel * sampleBytes[layout.sampleType];
		const before = one === undefined ? 0 : read(view, one + shift);
		const after = other === undefined ? 0 : read(view, other + shift);
		if (Math.abs(before - after) > largestQuietStep) return true;
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
	const { scale } = access[layout.sampleType];
	const frameBytes = frameBytesOf(layout);
	for (let frame = 0; frame < frames; frame++) {
		const frameOffset = silentOffset + direction * frame * frameBytes;
		for (let channel = 0; channel < layout.channels; channel++) {
			scale(view, frameOffset + channel * sampleBytes[layout.sampleType], frame / frames);
		}
	}
}

/**
 * Writes the pieces into `target` from `offset` on, with `gapMs` of silence between two. Where two
 * pieces (or a piece and the silence) meet with a jump above -40 dBFS, the last 4 ms before and the
 * first 4 ms after it are faded to silence; no sample is added, dropped or otherwise touched.
 * Every piece must hold whole frames.
 */
export function writeJoined(
	target: Uint8Array,
	offset: number,
	pieces: readonly Uint8Array[],
	layout: PcmLayout,
	gapMs: number,
): void {
	const view = viewOf(target);
	const frameBytes = frameBytesOf(layout);
	const gapBytes = gapFrames(gapMs, layout) * frameBytes;
	const fadeFrames = Math.round((fadeMs / 1000) * layout.sampleRate);
	const fadeFor = (bytes: number) => Math.min(fadeFrames, Math.ceil(bytes / frameBytes / 2));
	let at = offset;
	let previousBytes = 0;
	let gapsOwed = 0;
	for (const [index, piece] of pieces.entries()) {
		if (index > 0) {
			if (layout.sampleType === 'uint8') target.fill(128, at, at + gapBytes);
			at += gapBytes;
			gapsOwed += gapBytes;
		}
		if (piece.length === 0) continue;
		target.set(piece, at);
		if (previousBytes > 0) {
			const last = at - gapsOwed - frameBytes;
			const hasGap = gapsOwed > 0;
			const endIsLoud = isStepLoud(view, layout, last, hasGap ? undefined : at);
			const startIsLoud = hasGap ? isStepLoud(view, layout, undefined, at) : endIsLoud;
			if (endIsLoud) fade(view, layout, last, fadeFor(previousBytes), -1);
			if (startIsLoud) fade(view, layout, at, fadeFor(piece.length), 1);
		}
		at += piece.length;
		previousBytes = piece.length;
		gapsOwed = 0;
	}
}

/** Joins headerless pieces of one layout; a broken last frame of a piece is dropped. */
export function joinPcm(pieces: readonly Uint8Array[], layout: PcmLayout, gapMs = 0): Uint8Array {
	const frameBytes = frameBytesOf(layout);
	const whole = pieces.map((piece) =>
		piece.subarray(0, piece.length - (piece.length % frameBytes)),
	);
	const joined = new Uint8Array(joinedBytes(whole, layout, gapMs));
	writeJoined(joined, 0, whole, layout, gapMs);
	return joined;
}
