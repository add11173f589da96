// What the reader and the writer of Ogg pages must agree on. Source: RFC 3533, section 6.

export const oggHeaderBytes = 27;

export const oggFlags = { continued: 1, first: 2, last: 4 } as const;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index << 24;
	for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c1_1db7 : 0);
	return value;
});

/** The page's checksum, computed with its own four bytes (22 to 25) taken as zero. */
export function pageChecksum(page: Uint8Array): number {
	let checksum = 0;
	for (let index = 0; index < page.length; index++) {
		const byte = index >= 22 && index < 26 ? 0 : (page[index] ?? 0);
		checksum = (checksum << 8) ^ (crcTable[((checksum >>> 24) ^ byte) & 0xff] ?? 0);
	}
	return checksum >>> 0;
}
