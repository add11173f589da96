import { describe, expect, test } from '@jest/globals';
import { compare, type Metric, table } from '../../../bench/comparison.mts';

const first: Metric = { label: 'first audio', unit: 'ms', from: ['first'] };
/** Around 100, by up to `noise` either way. */
const around = (factor: number, noise: number): number[] =>
	Array.from({ length: 30 }, (_, index) => factor * (100 + noise * Math.sin(index * 2.4)));

describe('comparing two builds', () => {
	test('the same figures have a ratio of 1 and are not slower', () => {
		const row = compare(first, { first: around(1, 20) }, { first: around(1, 20) });
		expect(row).toMatchObject({ rounds: 30, ratio: 1, isSlower: false });
		expect(row.interval).toEqual({ low: 1, high: 1 });
	});

	test('B is slower when the whole interval lies above 1.03', () => {
		const row = compare(first, { first: around(1, 2) }, { first: around(1.1, 2) });
		expect(row.ratio).toBeCloseTo(1.1);
		expect(row.isSlower).toBe(true);
	});

	test('a ratio above 1.03 whose interval reaches below it is chance', () => {
		const noisy = around(1.06, 60);
		const row = compare(
			first,
			{ first: around(1, 60) },
			{ first: [...noisy.slice(11), ...noisy.slice(0, 11)] },
		);
		expect(row.ratio).toBeCloseTo(1.06);
		expect(row.interval.low).toBeLessThan(1.03);
		expect(row.interval.high).toBeGreaterThan(1.03);
		expect(row.isSlower).toBe(false);
	});

	test('a load that slows both down alike does not widen the interval', () => {
		const load = around(1, 40);
		const { interval } = compare(
			first,
			{ first: load },
			{ first: load.map((value) => value * 1.05) },
		);
		expect(interval.low).toBeCloseTo(1.05);
		expect(interval.high).toBeCloseTo(1.05);
	});

	test('a faster B is never slower', () => {
		const row = compare(first, { first: around(1, 1) }, { first: around(0.8, 1) });
		expect(row.isSlower).toBe(false);
	});

	test('a metric may combine the medians of several series', () => {
		const ratio: Metric = {
			label: 'floor ratio',
			unit: 'x',
			from: ['three', 'chain', 'floor'],
			combine: ([three = 0, chain = 0, floor = 0]) => (three - floor) / (chain - floor),
		};
		const a = { three: [40, 41, 42], chain: [61, 60, 62], floor: [20, 21, 22] };
		expect(compare(ratio, a, { ...a, three: [50, 51, 52] })).toMatchObject({
			a: 0.5,
			b: 0.75,
			ratio: 1.5,
		});
	});

	test('series that are missing or of other rounds are refused', () => {
		expect(() => compare(first, { first: [1] }, {})).toThrow('first audio');
		expect(() => compare(first, {}, {})).toThrow('first audio');
		expect(() => compare(first, { first: [1, 2] }, { first: [1] })).toThrow('same rounds');
	});

	test('the table says what is slower', () => {
		const same = compare(first, { first: [50, 50] }, { first: [50, 50] });
		const slower = compare(first, { first: [100, 100] }, { first: [200, 200] });
		const lines = table([same, slower]).split('\n').slice(2);
		expect(lines).toEqual([
			'| first audio | 2 | 50.0 ms | 50.0 ms | 1.000 | 1.000 to 1.000 | ok |',
			'| first audio | 2 | 100 ms | 200 ms | 2.000 | 2.000 to 2.000 | **slower** |',
		]);
	});
});
