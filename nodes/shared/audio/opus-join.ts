// Joins Ogg Opus files into one logical stream without coding anything anew.
// Sources: RFC 7845, RFC 3533.

import { AudioError } from './audio-error';
import { readOggStreams } from './ogg-read';
import { type TimedPacket, oggStreamSteps } from './ogg-write';
import {
	opusPacketSamples,
	opusRate,
	type OpusSound,
	preSkipOf,
	readOpusStream,
} from './opus-packets';
import type { Steps } from './steps';

/** One 20 ms frame of silence, mono, in the mode that needs no earlier frame (CELT, full band). */
const silentPacket = Uint8Array.of(0xf8, 0xff, 0xfe);
const silentPacketMs = 20;

/** Pages of about a second keep seeking exact (RFC 7845, section 6). */
const pageSamples = opusRate;

/** "VOXT": any number does, since no other stream shares the file. */
const serial = 0x564f_5854;

function readPiece(bytes: Uint8Array, index: number, total: number): OpusSound[] {
	const streams = readOggStreams(bytes, true);
	const sounds = streams.map(readOpusStream).filter((sound) => sound !== undefined);
	const isComplete = sounds.length > 0 && streams.every(({ isIntact }) => isIntact);
	if (!isComplete) {
		const what = sounds.length === 0 ? 'is not an Ogg Opus file' : 'is damaged';
		throw new AudioError('unreadable', `Piece ${index + 1} of ${total} ${what}.`);
	}
	return sounds;
}

/** Channels, gain and mapping: what one header can only say once. */
const sharedSettings = ({ head }: OpusSound): string =>
	Buffer.from([head[9] ?? 0, ...head.subarray(16)]).toString('hex');

/**
 * The packets of a sound that carry what is meant to be heard. Padding at the end that fills whole
 * packets goes, and so does pre-skip at the start of a later sound; the rest of both, under two
 * packets (26 ms with libopus), cannot be cut out of the coded stream and
 * stays as near silence.
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
	Array.from({ length: Math.max(0, Math.round(gapMs / silentPacketMs)) || 0 }, () => silentPacket);

/** Puts packets on pages of about a second as they come. */
class Paginator {
	readonly groups: TimedPacket[][] = [];

	private position = 0;

	private pageEnd = pageSamples;

	private isOpen = false;

	add(bytes: Uint8Array): void {
		this.position += opusPacketSamples(bytes);
		const packet = { bytes, granule: this.position };
		if (this.isOpen) this.groups.at(-1)?.push(packet);
		else this.groups.push([packet]);
		this.isOpen = this.position < this.pageEnd;
		if (!this.isOpen) this.pageEnd = this.position + pageSamples;
	}
}

/**
 * One serial, one OpusHead and OpusTags (the first piece's), running positions, the last page marked
 * and trimmed to the last sample. `gapMs` is rounded to 20 ms. Pieces that are chained files
 * themselves come apart first.
 * @throws {AudioError} `unreadable`, `mismatched`
 */
export function* opusJoinSteps(pieces: readonly Uint8Array[], gapMs = 0): Steps<Uint8Array> {
	const sounds: OpusSound[] = [];
	for (const [index, piece] of pieces.entries()) {
		sounds.push(...readPiece(piece, index, pieces.length));
		yield;
	}
	const [first] = sounds;
	if (!first) throw new AudioError('unreadable', 'There is no sound to join.');
	if (sounds.some((sound) => sharedSettings(sound) !== sharedSettings(first))) {
		throw new AudioError('mismatched', 'The Opus pieces differ in channels or volume settings.');
	}
	const gap = silence(gapMs);
	const pages = new Paginator();
	let padding = 0;
	for (const [index, sound] of sounds.entries()) {
		const cut = cutSilentPackets(sound, index === 0);
		for (const packet of index > 0 ? [...gap, ...cut.packets] : cut.packets) pages.add(packet);
		({ padding } = cut);
		yield;
	}
	const lastPacket = pages.groups.at(-1)?.at(-1);
	if (!lastPacket) throw new AudioError('unreadable', 'The Opus pieces hold no sound.');
	lastPacket.granule -= Math.min(padding, opusPacketSamples(lastPacket.bytes));
	return yield* oggStreamSteps(serial, [
		[{ bytes: first.head, granule: 0 }],
		[{ bytes: first.tags, granule: 0 }],
		...pages.groups,
	]);
}
