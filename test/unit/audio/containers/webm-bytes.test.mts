// WebM written by hand, element by element: duration by the header, or by the last block.

import { describe, expect, test } from '@jest/globals';
import { matroskaDurationSeconds } from '../../../../nodes/shared/audio/containers/matroska.ts';
import { bytes, expectUnreadable, u16, u32, u64 } from '../../../support/bytes.mts';

describe('WebM', () => {
	const ids = {
		ebml: [0x1a, 0x45, 0xdf, 0xa3],
		segment: [0x18, 0x53, 0x80, 0x67],
		info: [0x15, 0x49, 0xa9, 0x66],
		scale: [0x2a, 0xd7, 0xb1],
		duration: [0x44, 0x89],
		cluster: [0x1f, 0x43, 0xb6, 0x75],
		timestamp: [0xe7],
		simpleBlock: [0xa3],
		blockGroup: [0xa0],
		block: [0xa1],
		void: [0xec],
	} as const;
	type Name = keyof typeof ids;
	const element = (name: Name, ...parts: Parameters<typeof bytes>) => {
		const body = bytes(...parts);
		return bytes(ids[name], [0x40 | (body.length >> 8), body.length & 0xff], body);
	};
	/** Of unknown size, as recorders that cannot go back write it. */
	const open = (name: Name, ...parts: Parameters<typeof bytes>) =>
		bytes(ids[name], [0x01], Array<number>(7).fill(0xff), ...parts);
	const float = (ticks: number) => {
		const body = Buffer.alloc(4);
		body.writeFloatBE(ticks);
		return body;
	};
	const double = (ticks: number) => {
		const body = Buffer.alloc(8);
		body.writeDoubleBE(ticks);
		return body;
	};
	const block = (ticks: number, name: 'simpleBlock' | 'block' = 'simpleBlock') =>
		element(name, [0x81], u16(ticks & 0xffff), [0x80, 1, 2, 3]);
	const time = (ticks: number) => element('timestamp', u32(ticks));
	const start = element('ebml', [0x42, 0x82, 0x84], 'webm');
	const noDuration = 'This WebM file does not tell its length.';

	test.each([
		['a length of 4 bytes', [element('info', element('duration', float(2500)))], 2.5],
		['a length of 8 bytes', [element('info', element('duration', double(2500.5)))], 2.5005],
		[
			'its own ticks',
			[element('info', element('scale', [0x07, 0xa1, 0x20]), element('duration', float(2500)))],
			1.25,
		],
		[
			'its own ticks, stated later',
			[element('info', element('duration', float(2500)), element('scale', u32(2_000_000)))],
			5,
		],
		[
			'ticks in 8 bytes',
			[element('info', element('scale', u64(1_000_000_000)), element('duration', float(3)))],
			3,
		],
		[
			'something unknown before',
			[element('void', [1, 2, 3]), element('info', element('duration', float(2500)))],
			2.5,
		],
		[
			'a stated duration, whatever the blocks say',
			[
				element('info', element('duration', float(2500))),
				element('cluster', time(9000), block(20)),
			],
			2.5,
		],
		['blocks', [element('cluster', time(0), block(0), block(20), block(40))], 0.06],
		[
			'blocks of uneven length',
			[element('cluster', time(0), block(0), block(20), block(50))],
			0.08,
		],
		['one block', [element('cluster', time(1000), block(20))], 1.02],
		[
			'clusters',
			[element('cluster', time(0), block(0)), element('cluster', time(1000), block(0), block(20))],
			1.04,
		],
		[
			'a block before its cluster’s time',
			[element('cluster', time(1000), block(-40), block(-20))],
			1,
		],
		[
			'blocks out of order: the last one counts, and no length is taken away',
			[element('cluster', time(1000), block(40), block(20))],
			1.02,
		],
		[
			'groups of blocks',
			[
				element(
					'cluster',
					time(1000),
					element('blockGroup', block(0, 'block')),
					element('blockGroup', block(20, 'block')),
				),
			],
			1.04,
		],
		[
			'blocks in clusters of unknown size',
			[open('cluster', time(1000), block(0)), open('cluster', time(2000), block(0), block(20))],
			2.04,
		],
		[
			'a length of no known form, and blocks',
			[
				element('info', element('duration', u64(0).slice(0, 6))),
				element('cluster', time(1000), block(0)),
			],
			1,
		],
		[
			'a length of zero, and blocks',
			[element('info', element('duration', float(0))), element('cluster', time(1000), block(0))],
			1,
		],
		[
			'a block too short for a timestamp is ignored',
			[element('cluster', time(1000), block(20), element('simpleBlock', [0x81, 0x7f]))],
			1.02,
		],
		[
			'the shortest block that has one',
			[element('cluster', time(1000), element('simpleBlock', [0x81], u16(20)))],
			1.02,
		],
		[
			'a track number of two bytes',
			[element('cluster', time(1000), element('simpleBlock', [0x40, 0x81], u16(20)))],
			1.02,
		],
		[
			'what is cut off at the end',
			[element('cluster', time(1000), block(20)), Buffer.from([0xa3])],
			1.02,
		],
		[
			'what cannot be skipped ends it',
			[element('cluster', time(1000), block(20)), open('void', block(500))],
			1.02,
		],
		[
			'what is no element ends it',
			[element('cluster', time(1000), block(20)), bytes([0], u64(0), [0x80], block(500))],
			1.02,
		],
		[
			'a truncated size is ignored',
			[element('info', element('duration', float(2500))), bytes(ids.duration, [0x40])],
			2.5,
		],
		[
			'what says in one byte that its size is unknown ends it',
			[
				element('cluster', time(1000), block(20)),
				bytes(ids.void, [0xff], Buffer.alloc(127)),
				block(500),
			],
			1.02,
		],
		[
			'what says so in two bytes ends it',
			[
				element('cluster', time(1000), block(20)),
				bytes(ids.void, [0x7f, 0xff], Buffer.alloc(0x3fff)),
				block(500),
			],
			1.02,
		],
		[
			'a size of nearly as many ones does not',
			[
				element('cluster', time(1000), block(20)),
				bytes(ids.void, [0xfe], Buffer.alloc(126)),
				block(500),
			],
			1.98,
		],
	])('%s', (_, parts, seconds) => {
		expect(matroskaDurationSeconds(bytes(start, element('segment', ...parts)))).toBeCloseTo(
			seconds,
			7,
		);
		expect(matroskaDurationSeconds(bytes(start, open('segment', ...parts)))).toBeCloseTo(
			seconds,
			7,
		);
	});

	test.each([
		['nothing', []],
		['a first block at zero alone', [element('cluster', time(0), block(0))]],
		['a length that is no number', [element('info', element('duration', double(Number.NaN)))]],
		['an endless length', [element('info', element('duration', double(Infinity)))]],
		['times before the beginning', [element('cluster', time(0), block(-40), block(-30))]],
	])('%s states no duration', (_, parts) => {
		expectUnreadable(
			() => matroskaDurationSeconds(bytes(start, open('segment', ...parts))),
			noDuration,
		);
	});

	test.each([1, 2, 3, 4, 5, 6, 7, 8])('a size written in %i bytes', (width) => {
		const body = bytes('xyz');
		const size = [...Array<number>(width - 1).fill(0), body.length];
		size[0] = (size[0] ?? 0) | (0x80 >> (width - 1));
		const padded = bytes(ids.void, size, body);
		const file = bytes(
			start,
			open('segment', padded, element('info', element('duration', float(500)))),
		);
		expect(matroskaDurationSeconds(file)).toBe(0.5);
	});
});
