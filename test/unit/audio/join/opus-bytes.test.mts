// Opus written by hand: packet durations, audible samples of a stream, and joined files to the byte.

import { describe, expect, test } from '@jest/globals';
import { AudioError } from '../../../../nodes/shared/audio/audio-error.ts';
import { readOggPages } from '../../../../nodes/shared/audio/containers/ogg-read.ts';
import {
	isOpusHead,
	opusPacketSamples,
	opusStreamSamples,
	preSkipOf,
	readOpusStream,
} from '../../../../nodes/shared/audio/containers/opus-packets.ts';
import { bytes } from '../../../support/bytes.mts';
import {
	type HeadFacts,
	oggPage,
	opusHead,
	opusTags,
	readOggStreams,
} from '../../../support/ogg-pages.mts';
import { joinAudio } from '../../../support/run-to-end.mts';

/** 20 ms, one frame, distinguished by its second byte. */
const packet = (mark: number) => Uint8Array.of(0xf8, mark);
const packets = (count: number, first = 1) =>
	Array.from({ length: count }, (_, index) => packet(first + index));

interface PieceFacts extends HeadFacts {
	first?: number;
	/** Position of the last page; by default all that its packets decode to. */
	end?: number;
	serial?: number;
}

const piece = (
	count: number,
	{ first = 1, end = count * 960, serial = 7, ...head }: PieceFacts = {},
) =>
	bytes(
		oggPage({ flags: 2, serial, packets: [opusHead(head)] }),
		oggPage({ serial, sequence: 1, packets: [opusTags] }),
		oggPage({ flags: 4, serial, sequence: 2, granule: end, packets: packets(count, first) }),
	);

describe('heads', () => {
	test.each([
		[opusHead(), true],
		[bytes(opusHead(), [1, 2]), true],
		[opusHead().subarray(0, 18), false],
		[opusHead({ version: 0 }), true],
		[opusHead({ version: 15 }), true],
		[opusHead({ version: 16 }), false],
		[bytes('OpusHeax', opusHead().subarray(8)), false],
		[bytes('xpusHead', opusHead().subarray(8)), false],
		[undefined, false],
	])('%j: %j', (head, isOne) => {
		expect(isOpusHead(head)).toBe(isOne);
	});

	test('pre-skip', () => {
		expect(preSkipOf(opusHead({ preSkip: 0xabcd }))).toBe(0xabcd);
	});
});

describe('packets', () => {
	/** RFC 6716, table 2, in samples at 48 kHz. */
	const silk = [480, 960, 1920, 2880];
	const hybrid = [480, 960];
	const celt = [120, 240, 480, 960];
	const lengths = [
		...silk,
		...silk,
		...silk,
		...hybrid,
		...hybrid,
		...celt,
		...celt,
		...celt,
		...celt,
	];

	test.each(lengths.map((samples, configuration) => [configuration, samples]))(
		'configuration %i: frames of %i samples',
		(configuration, samples) => {
			const toc = configuration << 3;
			expect(opusPacketSamples(Uint8Array.of(toc))).toBe(samples);
			expect(opusPacketSamples(Uint8Array.of(toc | 4))).toBe(samples);
			expect(opusPacketSamples(Uint8Array.of(toc | 1))).toBe(2 * samples);
			expect(opusPacketSamples(Uint8Array.of(toc | 2, 9))).toBe(2 * samples);
			expect(opusPacketSamples(Uint8Array.of(toc | 3, 1))).toBe(samples);
			// 120 ms at most; the upper bits say other things.
			const most = 5760 / samples;
			expect(opusPacketSamples(Uint8Array.of(toc | 3, 0xc0 | most))).toBe(5760);
			expect(opusPacketSamples(Uint8Array.of(toc | 3, most + 1))).toBe(0);
		},
	);

	test('without a count, or without anything', () => {
		expect(opusPacketSamples(Uint8Array.of(0xfb))).toBe(0);
		expect(opusPacketSamples(Uint8Array.of(0xfb, 0))).toBe(0);
		expect(opusPacketSamples(new Uint8Array(0))).toBe(0);
	});
});

