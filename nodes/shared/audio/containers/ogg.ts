// Ogg: codec and duration.

import { latin1, viewOf } from '../byte-reading';
import { AudioError } from '../audio-error';
import { OggDemuxer, type OggStream, readOggPages } from './ogg-read';
import { isOpusHead, opusStreamSamples } from './opus-packets';

type OggCodec = 'opus' | 'vorbis' | 'flac' | 'speex';

const SIGNATURES: ReadonlyArray<[text: string, codec: OggCodec]> = [
	['OpusHead', 'opus'],
	['\x01vorbis', 'vorbis'],
	['\x7fFLAC', 'flac'],
	['Speex   ', 'speex'],
];

/** The codec by the first packet of a stream. */
function oggCodecOf(packet: Uint8Array | undefined): OggCodec | undefined {
	const start = latin1(packet, 0, 8);
	return SIGNATURES.find(([text]) => start.startsWith(text))?.[1];
}

/** Sample rate of granule positions. */
function granuleRate(codec: OggCodec, header: Uint8Array): number | undefined {
	const view = viewOf(header);
	if (codec === 'opus') return isOpusHead(header) ? 48_000 : undefined;
	if (codec === 'vorbis') return header.length >= 16 ? view.getUint32(12, true) : undefined;
	if (codec === 'speex') return header.length >= 40 ? view.getUint32(36, true) : undefined;
	// Ogg FLAC: 13 bytes of mapping and a block header stand before STREAMINFO, where 20 bits at byte 10 are the rate.
	return header.length >= 31 ? view.getUint32(27) >>> 12 : undefined;
}

function streamSeconds(stream: OggStream): number | undefined {
	const [header] = stream.packets;
	const codec = oggCodecOf(header);
	if (!header || !codec) return undefined;
	const rate = granuleRate(codec, header);
	if (!rate) return undefined;
	return (codec === 'opus' ? opusStreamSamples(stream) : (stream.lastGranule ?? 0)) / rate;
}

/**
 * Streams chained one after another add up, as players play them.
 * @throws {AudioError} `unreadable` when no stream of a known codec is there
 */
export function oggDurationSeconds(bytes: Uint8Array): number {
	const demuxer = new OggDemuxer({ verify: false, packets: 'opening' });
	for (const page of readOggPages(bytes)) demuxer.add(page);
	const seconds = demuxer.streams.map(streamSeconds);
	const known = seconds.filter((value) => value !== undefined);
	if (known.length === 0) throw new AudioError('unreadable', 'This is not an Ogg sound file.');
	return known.reduce((total, value) => total + value, 0);
}
