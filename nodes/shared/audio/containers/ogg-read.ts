// Ogg demuxer: pages, logical streams and packets.
// Source: RFC 3533.

import { viewOf } from '../byte-reading';
import { OGG_FLAGS, OGG_HEADER_BYTES as headerBytes, pageChecksum } from './ogg-page';

export interface OggPage {
	/** Begins with the rest of a packet from the previous page. */
	isContinued: boolean;
	isFirst: boolean;
	isLast: boolean;
	/** Granule position after the last packet that ends on this page; -1 when none ends here. */
	granule: number;
	serial: number;
	segments: Uint8Array;
	body: Uint8Array;
	/** The whole page, for its checksum. */
	bytes: Uint8Array;
}

export function hasValidChecksum({ bytes }: OggPage): boolean {
	return viewOf(bytes).getUint32(22, true) === pageChecksum(bytes);
}

/** Reads every whole page; junk between pages and a truncated page at the end are skipped. */
export function* readOggPages(bytes: Uint8Array): Generator<OggPage> {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const view = viewOf(bytes);
	for (let at = buffer.indexOf('OggS'); at >= 0; ) {
		const segments = bytes.subarray(at + headerBytes, at + headerBytes + (bytes[at + 26] ?? 0));
		const bodyBytes = segments.reduce((total, segment) => total + segment, 0);
		const bodyOffset = at + headerBytes + (bytes[at + 26] ?? 0);
		const end = bodyOffset + bodyBytes;
		const isWhole = at + headerBytes <= bytes.length && end <= bytes.length;
		if (!isWhole || bytes[at + 4] !== 0) {
			at = buffer.indexOf('OggS', at + 4);
			continue;
		}
		const flags = bytes[at + 5] ?? 0;
		yield {
			isContinued: (flags & OGG_FLAGS.continued) !== 0,
			isFirst: (flags & OGG_FLAGS.first) !== 0,
			isLast: (flags & OGG_FLAGS.last) !== 0,
			granule: view.getInt32(at + 10, true) * 2 ** 32 + view.getUint32(at + 6, true),
			serial: view.getUint32(at + 14, true),
			segments,
			body: bytes.subarray(bodyOffset, end),
			bytes: bytes.subarray(at, end),
		};
		at = buffer.indexOf('OggS', end);
	}
}

export interface OggStream {
	/** All of them, or those up to the first granule position: see {@link OggDemuxer}. */
	packets: Uint8Array[];
	/** The first granule position after the headers, and how many packets had ended by then. */
	firstGranule: number | undefined;
	packetsAtFirstGranule: number;
	/** The last granule position; undefined when no packet of audio ended. */
	lastGranule: number | undefined;
	/** Every page's checksum was right. */
	isIntact: boolean;
}

class StreamReader {
	readonly stream: OggStream = {
		packets: [],
		firstGranule: undefined,
		packetsAtFirstGranule: 0,
		lastGranule: undefined,
		isIntact: true,
	};
	/** Of a packet that goes on on the next page. */
	private readonly parts: Uint8Array[] = [];

	add(page: OggPage, { verify, packets }: DemuxOptions): void {
		const { stream } = this;
		if (packets === 'all' || stream.firstGranule === undefined) this.addPackets(page);
		if (page.granule > 0) {
			if (stream.firstGranule === undefined) {
				stream.firstGranule = page.granule;
				stream.packetsAtFirstGranule = stream.packets.length;
			}
			stream.lastGranule = page.granule;
		}
		if (verify && !hasValidChecksum(page)) stream.isIntact = false;
	}

	private addPackets({ isContinued, segments, body }: OggPage): void {
		const { parts, stream } = this;
		if (!isContinued) parts.length = 0;
		// The rest of a packet whose beginning is lost is dropped.
		let isOrphan = isContinued && parts.length === 0;
		let start = 0;
		let end = 0;
		for (const segment of segments) {
			end += segment;
			if (segment === 255) continue;
			const part = body.subarray(start, end);
			start = end;
			if (isOrphan) isOrphan = false;
			else if (parts.length === 0) stream.packets.push(part);
			else stream.packets.push(Buffer.concat([...parts.splice(0), part]));
		}
		if (end > start && !isOrphan) parts.push(body.subarray(start, end));
	}
}

export interface DemuxOptions {
	/** Checks every page's checksum. */
	readonly verify: boolean;
	/** `opening` leaves out the packets after the first granule position: enough for the duration. */
	readonly packets: 'all' | 'opening';
}

/** Takes pages apart into logical streams, side by side or one after another, in order of appearance. */
export class OggDemuxer {
	readonly streams: OggStream[] = [];
	private readonly open = new Map<number, StreamReader>();

	constructor(private readonly options: DemuxOptions) {}

	add(page: OggPage): void {
		if (page.isFirst) {
			const reader = new StreamReader();
			this.open.set(page.serial, reader);
			this.streams.push(reader.stream);
		}
		this.open.get(page.serial)?.add(page, this.options);
	}
}
