// Joined MP3 files to the byte: the index, what is cut where two files meet, and what that takes along.

import { describe, expect, test } from '@jest/globals';
import { AudioError } from '../../../nodes/shared/audio/audio-error.ts';
import { joinMp3, mp3JoinSteps } from '../../../nodes/shared/audio/mp3-join.ts';
import { bytes, u16, u32 } from '../../support/bytes.mts';
import { type Frame, infoFrame, mp3Frame, mp3Frames } from '../../support/mp3-frames.mts';

const SIZE = 192;
/** Header and side information, before the sound of a frame. */
const FIXED = 4 + 9;

/** What stands after the index, as frames that are `SIZE` long. */
const framesAfterIndex = (file: Uint8Array, indexBytes = SIZE): Buffer[] => {
	const sound = Buffer.from(file.subarray(indexBytes));
	return Array.from({ length: sound.length / SIZE }, (_, index) =>
		sound.subarray(index * SIZE, (index + 1) * SIZE),
	);
};
/** By what the frames are filled with. */
const fills = (file: Uint8Array) => framesAfterIndex(file).map((frame) => frame.at(-1));
const piece = (...frames: Buffer[]) => bytes(...frames);

describe('the index', () => {
	const frames = mp3Frames(5);
	/** Where each hundredth of the time begins, in 256ths of the file. */
	const table = (offsets: readonly number[], total: number) =>
		Array.from({ length: 100 }, (_, percent) =>
			Math.floor(((offsets[Math.floor((percent * offsets.length) / 100)] ?? 0) * 256) / total),
		);
	const steady = table([192, 384, 576, 768, 960], 6 * SIZE);

	test('of a file that tells no padding', () => {
		const file = joinMp3([piece(...frames)]);
		expect(Buffer.from(file)).toEqual(
			bytes(
				mp3Frame({
					body: bytes(Buffer.alloc(9), 'Info', u32(15), u32(5), u32(6 * SIZE), steady),
				}),
				...frames,
			),
		);
	});

	test('of one that does, with the checksum over all before it', () => {
		const file = Buffer.from(joinMp3([piece(infoFrame(0x123, 0x456), ...frames)]));
		const lame = FIXED + 120;
		const before = bytes(
			[0xff, 0xf3, 0x84, 0xc4],
			Buffer.alloc(9),
			'Info',
			[...u32(15), ...u32(5), ...u32(6 * SIZE), ...steady, 0, 0, 0, 0],
			'LAME3.100',
			Buffer.alloc(12),
			[0x12, 0x34, 0x56, 0, 0, 0, 0],
			u32(6 * SIZE),
			[0, 0],
		);
		expect(before.length).toBe(lame + 34);
		expect(file.subarray(0, lame + 34)).toEqual(before);
		expect(file.readUInt16BE(lame + 34)).toBe(crc16Arc(before));
		expect(file.subarray(lame + 36, SIZE)).toEqual(Buffer.alloc(SIZE - lame - 36));
		expect(fills(file)).toEqual([1, 2, 3, 4, 5]);
	});

	test('of two: the delay of the first, the padding of the last', () => {
		const file = Buffer.from(
			joinMp3([
				piece(infoFrame(0x123, 0x001), ...frames),
				piece(infoFrame(0x777, 0x456), ...mp3Frames(9)),
			]),
		);
		expect(file.subarray(FIXED + 141, FIXED + 144).toString('hex')).toBe('123456');
	});

	test('of two of which the last tells nothing', () => {
		const file = Buffer.from(
			joinMp3([piece(infoFrame(0x123, 0x001), ...frames), piece(...mp3Frames(9))]),
		);
		expect(file.subarray(FIXED + 141, FIXED + 144).toString('hex')).toBe('123000');
	});

	test('of frames of several bitrates', () => {
		const large = mp3Frame({ third: 0x94, size: 240, fill: 9 });
		const file = Buffer.from(joinMp3([piece(frames[0]!, large)]));
		expect(file.subarray(FIXED, FIXED + 4).toString()).toBe('Xing');
		expect([...file.subarray(FIXED + 16, FIXED + 116)]).toEqual(table([192, 384], 624));
	});

	test('stands in a larger frame where the first is too small for it', () => {
		const small = mp3Frame({ third: 0x44, size: 96, fill: 5 });
		const file = Buffer.from(joinMp3([piece(small, small)]));
		// 169 bytes are needed, and 56 kbit/s has 168.
		expect(file.readUInt32BE(0)).toBe(0xfff384c4);
		expect(file.subarray(FIXED, FIXED + 4).toString()).toBe('Info');
		expect(file.length).toBe(192 + 2 * 96);
	});

	test('drops checksum, padding bit and private bit of the frame it is made from', () => {
		const odd = mp3Frame({ second: 0xf2, third: 0x87, size: 193, fill: 5 });
		const file = Buffer.from(joinMp3([piece(odd, odd)]));
		expect(file.subarray(0, 4).toString('hex')).toBe('fff385c4');
		expect(file.length).toBe(192 + 2 * 193);
	});
});

