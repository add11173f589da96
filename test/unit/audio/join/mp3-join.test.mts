// MP3 join points to the byte: encoder padding is cut, encoder delay stays, silence is inserted.

import { describe, expect, test } from '@jest/globals';
import { bytes } from '../../../support/bytes.mts';
import { infoFrame, mp3Frame, mp3Frames } from '../../../support/mp3-frames.mts';
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

describe('join points', () => {
	/** 1, 2, 3 and so on, then 11, 12, 13 … */
	const join = (first: readonly Buffer[], second: readonly Buffer[], gapMs = 0) =>
		joinMp3([piece(...first), piece(...second)], gapMs);
	const withPadding = (delay: number, padding: number, count: number, first: number) => [
		infoFrame(delay, padding),
		...mp3Frames(count, first),
	];

	const all = [1, 2, 3, 11, 12, 13];

	test.each([
		[
			'the encoder delay of every piece stays',
			withPadding(0, 0, 3, 1),
			withPadding(1199, 0, 3, 11),
			all,
		],
		['and so it does where none is stated', mp3Frames(3), mp3Frames(3, 11), all],
		// A decoder adds 529 samples of its own, a frame has 576.
		[
			'padding of 1105 is one frame',
			withPadding(0, 1105, 3, 1),
			withPadding(0, 0, 2, 11),
			[1, 2, 11, 12],
		],
		['of 1104 none', withPadding(0, 1104, 3, 1), withPadding(0, 0, 2, 11), [1, 2, 3, 11, 12]],
		['of 1681 two', withPadding(0, 1681, 3, 1), withPadding(0, 0, 2, 11), [1, 11, 12]],
		['one frame stays at least', withPadding(0, 4000, 3, 1), withPadding(0, 0, 2, 11), [1, 11, 12]],
		[
			'the padding of the last stays',
			withPadding(0, 0, 1, 1),
			withPadding(0, 4000, 3, 11),
			[1, 11, 12, 13],
		],
	])('%s', (_, first, second, expected) => {
		expect(fills(join(first, second))).toEqual(expected);
	});

	test('a piece in the middle loses its padding, but not more than it has', () => {
		const pieces = [
			withPadding(0, 0, 2, 1),
			withPadding(600, 1105, 4, 11),
			withPadding(0, 0, 2, 21),
		];
		expect(fills(joinMp3(pieces.map((frames) => piece(...frames))))).toEqual([
			...[1, 2],
			...[11, 12, 13],
			...[21, 22],
		]);
	});

	test('frames keep their checksums and every byte of their bit reservoir', () => {
		const checked = (fill: number, borrowed = 0) =>
			mp3Frame({ second: 0xf2, body: [0xcc, 0xcc, borrowed], fill });
		const file = join([checked(1), checked(2)], [checked(11), checked(12, 179), checked(13)]);
		expect(framesAfterIndex(file)).toEqual([
			checked(1),
			checked(2),
			checked(11),
			checked(12, 179),
			checked(13),
		]);
	});

	test.each([
		['46 samples are no frame', 46, 5],
		['47 samples are one', 47, 4],
		['622 are one', 622, 4],
		['623 are two', 623, 3],
		['more than the gap is', 4000, 0],
	])('encoder delay counts towards the gap: %s', (_, delay, silent) => {
		const file = join(withPadding(0, 0, 1, 1), withPadding(delay, 0, 1, 11), 120);
		expect(fills(file)).toEqual([1, ...Array<number>(silent).fill(0), 11]);
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
		const first = withPadding(0, 0, 2, 1);
		const file = join(first, withPadding(0, 0, 2, 11), gapMs);
		expect(fills(file)).toEqual([1, 2, ...Array<number>(count).fill(0), 11, 12]);
		const silent = mp3Frame();
		for (const frame of framesAfterIndex(file).slice(2, -2)) expect(frame).toEqual(silent);
	});

	test('silence is like the frame before it, also where that is the only one', () => {
		const large = mp3Frame({ third: 0x94, size: 240, fill: 2 });
		const silent = mp3Frame({ third: 0x94, size: 240 });
		const [first, second] = [withPadding(0, 0, 1, 1), withPadding(0, 0, 1, 11)];
		expect(fills(join(first, second, 24))).toEqual([1, 0, 11]);
		const file = Buffer.from(join([...first, mp3Frame(), large], second, 24));
		expect(file.subarray(3 * SIZE)).toEqual(bytes(large, silent, mp3Frame({ fill: 11 })));
	});

	test('silence has neither checksum nor padding bit', () => {
		const odd = (fill: number) =>
			mp3Frame({ second: 0xf2, third: 0x86, size: 193, body: [0, 0, 0], fill });
		const file = Buffer.from(joinMp3([bytes(odd(1), odd(2)), bytes(odd(0x11), odd(0x12))], 48));
		const silent = file.subarray(192 + 2 * 193, 192 + 2 * 193 + 192);
		expect(silent).toEqual(bytes([0xff, 0xf3, 0x84, 0xc4], Buffer.alloc(188)));
	});
});
