// Verdicts of the benchmark against its targets.
import { describe, expect, test } from '@jest/globals';
import type { Turn } from '../../../bench/interleaved-turns.mts';
import { shortReply } from '../../../bench/settings.mts';
import { judge, type Measured } from '../../../bench/targets.mts';

const turns = (firstAudioMs: number, wholeAudioMs = firstAudioMs, limitMs = 0): Turn[] => [
	{
		firstAudioMs,
		wholeAudioMs,
		seconds: 1,
		limit: { firstAudioMs: limitMs, wholeAudioMs: 0, oneAfterTheOtherMs: 0 },
	},
];

/** Figures exactly at every target. */
const atTheLimit = {
	contest: {
		cloud: {
			chain: turns(4200),
			assistant: turns(1750, 2700, 1705),
			floor: turns(20),
		},
		cloudLong: { chain: turns(28_000), assistant: turns(2000) },
		fast: { assistant: turns(500) },
		none: { chain: turns(120), three: turns(80), floor: turns(20) },
	},
	notes: [{ name: 'ours', share: 0.95, lost: 0, refused: 0 }],
	memory: { mebibytes: 1024, three: 64, chain: 950, attempts: 2 },
	sse: { ours4: 5, ours8: 10, sdk4: 1000, sdk8: 4000 },
	package: {
		start: { ms: 12, mebibytes: 3 },
		code: { ms: 30, mebibytes: 4 },
		sdk: { ms: 1500, mebibytes: 78 },
		tarballBytes: 1,
		files: 1,
		unpackedBytes: 1,
		sdkBytes: 1,
		sdkFiles: 1,
	},
	pauses: [{ work: 'Joining 10 MiB of wav', p50: 5, worst: 20, wholeMs: 20 }],
} satisfies Measured;

const missed = (measured: Measured): string[] =>
	judge(measured)
		.filter(({ isMet }) => isMet === false)
		.map(({ what }) => what);

describe('targets', () => {
	test('a value exactly at its target passes', () => {
		expect(judge(atTheLimit)).toHaveLength(12);
		expect(missed(atTheLimit)).toEqual([]);
	});

	test.each<[string, Partial<Measured>, RegExp]>([
		[
			'too far above the critical path',
			{
				contest: {
					...atTheLimit.contest,
					cloud: { ...atTheLimit.contest.cloud, assistant: turns(1750, 2700, 1704) },
				},
			},
			/p95 above the limit/,
		],
		[
			'one format that blocks the event loop for long',
			{
				pauses: [
					...atTheLimit.pauses,
					{ work: 'Phone Line, 5 minutes', p50: 5, worst: 20.5, wholeMs: 20 },
				],
			},
			/longest pause/,
		],
		[
			'three nodes that are too slow',
			{
				contest: {
					...atTheLimit.contest,
					none: { ...atTheLimit.contest.none, three: turns(81) },
				},
			},
			/Our three nodes/,
		],
	])('%s misses the target', (_what, change, named) => {
		const misses = missed({ ...atTheLimit, ...change });
		expect(misses).toHaveLength(1);
		expect(misses[0]).toMatch(named);
	});

	test('a value that could not be measured is neither met nor missed', () => {
		const verdicts = judge({ ...atTheLimit, memory: undefined });
		expect(verdicts.filter(({ isMet }) => isMet === undefined)).toHaveLength(1);
	});
});

test('the short reply has 52 words', () => {
	expect(shortReply.split(/\s+/)).toHaveLength(52);
});
