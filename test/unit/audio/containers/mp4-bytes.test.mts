// MP4 written by hand, box by box: what the lengths in it mean, and which boxes count.

import { describe, expect, test } from '@jest/globals';
import { mp4DurationSeconds } from '../../../../nodes/shared/audio/containers/mp4.ts';
import { bytes, expectUnreadable, u32, u64 } from '../../../support/bytes.mts';

describe('MP4', () => {
	const box = (name: string, ...parts: Parameters<typeof bytes>) => {
		const body = bytes(...parts);
		return bytes(u32(8 + body.length), name, body);
	};
	const longBox = (name: string, ...parts: Parameters<typeof bytes>) => {
		const body = bytes(...parts);
		return bytes(u32(1), name, u64(16 + body.length), body);
	};
	const zeros = (count: number) => Array<number>(count).fill(0);
	const movieHeader = (ticks: number, isWide = false, rest = 16) =>
		isWide
			? box('mvhd', [1, 0, 0, 0], zeros(16), u32(ticks), zeros(8))
			: box('mvhd', zeros(12), u32(ticks), zeros(rest));
	const trackHeader = (ticks: number, isWide = false) =>
		isWide
			? box('tkhd', [1, 0, 0, 0], zeros(24), u64(ticks), zeros(4))
			: box('tkhd', zeros(20), u32(ticks), zeros(4));
	const media = (handler: string) => box('mdia', box('hdlr', zeros(8), handler, zeros(12)));
	const edits = (isWide: boolean, lengths: readonly number[], count = lengths.length) =>
		box(
			'edts',
			box(
				'elst',
				[isWide ? 1 : 0, 0, 0, 0],
				u32(count),
				lengths.flatMap((ticks) =>
					isWide ? [...u64(ticks), ...zeros(12)] : [...u32(ticks), ...zeros(8)],
				),
			),
		);
	const track = (...parts: Buffer[]) => box('trak', media('soun'), ...parts);
	const movie = (...parts: Buffer[]) => box('moov', movieHeader(1000), ...parts);
	const start = box('ftyp', 'M4A ', zeros(4));
	const missing = 'This is not an MP4 file, or its index is missing.';

	test.each([
		['a track header', movie(track(trackHeader(2500))), 2.5],
		['a wide track header', movie(track(trackHeader(2500, true))), 2.5],
		['a wide movie header', box('moov', movieHeader(500, true), track(trackHeader(2500))), 5],
		['an edit', movie(track(trackHeader(9), edits(false, [1250]))), 1.25],
		['two edits', movie(track(edits(false, [1250, 750]), trackHeader(9))), 2],
		['wide edits', movie(track(trackHeader(9), edits(true, [1250, 750]))), 2],
		['an empty edit list', movie(track(trackHeader(2500), edits(false, []))), 2.5],
		['edits of no length', movie(track(trackHeader(2500), edits(false, [0, 0]))), 2.5],
		['fewer edits than are there', movie(track(edits(false, [1250, 750], 1))), 1.25],
		['more edits than are there', movie(track(edits(false, [1250, 750], 99))), 2],
		['more wide edits than are there', movie(track(edits(true, [1250], 99))), 1.25],
		[
			'an edit list cut off',
			movie(track(trackHeader(2500), box('edts', box('elst', zeros(7))))),
			2.5,
		],
		[
			'a picture track first',
			movie(box('trak', media('vide'), trackHeader(7)), track(trackHeader(2500))),
			2.5,
		],
		['two sound tracks', movie(track(trackHeader(2500)), track(trackHeader(7))), 2.5],
		[
			'something else that holds a sound track',
			movie(box('meta', track(trackHeader(7))), track(trackHeader(2500))),
			2.5,
		],
		[
			'something else that looks like a sound track inside',
			movie(box('free', media('soun'), trackHeader(7)), track(trackHeader(2500))),
			2.5,
		],
		['the longest possible duration', movie(track(trackHeader(0xffff_fffe))), 4_294_967.294],
		['a long box before', bytes(longBox('mdat', zeros(40)), movie(track(trackHeader(2500)))), 2.5],
		['a long box as the movie', longBox('moov', movieHeader(1000), track(trackHeader(2500))), 2.5],
		[
			'the last box up to the end',
			bytes(u32(0), 'moov', movieHeader(1000), track(trackHeader(2500))),
			2.5,
		],
		['an empty box before', bytes(box('free'), movie(track(trackHeader(2500)))), 2.5],
		[
			'a movie header of the least length',
			box('moov', box('mvhd', zeros(12), u32(1000), zeros(16)), track(trackHeader(2500))),
			2.5,
		],
	])('%s', (_, file, seconds) => {
		expect(mp4DurationSeconds(bytes(start, file))).toBeCloseTo(seconds, 9);
	});

	test.each([
		['no track', movie()],
		['no sound track', movie(box('trak', media('vide'), trackHeader(2500)))],
		['a track without media', movie(box('trak', trackHeader(2500)))],
		['a length beyond all recordings', movie(track(trackHeader(2 ** 32 + 2500, true)))],
		['a length nobody knew', movie(track(trackHeader(0xffff_ffff)))],
		['a fragmented file', movie(track(trackHeader(0)))],
		['a track without header', movie(track())],
		['a track header cut off', movie(track(box('tkhd', zeros(20), [1, 0, 0])))],
		['a wide track header cut off', movie(track(box('tkhd', [1], zeros(27), zeros(4), [0, 0, 1])))],
		['no ticks', box('moov', movieHeader(0), track(trackHeader(2500)))],
	])('%s states no duration', (_, file) => {
		expect(mp4DurationSeconds(bytes(start, file))).toBeUndefined();
	});

	test.each([
		['nothing', Buffer.alloc(0)],
		['no movie', box('mdat', zeros(20))],
		['a movie without header', box('moov', track(trackHeader(2500)))],
		['a movie header cut short', box('moov', movieHeader(1000, false, 15), track(trackHeader(9)))],
		['a box of impossible size', bytes(u32(7), 'fre', movie(track(trackHeader(2500))))],
		['a long box cut off', bytes(u32(1), 'free', zeros(7))],
		[
			'a long box far larger than the file',
			bytes(u32(1), 'free', u64(2 ** 32 + 16), movie(track(trackHeader(2500)))),
		],
		[
			'a long box of impossible size',
			bytes(u32(1), 'free', u64(15), movie(track(trackHeader(2500)))),
		],
		['a box up to the end before it', bytes(u32(0), 'free', movie(track(trackHeader(2500))))],
		['a box larger than the file', bytes(u32(9999), 'free', movie(track(trackHeader(2500))))],
	])('%s is not an MP4 file', (_, file) => {
		expectUnreadable(() => mp4DurationSeconds(bytes(start, file)), missing);
	});

	test('the least that a track header and a whole edit may hold', () => {
		const least = movie(track(box('tkhd', zeros(20), u32(2500))));
		expect(mp4DurationSeconds(least)).toBe(2.5);
		const wide = movie(track(box('tkhd', [1], zeros(27), u64(2500))));
		expect(mp4DurationSeconds(wide)).toBe(2.5);
		expect(mp4DurationSeconds(movie(track(edits(true, [0x1_0000_0000 - 2]))))).toBeCloseTo(
			4_294_967.294,
			6,
		);
	});
});
