// Numbers and text out of bytes, for every container's reader.

export function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The text of up to `length` bytes from `offset` on, one character a byte. */
export function latin1(bytes: Uint8Array | undefined, offset: number, length: number): string {
	return Buffer.from(bytes?.subarray(offset, offset + length) ?? []).toString('latin1');
}
