// Builds Ogg pages (RFC 3533, section 6), valid or not; numbers are little-endian.
import { OggWriter, type TimedPacket } from '../../nodes/shared/audio/containers/ogg-write.ts';
import { bytes } from './bytes.mts';
import {
	OggDemuxer,
	type OggStream,
	readOggPages,
} from '../../nodes/shared/audio/containers/ogg-read.ts';

/** Polynomial 0x04c11db7, the highest bit first, bit by bit. */
function checksum(content: Uint8Array): number {
	let register = 0;
	for (const byte of content)
		for (let bit = 7; bit >= 0; bit--) {
			const out = (register >>> 31) ^ ((byte >> bit) & 1);
			register = ((register << 1) ^ (out === 1 ? 0x04c1_1db7 : 0)) >>> 0;
		}
	return register;
}

export interface PageFacts {
	/** 1 continued, 2 first, 4 last. */
	flags?: number;
	granule?: number;
	serial?: number;
	sequence?: number;
	/** Whole packets, or with `segments` the raw body. */
	packets?: ReadonlyArray<readonly number[] | Uint8Array>;
	segments?: readonly number[];
	version?: number;
}

const lacing = (length: number) => [
	...Array<number>(Math.floor(length / 255)).fill(255),
	length % 255,
];

export function oggPage(facts: PageFacts = {}): Buffer {
	const { flags = 0, granule = 0, serial = 1, sequence = 0, packets = [], version = 0 } = facts;
	const segments = facts.segments ?? packets.flatMap(({ length }) => lacing(length));
	const numbers = Buffer.alloc(20);
	numbers.writeBigInt64LE(BigInt(granule), 0);
	numbers.writeUInt32LE(serial, 8);
	numbers.writeUInt32LE(sequence, 12);
	const page = bytes('OggS', [version, flags], numbers, [segments.length], segments, ...packets);
	page.writeUInt32LE(checksum(page), 22);
	return page;
}

export interface HeadFacts {
	channels?: number;
	preSkip?: number;
	gain?: number;
	version?: number;
}

/** RFC 7845, section 5.1. */
export const opusHead = ({ channels = 1, preSkip = 0, gain = 0, version = 1 }: HeadFacts = {}) =>
	bytes('OpusHead', [
		version,
		channels,
		preSkip & 0xff,
		preSkip >> 8,
		0xc0,
		0x5d,
		0,
		0,
		gain & 0xff,
		gain >> 8,
		0,
	]);
export const opusTags = bytes('OpusTags');

/** A whole stream as the package writes it; each group starts a page. */
export function oggFile(serial: number, groups: ReadonlyArray<readonly TimedPacket[]>): Uint8Array {
	const writer = new OggWriter(serial);
	for (const group of groups) writer.add(group);
	return writer.end();
}

/** The logical streams of a file with all their packets. */
export function readOggStreams(file: Uint8Array, verify = false): OggStream[] {
	const demuxer = new OggDemuxer({ verify, packets: 'all' });
	for (const page of readOggPages(file)) demuxer.add(page);
	return demuxer.streams;
}
