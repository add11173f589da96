// AMR, AIFF and AAC written by hand, byte by byte: every field, every limit one below, at, and one above.

import { describe, expect, test } from '@jest/globals';
import {
	adtsDurationSeconds,
	readAdtsFrame,
} from '../../../../nodes/shared/audio/containers/adts.ts';
import { aiffDurationSeconds } from '../../../../nodes/shared/audio/containers/aiff.ts';
import { amrDurationSeconds } from '../../../../nodes/shared/audio/containers/amr.ts';
import { bytes, expectUnreadable, u16, u32 } from '../../../support/bytes.mts';

describe('AMR', () => {
	/** RFC 4867, sections 5.3: bytes of a frame of each type after the first. */
	const narrow = [12, 13, 15, 17, 19, 20, 26, 31, 5, 6, 5, 5, 0, 0, 0, 0];
	const wide = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0];
	// Any byte of a frame's body, taken for a frame, would be one of 20 ms without a body.
	const frame = (type: number, size: number) => [
		(type << 3) | 4,
		...Array<number>(size).fill(0x7c),
	];

	test.each(narrow.map((size, type) => [type, size]))('frame type %i: %i bytes', (type, size) => {
		const file = bytes('#!AMR\n', frame(type, size), frame(type, size), frame(type, size));
		expect(amrDurationSeconds(file)).toBeCloseTo(0.06, 9);
	});

	test.each(wide.map((size, type) => [type, size]))(
		'wide-band frame type %i: %i bytes',
		(type, size) => {
			const file = bytes('#!AMR-WB\n', frame(type, size), frame(type, size), frame(type, size));
			expect(amrDurationSeconds(file)).toBeCloseTo(0.06, 9);
		},
	);

	test('a header alone lasts nothing', () => {
		expect(amrDurationSeconds(bytes('#!AMR\n'))).toBe(0);
		expect(amrDurationSeconds(bytes('#!AMR-WB\n'))).toBe(0);
	});

	test.each(['', '#!AMR', '#!AMR_MC1.0\n', '#!AMR-WB', ' #!AMR\n', '#!AMR-WB_MC1.0\n'])(
		'%j is not an AMR file of one channel',
		(start) => {
			const read = () => amrDurationSeconds(bytes(start, [0x3c, 0, 0, 0]));
			expectUnreadable(read, 'This is not an AMR file of one channel.');
		},
	);
});

