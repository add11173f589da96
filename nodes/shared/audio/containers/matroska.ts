// WebM and Matroska: duration. Sources: RFC 8794 (EBML), RFC 9559 (Matroska).

import { viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';

const IDS = {
	segment: 0x1853_8067,
	info: 0x1549_a966,
	timestampScale: 0x2ad7_b1,
	duration: 0x4489,
	cluster: 0x1f43_b675,
	timestamp: 0xe7,
	simpleBlock: 0xa3,
	blockGroup: 0xa0,
	block: 0xa1,
} as const;

const CONTAINERS = new Set<number>([IDS.segment, IDS.info, IDS.cluster, IDS.blockGroup]);

/** A number whose leading zero bits give its length; `isId` keeps the marker bit, as ids do. */
function readVariable(bytes: Uint8Array, offset: number, isId: boolean) {
	const first = bytes[offset] ?? 0;
	const length = Math.clz32(first) - 23;
	if (length > 8 || offset + length > bytes.length) return undefined;
	let value = isId ? first : first & (0xff >> length);
	let isUnknown = value === 0xff >> length;
	for (let index = 1; index < length; index++) {
		const byte = bytes[offset + index] ?? 0;
		value = value * 256 + byte;
		isUnknown = isUnknown && byte === 0xff;
	}
	return { value, length, isUnknown };
}

function readUnsigned(body: Uint8Array): number {
	return body.subarray(0, 8).reduce((total, byte) => total * 256 + byte, 0);
}

function readFloat(body: Uint8Array): number {
	if (body.length === 4) return viewOf(body).getFloat32(0);
	return body.length === 8 ? viewOf(body).getFloat64(0) : 0;
}

/** Every element in file order, those inside others included: nesting does not matter for times. */
function* readElements(bytes: Uint8Array) {
	for (let at = 0; at < bytes.length; ) {
		const id = readVariable(bytes, at, true);
		const size = id && readVariable(bytes, at + id.length, false);
		if (!size) return;
		const start = at + id.length + size.length;
		const isContainer = CONTAINERS.has(id.value);
		// Recorders that cannot go back leave the size of segments and clusters unknown.
		if (size.isUnknown && !isContainer) return;
		yield { id: id.value, body: bytes.subarray(start, start + size.value) };
		at = isContainer ? start : start + size.value;
	}
}

/** By the header, or by the last block where a recorder left that out, as browsers do. */
export function matroskaDurationSeconds(bytes: Uint8Array): number {
	let nanosecondsPerTick = 1_000_000;
	let statedTicks = 0;
	let clusterTicks = 0;
	const blockTicks: number[] = [];
	for (const { id, body } of readElements(bytes)) {
		if (id === IDS.timestampScale) nanosecondsPerTick = readUnsigned(body);
		if (id === IDS.duration) statedTicks = readFloat(body);
		if (statedTicks > 0 && id === IDS.cluster) break;
		if (id === IDS.timestamp) clusterTicks = readUnsigned(body);
		if (id !== IDS.simpleBlock && id !== IDS.block) continue;
		const track = readVariable(body, 0, false);
		if (!track || track.length + 2 > body.length) continue;
		blockTicks.push(clusterTicks + viewOf(body).getInt16(track.length));
	}
	const last = blockTicks.at(-1) ?? 0;
	// The last block lasts about as long as the one before it.
	const lastLength = Math.max(0, last - (blockTicks.at(-2) ?? last));
	const ticks = statedTicks > 0 ? statedTicks : last + lastLength;
	const seconds = (ticks * nanosecondsPerTick) / 1e9;
	if (!(seconds > 0) || !Number.isFinite(seconds)) {
		throw new AudioError('unreadable', 'This WebM file does not tell its length.');
	}
	return seconds;
}
