// FLAC: duration, also of streamed files whose header does not state it. Source: RFC 9639.

import { latin1, viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import { id3v2Bytes } from './mp3-frame';

interface StreamInfo {
	mostBlockSamples: number;
	/** 0 when unknown. */
	mostFrameBytes: number;
	sampleRate: number;
	channels: number;
	/** 0 when the writer could not go back to fill it in. */
	totalSamples: number;
}

function readStreamInfo(bytes: Uint8Array): StreamInfo {
	const isFlac = latin1(bytes, 0, 4) === 'fLaC';
	const isStreamInfo = ((bytes[4] ?? 255) & 0x7f) === 0;
	if (!isFlac || !isStreamInfo || bytes.length < 42) {
		throw new AudioError('unreadable', 'This is not a FLAC file.');
	}
	const view = viewOf(bytes.subarray(8, 42));
	const packed = view.getUint32(10);
	return {
		mostBlockSamples: view.getUint16(2),
		mostFrameBytes: view.getUint32(6) & 0xff_ffff,
		sampleRate: packed >>> 12,
		channels: ((packed >>> 9) & 7) + 1,
		totalSamples: (packed & 15) * 2 ** 32 + view.getUint32(14),
	};
}

/** Bytes of the coded number, written as UTF-8 writes characters but up to seven bytes long. */
const codedNumberBytes = (first: number): number => Math.max(1, Math.clz32(~(first << 24)));

function readCodedNumber(bytes: Uint8Array, offset: number): number {
	const first = bytes[offset] ?? 0;
	const length = codedNumberBytes(first);
	let value = length === 1 ? first : first & (0x7f >> length);
	for (let index = 1; index < length; index++) {
		value = value * 64 + ((bytes[offset + index] ?? 0) & 0x3f);
	}
	return value;
}

/** Samples in the block; for codes 6 and 7 the count follows the coded number. */
function blockSamples(code: number, bytes: Uint8Array, offset: number): number {
	if (code === 6) return (bytes[offset] ?? 0) + 1;
	if (code === 7) return ((bytes[offset] ?? 0) << 8) + (bytes[offset + 1] ?? 0) + 1;
	if (code === 1) return 192;
	return code < 6 ? 576 << (code - 2) : 256 << (code - 8);
}

/** End of the frame that may begin at `offset`, in samples from the start of the file. */
function frameEndSamples(bytes: Uint8Array, offset: number, info: StreamInfo): number | undefined {
	const [first = 0, second = 0, third = 0, fourth = 0, number = 0] = bytes.subarray(
		offset,
		offset + 5,
	);
	const isSync = first === 0xff && (second & 0xfe) === 0xf8;
	const code = third >> 4;
	const isReserved = code === 0 || (third & 15) === 15 || fourth >> 4 > 10 || (fourth & 1) === 1;
	if (!isSync || isReserved) return undefined;
	const counted = readCodedNumber(bytes, offset + 4);
	const samples = blockSamples(code, bytes, offset + 4 + codedNumberBytes(number));
	const isVariable = (second & 1) === 1;
	return (isVariable ? counted : counted * info.mostBlockSamples) + samples;
}

/** With the CRC at its end, the CRC of a whole frame is zero (RFC 9639, section 9.3). */
function isWholeFrame(bytes: Uint8Array, offset: number): boolean {
	let checksum = 0;
	for (let index = offset; index < bytes.length; index++) {
		checksum ^= (bytes[index] ?? 0) << 8;
		for (let bit = 0; bit < 8; bit++) {
			checksum = ((checksum << 1) ^ ((checksum & 0x8000) !== 0 ? 0x8005 : 0)) & 0xffff;
		}
	}
	return checksum === 0;
}

/** Finds the last frame, which must end where the file ends, and reads its position. */
function samplesByLastFrame(bytes: Uint8Array, info: StreamInfo): number | undefined {
	const uncodedBytes = info.mostBlockSamples * info.channels * 4 + 64;
	const earliest = Math.max(42, bytes.length - (info.mostFrameBytes || uncodedBytes));
	// Audio data rarely looks like a header; a file crafted to do so must not cost more than this.
	let attempts = 64;
	for (let offset = bytes.length - 8; offset >= earliest && attempts > 0; offset--) {
		const samples = frameEndSamples(bytes, offset, info);
		if (samples === undefined) continue;
		if (isWholeFrame(bytes, offset)) return samples;
		attempts--;
	}
	return undefined;
}

/**
 * Undefined when neither the header nor the last frame states it.
 * @throws {AudioError} `unreadable`
 */
export function flacDurationSeconds(bytes: Uint8Array): number | undefined {
	const flac = bytes.subarray(id3v2Bytes(bytes, 0));
	const info = readStreamInfo(flac);
	if (info.sampleRate === 0) return undefined;
	const samples = info.totalSamples || samplesByLastFrame(flac, info);
	return samples === undefined ? undefined : samples / info.sampleRate;
}