describe('audible samples of a stream', () => {
	const stream = (head: Uint8Array, ...pages: Array<[granule: number, count: number]>) => {
		const [read] = readOggStreams(
			bytes(
				oggPage({ flags: 2, packets: [head] }),
				oggPage({ packets: [opusTags] }),
				...pages.map(([granule, count]) => oggPage({ granule, packets: packets(count) })),
			),
		);
		if (!read) throw new Error('no stream');
		return read;
	};
	const head = opusHead({ preSkip: 312 });

	test.each<[string, Array<[number, number]>, number]>([
		['all of it', [[4800, 5]], 4800 - 312],
		['without the padding at the end', [[4000, 5]], 4000 - 312],
		['no more than there is', [[9600, 5]], 4800 - 312],
		[
			'over two pages',
			[
				[2880, 3],
				[4500, 2],
			],
			4500 - 312,
		],
		[
			'cut out of a longer one',
			[
				[100_000, 3],
				[101_500, 2],
			],
			2880 + 1500 - 312,
		],
		['without any position', [[-1, 5]], 4800 - 312],
		['nothing, where the pre-skip takes all', [[300, 5]], 0],
		['nothing of no packets', [], 0],
	])('%s', (_, pages, samples) => {
		const read = stream(head, ...pages);
		expect(opusStreamSamples(read)).toBe(samples);
		expect(readOpusStream(read)).toMatchObject({
			heardSamples: samples,
			decodedSamples: 960 * pages.reduce((total, [, count]) => total + count, 0),
		});
	});

	test('an invalid packet is dropped', () => {
		const [read] = readOggStreams(
			bytes(
				oggPage({ flags: 2, packets: [head] }),
				oggPage({ packets: [opusTags] }),
				oggPage({ granule: 1920, packets: [packet(1), [0xfb], packet(2)] }),
			),
		);
		const sound = read && readOpusStream(read);
		expect(sound).toMatchObject({ decodedSamples: 1920, heardSamples: 1920 - 312 });
		expect(sound?.packets.map((one) => [...one])).toEqual([
			[0xf8, 1],
			[0xf8, 2],
		]);
		expect(Buffer.from(sound?.head ?? [])).toEqual(head);
		expect(Buffer.from(sound?.tags ?? [])).toEqual(opusTags);
	});

	test('a stream without OpusHead or OpusTags is not Opus', () => {
		const others = readOggStreams(oggPage({ flags: 2, packets: [[1], [2]] }));
		expect(others.map(readOpusStream)).toEqual([undefined]);
		expect(others.map(opusStreamSamples)).toEqual([0]);
		const untagged = readOggStreams(oggPage({ flags: 2, packets: [head] }));
		expect(untagged.map(readOpusStream)).toEqual([undefined]);
	});
});

