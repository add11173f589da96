// Resamples audio with a windowed-sinc polyphase filter, block by block, and makes 8 kHz WAV files for telephone lines.

import { viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import type { Steps } from '../steps';
import { readSample, SAMPLE_BYTES, toInt16 } from './pcm';
import { pcmWavFile, readWav, type WavInfo } from '../containers/wav';

/** Telephone lines (ITU-T G.711) take 8,000 samples a second. */
const PHONE_RATE = 8000;
/** A header with a rate outside of this range is damaged, and the filter or the result would grow beyond all bounds. */
const PLAUSIBLE_RATES = { least: 2_000, most: 768_000 };

/** Zero crossings of the sinc on each side; more make the filter steeper and slower. */
const ZERO_CROSSINGS = 24;
/** Middle of the filter's slope as a share of half the lower rate: full level to 3.2 kHz, silence from 4.1 kHz on. */
const CUTOFF_SHARE = 0.915;

/** Multiplications for one block of output: one to two milliseconds of computing. */
export const BLOCK_WORK = 2 ** 20;
/** Computing a weight of the filter takes as long as so many multiplications. */
const WEIGHT_WORK = 32;

/** Audio of one channel that is read as it is needed. */
export interface MonoSource {
	readonly frames: number;
	readonly sampleRate: number;
	/** How many multiplications reading a frame is worth. */
	readonly frameWork: number;
	/** Fills `target` with samples from -1 to 1, from frame `start` on; frames outside of the source are 0. */
	read(target: Float32Array, start: number): void;
}

/** Channels are mixed down to one; NaN and infinities become silence. */
function mixdown({ data, sampleType, sampleRate, channels, blockBytes }: WavInfo): MonoSource {
	if (sampleType !== 'int16' && sampleType !== 'float32') {
		throw new AudioError(
			'unreadable',
			'Only 16-bit and float WAV can be made ready for the telephone.',
		);
	}
	const view = viewOf(data);
	const readOne = readSample[sampleType];
	const frames = Math.floor(data.length / blockBytes);
	return {
		frames,
		sampleRate,
		frameWork: channels,
		read(target, start) {
			const end = Math.min(target.length, frames - start);
			for (let index = Math.max(0, -start); index < end; index++) {
				const frameOffset = (start + index) * blockBytes;
				let sum = 0;
				for (let channel = 0; channel < channels; channel++) {
					sum += readOne(view, frameOffset + channel * SAMPLE_BYTES[sampleType]);
				}
				target[index] = Number.isFinite(sum) ? sum / channels : 0;
			}
		},
	};
}

interface PolyphaseFilter {
	/** Weights that each output sample takes. */
	readonly taps: number;
	/** Source frames that the filter reaches back from the position of an output sample. */
	readonly lead: number;
	/** The weights for a position `phase / up` after a source frame. */
	makeRow(phase: number): Float32Array;
}

/** Blackman-windowed sinc: anti-alias filter and interpolation in one. */
function polyphaseFilter(up: number, down: number): PolyphaseFilter {
	if (up === down) return { taps: 1, lead: 0, makeRow: () => Float32Array.of(1) };
	const cutoff = CUTOFF_SHARE * Math.min(1, up / down);
	const reach = Math.ceil(ZERO_CROSSINGS / cutoff);
	const taps = reach * 2;
	const makeRow = (phase: number): Float32Array => {
		const row = new Float32Array(taps);
		let sum = 0;
		for (let tap = 0; tap < taps; tap++) {
			const distance = tap - reach + 1 - phase / up;
			const angle = Math.PI * distance * cutoff;
			const turn = (Math.PI * distance) / reach;
			const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn);
			row[tap] = (angle === 0 ? 1 : Math.sin(angle) / angle) * window;
			sum += row[tap] ?? 0;
		}
		return row.map((weight) => weight / sum);
	};
	return { taps, lead: reach - 1, makeRow };
}

function applyRow(row: Float32Array, window: Float32Array, start: number): number {
	let sum = 0;
	for (let tap = 0; tap < row.length; tap++) sum += (window[start + tap] ?? 0) * (row[tap] ?? 0);
	return sum;
}

const greatestCommonDivisor = (one: number, other: number): number =>
	other === 0 ? one : greatestCommonDivisor(other, one % other);

/** As long as the source to within half a sample. */
export const resampledFrames = ({ frames, sampleRate }: MonoSource, toRate: number): number =>
	Math.round((frames * toRate) / sampleRate);

/** Changes the sample rate. The output comes in blocks that take {@link BLOCK_WORK} at most. */
export function* resample(source: MonoSource, toRate: number): Generator<Float32Array, void> {
	const divisor = greatestCommonDivisor(source.sampleRate, toRate);
	const up = toRate / divisor;
	const down = source.sampleRate / divisor;
	const { taps, lead, makeRow } = polyphaseFilter(up, down);
	const frames = resampledFrames(source, toRate);
	const windowStartOf = (index: number): number => Math.floor((index * down) / up) - lead;
	/** Phases recur after `up` samples. */
	const rows: Float32Array[] = [];
	let window = new Float32Array(0);
	let windowStart = 0;
	for (let start = 0; start < frames; ) {
		const rowWork = taps * (rows.length < up ? WEIGHT_WORK : 1);
		const sampleWork = rowWork + source.frameWork * (down / up);
		const length = Math.max(1, Math.floor(BLOCK_WORK / sampleWork));
		const block = new Float32Array(Math.min(length, frames - start));
		// What the last block read is kept, so that no frame is read twice.
		const known = window.subarray(windowStartOf(start) - windowStart);
		windowStart = windowStartOf(start);
		window = new Float32Array(windowStartOf(start + block.length - 1) + taps - windowStart);
		window.set(known);
		source.read(window.subarray(known.length), windowStart + known.length);
		for (let index = start; index < start + block.length; index++) {
			const row = (rows[index % up] ??= makeRow((index * down) % up));
			block[index - start] = applyRow(row, window, windowStartOf(index) - windowStart);
		}
		start += block.length;
		yield block;
	}
}

/** Any 16-bit or float WAV as 8 kHz, 16-bit, mono. @throws {AudioError} `unreadable` */
export function* toPhoneWav(wav: Uint8Array): Steps<Uint8Array> {
	const info = readWav(wav);
	if (info.sampleRate < PLAUSIBLE_RATES.least || info.sampleRate > PLAUSIBLE_RATES.most) {
		throw new AudioError('unreadable', `Nothing is recorded at ${info.sampleRate} Hz.`);
	}
	const source = mixdown(info);
	const { file, dataOffset } = pcmWavFile(resampledFrames(source, PHONE_RATE), PHONE_RATE, 1);
	const view = viewOf(file);
	let offset = dataOffset;
	for (const block of resample(source, PHONE_RATE)) {
		for (const sample of block) {
			view.setInt16(offset, toInt16(sample), true);
			offset += 2;
		}
		yield;
	}
	return file;
}
