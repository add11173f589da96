// MP3 frames and tags written by hand: header fields, demuxing, encoder padding, duration.

import { describe, expect, test } from '@jest/globals';
import {
	id3v2Bytes,
	isSameMp3Stream,
	mp3Bitrates,
	readMp3FrameHeader,
} from '../../../../nodes/shared/audio/containers/mp3-frame.ts';
import { mp3DurationSeconds } from '../../../../nodes/shared/audio/containers/mp3-stream.ts';
import { bytes, expectUnreadable } from '../../../support/bytes.mts';
import { infoFrame, mp3Frame, mp3Frames } from '../../../support/mp3-frames.mts';
import { readMp3 } from '../../../support/run-to-end.mts';

const offsetsIn = (file: Uint8Array) => readMp3(file).frames.map(({ offset }) => offset);

describe('headers', () => {
	const mpeg1 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
	const mpeg2 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
	/** Second byte, rates by code, samples, bitrates. */
	const versions = [
		[1, 0xfb, [44_100, 48_000, 32_000], 1152, mpeg1],
		[2, 0xf3, [22_050, 24_000, 16_000], 576, mpeg2],
		[2.5, 0xe3, [11_025, 12_000, 8000], 576, mpeg2],
	] as const;

	test.each(versions)('MPEG %d', (version, second, rates, samples, bitrates) => {
		expect(mp3Bitrates(version)).toEqual(bitrates);
		for (const [code, sampleRate] of rates.entries())
			for (const [index, bitrateKbps] of bitrates.entries())
				for (const padding of [0, 1]) {
					const third = ((index + 1) << 4) | (code << 2) | (padding << 1);
					const frameBytes =
						Math.floor((samples / 8) * ((bitrateKbps * 1000) / sampleRate)) + padding;
					expect(readMp3FrameHeader(bytes([0xff, second, third, 0]), 0)).toMatchObject({
						version,
						sampleRate,
						bitrateKbps,
						samples,
						frameBytes,
						hasCrc: false,
					});
				}
	});

	test.each([
		[0xfb, 0x00, 2, 32],
		[0xfb, 0x40, 2, 32],
		[0xfb, 0x80, 2, 32],
		[0xfb, 0xc0, 1, 17],
		[0xf3, 0x00, 2, 17],
		[0xf3, 0xc0, 1, 9],
		[0xe3, 0xc0, 1, 9],
	])(
		'%i, channel mode %i: %i channels, %i bytes of side information',
		(second, fourth, channels, sideInfoBytes) => {
			expect(readMp3FrameHeader(bytes([0xff, second, 0x84, fourth]), 0)).toMatchObject({
				channels,
				sideInfoBytes,
			});
		},
	);

	test.each([
		['no sync in the first byte', [0xfe, 0xfb, 0x90, 0]],
		['no sync in the second', [0xff, 0xdb, 0x90, 0]],
		['the reserved version', [0xff, 0xeb, 0x90, 0]],
		['layer I', [0xff, 0xff, 0x90, 0]],
		['layer II', [0xff, 0xfd, 0x90, 0]],
		['no layer', [0xff, 0xf9, 0x90, 0]],
		['free bitrate', [0xff, 0xfb, 0x00, 0]],
		['no bitrate', [0xff, 0xfb, 0xf0, 0]],
		['no sample rate', [0xff, 0xfb, 0x9c, 0]],
		['the reserved emphasis', [0xff, 0xfb, 0x90, 2]],
		['three bytes', [0xff, 0xfb, 0x90]],
	])('%s is not a frame header', (_, header) => {
		expect(readMp3FrameHeader(bytes(header), 0)).toBeUndefined();
	});

	test.each([0, 1, 3])('emphasis %i is ignored', (emphasis) => {
		expect(readMp3FrameHeader(bytes([0xff, 0xfb, 0x90, emphasis]), 0)).toBeDefined();
	});

	test('is read at the given offset; a CRC is reported', () => {
		const late = bytes('ab', [0xff, 0xfa, 0x90, 0x64]);
		expect(readMp3FrameHeader(late, 2)).toMatchObject({ hasCrc: true, frameBytes: 417 });
		expect(readMp3FrameHeader(late, 1)).toBeUndefined();
		expect(readMp3FrameHeader(late, 3)).toBeUndefined();
	});

	test('frames of one stream share version and rate', () => {
		const read = (second: number, third: number, fourth = 0xc4) => {
			const header = readMp3FrameHeader(bytes([0xff, second, third, fourth]), 0);
			if (!header) throw new Error('no frame header');
			return header;
		};
		expect(isSameMp3Stream(read(0xf3, 0x84), read(0xf2, 0x94, 0))).toBe(true);
		expect(isSameMp3Stream(read(0xf3, 0x84), read(0xf3, 0x80))).toBe(false);
		// No rate belongs to two versions.
		expect(isSameMp3Stream({ ...read(0xf3, 0x84), version: 1 }, read(0xf3, 0x84))).toBe(false);
	});
});

