// Ogg pages written by hand: every field, packets over several pages, damage, and the duration for each codec.

import { describe, expect, test } from '@jest/globals';
import { oggDurationSeconds } from '../../../../nodes/shared/audio/containers/ogg.ts';
import {
	hasValidChecksum,
	readOggPages,
} from '../../../../nodes/shared/audio/containers/ogg-read.ts';
import { joinOpus } from '../../../../nodes/shared/audio/join/opus-join.ts';
import { bytes, expectUnreadable } from '../../../support/bytes.mts';
import {
	oggFile,
	oggPage,
	opusHead,
	opusTags,
	readOggStreams,
} from '../../../support/ogg-pages.mts';

const fill = (count: number, value = 1) => Array<number>(count).fill(value);
const packetsOf = (file: Uint8Array, verify = false) =>
	readOggStreams(file, verify).map(({ packets }) => packets.map((packet) => [...packet]));

describe('pages', () => {
	test('every field', () => {
		const file = oggPage({
			flags: 5,
			granule: 0x1_0000_0002,
			serial: 0xfedc_ba98,
			sequence: 7,
			packets: [[1, 2, 3], [4]],
		});
		const [page, ...others] = [...readOggPages(bytes('junk', file))];
		expect(others).toEqual([]);
		if (!page) throw new Error('no page');
		expect({ ...page, segments: [...page.segments], body: [...page.body] }).toMatchObject({
			isContinued: true,
			isFirst: false,
			isLast: true,
			granule: 0x1_0000_0002,
			serial: 0xfedc_ba98,
			segments: [3, 1],
			body: [1, 2, 3, 4],
		});
		expect(Buffer.from(page.bytes)).toEqual(file);
		expect(hasValidChecksum(page)).toBe(true);
	});

	test.each([
		[0, false, false, false],
		[1, true, false, false],
		[2, false, true, false],
		[4, false, false, true],
		[7, true, true, true],
	])('flags %i', (flags, isContinued, isFirst, isLast) => {
		expect([...readOggPages(oggPage({ flags }))]).toMatchObject([{ isContinued, isFirst, isLast }]);
	});

	test.each([-1, 0, 1, 0xffff_ffff, 2 ** 40])('granule position %d', (granule) => {
		expect([...readOggPages(oggPage({ granule }))]).toMatchObject([{ granule }]);
	});

	test('only whole pages of version 0 count', () => {
		const one = oggPage({ packets: [[1]] });
		const newer = oggPage({ version: 1, packets: [[2]] });
		const bodies = (file: Uint8Array) => [...readOggPages(file)].map(({ body }) => [...body]);
		expect(bodies(bytes(newer, one, newer, one))).toEqual([[1], [1]]);
		expect(bodies(one.subarray(0, -1))).toEqual([]);
		expect(bodies(one.subarray(0, 27))).toEqual([]);
		expect(bodies(one.subarray(0, 10))).toEqual([]);
		expect(bodies(oggPage())).toEqual([[]]);
		expect(bodies(oggPage().subarray(0, 26))).toEqual([]);
		// A page that says it is longer than the file hides nothing.
		expect(bodies(bytes(one.subarray(0, 26), [200], one))).toEqual([[1]]);
		expect(bodies(bytes('OggOggS', one.subarray(4)))).toEqual([[1]]);
	});

	test('a page inside the body of another is not read', () => {
		const inner = oggPage({ packets: [[1]] });
		expect([...readOggPages(oggPage({ packets: [inner] }))]).toHaveLength(1);
	});

	test.each([4, 5, 6, 13, 14, 18, 22, 25, 26, 27, 28])('a change at byte %i is detected', (at) => {
		const page = oggPage({ packets: [fill(9)] });
		page[at] = (page[at] ?? 0) ^ 0x40;
		expect([...readOggPages(page)].filter(hasValidChecksum)).toEqual([]);
	});
});

