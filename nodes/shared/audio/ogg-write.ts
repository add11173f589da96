// Writes packets as one clean logical Ogg stream. Source: RFC 3533.

import { oggFlags, oggHeaderBytes, pageChecksum } from './ogg-page';
import { allAtOnce, type Steps } from './steps';

const mostSegments = 255;
/** About twenty seconds of Opus: written within a few milliseconds, also when the code is still cold. */
const pagesAStep = 20;

export interface TimedPacket {
	bytes: Uint8Array;
	/** Position at its end, in the codec's units. */
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

/** Lays the packets of one group on as few pages as hold them. */
function planPages(group: readonly TimedPacket[]): PagePlan[] {
	let page = blankPage(false);
	const pages = [page];
	for (const { bytes, granule } of group) {
		let offset = 0;
		let hasEnded = false;
		while (!hasEnded) {
			if (page.segments.length === mostSegments) {
				page = blankPage(offset > 0);
				pages.push(page);
			}
			const room = mostSegments - page.segments.length;
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

const bodyBytes = ({ parts }: PagePlan): number =>
	parts.reduce((total, part) => total + part.length, 0);

/**
 * Writes one logical stream: every group begins a page, pages are numbered from 0, the first and
 * the last are marked, checksums are right.
 */
export function writeOggStream(
	serial: number,
	groups: ReadonlyArray<readonly TimedPacket[]>,
): Uint8Array {
	return allAtOnce(oggStreamSteps(serial, groups));
}

/** {@link writeOggStream} in steps. */
export function* oggStreamSteps(
	serial: number,
	groups: ReadonlyArray<readonly TimedPacket[]>,
): Steps<Uint8Array> {
	const pages: PagePlan[] = [];
	for (const [index, group] of groups.entries()) {
		pages.push(...planPages(group));
		if (index % pagesAStep === pagesAStep - 1) yield;
	}
	const totalBytes = pages.reduce(
		(total, page) => total + oggHeaderBytes + page.segments.length + bodyBytes(page),
		0,
	);
	const file = Buffer.alloc(totalBytes);
	let at = 0;
	for (const [sequence, { isContinued, granule, segments, parts }] of pages.entries()) {
		const start = at;
		const isLast = sequence === pages.length - 1;
		file.write('OggS', at, 'latin1');
		file[at + 5] =
			(isContinued ? oggFlags.continued : 0) |
			(sequence === 0 ? oggFlags.first : 0) |
			(isLast ? oggFlags.last : 0);
		file.writeBigInt64LE(BigInt(granule), at + 6);
		file.writeUInt32LE(serial, at + 14);
		file.writeUInt32LE(sequence, at + 18);
		file[at + 26] = segments.length;
		file.set(segments, at + oggHeaderBytes);
		at += oggHeaderBytes + segments.length;
		for (const part of parts) {
			file.set(part, at);
			at += part.length;
		}
		file.writeUInt32LE(pageChecksum(file.subarray(start, at)), start + 22);
		if (sequence % pagesAStep === pagesAStep - 1) yield;
	}
	return file;
}
