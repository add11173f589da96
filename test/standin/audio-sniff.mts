// Detects audio formats by their first bytes and reads WAV headers; declared types and names are not trusted.
export type Container = 'wav' | 'mp3' | 'flac' | 'ogg' | 'm4a' | 'webm' | 'aac' | 'amr';

export function sniffContainer(head: Buffer): Container | undefined {
	const ascii = (start: number, end: number) => head.toString('latin1', start, end);
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WAVE') return 'wav';
	if (ascii(0, 3) === 'ID3') return 'mp3';
	if (ascii(0, 4) === 'fLaC') return 'flac';
	if (ascii(0, 4) === 'OggS') return 'ogg';
	if (ascii(4, 8) === 'ftyp') return 'm4a';
	if (head.subarray(0, 4).equals(Buffer.from([0x1a, 0x45, 0xdf, 0xa3]))) return 'webm';
	if (ascii(0, 5) === '#!AMR') return 'amr';
	const [first = 0, second = 0] = head;
	// Frame sync of MPEG audio; layer bits 00 mean ADTS (AAC).
	if (first === 0xff && (second & 0xf6) === 0xf0) return 'aac';
	if (first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) !== 0) return 'mp3';
	return undefined;
}

export interface WavHeader {
	sampleRateHz: number;
	channels: number;
	bytesPerSecond: number;
	bitsPerSample: number;
	/** Byte offset of the samples. */
	dataOffset: number;
	/** Size in the header; 0 or 0xFFFFFFFF when it was written before the end was known. */
	declaredDataBytes: number;
}

/** Undefined when there is no usable `fmt ` and `data` chunk at the start. */
export function readWavHeader(head: Buffer): WavHeader | undefined {
	let at = 12;
	let format: Omit<WavHeader, 'dataOffset' | 'declaredDataBytes'> | undefined;
	while (at + 8 <= head.length) {
		const id = head.toString('latin1', at, at + 4);
		const size = head.readUInt32LE(at + 4);
		if (id === 'fmt ' && at + 24 <= head.length) {
			format = {
				channels: head.readUInt16LE(at + 10),
				sampleRateHz: head.readUInt32LE(at + 12),
				bytesPerSecond: head.readUInt32LE(at + 16),
				bitsPerSample: head.readUInt16LE(at + 22),
			};
		} else if (id === 'data') {
			if (!format || format.bytesPerSecond === 0) return undefined;
			return { ...format, dataOffset: at + 8, declaredDataBytes: size };
		}
		at += 8 + size + (size % 2);
	}
	return undefined;
}

/** Bytes of samples in a WAV of `totalBytes`; a declared size is used only when it fits. */
export function wavDataBytes(header: WavHeader, totalBytes: number): number {
	const there = Math.max(0, totalBytes - header.dataOffset);
	const declared = header.declaredDataBytes;
	return declared === 0 || declared > there ? there : declared;
}