describe('packets', () => {
	const first = (packets: number[][], more = {}) => oggPage({ flags: 2, packets, ...more });

	test('one, several, and empty ones', () => {
		expect(packetsOf(first([[1, 2], [], [3]]))).toEqual([[[1, 2], [], [3]]]);
		expect(packetsOf(first([fill(254), fill(255), fill(256)]))).toEqual([
			[fill(254), fill(255), fill(256)],
		]);
	});

	test('one over three pages, the middle one without any end', () => {
		const file = bytes(
			first([], { segments: [1, 255], packets: [[9], fill(255, 1)], granule: 1 }),
			oggPage({ flags: 1, segments: [255, 255], packets: [fill(510, 2)], granule: -1 }),
			oggPage({ flags: 1, segments: [2, 1], packets: [[3, 3], [4]], granule: 5 }),
		);
		expect(packetsOf(file)).toEqual([[[9], [...fill(255, 1), ...fill(510, 2), 3, 3], [4]]]);
	});

	test('one that ends with an empty segment on the next page', () => {
		const file = bytes(
			first([], { segments: [255], packets: [fill(255)] }),
			oggPage({ flags: 1, segments: [0, 1], packets: [[7]] }),
		);
		expect(packetsOf(file)).toEqual([[fill(255), [7]]]);
	});

	test('the rest of a packet whose beginning is lost is dropped', () => {
		const file = bytes(
			first([[1]]),
			oggPage({ flags: 1, segments: [2, 1], packets: [[8, 8], [2]] }),
			oggPage({ flags: 1, segments: [255], packets: [fill(255, 8)] }),
			oggPage({ flags: 1, segments: [1, 1], packets: [[8], [3]] }),
		);
		expect(packetsOf(file)).toEqual([[[1], [2], [3]]]);
	});

	test('a beginning whose rest is lost is dropped', () => {
		const file = bytes(
			first([], { segments: [1, 255], packets: [[1], fill(255, 8)] }),
			oggPage({ packets: [[2]] }),
			oggPage({ segments: [255], packets: [fill(255, 8)] }),
		);
		expect(packetsOf(file)).toEqual([[[1], [2]]]);
	});
});

describe('streams', () => {
	test('multiplexed, chained, and pages of no stream', () => {
		const file = bytes(
			oggPage({ serial: 9, packets: [[0]] }),
			oggPage({ flags: 2, serial: 1, packets: [[1]] }),
			oggPage({ flags: 2, serial: 2, packets: [[2]] }),
			oggPage({ serial: 1, packets: [[3]] }),
			oggPage({ flags: 4, serial: 2, packets: [[4]] }),
			oggPage({ flags: 2, serial: 1, packets: [[5]] }),
			oggPage({ serial: 1, packets: [[6]] }),
		);
		expect(packetsOf(file)).toEqual([
			[[1], [3]],
			[[2], [4]],
			[[5], [6]],
		]);
	});

	test('granule positions: the first after the headers, and how many packets had ended by then', () => {
		const stream = (...granules: number[]) =>
			readOggStreams(
				bytes(
					...granules.map((granule, index) =>
						oggPage({ flags: index === 0 ? 2 : 0, granule, packets: [[1], [2]] }),
					),
				),
			)[0];
		expect(stream(0, 0, 960, 1920)).toMatchObject({
			firstGranule: 960,
			packetsAtFirstGranule: 6,
			lastGranule: 1920,
		});
		expect(stream(0, -1, 1, -1)).toMatchObject({
			firstGranule: 1,
			packetsAtFirstGranule: 6,
			lastGranule: 1,
		});
		expect(stream(0, -1)).toMatchObject({
			firstGranule: undefined,
			packetsAtFirstGranule: 0,
			lastGranule: undefined,
		});
	});

	test('damage is reported when checksums are verified', () => {
		const damaged = oggPage({ packets: [[1]] });
		damaged[damaged.length - 1] = 7;
		const file = bytes(oggPage({ flags: 2 }), damaged, oggPage({ flags: 4 }));
		expect(readOggStreams(file, true)).toMatchObject([{ isIntact: false }]);
		expect(readOggStreams(file)).toMatchObject([{ isIntact: true }]);
		const sound = bytes(oggPage({ flags: 2 }), oggPage({ flags: 4 }));
		expect(readOggStreams(sound, true)).toMatchObject([{ isIntact: true }]);
		expect(readOggStreams(Buffer.from('no Ogg'))).toEqual([]);
	});
});

