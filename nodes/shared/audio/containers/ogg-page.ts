// The Ogg page header: size, flags, checksum. Source: RFC 3533, section 6.

export const OGG_HEADER_BYTES = 27;

export const OGG_FLAGS = { continued: 1, first: 2, last: 4 } as const;

/**
 * Table 0 moves the checksum (polynomial 0x04C11DB7) on by one byte, table 1 by two, and so on, so
 * that four bytes are taken at once.
 */
const tables = Array.from({ length: 4 }, () => new Int32Array(256));
const [one, two, three, four] = tables as [Int32Array, Int32Array, Int32Array, Int32Array];
for (let index = 0; index < 256; index++) {
	let value = index << 24;
	for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c1_1db7 : 0);
	one[index] = value;
}
for (let index = 0; index < 256; index++) {
	for (const [step, table] of tables.slice(1).entries()) {
		const before = tables[step]?.[index] ?? 0;
		table[index] = (before << 8) ^ (one[before >>> 24] ?? 0);
	}
}

function checksumOn(start: number, bytes: Uint8Array): number {
	let checksum = start;
	let at = 0;
	for (; at + 4 <= bytes.length; at += 4) {
		checksum ^=
			((bytes[at] ?? 0) << 24) |
			((bytes[at + 1] ?? 0) << 16) |
			((bytes[at + 2] ?? 0) << 8) |
			(bytes[at + 3] ?? 0);
		checksum =
			(four[checksum >>> 24] ?? 0) ^
			(three[(checksum >>> 16) & 0xff] ?? 0) ^
			(two[(checksum >>> 8) & 0xff] ?? 0) ^
			(one[checksum & 0xff] ?? 0);
	}
	for (; at < bytes.length; at++) {
		checksum = (checksum << 8) ^ (one[(checksum >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
	}
	return checksum;
}

const CHECKSUM_OFFSET = 22;
const BLANK_CHECKSUM = new Uint8Array(4);

/** The page's checksum, computed with its own four bytes taken as zero. */
export function pageChecksum(page: Uint8Array): number {
	const before = checksumOn(0, page.subarray(0, CHECKSUM_OFFSET));
	const blank = checksumOn(before, BLANK_CHECKSUM);
	return checksumOn(blank, page.subarray(CHECKSUM_OFFSET + BLANK_CHECKSUM.length)) >>> 0;
}