/** As `CRC-16/ARC`: polynomial 0x8005, the lowest bit first. */
function crc16Arc(content: Uint8Array): number {
	let register = 0;
	for (const byte of content)
		for (let bit = 0; bit < 8; bit++) {
			const out = (register ^ (byte >> bit)) & 1;
			register = (register >> 1) ^ (out * 0xa001);
		}
	return register;
}

describe('where two meet', () => {
	/** 1, 2, 3 and so on, then 11, 12, 13 … */
	const join = (first: readonly Buffer[], second: readonly Buffer[], gapMs = 0) =>
		joinMp3([piece(...first), piece(...second)], gapMs);
	const told = (delay: number, padding: number, count: number, first: number) => [
		infoFrame(delay, padding),
		...mp3Frames(count, first),
	];

	test.each([
		// A decoder adds 529 samples of its own, a frame has 576.
		[
			'the usual delay is cut where none is told',
			mp3Frames(3),
			mp3Frames(3, 11),
			[1, 2, 3, 12, 13],
		],
		['47 samples are one frame', told(0, 0, 3, 1), told(47, 0, 3, 11), [1, 2, 3, 12, 13]],
		['46 are none', told(0, 0, 3, 1), told(46, 0, 3, 11), [1, 2, 3, 11, 12, 13]],
		['623 are two', told(0, 0, 3, 1), told(623, 0, 3, 11), [1, 2, 3, 13]],
		['622 are one', told(0, 0, 3, 1), told(622, 0, 3, 11), [1, 2, 3, 12, 13]],
		['not all can be cut', told(0, 0, 3, 1), told(1199, 0, 3, 11), [1, 2, 3, 11, 12, 13]],
		['padding of 1105 is one frame', told(0, 1105, 3, 1), told(0, 0, 2, 11), [1, 2, 11, 12]],
		['of 1104 none', told(0, 1104, 3, 1), told(0, 0, 2, 11), [1, 2, 3, 11, 12]],
		['of 1681 two', told(0, 1681, 3, 1), told(0, 0, 2, 11), [1, 11, 12]],
		['one frame stays at least', told(0, 4000, 3, 1), told(0, 0, 2, 11), [1, 11, 12]],
		['the delay of the first stays', told(2000, 0, 3, 1), told(0, 0, 2, 11), [1, 2, 3, 11, 12]],
		['the padding of the last stays', told(0, 0, 1, 1), told(0, 4000, 3, 11), [1, 11, 12, 13]],
	])('%s', (_, first, second, expected) => {
		expect(fills(join(first, second))).toEqual(expected);
	});

	test('a piece in the middle loses both, but not more than it has', () => {
		const pieces = [told(0, 0, 2, 1), told(600, 1105, 4, 11), told(0, 0, 2, 21)];
		expect(fills(joinMp3(pieces.map((frames) => piece(...frames))))).toEqual([
			...[1, 2],
			...[12, 13],
			...[21, 22],
		]);
		const short = [told(0, 0, 2, 1), told(600, 1681, 3, 11), told(0, 0, 2, 21)];
		// What would be left is nothing: the delay stays, and one frame.
		expect(fills(joinMp3(short.map((frames) => piece(...frames))))).toEqual([1, 2, 11, 21, 22]);
	});

	describe('sound that begins in a frame that is cut', () => {
		/** The first byte after the header tells how much of earlier frames it needs. */
		const needing = (count: number, fill: number, facts: Frame = {}) =>
			mp3Frame({ ...facts, body: [count], fill });
		/** All of a frame's sound is told apart: 0, 1, 2, … */
		const counting = (facts: Frame = {}) =>
			mp3Frame({
				...facts,
				body: [...Array<number>(9).fill(0), ...Array.from({ length: 179 }, (_, n) => n)],
			});

		test('moves into the frame before the seam, made larger for it', () => {
			const last = mp3Frame({
				body: [...[0, 1, 2, 3, 4, 5, 6, 7, 8], ...Array<number>(179).fill(0x33)],
			});
			const file = Buffer.from(
				join([mp3Frame({ fill: 1 }), last], [counting(), needing(10, 12), mp3Frame({ fill: 13 })]),
			);
			// 202 bytes are needed: 80 kbit/s.
			expect(file.subarray(2 * SIZE, 2 * SIZE + 240)).toEqual(
				bytes(
					[0xff, 0xf3, 0x94, 0xc4],
					[0, 1, 2, 3, 4, 5, 6, 7, 8],
					Array<number>(179).fill(0x33),
					Buffer.alloc(38),
					[169, 170, 171, 172, 173, 174, 175, 176, 177, 178],
				),
			);
			expect(file.subarray(2 * SIZE + 240)).toEqual(bytes(needing(10, 12), mp3Frame({ fill: 13 })));
			expect(file.length).toBe(SIZE + SIZE + 240 + 2 * SIZE);
		});

		test('may fill the larger frame to its last byte', () => {
			const last = mp3Frame({ fill: 0x33 });
			const file = Buffer.from(join([last, last], [counting(), needing(48, 12), last]));
			expect(file.subarray(2 * SIZE, 2 * SIZE + 4).toString('hex')).toBe('fff394c4');
			expect(file[2 * SIZE + 191]).toBe(0x33);
			expect([...file.subarray(2 * SIZE + 192, 2 * SIZE + 240)]).toEqual(
				Array.from({ length: 48 }, (_, n) => n + 131),
			);
			const larger = Buffer.from(join([last, last], [counting(), needing(49, 12), last]));
			// 96 kbit/s.
			expect(larger.subarray(2 * SIZE, 2 * SIZE + 4).toString('hex')).toBe('fff3a4c4');
		});

		test('may lie in several frames', () => {
			const file = Buffer.from(
				join(
					[mp3Frame({ fill: 1 }), mp3Frame({ fill: 2 })],
					[infoFrame(1200, 0), mp3Frame(), counting(), counting(), needing(200, 14), mp3Frame()],
				),
			);
			// 392 bytes: 144 kbit/s has 432, 128 has 384.
			const lender = file.subarray(2 * SIZE, 2 * SIZE + 432);
			expect(lender.subarray(0, 4).toString('hex')).toBe('fff3d4c4');
			expect([...lender.subarray(-200)]).toEqual([
				...Array.from({ length: 21 }, (_, n) => n + 158),
				...Array.from({ length: 179 }, (_, n) => n),
			]);
			expect(file.length).toBe(SIZE + SIZE + 432 + 2 * SIZE);
		});

		test('stays with its frames where it is not all there, or finds no room', () => {
			const last = mp3Frame({ fill: 1 });
			// One frame is cut, and it holds 179 bytes.
			const lacking = join([last, last], [counting(), needing(180, 12), mp3Frame({ fill: 13 })]);
			expect(framesAfterIndex(lacking)).toHaveLength(5);
			const all = join([last, last], [counting(), needing(179, 12), mp3Frame({ fill: 13 })]);
			expect(all.length).toBe(SIZE + SIZE + 384 + 2 * SIZE);
			const highest: Frame = { third: 0xe4, size: 480 };
			const full = join(
				[mp3Frame({ ...highest, fill: 1 }), mp3Frame({ ...highest, fill: 2 })],
				[mp3Frame(highest), needing(1, 12, highest), mp3Frame(highest)],
			);
			expect(full.length).toBe(480 + 5 * 480);
		});

		test('with checksums: the larger frame has none, the sound is all there', () => {
			const checked: Frame = { second: 0xf2 };
			const withCrc = (fill: number) =>
				mp3Frame({
					...checked,
					body: [...[0xcc, 0xcc], ...[0, 1, 2, 3, 4, 5, 6, 7, 8]],
					fill,
				});
			const opening = mp3Frame({ ...checked, body: [0xcc, 0xcc, 5], fill: 12 });
			const file = Buffer.from(join([withCrc(1), withCrc(2)], [withCrc(11), opening, withCrc(13)]));
			// Two bytes less of sound: 4 + 9 + 177 + 5 = 195.
			expect(file.subarray(2 * SIZE, 2 * SIZE + 240)).toEqual(
				bytes(
					[0xff, 0xf3, 0x94, 0xc4],
					[0, 1, 2, 3, 4, 5, 6, 7, 8],
					Buffer.alloc(177, 2),
					Buffer.alloc(45),
					Buffer.alloc(5, 11),
				),
			);
		});
	});

	test.each([
		[0, 0],
		[11, 0],
		[12, 1],
		[24, 1],
		[35, 1],
		[37, 2],
		[240, 10],
		[-240, 0],
		[Number.NaN, 0],
	])('%d ms of silence are %i frames', (gapMs, count) => {
		const first = told(0, 0, 2, 1);
		const file = join(first, told(0, 0, 2, 11), gapMs);
		expect(fills(file)).toEqual([1, 2, ...Array<number>(count).fill(0), 11, 12]);
		const silent = mp3Frame();
		for (const frame of framesAfterIndex(file).slice(2, -2)) expect(frame).toEqual(silent);
	});

	test('silence has neither checksum nor padding bit', () => {
		const odd = (fill: number) =>
			mp3Frame({ second: 0xf2, third: 0x86, size: 193, body: [0, 0, 0], fill });
		const file = Buffer.from(joinMp3([bytes(odd(1), odd(2)), bytes(odd(0x11), odd(0x12))], 24));
		const silent = file.subarray(192 + 2 * 193, 192 + 2 * 193 + 192);
		expect(silent).toEqual(bytes([0xff, 0xf3, 0x84, 0xc4], Buffer.alloc(188)));
	});
});

