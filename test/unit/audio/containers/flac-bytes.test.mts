// FLAC written by hand: the header's fields to the bit, and the last frame where the header states no total.

import { describe, expect, test } from '@jest/globals';
import { flacDurationSeconds } from '../../../../nodes/shared/audio/containers/flac.ts';
import { bytes, expectUnreadable, u16, u32 } from '../../../support/bytes.mts';

interface Header {
	rate?: number;
	channels?: number;
	total?: number;
	block?: number;
	mostFrameBytes?: number;
	first?: number;
}

/** Signature, block header, STREAMINFO (RFC 9639, section 8.2); what does not matter here is all ones. */
function header(facts: Header = {}): Buffer {
	const { rate = 1000, channels = 1, total = 0, block = 100, mostFrameBytes = 0 } = facts;
	return bytes(
		'fLaC',
		[facts.first ?? 0x80, 0, 0, 34],
		u16(0xffff),
		u16(block),
		[0xff, 0xff, 0xff],
		u32(mostFrameBytes).slice(1),
		[rate >> 12, (rate >> 4) & 0xff, ((rate & 15) << 4) | ((channels - 1) << 1) | 1],
		[0xf0 | Math.floor(total / 2 ** 32)],
		u32(total % 2 ** 32),
		Buffer.alloc(16, 0xff),
	);
}

/** RFC 9639, section 9.3: polynomial x^16 + x^15 + x^2 + 1, the highest bit first. */
function crc16(content: Uint8Array): number {
	let register = 0;
	for (const byte of content) {
		for (let bit = 7; bit >= 0; bit--) {
			const out = (register >> 15) ^ ((byte >> bit) & 1);
			register = (register << 1) & 0xffff;
			if (out === 1) register ^= 0x8005;
		}
	}
	return register;
}

interface Frame {
	second?: number;
	/** Block size in the upper half, sample rate in the lower. */
	third?: number;
	fourth?: number;
	number?: readonly number[];
	/** After the coded number: sizes that the code does not tell, then sound. */
	rest?: readonly number[];
}

function frame({ second = 0xf8, third = 0x10, fourth = 0, number = [2], rest = [] }: Frame = {}) {
	const content = bytes([0xff, second, third, fourth], number, rest, [1, 2, 3, 4, 5, 6]);
	return bytes(content, u16(crc16(content)));
}

describe('a header with a total', () => {
	test.each([
		[{ total: 2500 }, 2.5],
		[{ total: 1 }, 0.001],
		[{ total: 2 ** 32 + 1000 }, 4_294_968.296],
		[{ total: 15 * 2 ** 32 }, 64_424_509.44],
		[{ total: 96_000, rate: 96_000 }, 1],
		[{ total: 655_350, rate: 655_350 }, 1],
		[{ total: 44_101, rate: 44_101 }, 1],
		[{ total: 2500, channels: 8 }, 2.5],
		[{ total: 2500, first: 0 }, 2.5],
	])('%j lasts %d s', (facts, seconds) => {
		expect(flacDurationSeconds(header(facts))).toBeCloseTo(seconds, 9);
	});

	test('an ID3 tag before it is skipped', () => {
		const tag = bytes('ID3\x04\0\0\0\0\0\x03xyz');
		expect(flacDurationSeconds(bytes(tag, header({ total: 2500 })))).toBe(2.5);
	});

	test('without a sample rate there is no duration', () => {
		expect(flacDurationSeconds(header({ total: 2500, rate: 0 }))).toBeUndefined();
	});

	test.each([
		['nothing', Buffer.alloc(0)],
		['another signature', bytes('fLaX', header({ total: 1 }).subarray(4))],
		['another first block', header({ total: 1, first: 4 })],
		['another first block, the last one', header({ total: 1, first: 0x84 })],
		['a header cut short', header({ total: 1 }).subarray(0, 41)],
		['a signature alone', bytes('fLaC')],
	])('%s is not a FLAC file', (_, file) => {
		expectUnreadable(() => flacDurationSeconds(file), 'This is not a FLAC file.');
	});
});

