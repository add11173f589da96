// Builds MP3 frames, by default MPEG 2, 64 kbit/s, 24 kHz, mono: 192 bytes of 24 ms each.
import { bytes } from './bytes.mts';

export interface Frame {
	second?: number;
	/** Bitrate in the upper half, sample rate and padding in the lower. */
	third?: number;
	fourth?: number;
	/** Frame length according to the header. */
	size?: number;
	/** After the header. */
	body?: Uint8Array | readonly number[] | string;
	/** Fill byte of the rest. */
	fill?: number;
}

export function mp3Frame(facts: Frame = {}): Buffer {
	const { second = 0xf3, third = 0x84, fourth = 0xc4, size = 192, body = [], fill = 0 } = facts;
	const start = bytes([0xff, second, third, fourth], body);
	return bytes(start, Buffer.alloc(size - start.length, fill));
}

/** `count` frames that can be told apart by their fill byte. */
export const mp3Frames = (count: number, first = 1, facts: Frame = {}): Buffer[] =>
	Array.from({ length: count }, (_, index) => mp3Frame({ ...facts, fill: first + index }));

/** An info frame with the part that LAME writes. */
export function infoFrame(delay: number, padding: number, facts: Frame = {}): Buffer {
	const body = bytes(
		Buffer.alloc(9),
		'Xing\0\0\0\x0f',
		Buffer.alloc(4 + 4 + 100 + 4, 7),
		'LAME3.100',
		Buffer.alloc(12),
		[delay >> 4, ((delay & 15) << 4) | (padding >> 8), padding & 0xff],
	);
	return mp3Frame({ ...facts, body });
}