describe('what does not fit together', () => {
	const refused = (...pieces: Buffer[]): unknown => {
		try {
			joinMp3(pieces);
		} catch (error) {
			return error;
		}
		return undefined;
	};
	const one = piece(...mp3Frames(2));
	const twice = (facts: Frame) => piece(mp3Frame(facts), mp3Frame(facts));

	test.each([
		['another rate', twice({ third: 0x80, size: 208 })],
		['two channels', twice({ fourth: 0x04 })],
		['MPEG 1', twice({ second: 0xfb, third: 0x94, size: 384 })],
	])('%s', (_, other) => {
		const mismatched = (index: number, count: number) => ({
			code: 'mismatched',
			message: `Piece ${index} of ${count} has another sample rate or channel count.`,
		});
		expect(refused(one, other)).toBeInstanceOf(AudioError);
		expect(refused(one, other)).toMatchObject(mismatched(2, 2));
		expect(refused(one, one, other, one)).toMatchObject(mismatched(3, 4));
	});

	test('stereo of both kinds and any bitrate does', () => {
		const joint = twice({ fourth: 0x44 });
		const stereo = twice({ fourth: 0x04, third: 0x94, size: 240 });
		expect(refused(joint, stereo)).toBeUndefined();
	});

	test('nothing, and what is no MP3', () => {
		expect(refused()).toMatchObject({ code: 'unreadable', message: 'There is no sound to join.' });
		expect(refused(one, bytes('text'))).toMatchObject({
			code: 'unreadable',
			message: 'This is not an MP3 file.',
		});
	});
});

test('others have their turn after every piece, twice, and after every 2500 frames', () => {
	const small = mp3Frame({ third: 0x14, fourth: 0x04, size: 24 });
	const stepsFor = (...counts: number[]) => {
		const pieces = counts.map((count) => bytes(...Array<Buffer>(count).fill(small)));
		const steps = mp3JoinSteps(pieces);
		let taken = 0;
		while (!steps.next().done) taken++;
		return taken;
	};
	expect(stepsFor(2499)).toBe(1 + 1);
	expect(stepsFor(2500)).toBe(1 + 1 + 1);
	// The first frame of the second piece is its delay.
	expect(stepsFor(2500, 2500)).toBe(2 + 2 + 1);
	expect(stepsFor(2500, 2501)).toBe(2 + 2 + 2);
});
