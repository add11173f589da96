import { describe, expect, test } from '@jest/globals';
import { bootstrapInterval } from '../../../bench/bootstrap-interval.mts';
import { median } from '../../../bench/statistics.mts';

const intervalOf = (values: readonly number[], options?: object) =>
	bootstrapInterval(
		values.length,
		(indices) => median(indices.map((index) => values[index] ?? Number.NaN)),
		options,
	);
/** 0 to 1, without chance. */
const spread = Array.from({ length: 40 }, (_, index) => ((index * 17) % 40) / 39);

describe('bootstrap interval', () => {
	test('of values that are all alike has no width', () => {
		expect(intervalOf([7, 7, 7, 7])).toEqual({ low: 7, high: 7 });
	});

	test('holds the median, and lies well within the values', () => {
		const { low, high } = intervalOf(spread);
		expect(low).toBeLessThan(median(spread));
		expect(high).toBeGreaterThan(median(spread));
		expect(low).toBeGreaterThan(0.1);
		expect(high).toBeLessThan(0.9);
	});

	test('is narrower with more rounds and with a lower level', () => {
		const width = ({ low, high }: { low: number; high: number }) => high - low;
		const many = Array.from({ length: 25 }, () => spread).flat();
		expect(width(intervalOf(many))).toBeLessThan(width(intervalOf(spread)) / 2);
		expect(width(intervalOf(spread, { level: 0.5 }))).toBeLessThan(width(intervalOf(spread)));
	});

	test('is the same for the same seed, and another for another', () => {
		const noisy = spread.map((value, index) => value + Math.sin(index * 1e3));
		expect(intervalOf(noisy, { seed: 3 })).toEqual(intervalOf(noisy, { seed: 3 }));
		expect(intervalOf(noisy, { seed: 3, resamples: 50 })).not.toEqual(
			intervalOf(noisy, { seed: 4, resamples: 50 }),
		);
	});

	test('covers the true median of a known distribution about as often as its level says', () => {
		let state = 1;
		const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
		const hits = Array.from({ length: 200 }, () => {
			const { low, high } = intervalOf(Array.from({ length: 25 }, random), { resamples: 300 });
			return low <= 0.5 && high >= 0.5;
		}).filter(Boolean).length;
		expect(hits).toBeGreaterThan(175);
	});
});
