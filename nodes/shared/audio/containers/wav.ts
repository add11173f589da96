// WAV files: a reader that tolerates wrong sizes, and a writer.
// Source: Microsoft RIFF and WAVE_FORMAT_EXTENSIBLE descriptions; RF64 after EBU Tech 3306.

import { latin1, viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import type { Steps } from '../steps';
import {
	assertSaneLayout,
	copyInSteps,
	frameBytesOf,
	int16FromFloat32,
	type PcmLayout,
	type SampleType,
} from '../pcm/pcm';

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
const UNKNOWN_SIZE = 0xffff_ffff;

export interface WavInfo {
	/** Undefined for compressed audio (ADPCM, mu-law, MP3 in a WAV). */
	sampleType: SampleType | undefined;
	sampleRate: number;
	channels: number;
	/** Bytes of one sample of every channel, or of one block of compressed audio. */
	blockBytes: number;
	bytesPerSecond: number;
	/** Samples per channel by the `fact` chunk: the length of compressed audio, 0 if not stated. */
	statedSamples: number;
	/** The body of the `fmt ` chunk, unchanged. */
	formatChunk: Uint8Array;
	/** The samples present, whole frames only: a view, not a copy. */
	data: Uint8Array;
}

const SAMPLE_TYPES: Readonly<Record<string, SampleType>> = {
	[`${FORMAT_PCM}/8`]: 'uint8',
	[`${FORMAT_PCM}/16`]: 'int16',
	[`${FORMAT_PCM}/24`]: 'int24',
	[`${FORMAT_PCM}/32`]: 'int32',
	[`${FORMAT_FLOAT}/32`]: 'float32',
};

const unreadable = (why: string) => new AudioError('unreadable', `This is not a WAV file: ${why}.`);

const chunkName = (bytes: Uint8Array, offset: number): string => latin1(bytes, offset, 4);

/** Streamed files have a size of 0 or 0xFFFFFFFF: then the audio extends to the end of the file. */
function dataEnd(bytes: Uint8Array, view: DataView, start: number, size: number): number {
	const isFinished = view.getUint32(4, true) + 8 === bytes.length;
	const isUnknown = size === UNKNOWN_SIZE || (size === 0 && !isFinished);
	return isUnknown ? bytes.length : Math.min(start + size, bytes.length);
}

function describe(formatChunk: Uint8Array, data: Uint8Array, statedSamples: number): WavInfo {
	if (formatChunk.length < 16) throw unreadable('its format chunk is cut short');
	const view = viewOf(formatChunk);
	const tag = view.getUint16(0, true);
	const isExtensible = tag === FORMAT_EXTENSIBLE && formatChunk.length >= 26;
	const code = isExtensible ? view.getUint16(24, true) : tag;
	const bitsPerSample = view.getUint16(14, true);
	const channels = view.getUint16(2, true);
	const sampleRate = view.getUint32(4, true);
	assertSaneLayout({ sampleType: 'int16', sampleRate, channels });
	const sampleType = SAMPLE_TYPES[`${code}/${bitsPerSample}`];
	const blockBytes = sampleType ? (bitsPerSample / 8) * channels : view.getUint16(12, true) || 1;
	return {
		sampleType,
		sampleRate,
		channels,
		blockBytes,
		bytesPerSecond: sampleType ? blockBytes * sampleRate : view.getUint32(8, true),
		statedSamples,
		formatChunk,
		data: data.subarray(0, data.length - (data.length % blockBytes)),
	};
}

/** @throws {AudioError} `unreadable` */
export function readWav(bytes: Uint8Array): WavInfo {
	const isRiff = ['RIFF', 'RF64', 'BW64'].includes(chunkName(bytes, 0));
	if (!isRiff || chunkName(bytes, 8) !== 'WAVE') throw unreadable('it does not begin as one');
	const view = viewOf(bytes);
	let formatChunk: Uint8Array | undefined;
	let statedSamples = 0;
	for (let at = 12; at + 8 <= bytes.length; ) {
		const name = chunkName(bytes, at);
		const size = view.getUint32(at + 4, true);
		const start = at + 8;
		if (name === 'data') {
			if (!formatChunk) throw unreadable('its sound comes before its format');
			const data = bytes.subarray(start, dataEnd(bytes, view, start, size));
			return describe(formatChunk, data, statedSamples);
		}
		if (name === 'fmt ') formatChunk = bytes.subarray(start, start + size);
		if (name === 'fact' && start + 4 <= bytes.length) statedSamples = view.getUint32(start, true);
		// Chunks are padded to an even length, but some writers omit the padding.
		const next = start + size;
		const forgotPadding = /^(?:data|fmt |LIST|fact)$/.test(chunkName(bytes, next));
		at = next + (forgotPadding ? 0 : size % 2);
	}
	throw unreadable(formatChunk ? 'it holds no sound' : 'it says nothing about its format');
}

export function wavDurationSeconds(bytes: Uint8Array): number {
	const { data, sampleType, sampleRate, statedSamples, bytesPerSecond } = readWav(bytes);
	if (!sampleType && statedSamples > 0) return statedSamples / sampleRate;
	return bytesPerSecond > 0 ? data.length / bytesPerSecond : 0;
}

/** A whole file with room for `dataBytes` of samples, and where they start. */
export function blankWav(formatChunk: Uint8Array, dataBytes: number, blockBytes: number) {
	const isPlainPcm = viewOf(formatChunk).getUint16(0, true) === FORMAT_PCM;
	const factBytes = isPlainPcm ? 0 : 12;
	const formatBytes = formatChunk.length + (formatChunk.length % 2);
	const dataOffset = 12 + 8 + formatBytes + factBytes + 8;
	const totalBytes = dataOffset + dataBytes + (dataBytes % 2);
	if (totalBytes - 8 >= UNKNOWN_SIZE) {
		throw new AudioError(
			'too-large',
			'The joined sound is over 4 GiB, more than a WAV file holds.',
		);
	}
	const file = new Uint8Array(totalBytes);
	const view = viewOf(file);
	const write = (name: string, size: number, at: number): number => {
		file.set(Buffer.from(name, 'latin1'), at);
		view.setUint32(at + 4, size, true);
		return at + 8;
	};
	const afterRiff = write('RIFF', totalBytes - 8, 0);
	file.set(Buffer.from('WAVE', 'latin1'), afterRiff);
	const formatOffset = write('fmt ', formatChunk.length, 12);
	file.set(formatChunk, formatOffset);
	const afterFormat = formatOffset + formatBytes;
	if (!isPlainPcm) view.setUint32(write('fact', 4, afterFormat), dataBytes / blockBytes, true);
	write('data', dataBytes, afterFormat + factBytes);
	return { file, dataOffset };
}

/** A 16-bit WAV file with a 44-byte header, which plays everywhere, with room for its samples. */
export function pcmWavFile(frames: number, sampleRate: number, channels: number) {
	const blockBytes = channels * 2;
	const formatChunk = new Uint8Array(16);
	const view = viewOf(formatChunk);
	view.setUint16(0, FORMAT_PCM, true);
	view.setUint16(2, channels, true);
	view.setUint32(4, sampleRate, true);
	view.setUint32(8, sampleRate * blockBytes, true);
	view.setUint16(12, blockBytes, true);
	view.setUint16(14, 16, true);
	return blankWav(formatChunk, frames * blockBytes, blockBytes);
}

/** Wraps int16 or float32 samples as a plain 16-bit WAV file; a broken last frame is dropped. */
export function* wrapPcm(
	samples: Uint8Array,
	layout: PcmLayout & { sampleType: 'int16' | 'float32' },
): Steps<Uint8Array> {
	assertSaneLayout(layout);
	const { sampleRate, channels, sampleType } = layout;
	const frameBytes = frameBytesOf(layout);
	const frames = Math.floor(samples.length / frameBytes);
	const { file, dataOffset } = pcmWavFile(frames, sampleRate, channels);
	const convert = sampleType === 'float32' ? int16FromFloat32 : undefined;
	yield* copyInSteps(file, dataOffset, samples.subarray(0, frames * frameBytes), convert);
	return file;
}

/** Whether a WAV file is shorter than its header states. Streamed files state no length. */
export function isCutShort(bytes: Uint8Array): boolean {
	if (bytes.length < 8) return true;
	const size = viewOf(bytes).getUint32(4, true);
	return size !== UNKNOWN_SIZE && size + 8 > bytes.length;
}