describe('a header without a total: the last frame', () => {
	/** Filled so that no other frame is found. */
	const file = (last: Buffer, facts: Header = {}) => bytes(header(facts), Buffer.alloc(100), last);
	/** Fixed blocks of 100 samples: two whole ones before the last frame. */
	const before = 200;

	test.each([
		[1, 192],
		[2, 576],
		[3, 1152],
		[4, 2304],
		[5, 4608],
		[8, 256],
		[9, 512],
		[10, 1024],
		[11, 2048],
		[12, 4096],
		[13, 8192],
		[14, 16_384],
		[15, 32_768],
	])('block size %i is %i samples', (code, samples) => {
		const last = frame({ third: code << 4 });
		expect(flacDurationSeconds(file(last))).toBeCloseTo((before + samples) / 1000, 9);
	});

	test.each([
		[6, [0], 1],
		[6, [99], 100],
		[6, [255], 256],
		[7, [0, 0], 1],
		[7, [1, 4], 261],
		[7, [255, 255], 65_536],
	])('block size %i with %j is %i samples', (code, rest, samples) => {
		const last = frame({ third: code << 4, rest });
		expect(flacDurationSeconds(file(last))).toBeCloseTo((before + samples) / 1000, 9);
	});

	test.each([
		[[0], 0],
		[[0x7f], 127],
		[[0xc2, 0x80], 0x80],
		[[0xdf, 0xbf], 0x7ff],
		[[0xe0, 0xa0, 0x80], 0x800],
		[[0xef, 0xbf, 0xbf], 0xffff],
		[[0xf0, 0x90, 0x80, 0x80], 0x1_0000],
		[[0xf8, 0x88, 0x80, 0x80, 0x80], 0x20_0000],
		[[0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], 0x400_0000],
		[[0xfe, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80], 0x8000_0000],
		[[0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf], 0xf_ffff_ffff],
	])('coded number %j is %i', (number, value) => {
		const variable = frame({ second: 0xf9, third: 0x60, number, rest: [99] });
		expect(flacDurationSeconds(file(variable))).toBeCloseTo((value + 100) / 1000, 6);
		const fixed = frame({ third: 0x60, number, rest: [99] });
		expect(flacDurationSeconds(file(fixed))).toBeCloseTo((value * 100 + 100) / 1000, 6);
	});

	test.each([
		['sync', { second: 0xf6 }],
		['sync, near', { second: 0xfa }],
		['block size 0', { third: 0x00 }],
		['sample rate 15', { third: 0x1f }],
		['channels 11', { fourth: 0xb0 }],
		['the last bit', { fourth: 1 }],
	])('what is reserved is no frame: %s', (_, facts) => {
		expect(flacDurationSeconds(file(frame(facts)))).toBeUndefined();
	});

	test.each([
		['sample rate 14', { third: 0x1e }],
		['channels 10', { fourth: 0xa0 }],
		['all sample sizes', { fourth: 0x0e }],
	])('what is not, is one: %s', (_, facts) => {
		expect(flacDurationSeconds(file(frame(facts)))).toBeCloseTo(0.392, 9);
	});

	test('a frame must begin with all its sync bits and end with its checksum', () => {
		const last = frame();
		const otherFirst = Buffer.from(last);
		otherFirst[0] = 0xfe;
		const wrong = bytes(otherFirst.subarray(0, -2), u16(crc16(otherFirst.subarray(0, -2))));
		expect(flacDurationSeconds(file(wrong))).toBeUndefined();
		for (const at of [last.length - 1, last.length - 2, last.length - 4]) {
			const damaged = Buffer.from(last);
			damaged[at] = (damaged[at] ?? 0) ^ 1;
			expect(flacDurationSeconds(file(damaged))).toBeUndefined();
		}
		expect(flacDurationSeconds(file(bytes(last, [7])))).toBeUndefined();
	});

	test('it is searched no further back than the largest frame', () => {
		const last = frame({ rest: Array<number>(50).fill(0) });
		expect(flacDurationSeconds(file(last, { mostFrameBytes: last.length }))).toBeCloseTo(0.392, 9);
		expect(flacDurationSeconds(file(last, { mostFrameBytes: last.length - 1 }))).toBeUndefined();
	});

	test.each([
		[1, 100 * 4 + 64],
		[2, 100 * 8 + 64],
	])(
		'without a stated largest frame: than uncompressed audio of %i channels would take',
		(channels, most) => {
			const padding = (total: number) => Array<number>(total - frame().length).fill(0);
			const largest = frame({ rest: padding(most) });
			expect(largest.length).toBe(most);
			expect(flacDurationSeconds(file(largest, { channels }))).toBeCloseTo(0.392, 9);
			const larger = frame({ rest: padding(most + 1) });
			expect(flacDurationSeconds(file(larger, { channels }))).toBeUndefined();
		},
	);

	test('right after the header, and not inside it', () => {
		expect(flacDurationSeconds(bytes(header(), frame()))).toBeCloseTo(0.392, 9);
		expect(flacDurationSeconds(header())).toBeUndefined();
	});

	test('the smallest there is', () => {
		const content = [0xff, 0xf8, 0x10, 0, 2, 0];
		const smallest = bytes(content, u16(crc16(bytes(content))));
		expect(smallest.length).toBe(8);
		expect(flacDurationSeconds(file(smallest))).toBeCloseTo(0.392, 9);
	});

	test('63 false sync codes are tried before the real one', () => {
		const beginnings = (count: number) => {
			const imitation = [0xff, 0xf8, 0x10, 0, 0, 0, 0, 0, 0, 0];
			return frame({ rest: Array.from({ length: count }, () => imitation).flat() });
		};
		const facts = { mostFrameBytes: 5000 };
		expect(flacDurationSeconds(file(beginnings(63), facts))).toBeCloseTo(0.392, 9);
		expect(flacDurationSeconds(file(beginnings(64), facts))).toBeUndefined();
	});
});