describe('writing', () => {
	const packet = (count: number, granule: number, value = 1) => ({
		bytes: Uint8Array.from(fill(count, value)),
		granule,
	});

	test('one page per group, numbered, flagged, with the granule position of its last packet', () => {
		const groups = [[packet(2, 0, 1)], [packet(3, 960, 2), packet(1, 1920, 3)], [packet(0, 2880)]];
		expect(Buffer.from(oggFile(0x564f_5854, groups))).toEqual(
			bytes(
				oggPage({ flags: 2, serial: 0x564f_5854, packets: [[1, 1]] }),
				oggPage({
					serial: 0x564f_5854,
					sequence: 1,
					granule: 1920,
					packets: [[2, 2, 2], [3]],
				}),
				oggPage({ flags: 4, serial: 0x564f_5854, sequence: 2, granule: 2880, packets: [[]] }),
			),
		);
	});

	test('a lone page is the first and the last', () => {
		expect(Buffer.from(oggFile(1, [[packet(1, 5)]]))).toEqual(
			oggPage({ flags: 6, granule: 5, packets: [[1]] }),
		);
	});

	test('segments are full to the last: 255 of them make a page', () => {
		const small = Array.from({ length: 256 }, (_, index) => packet(1, index + 1));
		expect(Buffer.from(oggFile(1, [small]))).toEqual(
			bytes(
				oggPage({ flags: 2, granule: 255, packets: Array<number[]>(255).fill([1]) }),
				oggPage({ flags: 4, sequence: 1, granule: 256, packets: [[1]] }),
			),
		);
	});

	test.each([
		['one byte less than a page holds', 255 * 255 - 1, fill(254, 255).concat(254), undefined],
		['as much as a page holds', 255 * 255, fill(255, 255), [0]],
		['one byte more', 255 * 255 + 1, fill(255, 255), [1]],
	])('a packet of %s', (_, count, segments, rest) => {
		const file = Buffer.from(oggFile(1, [[packet(count, 960)]]));
		const [body, remainder] = [fill(Math.min(count, 255 * 255)), fill(Math.max(0, count - 65_025))];
		const pages = rest
			? [
					oggPage({ flags: 2, granule: -1, segments, packets: [body] }),
					oggPage({ flags: 5, sequence: 1, granule: 960, segments: rest, packets: [remainder] }),
				]
			: [oggPage({ flags: 6, granule: 960, segments, packets: [body] })];
		expect(file.equals(bytes(...pages))).toBe(true);
	});

	test('a large packet begins on the page of the one before it', () => {
		const file = oggFile(1, [[packet(1, 960, 1), packet(65_025, 1920, 2), packet(1, 2880, 3)]]);
		const pages = [...readOggPages(file)];
		expect(pages.map(({ granule, isContinued }) => [granule, isContinued])).toEqual([
			[960, false],
			[2880, true],
		]);
		expect(pages.map(({ segments }) => segments.length)).toEqual([255, 3]);
		expect(readOggStreams(file)[0]?.packets.map(({ length }) => length)).toEqual([1, 65_025, 1]);
	});

	test('an empty stream has no pages', () => {
		expect(oggFile(1, [])).toHaveLength(0);
	});

	test('a step ends after each piece, after every ten pages read or written, and before the end', () => {
		// A second each: one packet of three frames of 20 ms, and 47 more.
		const second = fill(16).map(() => [0xfb, 3, 0]);
		const piece = (seconds: number) =>
			bytes(
				oggPage({ flags: 2, packets: [opusHead()] }),
				oggPage({ sequence: 1, packets: [opusTags] }),
				...Array.from({ length: seconds }, (_, index) =>
					oggPage({ sequence: index + 2, granule: (index + 1) * 46_080, packets: second }),
				),
			);
		const stepsFor = (...seconds: number[]) => {
			const steps = joinOpus(seconds.map(piece));
			let taken = 0;
			while (!steps.next().done) taken++;
			return taken;
		};
		expect([stepsFor(1), stepsFor(1, 1), stepsFor(10), stepsFor(11), stepsFor(30)]).toEqual([
			2, 3, 3, 4, 7,
		]);
	});
});

