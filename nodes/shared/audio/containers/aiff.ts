// AIFF: duration. Source: Apple, Audio Interchange File Format 1.3, section "Common Chunk".

import { latin1, viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';

/** An 80-bit extended number, of which a sample rate needs the exponent and the first 32 bits. */
function readExtended(view: DataView, offset: number): number {
	const exponent = view.getUint16(offset) & 0x7fff;
	return view.getUint32(offset + 2) * 2 ** (exponent - 16_383 - 31);
}

export function aiffDurationSeconds(bytes: Uint8Array): number {
	const view = viewOf(bytes);
	for (let at = 12; at + 8 <= bytes.length; ) {
		const name = latin1(bytes, at, 4);
		const size = view.getUint32(at + 4);
		if (name === 'COMM' && size >= 18 && at + 26 <= bytes.length) {
			const seconds = view.getUint32(at + 10) / readExtended(view, at + 16);
			if (Number.isFinite(seconds)) return seconds;
		}
		at += 8 + size + (size % 2);
	}
	throw new AudioError('unreadable', 'This AIFF file does not tell its length.');
}
