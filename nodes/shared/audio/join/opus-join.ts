// Joins Ogg Opus files into one logical stream without re-encoding.
// Sources: RFC 7845, RFC 3533.

import { AudioError } from '../audio-error';
import { OggDemuxer, readOggPages } from '../containers/ogg-read';
import { OggWriter, type TimedPacket } from '../containers/ogg-write';
import {
	opusPacketSamples,
	OPUS_RATE,
	type OpusSound,
	preSkipOf,
	readOpusStream,
} from '../containers/opus-packets';
import type { Steps } from '../steps';

/** One 20 ms frame of silence, mono, in the mode that needs no earlier frame (CELT, full band). */
const SILENT_PACKET = Uint8Array.of(0xf8, 0xff, 0xfe);
const SILENT_PACKET_MS = 20;

/** Pages of about a second keep seeking exact (RFC 7845, section 6). */
const PAGE_SAMPLES = OPUS_RATE;

/** About ten seconds: written within a few milliseconds, also when the code is still cold. */
const PAGES_PER_STEP = 10;

/** "VOXT": any number does, since no other stream shares the file. */
const SERIAL = 0x564f_5854;

function* readPiece(bytes: Uint8Array, index: number, total: number): Steps<OpusSound[]> {
	const demuxer = new OggDemuxer({ verify: true, packets: 'all' });
	let read = 0;
	for (const page of readOggPages(bytes)) {
		demuxer.add(page);
		if (++read % PAGES_PER_STEP === 0) yield;
	}
	const { streams } = demuxer;
	const sounds = streams.map(readOpusStream).filter((sound) => sound !== undefined);
	const isComplete = sounds.length > 0 && streams.every(({ isIntact }) => isIntact);
	if (!isComplete) {
		const what = sounds.length === 0 ? 'is not an Ogg Opus file' : 'is damaged';
		throw new AudioError('unreadable', `Piece ${index + 1} of ${total} ${what}.`);
	}
	return sounds;
}

/** Channels, gain and mapping: settings that one header states for the whole stream. */
const sharedSettings = ({ head }: OpusSound): string =>
	Buffer.from([head[9] ?? 0, ...head.subarray(16)]).toString('hex');

/**
 * The audible packets. Padding at the end that fills whole packets is cut, and so is pre-skip at the
 * start of later pieces; the rest of both, under two packets (26 ms with libopus), cannot be cut
 * without re-encoding and stays as near silence.
 */
function cutSilentPackets(sound: OpusSound, isFirst: boolean) {
	const durations = sound.packets.map(opusPacketSamples);
	const preSkip = preSkipOf(sound.head);
	let from = 0;
	let to = durations.length;
	let padding = sound.decodedSamples - preSkip - sound.heardSamples;
	while (to > 0 && padding >= (durations[to - 1] ?? 0)) padding -= durations[--to] ?? 0;
	let skipped = isFirst ? 0 : preSkip;
	while (from < to && skipped >= (durations[from] ?? 0)) skipped -= durations[from++] ?? 0;
	return { packets: sound.packets.slice(from, to), padding: Math.max(0, padding) };
}

const silence = (gapMs: number): Uint8Array[] =>
	Array.from(
		{ length: Math.max(0, Math.round(gapMs / SILENT_PACKET_MS)) || 0 },
		() => SILENT_PACKET,
	);

/** Groups packets into pages of about a second; the last packet can still be trimmed. */
class Paginator {
	private readonly writer = new OggWriter(SERIAL);

	private group: TimedPacket[] = [];

	private position = 0;

	private pageEnd = PAGE_SAMPLES;

	constructor({ head, tags }: OpusSound) {
		for (const bytes of [head, tags]) this.writer.add([{ bytes, granule: 0 }]);
	}

	/** True when a page was completed. */
	add(bytes: Uint8Array): boolean {
		const isFull = this.position >= this.pageEnd;
		if (isFull) {
			this.writer.add(this.group);
			this.group = [];
			this.pageEnd = this.position + PAGE_SAMPLES;
		}
		this.position += opusPacketSamples(bytes);
		this.group.push({ bytes, granule: this.position });
		return isFull;
	}

	/** @throws {AudioError} when there was no packet */
	end(padding: number): Uint8Array {
		const last = this.group.at(-1);
		if (!last) throw new AudioError('unreadable', 'The Opus pieces hold no sound.');
		last.granule -= Math.min(padding, opusPacketSamples(last.bytes));
		this.writer.add(this.group);
		return this.writer.end();
	}
}

/**
 * One serial, one OpusHead and OpusTags (the first piece's), continuous granule positions, the last
 * page flagged and trimmed to the last sample. `gapMs` is rounded to 20 ms. Pieces that are chained
 * streams themselves are split first.
 * @throws {AudioError} `unreadable`, `mismatched`
 */
export function* joinOpus(pieces: readonly Uint8Array[], gapMs = 0): Steps<Uint8Array> {
	const gap = silence(gapMs);
	let first: OpusSound | undefined;
	let pages: Paginator | undefined;
	let written = 0;
	let padding = 0;
	for (const [index, piece] of pieces.entries()) {
		// Packets are dropped piece by piece: many small objects kept long slow the garbage collector down.
		for (const sound of yield* readPiece(piece, index, pieces.length)) {
			yield;
			const isFirst = first === undefined;
			first ??= sound;
			pages ??= new Paginator(first);
			if (sharedSettings(sound) !== sharedSettings(first)) {
				throw new AudioError(
					'mismatched',
					'The Opus pieces differ in channels or volume settings.',
				);
			}
			const cut = cutSilentPackets(sound, isFirst);
			for (const packet of isFirst ? cut.packets : [...gap, ...cut.packets]) {
				if (pages.add(packet) && ++written % PAGES_PER_STEP === 0) yield;
			}
			({ padding } = cut);
		}
	}
	if (!pages) throw new AudioError('unreadable', 'There is no sound to join.');
	yield;
	return pages.end(padding);
}