describe('durations', () => {
	const stream = (head: Uint8Array, granule: number, serial = 1) =>
		bytes(
			oggPage({ flags: 2, serial, packets: [head] }),
			oggPage({ flags: 4, serial, granule, packets: [[1], [2]] }),
		);
	const le32 = (value: number) => {
		const number = Buffer.alloc(4);
		number.writeUInt32LE(value);
		return number;
	};
	const vorbis = (rate: number) => bytes('\x01vorbis', Buffer.alloc(5), le32(rate));
	const speex = (rate: number) => bytes('Speex   ', Buffer.alloc(28), le32(rate));
	/** STREAMINFO begins at byte 17; the rate is 20 bits after ten bytes of it. */
	const flac = (rate: number) =>
		bytes('\x7fFLAC', Buffer.alloc(22), [
			rate >> 12,
			(rate >> 4) & 0xff,
			((rate & 15) << 4) | 15,
			9,
		]);
	const none = 'This is not an Ogg sound file.';

	test.each([
		['Vorbis', stream(vorbis(16_000), 24_000), 1.5],
		['Speex', stream(speex(16_000), 24_000), 1.5],
		['FLAC', stream(flac(16_001), 16_001 * 2), 2],
		['Vorbis of no sound', stream(vorbis(16_000), -1), 0],
		[
			'two one after another',
			bytes(stream(vorbis(16_000), 24_000), stream(speex(8000), 4000, 2)),
			2,
		],
		[
			'one that is no sound beside',
			bytes(stream(bytes('\x80theora..'), 99), stream(vorbis(8000), 4000, 2)),
			0.5,
		],
	])('%s', (_, file, seconds) => {
		expect(oggDurationSeconds(file)).toBeCloseTo(seconds, 9);
	});

	test.each([
		['nothing', Buffer.alloc(0)],
		['another codec', stream(bytes('\x80theora..'), 99)],
		['another codec of a long head', stream(bytes('\x80theora', Buffer.alloc(40, 1)), 99)],
		['no packet', oggPage({ flags: 2 })],
		['Vorbis cut short', stream(vorbis(16_000).subarray(0, 15), 24_000)],
		['Speex cut short', stream(speex(16_000).subarray(0, 39), 24_000)],
		['FLAC cut short', stream(flac(16_000).subarray(0, 30), 24_000)],
		['no rate', stream(vorbis(0), 24_000)],
		['Opus cut short', stream(opusHead().subarray(0, 18), 24_000)],
		['Opus of a later age', stream(opusHead({ version: 16 }), 24_000)],
	])('%s is not Ogg audio', (_, file) => {
		expectUnreadable(() => oggDurationSeconds(file), none);
	});

	test('Opus: by packets and granule positions', () => {
		const sound = Array.from({ length: 50 }, () => [0xf8, 1]);
		const file = bytes(
			oggPage({ flags: 2, packets: [opusHead({ preSkip: 312 })] }),
			oggPage({ packets: [opusTags] }),
			oggPage({ flags: 4, granule: 47_000, packets: sound }),
		);
		expect(oggDurationSeconds(file)).toBeCloseTo((47_000 - 312) / 48_000, 9);
	});
});