describe('ID3v2', () => {
	test.each([
		['ID3\x02\0\0\0\0\0\0', 10],
		['ID3\x03\0\0\0\0\0\x7f', 137],
		['ID3\x04\0\0\0\0\x01\0', 138],
		['ID3\x04\0\0\0\x01\0\0', 16_394],
		['ID3\x04\0\0\x01\0\0\0', 2_097_162],
		['ID3\x04\0\x10\0\0\0\0', 20],
		['ID3\x04\0\xef\0\0\0\0', 10],
		['ID3\x04\xfe\0\0\0\0\0', 10],
		['ID3\x01\0\0\0\0\0\0', 0],
		['ID3\x05\0\0\0\0\0\0', 0],
		['ID3\x04\xff\0\0\0\0\0', 0],
		['ID3\x04\0\0\x80\0\0\0', 0],
		['ID3\x04\0\0\0\0\0\x80', 0],
		['ID3\x04\0\0\0\0\0', 0],
		['JD3\x04\0\0\0\0\0\0', 0],
		['IE3\x04\0\0\0\0\0\0', 0],
		['ID4\x04\0\0\0\0\0\0', 0],
		['', 0],
	])('%j has %i bytes', (text, length) => {
		expect(id3v2Bytes(bytes(text), 0)).toBe(length);
		expect(id3v2Bytes(bytes('xyz', text), 3)).toBe(length);
	});
});

describe('frames', () => {
	const [one, two, three] = mp3Frames(3) as [Buffer, Buffer, Buffer];
	const id3v1 = bytes('TAG', Buffer.alloc(125));
	const id3v2 = bytes('ID3\x04\0\0\0\0\0\x03xyz');
	const ape = (size: number) =>
		bytes('APETAGEX', [0xd0, 7, 0, 0], [size, 0, 0, 0], Buffer.alloc(16 + size));
	const otherRate = mp3Frame({ third: 0x80, size: 208 });
	const tag = id3v2.length;

	test.each<[string, Buffer, number[]]>([
		['one alone', one, [0]],
		['three', bytes(one, two, three), [0, 192, 384]],
		['of several sizes', bytes(one, mp3Frame({ third: 0x94, size: 240 }), three), [0, 192, 432]],
		['a padded one', bytes(mp3Frame({ third: 0x86, size: 193 }), two), [0, 193]],
		['the last one cut short', bytes(one, two, three.subarray(0, -1)), [0, 192]],
		['a tag before', bytes(id3v2, one, two), [tag, tag + 192]],
		['a tag between', bytes(one, id3v2, two), [0, 192 + tag]],
		['a tag at the end', bytes(one, two, id3v1), [0, 192]],
		['one and a tag at the end', bytes(one, id3v1), [0]],
		['one and an APE tag', bytes(one, ape(5)), [0]],
		['an APE tag between', bytes(one, ape(5), two), [0, 192 + 37]],
		['junk before', bytes('junk', one, two), [4, 196]],
		['junk between', bytes(one, two, 'junk', three, one), [0, 192, 388, 580]],
		['one at another rate between', bytes(one, two, otherRate, three, one), [0, 192, 592, 784]],
		// After a tag the next frame counts, after junk it must be confirmed by another.
		['a tag, one frame, junk', bytes(one, id3v2, two, 'junk'), [0, 192 + tag]],
		['an APE tag, one frame, junk', bytes(one, ape(5), two, 'junk'), [0, 192 + 37]],
		['junk, one frame, junk', bytes(one, two, 'junk', three, 'junk'), [0, 192]],
		['junk, one frame, the end', bytes(one, two, 'junk', three), [0, 192, 388]],
		['junk, one frame, one at another rate', bytes(one, two, 'junk', three, otherRate), [0, 192]],
		['junk and a tag, one frame, junk', bytes(one, two, 'junk', id3v2, three, 'junk'), [0, 192]],
	])('%s', (_, file, offsets) => {
		expect(offsetsIn(file)).toEqual(offsets);
	});

	test.each([
		['nothing', Buffer.alloc(0)],
		['a header alone', one.subarray(0, 4)],
		['one frame, then anything', bytes(one, 'x')],
		['one frame, then a tag that is too long', bytes(one, id3v1, [0])],
		['one frame, then a tag that is too short', bytes(one, id3v1.subarray(0, -1))],
		['one frame, then as much of something else', bytes(one, 'TAP', Buffer.alloc(125))],
		['one frame, then half an APE tag', bytes(one, ape(0).subarray(0, 31))],
		['one frame, then another tag', bytes(one, 'APETAGEXX'.slice(1), Buffer.alloc(40))],
		['one frame, then one at another rate', bytes(one, otherRate.subarray(0, 100))],
	])('%s is no MP3', (_, file) => {
		expectUnreadable(() => readMp3(file), 'This is not an MP3 file.');
	});

	test('the first frame describes the stream', () => {
		const file = bytes(one, mp3Frame({ third: 0x94, size: 240 }));
		expect(readMp3(file)).toMatchObject({
			bytes: file,
			first: { bitrateKbps: 64, sampleRate: 24_000 },
			padding: undefined,
		});
	});

	test.each(['Xing', 'Info'])('a frame with %s is not audio, wherever it is', (name) => {
		const info = mp3Frame({ body: bytes(Buffer.alloc(9), name) });
		expect(offsetsIn(bytes(info, one, info, two))).toEqual([192, 576]);
		expectUnreadable(() => readMp3(info), 'This MP3 file holds no sound.');
	});

	test('the same letters elsewhere are audio', () => {
		const sound = mp3Frame({ body: bytes(Buffer.alloc(10), 'Xing') });
		expect(offsetsIn(bytes(sound, one))).toEqual([0, 192]);
	});

	test('a frame with VBRI is not audio when it is the first', () => {
		const info = mp3Frame({ body: bytes(Buffer.alloc(32), 'VBRI') });
		expect(offsetsIn(bytes(info, one, info, two))).toEqual([192, 384, 576]);
		expect(offsetsIn(bytes(mp3Frame({ body: bytes(Buffer.alloc(31), 'VBRI') }), one))).toHaveLength(
			2,
		);
	});

	test('frames too small for an info tag', () => {
		const small = mp3Frame({ third: 0x14, fourth: 0x04, size: 24 });
		expect(offsetsIn(bytes(small, small))).toEqual([0, 24]);
	});
});