describe('joined files', () => {
	const serial = 0x564f_5854;
	const marks = (file: Uint8Array) =>
		readOggStreams(file, true)[0]
			?.packets.slice(2)
			.map(([toc, mark]) => (toc === 0xf8 ? mark : -1));
	const last = (file: Uint8Array) => [...readOggPages(file)].at(-1)?.granule;

	test('to the byte: the first head, all packets, continuous granule positions', () => {
		const file = joinAudio('opus', [
			piece(2, { preSkip: 312, end: 1900 }),
			piece(2, { first: 11, preSkip: 100, end: 1800 }),
		]);
		expect(Buffer.from(file)).toEqual(
			bytes(
				oggPage({ flags: 2, serial, packets: [opusHead({ preSkip: 312 })] }),
				oggPage({ serial, sequence: 1, packets: [opusTags] }),
				oggPage({
					flags: 4,
					serial,
					sequence: 2,
					granule: 4 * 960 - 120,
					packets: [packet(1), packet(2), packet(11), packet(12)],
				}),
			),
		);
	});

	test.each([
		['less than a packet of padding', 1, [1, 2, 3, 11, 12]],
		['one packet of it', 960, [1, 2, 11, 12]],
		['a little more', 961, [1, 2, 11, 12]],
		['two packets of it', 1920, [1, 11, 12]],
	])('of %s at the end of the first', (_, padding, expected) => {
		const first = piece(3, { end: 2880 - padding });
		expect(marks(joinAudio('opus', [first, piece(2, { first: 11 })]))).toEqual(expected);
	});

	test.each([
		['less than a packet', 959, [1, 2, 11, 12, 13]],
		['one', 960, [1, 2, 12, 13]],
		['nearly two', 1919, [1, 2, 12, 13]],
		['two', 1920, [1, 2, 13]],
	])('the pre-skip of a later one goes by packets: %s', (_, preSkip, expected) => {
		const file = joinAudio('opus', [piece(2, { preSkip: 0 }), piece(3, { first: 11, preSkip })]);
		expect(marks(file)).toEqual(expected);
		// The first keeps its own, which its head tells of.
		expect(marks(joinAudio('opus', [piece(3, { preSkip }), piece(1, { first: 11 })]))).toEqual([
			1, 2, 3, 11,
		]);
	});

	test.each([
		['whole', 1920, 3 * 960],
		['trimmed', 1500, 3 * 960 - 420],
		['of a packet and more', 900, 2 * 960 - 60],
	])('the end of the last one: %s', (_, end, granule) => {
		expect(last(joinAudio('opus', [piece(1), piece(2, { end })]))).toBe(granule);
	});

	test.each([
		[0, 0],
		[9, 0],
		[10, 1],
		[29, 1],
		[30, 2],
		[200, 10],
		[-20, 0],
		[Number.NaN, 0],
	])('%d ms of silence are %i packets', (gapMs, count) => {
		const file = joinAudio('opus', [piece(1), piece(1, { first: 11 }), piece(1, { first: 21 })], {
			gapMs,
		});
		const gap = Array<number>(count).fill(0xff);
		expect(marks(file)).toEqual([1, ...gap, 11, ...gap, 21]);
		const silent = readOggStreams(file)[0]?.packets[3];
		if (count > 0) expect([...(silent ?? [])]).toEqual([0xf8, 0xff, 0xfe]);
		expect(last(file)).toBe((3 + 2 * count) * 960);
	});

	test('a chained file is split into its streams', () => {
		const parts = [piece(2), piece(2, { first: 11, serial: 8 })] as const;
		const third = piece(1, { first: 21 });
		const gap = { gapMs: 20 };
		expect(marks(joinAudio('opus', [bytes(...parts), third], gap))).toEqual([
			...[1, 2, 0xff, 11, 12, 0xff, 21],
		]);
	});

	test('pages of about a second: 50 packets of 20 ms', () => {
		const file = joinAudio('opus', [piece(101), piece(1)]);
		const sizes = [...readOggPages(file)].map(({ segments }) => segments.length);
		expect(sizes).toEqual([1, 1, 50, 50, 2]);
		const granules = [...readOggPages(file)].map(({ granule }) => granule);
		expect(granules).toEqual([0, 0, 48_000, 96_000, 97_920]);
	});

	test.each([
		['channels', { channels: 2 }],
		['volume', { gain: 256 }],
	])('other %s are refused', (_, facts) => {
		expect(() => joinAudio('opus', [piece(1), piece(1), piece(1, facts)])).toThrow(
			expect.objectContaining({
				code: 'mismatched',
				message: 'The Opus pieces differ in channels or volume settings.',
			}),
		);
	});

	test('another version, pre-skip or input sample rate is accepted', () => {
		expect(marks(joinAudio('opus', [piece(1), piece(1, { version: 0, preSkip: 9 })]))).toHaveLength(
			2,
		);
	});

	const vorbis = bytes(oggPage({ flags: 2, packets: [bytes('\x01vorbis', Buffer.alloc(20))] }));
	const damaged = piece(3);
	damaged[damaged.length - 1] = 99;

	test.each([
		['text', bytes('text'), 'is not an Ogg Opus file'],
		['another codec', vorbis, 'is not an Ogg Opus file'],
		['a changed byte', damaged, 'is damaged'],
		['a changed byte in one stream of two', bytes(piece(1), damaged), 'is damaged'],
	])('%s is refused by number', (_, other, what) => {
		const join = () => joinAudio('opus', [piece(1), other, piece(1)]);
		expect(join).toThrow(AudioError);
		expect(join).toThrow(
			expect.objectContaining({ code: 'unreadable', message: `Piece 2 of 3 ${what}.` }),
		);
	});

	test('a multiplexed stream of another codec is ignored', () => {
		expect(marks(joinAudio('opus', [bytes(vorbis, piece(1)), piece(1, { first: 11 })]))).toEqual([
			1, 11,
		]);
	});

	test('pieces without audio are rejected', () => {
		const empty = piece(0);
		expect(() => joinAudio('opus', [empty, empty])).toThrow(
			expect.objectContaining({
				code: 'unreadable',
				message: 'The Opus pieces hold no sound.',
			}),
		);
	});
});
