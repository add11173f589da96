// The info frame of a joined MP3 file to the byte, mismatched pieces, and the steps of a join.

import { describe, expect, test } from '@jest/globals';
import { AudioError } from '../../../../nodes/shared/audio/audio-error.ts';
import * as mp3 from '../../../../nodes/shared/audio/join/mp3-join.ts';
import { bytes, u32 } from '../../../support/bytes.mts';
import { type Frame, infoFrame, mp3Frame, mp3Frames } from '../../../support/mp3-frames.mts';
import { joinMp3 } from '../../../support/run-to-end.mts';

const SIZE = 192;
/** Header and side information, before the sound of a frame. */
const FIXED = 4 + 9;
const piece = (...frames: Buffer[]) => bytes(...frames);

describe('the info frame', () => {
	const frames = mp3Frames(5);
	/** Where each hundredth of the time begins, in 256ths of the file. */
	const table = (offsets: readonly number[], total: number) =>
		Array.from({ length: 100 }, (_, percent) =>
			Math.floor(((offsets[Math.floor((percent * offsets.length) / 100)] ?? 0) * 256) / total),
		);
	const steady = table([192, 384, 576, 768, 960], 6 * SIZE);

	test('of a file without encoder padding', () => {
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

	test('of a file with encoder padding, with the CRC over all before it', () => {
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
		expect(file.subarray(SIZE)).toEqual(bytes(...frames));
	});

	test('of two files: the encoder delay of the first, the padding of the last', () => {
		const file = Buffer.from(
			joinMp3([
				piece(infoFrame(0x123, 0x001), ...frames),
				piece(infoFrame(0x777, 0x456), ...mp3Frames(9)),
			]),
		);
		expect(file.subarray(FIXED + 141, FIXED + 144).toString('hex')).toBe('123456');
	});

	test('of two files of which the last has no encoder padding', () => {
		const file = Buffer.from(
			joinMp3([piece(infoFrame(0x123, 0x001), ...frames), piece(...mp3Frames(9))]),
		);
		expect(file.subarray(FIXED + 141, FIXED + 144).toString('hex')).toBe('123000');
	});

	test('of frames of several bitrates', () => {
		const large = mp3Frame({ third: 0x94, size: 240, fill: 9 });
		const file = Buffer.from(joinMp3([piece(...frames.slice(0, 1), large)]));
		expect(file.subarray(FIXED, FIXED + 4).toString()).toBe('Xing');
		expect([...file.subarray(FIXED + 16, FIXED + 116)]).toEqual(table([192, 384], 624));
	});

	test('is a larger frame where the first is too small', () => {
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

describe('mismatched pieces', () => {
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

	test('stereo and joint stereo of any bitrate can be joined', () => {
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

test('a step ends after every 2500 frames read, and after every piece that is read, placed or copied', () => {
	const small = mp3Frame({ third: 0x14, fourth: 0x04, size: 24 });
	const stepsFor = (...counts: number[]) => {
		const pieces = counts.map((count) => bytes(...Array<Buffer>(count).fill(small)));
		const steps = mp3.joinMp3(pieces);
		let taken = 0;
		while (!steps.next().done) taken++;
		return taken;
	};
	expect(stepsFor(2499)).toBe(3);
	expect(stepsFor(2500)).toBe(1 + 3);
	expect(stepsFor(2500, 2500)).toBe(2 + 6);
	// 24 bytes a frame: more than are copied in one step.
	expect(stepsFor(25_000)).toBe(10 + 4);
});
