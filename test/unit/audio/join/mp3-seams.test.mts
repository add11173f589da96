// Where two MP3 files meet, to the byte: what is cut, and what that takes along.

import { describe, expect, test } from '@jest/globals';
import { bytes } from '../../../support/bytes.mts';
import { type Frame, infoFrame, mp3Frame, mp3Frames } from '../../../support/mp3-frames.mts';
import { joinMp3 } from '../../../support/run-to-end.mts';

const SIZE = 192;

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
			expect(framesAfterIndex(lacking)[2]).toEqual(counting());
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

	test('nothing borrowed, nothing changed: the frame before the seam keeps its checksum', () => {
		const checked = (fill: number) => mp3Frame({ second: 0xf2, body: [0xcc, 0xcc, 0], fill });
		const file = join([checked(1), checked(2)], [checked(11), checked(12), checked(13)]);
		expect(framesAfterIndex(file)).toEqual([1, 2, 12, 13].map(checked));
	});

	test('silence is like the frame before it, also where that is the only one', () => {
		const large = mp3Frame({ third: 0x94, size: 240, fill: 2 });
		const silent = mp3Frame({ third: 0x94, size: 240 });
		const [first, second] = [told(0, 0, 1, 1), told(0, 0, 1, 11)];
		expect(fills(join(first, second, 24))).toEqual([1, 0, 11]);
		const file = Buffer.from(join([...first, mp3Frame(), large], second, 24));
		expect(file.subarray(3 * SIZE)).toEqual(bytes(large, silent, mp3Frame({ fill: 11 })));
	});

	test('silence lends all of its room, though the frames around it have checksums', () => {
		const checked = (fill: number, borrowed = 0) =>
			mp3Frame({ second: 0xf2, body: [0xcc, 0xcc, borrowed], fill });
		const lender = (borrowed: number) => {
			const second = [checked(11), checked(12, borrowed), checked(13)];
			const file = Buffer.from(join([checked(1), checked(2)], second, 24));
			return file.subarray(3 * SIZE, 3 * SIZE + 4).toString('hex');
		};
		// 4 + 9 + 179 of its own, and 240 bytes at 80 kbit/s.
		expect(lender(48)).toBe('fff394c4');
		expect(lender(49)).toBe('fff3a4c4');
	});

	test('silence has neither checksum nor padding bit', () => {
		const odd = (fill: number) =>
			mp3Frame({ second: 0xf2, third: 0x86, size: 193, body: [0, 0, 0], fill });
		const file = Buffer.from(joinMp3([bytes(odd(1), odd(2)), bytes(odd(0x11), odd(0x12))], 24));
		const silent = file.subarray(192 + 2 * 193, 192 + 2 * 193 + 192);
		expect(silent).toEqual(bytes([0xff, 0xf3, 0x84, 0xc4], Buffer.alloc(188)));
	});
});
