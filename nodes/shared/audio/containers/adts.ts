// AAC in ADTS frames, each with its own header: duration. Source: ISO/IEC 13818-7, section 6.2.

import { AudioError } from '../audio-error';
import { id3v2Bytes } from './mp3-frame';

const SAMPLE_RATES = [
	96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
	7_350,
];
const BLOCK_SAMPLES = 1024;

interface AdtsFrame {
	frameBytes: number;
	seconds: number;
}

/** Reads the header at `offset`; undefined when there is none. */
export function readAdtsFrame(bytes: Uint8Array, offset: number): AdtsFrame | undefined {
	const second = bytes[offset + 1] ?? 0;
	if (bytes[offset] !== 0xff || (second & 0xf6) !== 0xf0 || offset + 7 > bytes.length) return;
	const sampleRate = SAMPLE_RATES[((bytes[offset + 2] ?? 0) >> 2) & 15];
	const frameBytes =
		(((bytes[offset + 3] ?? 0) & 3) << 11) |
		((bytes[offset + 4] ?? 0) << 3) |
		((bytes[offset + 5] ?? 0) >> 5);
	if (sampleRate === undefined || frameBytes <= 7) return undefined;
	const blocks = ((bytes[offset + 6] ?? 0) & 3) + 1;
	return { frameBytes, seconds: (blocks * BLOCK_SAMPLES) / sampleRate };
}

export function adtsDurationSeconds(bytes: Uint8Array): number {
	let seconds = 0;
	for (let at = id3v2Bytes(bytes, 0); ; ) {
		const frame = readAdtsFrame(bytes, at);
		if (!frame) break;
		seconds += frame.seconds;
		at += frame.frameBytes;
	}
	if (seconds === 0) throw new AudioError('unreadable', 'This is not an AAC file.');
	return seconds;
}
