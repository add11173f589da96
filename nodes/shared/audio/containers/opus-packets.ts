// Opus in Ogg: header, packet durations, stream duration.
// Sources: RFC 7845 (Ogg Opus), RFC 6716 section 3.1 (the first byte of a packet).

import { latin1, viewOf } from '../byte-reading';
import type { OggStream } from './ogg-read';

/** Opus counts time at 48 kHz, whatever rate the audio was recorded at. */
export const OPUS_RATE = 48_000;

export function isOpusHead(packet: Uint8Array | undefined): packet is Uint8Array {
	return (
		packet !== undefined &&
		packet.length >= 19 &&
		latin1(packet, 0, 8) === 'OpusHead' &&
		// The upper half is the major version; another one is incompatible.
		(packet[8] ?? 255) < 16
	);
}

/** Priming samples that a decoder discards at the start of a stream. */
export const preSkipOf = (opusHead: Uint8Array): number => viewOf(opusHead).getUint16(10, true);

/** By configuration: four lengths of SILK, two of hybrid, four of CELT (RFC 6716, table 2). */
const SILK_SAMPLES = [480, 960, 1920, 2880];
const HYBRID_SAMPLES = [480, 960];
const CELT_SAMPLES = [120, 240, 480, 960];

function frameSamples(configuration: number): number {
	if (configuration < 12) return SILK_SAMPLES[configuration % 4] ?? 0;
	if (configuration < 16) return HYBRID_SAMPLES[configuration % 2] ?? 0;
	return CELT_SAMPLES[configuration % 4] ?? 0;
}

/** Decoded samples at 48 kHz; 0 for an invalid packet. */
export function opusPacketSamples(packet: Uint8Array): number {
	const toc = packet[0];
	if (toc === undefined) return 0;
	const countCode = toc & 3;
	const frames = countCode === 3 ? (packet[1] ?? 0) & 63 : Math.min(countCode + 1, 2);
	const samples = frames * frameSamples(toc >> 3);
	return samples > 5760 ? 0 : samples;
}

export interface OpusSound {
	head: Uint8Array;
	tags: Uint8Array;
	packets: Uint8Array[];
	/** Decoded samples of all packets. */
	decodedSamples: number;
	/** Of those, the audible ones: without pre-skip and padding at the end. */
	heardSamples: number;
}

const totalSamples = (packets: readonly Uint8Array[]): number =>
	packets.reduce((total, packet) => total + opusPacketSamples(packet), 0);

/**
 * Audible samples by the granule positions; 0 when the stream is not Opus. Of the packets, those up to
 * the first granule position are enough, if there is one.
 */
export function opusStreamSamples(stream: OggStream): number {
	const [head, tags, ...packets] = stream.packets;
	if (!isOpusHead(head) || !tags) return 0;
	const { firstGranule, lastGranule, packetsAtFirstGranule } = stream;
	if (firstGranule === undefined || lastGranule === undefined) {
		return Math.max(0, totalSamples(packets) - preSkipOf(head));
	}
	// A stream cut out of a longer one does not begin at 0 (RFC 7845, section 4.3). Where the first
	// page is the last one too, a position below its samples means trimmed padding instead.
	const samplesAtFirstGranule = totalSamples(packets.slice(0, packetsAtFirstGranule - 2));
	const start = Math.max(0, firstGranule - samplesAtFirstGranule);
	return Math.max(0, lastGranule - start - preSkipOf(head));
}

/** Reads one logical stream as Opus; undefined when it is not. */
export function readOpusStream(stream: OggStream): OpusSound | undefined {
	const [head, tags, ...rest] = stream.packets;
	if (!isOpusHead(head) || !tags) return undefined;
	const packets = rest.filter((packet) => opusPacketSamples(packet) > 0);
	const decodedSamples = totalSamples(packets);
	const mostHeard = Math.max(0, decodedSamples - preSkipOf(head));
	const heardSamples = Math.min(opusStreamSamples(stream), mostHeard);
	return { head, tags, packets, decodedSamples, heardSamples };
}
