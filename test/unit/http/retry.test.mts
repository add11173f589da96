import { describe, expect, test } from '@jest/globals';
import {
	backoffMs,
	DEFAULT_RETRY,
	isRetryableStatus,
	neverReachedServer,
	retryAfterMs,
	RetryBudget,
} from '../../../nodes/shared/http/retry.ts';

const now = Date.parse('2026-11-22T10:00:00Z');

describe('what is worth another try', () => {
	test.each([
		[200, false],
		[400, false],
		[401, false],
		[403, false],
		[404, false],
		[408, true],
		[409, false],
		[413, false],
		[422, false],
		[425, true],
		[429, true],
		[500, true],
		[501, true],
		[503, true],
	])('status %d: %p', (status, expected) => {
		expect(isRetryableStatus(status)).toBe(expected);
	});

	test('a refused connection surely did nothing, a reset one may have', () => {
		expect(neverReachedServer('ECONNREFUSED')).toBe(true);
		expect(neverReachedServer('ENOTFOUND')).toBe(true);
		expect(neverReachedServer('ECONNRESET')).toBe(false);
		expect(neverReachedServer(undefined)).toBe(false);
	});
});

describe('Retry-After', () => {
	test.each([
		['seconds', { 'retry-after': '7' }, 7_000],
		['fractions', { 'retry-after': ' 0.5 ' }, 500],
		['a date to come', { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' }, 30_000],
		['a date gone by', { 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' }, 0],
		['a negative number', { 'retry-after': '-1' }, 0],
		['an absurd number', { 'retry-after': '1e9' }, 1e12],
		['milliseconds, which win', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
		['words', { 'retry-after': 'soon 1' }, undefined],
		['nothing', { 'retry-after': '' }, undefined],
		['no header', {}, undefined],
	])('%s', (_, headers, expected) => {
		expect(retryAfterMs(headers, now)).toBe(expected);
	});
});

describe('back-off', () => {
	test('doubles from 0.4 s and stops at 8 s', () => {
		const longest = [1, 2, 3, 4, 5, 6, 7].map((n) => backoffMs(n, DEFAULT_RETRY, () => 1));
		expect(longest).toEqual([400, 800, 1600, 3200, 6400, 8000, 8000]);
	});

	test('is any wait between nothing and the ceiling', () => {
		expect(backoffMs(3, DEFAULT_RETRY, () => 0)).toBe(0);
		expect(backoffMs(3, DEFAULT_RETRY, () => 0.5)).toBe(800);
	});
});

test('the budget runs dry, and successes refill it up to where it began', () => {
	const budget = new RetryBudget(2);
	expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
	for (let n = 0; n < 5; n++) budget.refund();
	expect([budget.take(), budget.take()]).toEqual([true, false]);
	for (let n = 0; n < 100; n++) budget.refund();
	expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
});
