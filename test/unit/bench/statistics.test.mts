// Median, percentiles and quantiles of the benchmark.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quantile, summarize } from '../../../bench/statistics.mts';

describe('statistics', () => {
	test('median and 95th percentile of known numbers', () => {
		expect(summarize([5, 1, 3])).toEqual({ count: 3, p50: 3, p95: 4.8, least: 1, most: 5 });
		expect(summarize([2, 1]).p50).toBe(1.5);
		expect(summarize([7])).toEqual({ count: 1, p50: 7, p95: 7, least: 7, most: 7 });
		expect(summarize([]).p50).toBeNaN();
	});

	test('a quantile is within the values and grows with the share', () => {
		const values = fc.array(fc.float({ noNaN: true, min: 0, max: 1e6 }), { minLength: 1 });
		fc.assert(
			fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
				const sorted = [...list].sort((one, other) => one - other);
				const value = quantile(sorted, share);
				expect(value).toBeGreaterThanOrEqual(sorted[0] ?? Number.NaN);
				expect(value).toBeLessThanOrEqual((sorted.at(-1) ?? Number.NaN) * (1 + 1e-9));
				expect(quantile(sorted, share / 2)).toBeLessThanOrEqual(value * (1 + 1e-9));
			}),
		);
	});
});
