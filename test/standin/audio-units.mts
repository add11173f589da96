// Splits Ogg Opus and MP3 files into the packets and frames that a join copies unchanged.
import { createHash } from 'node:crypto';
import type { Container } from './audio-sniff.mts';

/** One short fingerprint a packet or frame, in order; empty for other containers. */
export function audioUnits(container: Container | undefined, bytes: Buffer): string[] {
	const units =
		container === 'ogg' ? opusPackets(bytes) : container === 'mp3' ? mp3Frames(bytes) : [];
	return units.map((unit) => createHash('sha1').update(unit).digest('base64url').slice(0, 12));
}

/** Packets of an Ogg stream without the Opus headers (RFC 3533 lacing, RFC 7845). */
function opusPackets(bytes: Buffer): Buffer[] {
	const packets: Buffer[] = [];
	let open: Buffer[] = [];
	let at = 0;
	while (at + 27 <= bytes.length && bytes.toString('latin1', at, at + 4) === 'OggS') {
		const lacing = bytes.subarray(at + 27, at + 27 + (bytes[at + 26] ?? 0));
		let from = at + 27 + lacing.length;
		for (const size of lacing) {
			open.push(bytes.subarray(from, from + size));
			from += size;
			if (size === 255) continue;
			packets.push(Buffer.concat(open));
			open = [];
		}
		at = from;
	}
	return packets.filter((packet) => !/^Opus(?:Head|Tags)/.test(packet.toString('latin1', 0, 8)));
}

const kilobits: Record<1 | 2, number[]> = {
	1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const ratesHz: Record<number, number[]> = {
	0: [11_025, 12_000, 8000],
	2: [22_050, 24_000, 16_000],
	3: [44_100, 48_000, 32_000],
};

/** Layer III frames that hold audio; tags and the encoder's own first frame are left out. */
function mp3Frames(bytes: Buffer): Buffer[] {
	const frames: Buffer[] = [];
	let at = 0;
	while (at + 4 <= bytes.length) {
		if (bytes.toString('latin1', at, at + 3) === 'ID3') {
			const size = [6, 7, 8, 9].reduce((sum, index) => sum * 128 + (bytes[at + index] ?? 0), 0);
			at += 10 + size;
			continue;
		}
		const length = frameBytes(bytes.readUInt32BE(at));
		if (length === 0) {
			at += 1;
			continue;
		}
		const frame = bytes.subarray(at, at + length);
		if (!/Xing|Info/.test(frame.toString('latin1', 4, 48))) frames.push(frame);
		at += length;
	}
	return frames;
}

/** Frame length in bytes; 0 when this is not a Layer III frame header. */
function frameBytes(header: number): number {
	const sync = header >>> 21;
	const version = (header >>> 19) & 3;
	const layer = (header >>> 17) & 3;
	if (sync !== 0x7ff || layer !== 1) return 0;
	const family = version === 3 ? 1 : 2;
	const bits = (kilobits[family][(header >>> 12) & 15] ?? 0) * 1000;
	const rate = ratesHz[version]?.[(header >>> 10) & 3];
	if (bits === 0 || rate === undefined) return 0;
	return Math.floor(((family === 1 ? 144 : 72) * bits) / rate) + ((header >>> 9) & 1);
}
