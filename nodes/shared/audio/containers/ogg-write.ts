// Ogg muxer: writes packets as one logical stream. Source: RFC 3533.

import { OGG_FLAGS, OGG_HEADER_BYTES, pageChecksum } from './ogg-page';

const MOST_SEGMENTS = 255;

export interface TimedPacket {
	bytes: Uint8Array;
	/** Granule position at its end. */
	granule: number;
}

interface PagePlan {
	isContinued: boolean;
	/** -1 while no packet ends on the page. */
	granule: number;
	segments: number[];
	parts: Uint8Array[];
}

const blankPage = (isContinued: boolean): PagePlan => ({
	isContinued,
	granule: -1,
	segments: [],
	parts: [],
});

/** Distributes the packets of a group over as few pages as possible. */
function planPages(group: readonly TimedPacket[]): PagePlan[] {
	let page = blankPage(false);
	const pages = [page];
	for (const { bytes, granule } of group) {
		let offset = 0;
		let hasEnded = false;
		while (!hasEnded) {
			if (page.segments.length === MOST_SEGMENTS) {
				page = blankPage(offset > 0);
				pages.push(page);
			}
			const room = MOST_SEGMENTS - page.segments.length;
			const part = bytes.subarray(offset, offset + room * 255);
			const fullSegments = Math.floor(part.length / 255);
			for (let index = 0; index < fullSegments; index++) page.segments.push(255);
			page.parts.push(part);
			offset += part.length;
			// A segment shorter than 255 ends a packet, an empty one if need be.
			hasEnded = fullSegments < room;
			if (hasEnded) {
				page.segments.push(part.length % 255);
				page.granule = granule;
			}
		}
	}
	return pages;
}

/** Writes one logical stream page by page. */
export class OggWriter {
	private readonly pages: Buffer[] = [];

	constructor(private readonly serial: number) {}

	/** The group begins a new page. Pages are numbered from 0. */
	add(group: readonly TimedPacket[]): void {
		for (const plan of planPages(group)) this.pages.push(this.page(plan));
	}

	/** The whole stream, its last page flagged. */
	end(): Uint8Array {
		const last = this.pages.at(-1);
		if (last) {
			last[5] = (last[5] ?? 0) | OGG_FLAGS.last;
			seal(last);
		}
		return Buffer.concat(this.pages);
	}

	private page({ isContinued, granule, segments, parts }: PagePlan): Buffer {
		const sequence = this.pages.length;
		const head = Buffer.alloc(OGG_HEADER_BYTES);
		head.write('OggS', 0, 'latin1');
		head[5] = (isContinued ? OGG_FLAGS.continued : 0) | (sequence === 0 ? OGG_FLAGS.first : 0);
		head.writeBigInt64LE(BigInt(granule), 6);
		head.writeUInt32LE(this.serial, 14);
		head.writeUInt32LE(sequence, 18);
		head[26] = segments.length;
		const page = Buffer.concat([head, Uint8Array.from(segments), ...parts]);
		seal(page);
		return page;
	}
}

function seal(page: Buffer): void {
	page.writeUInt32LE(pageChecksum(page), 22);
}
