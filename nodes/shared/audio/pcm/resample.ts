// Telephone sound: any 16-bit or float WAV becomes 8 kHz, 16-bit, mono, without a sound above what 8 kHz can carry.

import { AudioError } from '../audio-error';
import { sampleBytes, viewOf } from './pcm';
import { readWav, wrapPcm, type WavInfo } from '../containers/wav';

/** Telephone lines (ITU-T G.711) take 8,000 samples a second. */
export const phoneRate = 8000;
/** Outside of these a header is damaged, and the filter or the result would grow beyond all bounds. */
const possibleRates = { least: 2_000, most: 768_000 };

/** Zero crossings of the filter on each side; more make it steeper and slower. */
const crossings = 24;
/** Middle of the filter's slope as a share of half the lower rate: full level to 3.2 kHz, silence from 4.1 kHz on. */
const cutoffShare = 0.915;

const greatestCommonDivisor = (one: number, other: number): number =>
	other === 0 ? one : greatestCommonDivisor(other, one % other);

/** -1 to 1, channels mixed to one. */
function monoSamples({ data, sampleType, channels, blockBytes }: WavInfo): Float32Array {
	if (sampleType !== 'int16' && sampleType !== 'float32') {
		throw new AudioError(
			'unreadable',
			'Only 16-bit and float WAV can be made ready for the telephone.',
		);
	}
	const view = viewOf(data);
	const samples = new Float32Array(Math.floor(data.length / blockBytes));
	for (let frame = 0; frame < samples.length; frame++) {
		let sum = 0;
		for (let channel = 0; channel < channels; channel++) {
			const at = frame * blockBytes + channel * sampleBytes[sampleType];
			sum += sampleType === 'int16' ? view.getInt16(at, true) / 32_768 : view.getFloat32(at, true);
		}
		samples[frame] = Number.isFinite(sum) ? sum / channels : 0;
	}
	return samples;
}

/**
 * Blackman-windowed sinc, one row of weights for every position between two source samples that
 * occurs. Made when first needed: odd rates have thousands of them.
 */
function filterBank(up: number, down: number) {
	const cutoff = cutoffShare * Math.min(1, up / down);
	const reach = Math.ceil(crossings / cutoff);
	const rows = new Map<number, Float32Array>();
	const makeRow = (phase: number): Float32Array => {
		const row = new Float32Array(reach * 2);
		let sum = 0;
		for (let tap = 0; tap < row.length; tap++) {
			const distance = tap - reach + 1 - phase / up;
			const angle = Math.PI * distance * cutoff;
			const turn = (Math.PI * distance) / reach;
			const window = 0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn);
			row[tap] = (angle === 0 ? 1 : Math.sin(angle) / angle) * window;
			sum += row[tap] ?? 0;
		}
		return row.map((weight) => weight / sum);
	};
	const rowOf = (phase: number): Float32Array => {
		const row = rows.get(phase) ?? makeRow(phase);
		rows.set(phase, row);
		return row;
	};
	return { rowOf, reach };
}

/** Changes the sample rate; the result is as long as the source to within half a sample. */
export function resample(source: Float32Array, fromRate: number, toRate: number): Float32Array {
	if (fromRate === toRate) return source;
	const divisor = greatestCommonDivisor(fromRate, toRate);
	const up = toRate / divisor;
	const down = fromRate / divisor;
	const { rowOf, reach } = filterBank(up, down);
	const target = new Float32Array(Math.round((source.length * up) / down));
	for (let index = 0; index < target.length; index++) {
		const position = index * down;
		const row = rowOf(position % up);
		const first = Math.floor(position / up) - reach + 1;
		const end = Math.min(row.length, source.length - first);
		let sum = 0;
		for (let tap = Math.max(0, -first); tap < end; tap++) {
			sum += (source[first + tap] ?? 0) * (row[tap] ?? 0);
		}
		target[index] = sum;
	}
	return target;
}

/** @throws {AudioError} `unreadable` */
export function toPhoneWav(wav: Uint8Array): Uint8Array {
	const info = readWav(wav);
	if (info.sampleRate < possibleRates.least || info.sampleRate > possibleRates.most) {
		throw new AudioError('unreadable', `Nothing is recorded at ${info.sampleRate} Hz.`);
	}
	const samples = resample(monoSamples(info), info.sampleRate, phoneRate);
	const bytes = new Uint8Array(samples.length * 4);
	const view = viewOf(bytes);
	samples.forEach((sample, index) => view.setFloat32(index * 4, sample, true));
	return wrapPcm(bytes, { sampleType: 'float32', sampleRate: phoneRate, channels: 1 });
}