describe('AIFF', () => {
	const rate44100 = [0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0];
	const common = (frames: number, rate = rate44100) => [
		...u16(1),
		...u32(frames),
		...u16(16),
		...rate,
	];
	const chunk = (name: string, body: readonly number[], size = body.length) =>
		bytes(name, u32(size), body);
	const file = (...chunks: Buffer[]) => bytes('FORM', u32(0), 'AIFF', ...chunks);
	const noDuration = 'This AIFF file does not tell its length.';

	test.each([
		['44.1 kHz', rate44100, 2],
		['8 kHz', [0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0], 88_200 / 8000],
		['48 kHz', [0x40, 0x0e, 0xbb, 0x80, 0, 0, 0, 0, 0, 0], 88_200 / 48_000],
		['a sign that means nothing', [0xc0, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0], 2],
		['half a hertz more', [0x40, 0x0e, 0xac, 0x44, 0x80, 0, 0, 0, 0, 0], 88_200 / 44_100.5],
	])('%s', (_, rate, seconds) => {
		expect(aiffDurationSeconds(file(chunk('COMM', common(88_200, rate))))).toBeCloseTo(seconds, 9);
	});

	test('other chunks are skipped, with padding where their size is odd', () => {
		const even = chunk('SSND', common(7));
		const odd = bytes(chunk('NAME', [1, 2, 3]), [0]);
		const common88200 = chunk('COMM', common(88_200));
		expect(aiffDurationSeconds(file(even, odd, common88200))).toBe(2);
		expect(aiffDurationSeconds(file(odd, odd, common88200, even))).toBe(2);
	});

	test('a chunk longer than its fields is accepted', () => {
		expect(aiffDurationSeconds(file(chunk('COMM', [...common(88_200), 0, 0])))).toBe(2);
	});

	test('a rate of zero is ignored, a later chunk counts', () => {
		const silent = chunk('COMM', common(88_200, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
		expect(aiffDurationSeconds(file(silent, chunk('COMM', common(44_100))))).toBe(1);
		expectUnreadable(() => aiffDurationSeconds(file(silent)), noDuration);
	});

	test.each([
		['nothing', Buffer.alloc(0)],
		['no chunk', file()],
		['a chunk cut off', file(chunk('COMM', common(88_200))).subarray(0, -1)],
		['a header cut off', file(bytes('COMM', [0, 0, 0]))],
		['a chunk that says it is too short', file(chunk('COMM', common(88_200), 17))],
		['another chunk with the same numbers', file(chunk('COMN', common(88_200)))],
	])('%s', (_, content) => {
		expectUnreadable(() => aiffDurationSeconds(content), noDuration);
	});
});

interface Adts {
	rate?: number;
	size?: number;
	blocks?: number;
	second?: number;
	first?: number;
}

/** ISO/IEC 13818-7, table 8; every irrelevant bit is set. */
const adtsHeader = ({
	rate = 4,
	size = 32,
	blocks = 1,
	second = 0xf9,
	first = 0xff,
}: Adts = {}) => [
	first,
	second,
	0xc3 | (rate << 2),
	0xfc | (size >> 11),
	(size >> 3) & 0xff,
	((size & 7) << 5) | 0x1f,
	0xfc | (blocks - 1),
];
const adtsFrame = (facts: Adts = {}) =>
	bytes(adtsHeader(facts), Array<number>(Math.max(0, (facts.size ?? 32) - 7)).fill(0));

describe('AAC', () => {
	const rates = [
		96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000,
		7350,
	];

	test.each(rates.map((hertz, rate) => [rate, hertz]))('rate %i is %i Hz', (rate, hertz) => {
		expect(readAdtsFrame(adtsFrame({ rate }), 0)).toEqual({
			frameBytes: 32,
			seconds: 1024 / hertz,
		});
	});

	test.each([13, 14, 15])('rate index %i is invalid', (rate) => {
		expect(readAdtsFrame(adtsFrame({ rate }), 0)).toBeUndefined();
	});

	test.each([8, 9, 255, 256, 2047, 2048, 4096, 8191])('a frame of %i bytes', (size) => {
		expect(readAdtsFrame(bytes(adtsHeader({ size })), 0)?.frameBytes).toBe(size);
	});

	test.each([0, 1, 7])('a frame of %i bytes is invalid', (size) => {
		expect(readAdtsFrame(bytes(adtsHeader({ size })), 0)).toBeUndefined();
	});

	test.each([1, 2, 3, 4])('%i blocks', (blocks) => {
		expect(readAdtsFrame(adtsFrame({ blocks }), 0)?.seconds).toBe((blocks * 1024) / 44_100);
	});

	test.each([
		['MPEG-4', { second: 0xf1 }, true],
		['with checksum', { second: 0xf0 }, true],
		['MPEG-2', { second: 0xf8 }, true],
		['MPEG-2 with layer bits', { second: 0xfb }, false],
		['layer bits', { second: 0xf5 }, false],
		['eleven bits of sync', { second: 0xe1 }, false],
		['no sync', { first: 0xfe }, false],
	])('%s', (_, facts, isFrame) => {
		expect(readAdtsFrame(adtsFrame(facts), 0) !== undefined).toBe(isFrame);
	});

	test('a whole header is read at the given offset', () => {
		const late = bytes([1, 2, 3], adtsHeader());
		expect(readAdtsFrame(late, 3)?.frameBytes).toBe(32);
		expect(readAdtsFrame(late, 2)).toBeUndefined();
		expect(readAdtsFrame(late.subarray(0, -1), 3)).toBeUndefined();
	});

	test('frames add up until a header is invalid; an ID3 tag before them is skipped', () => {
		const frames = bytes(adtsFrame({ rate: 8 }), adtsFrame({ rate: 8, blocks: 2, size: 100 }));
		const tag = bytes('ID3\x04\0\0\0\0\0\x05', [1, 2, 3, 4, 5]);
		expect(adtsDurationSeconds(frames)).toBeCloseTo(0.192, 9);
		expect(adtsDurationSeconds(bytes(tag, frames, 'TAG', adtsFrame()))).toBeCloseTo(0.192, 9);
	});

	test.each([
		['nothing', ''],
		['text', 'not AAC at all'],
	])('%s', (_, text) => {
		expectUnreadable(() => adtsDurationSeconds(bytes(text)), 'This is not an AAC file.');
	});
});
