// AMR, the format of old phones: duration, by frames of 20 ms whose first byte gives their size. Source: RFC 4867, section 5.

import { latin1 } from '../byte-reading';
import { AudioError } from '../audio-error';

const FRAME_SECONDS = 0.02;
/** Bytes after the first one, by frame type; 0 for types without audio. */
const NARROW_BAND_BYTES = [12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, 0, 0, 0, 0];
const WIDE_BAND_BYTES = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0];

export function amrDurationSeconds(bytes: Uint8Array): number {
	const start = latin1(bytes, 0, 9);
	const isWideBand = start === '#!AMR-WB\n';
	if (!isWideBand && !start.startsWith('#!AMR\n')) {
		throw new AudioError('unreadable', 'This is not an AMR file of one channel.');
	}
	const sizes = isWideBand ? WIDE_BAND_BYTES : NARROW_BAND_BYTES;
	let frames = 0;
	for (let at = isWideBand ? 9 : 6; at < bytes.length; frames++) {
		at += 1 + (sizes[((bytes[at] ?? 0) >> 3) & 15] ?? 0);
	}
	return frames * FRAME_SECONDS;
}
