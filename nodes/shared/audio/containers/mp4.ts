// MP4, M4A, MOV and 3GP: duration of the audio track. Source: ISO/IEC 14496-12.

import { latin1, viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';

interface Box {
	name: string;
	body: Uint8Array;
}

function* readBoxes(bytes: Uint8Array): Generator<Box> {
	const view = viewOf(bytes);
	for (let at = 0; at + 8 <= bytes.length; ) {
		const shortSize = view.getUint32(at);
		const isLong = shortSize === 1 && at + 16 <= bytes.length;
		const headerBytes = isLong ? 16 : 8;
		const longSize = () => view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12);
		const statedSize = isLong ? longSize() : shortSize;
		// Size 0 means: up to the end.
		const size = statedSize === 0 ? bytes.length - at : statedSize;
		if (size < headerBytes) return;
		const name = latin1(bytes, at + 4, 4);
		yield { name, body: bytes.subarray(at + headerBytes, at + size) };
		at += size;
	}
}

function findBox(bytes: Uint8Array | undefined, ...path: string[]): Uint8Array | undefined {
	return path.reduce((body: Uint8Array | undefined, name) => {
		if (!body) return undefined;
		for (const box of readBoxes(body)) if (box.name === name) return box.body;
		return undefined;
	}, bytes);
}

/** The number at `offset` of a box whose fields are 8 bytes wide in version 1, else 4. */
function readTime(body: Uint8Array | undefined, [narrow, wide]: [number, number]): number {
	const isWide = body?.[0] === 1;
	const offset = isWide ? wide : narrow;
	if (!body || offset + (isWide ? 8 : 4) > body.length) return 0;
	const view = viewOf(body);
	return isWide
		? view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4)
		: view.getUint32(offset);
}

/** Duration of the edit list in movie time, without encoder delay. 0 when there is none. */
function editedTicks(track: Uint8Array): number {
	const list = findBox(track, 'edts', 'elst');
	if (!list || list.length < 8) return 0;
	const view = viewOf(list);
	const entryBytes = list[0] === 1 ? 20 : 12;
	const entries = Math.min(view.getUint32(4), Math.floor((list.length - 8) / entryBytes));
	let ticks = 0;
	for (let entry = 0; entry < entries; entry++) {
		const at = 8 + entry * entryBytes;
		ticks += readTime(list, [at, at]);
	}
	return ticks;
}

const isSoundTrack = (track: Uint8Array): boolean => {
	return latin1(findBox(track, 'mdia', 'hdlr'), 8, 4) === 'soun';
};

/** Undefined for a fragmented file (recorded live), whose header does not state it. */
export function mp4DurationSeconds(bytes: Uint8Array): number | undefined {
	const movie = findBox(bytes, 'moov');
	const header = findBox(movie, 'mvhd');
	if (!movie || !header || header.length < 32) {
		throw new AudioError('unreadable', 'This is not an MP4 file, or its index is missing.');
	}
	const ticksPerSecond = viewOf(header).getUint32(header[0] === 1 ? 20 : 12);
	if (ticksPerSecond === 0) return undefined;
	for (const { name, body } of readBoxes(movie)) {
		if (name !== 'trak' || !isSoundTrack(body)) continue;
		const ticks = editedTicks(body) || readTime(findBox(body, 'tkhd'), [20, 28]);
		return ticks > 0 && ticks < 0xffff_ffff ? ticks / ticksPerSecond : undefined;
	}
	return undefined;
}
