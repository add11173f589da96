// Headerless PCM: sample formats, layouts, conversion of Mistral's float32 to int16.

import { viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import type { Steps } from '../steps';

/** Little-endian, as in WAV; `uint8` is unsigned with silence at 128. */
export type SampleType = 'uint8' | 'int16' | 'int24' | 'int32' | 'float32';

export interface PcmLayout {
	sampleType: SampleType;
	/** In Hz. */
	sampleRate: number;
	channels: number;
}

/** What Mistral's speech endpoint sends for `response_format: pcm`. */
export const MISTRAL_PCM: PcmLayout = { sampleType: 'float32', sampleRate: 24_000, channels: 1 };

export const SAMPLE_BYTES: Readonly<Record<SampleType, number>> = {
	uint8: 1,
	int16: 2,
	int24: 3,
	int32: 4,
	float32: 4,
};

type ReadSample = (view: DataView, offset: number) => number;

export const readInt24: ReadSample = (view, offset) =>
	view.getUint8(offset) | (view.getUint8(offset + 1) << 8) | (view.getInt8(offset + 2) << 16);

/** Sample readers, normalised to -1 to 1. */
export const readSample: Readonly<Record<SampleType, ReadSample>> = {
	uint8: (view, offset) => (view.getUint8(offset) - 128) / 128,
	int16: (view, offset) => view.getInt16(offset, true) / 32_768,
	int24: (view, offset) => readInt24(view, offset) / 8_388_608,
	int32: (view, offset) => view.getInt32(offset, true) / 2_147_483_648,
	float32: (view, offset) => view.getFloat32(offset, true),
};

/** Bytes of one sample of every channel. */
export const frameBytesOf = ({ sampleType, channels }: PcmLayout): number =>
	SAMPLE_BYTES[sampleType] * channels;

export function pcmDurationSeconds(bytes: Uint8Array, layout: PcmLayout = MISTRAL_PCM): number {
	return Math.floor(bytes.length / frameBytesOf(layout)) / layout.sampleRate;
}

/** Clamps to [-1, 1]; NaN and infinities, which would be a loud click, become silence. */
export const toInt16 = (sample: number): number =>
	Number.isFinite(sample) ? Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))) : 0;

/** Little-endian float32 bytes to little-endian int16 bytes; a broken last sample is dropped. */
export function int16FromFloat32(float32: Uint8Array): Uint8Array {
	const count = Math.floor(float32.length / 4);
	const source = viewOf(float32);
	const int16 = new Uint8Array(count * 2);
	const target = viewOf(int16);
	for (let index = 0; index < count; index++) {
		target.setInt16(index * 2, toInt16(source.getFloat32(index * 4, true)), true);
	}
	return int16;
}

/** Bytes copied or converted in one step: a millisecond or two of computing. */
export const STEP_BYTES = 2 ** 19;

/** Copies `source` into `target` from `offset` on, part by part, each converted on the way. */
export function* copyInSteps(
	target: Uint8Array,
	offset: number,
	source: Uint8Array,
	convert = (part: Uint8Array): Uint8Array => part,
): Steps<void> {
	let written = offset;
	for (let start = 0; start < source.length; start += STEP_BYTES) {
		const part = convert(source.subarray(start, start + STEP_BYTES));
		target.set(part, written);
		written += part.length;
		yield;
	}
}

/**
 * Guesses the sample format of headerless speech. Speech as float32 stays near [-1, 1]; int16 samples
 * read as float32 scatter over all magnitudes. Undefined for silence or too few samples.
 */
export function guessSampleType(bytes: Uint8Array): 'float32' | 'int16' | undefined {
	const words = Math.min(Math.floor(bytes.length / 4), 48_000);
	const view = viewOf(bytes);
	let heard = 0;
	let likeFloat = 0;
	for (let index = 0; index < words; index++) {
		if (view.getUint32(index * 4, true) === 0) continue;
		const magnitude = Math.abs(view.getFloat32(index * 4, true));
		heard++;
		if (magnitude > 1e-9 && magnitude < 8) likeFloat++;
	}
	if (heard < 64) return undefined;
	return likeFloat / heard > 0.95 ? 'float32' : 'int16';
}

export function assertSaneLayout({ sampleRate, channels }: PcmLayout): void {
	const isSane =
		Number.isInteger(sampleRate) && sampleRate > 0 && Number.isInteger(channels) && channels > 0;
	if (!isSane) {
		throw new AudioError('unreadable', `${channels} channels at ${sampleRate} Hz is not audio.`);
	}
}