describe('encoder padding', () => {
	const sound = mp3Frame();
	const info = (flags: number, optionalBytes: number, name: string, rest: readonly number[]) =>
		mp3Frame({
			body: bytes(
				Buffer.alloc(9),
				'Info',
				[0xff, 0xff, 0xff, flags],
				Buffer.alloc(optionalBytes, 9),
				name,
				Buffer.alloc(21 - name.length, 9),
				rest,
			),
		});

	test.each([
		[0, 0],
		[1, 4],
		[2, 4],
		[4, 100],
		[8, 4],
		[15, 112],
		[0xf0, 0],
	])('with flags %i it follows after %i bytes', (flags, optionalBytes) => {
		const { padding } = readMp3(
			bytes(info(flags, optionalBytes, 'LAME3.100', [0x24, 0x01, 0x50]), sound),
		);
		expect(padding).toMatchObject({ delaySamples: 576, paddingSamples: 336 });
		expect(Buffer.from(padding?.encoder ?? []).toString()).toBe('LAME3.100');
	});

	test.each([
		[[0, 0, 0], 0, 0],
		[[0xff, 0xf0, 0], 4095, 0],
		[[0, 0x0f, 0xff], 0, 4095],
		[[0x12, 0x34, 0x56], 0x123, 0x456],
	])('%j: %i before, %i after', (rest, delaySamples, paddingSamples) => {
		expect(readMp3(bytes(info(0, 0, 'LAME3.100', rest), sound)).padding).toMatchObject({
			delaySamples,
			paddingSamples,
		});
	});

	test.each([
		['LAME', true],
		['Lavc', true],
		['Lavf', true],
		['Lavx', false],
		['Gogo', false],
		['xLAME', false],
	])('written by %s: %j', (name, isTold) => {
		const { padding } = readMp3(bytes(info(0, 0, name, [0x24, 0x01, 0x50]), sound));
		expect(padding !== undefined).toBe(isTold);
	});
});

describe('durations', () => {
	const samplesAt24000 = (file: Uint8Array) => mp3DurationSeconds(file) * 24_000;

	test.each([
		['without an index', bytes(...mp3Frames(10)), 5760],
		['without padding', bytes(infoFrame(0, 0), ...mp3Frames(10)), 5760],
		['with padding', bytes(infoFrame(1105, 1000), ...mp3Frames(10)), 3655],
		['one sample left', bytes(infoFrame(575, 0), mp3Frame()), 1],
		['padding for all of it', bytes(infoFrame(576, 0), mp3Frame()), 576],
		['padding for more', bytes(infoFrame(4000, 4000), mp3Frame()), 576],
	])('%s', (_, file, samples) => {
		expect(samplesAt24000(file)).toBeCloseTo(samples, 6);
	});

	test('MPEG 1 frames last twice as long', () => {
		const frame = mp3Frame({ second: 0xfb, third: 0x94, size: 384 });
		expect(mp3DurationSeconds(bytes(frame, frame))).toBeCloseTo((2 * 1152) / 48_000, 9);
	});
});
