// Waiting for the characters a minute of the account: within the budget, on a monotonic clock.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { CharacterRateLimiter } from '../../../nodes/shared/synthesis/character-rate-limiter.ts';
import { budgetOf } from '../http/budget-of.mts';
import { factsOf } from '../http/scripted-server.mts';

afterEach(() => {
	jest.restoreAllMocks();
});

const PER_MINUTE = 100;

/** 60 of 100 characters are spoken already: 60 more have to wait for most of a minute. */
async function used() {
	const limiter = new CharacterRateLimiter();
	limiter.learn({ perMinute: PER_MINUTE, remaining: PER_MINUTE });
	await limiter.acquire(60, budgetOf(), 'speak');
	return limiter;
}

describe('the characters a minute', () => {
	test('that are left are not waited for', async () => {
		const limiter = await used();
		const began = performance.now();
		await limiter.acquire(40, budgetOf(), 'speak');
		expect(performance.now() - began).toBeLessThan(1_000);
	});

	test('that come after the deadline are not waited for: nothing is sent', async () => {
		const limiter = await used();
		const began = performance.now();
		expect(await factsOf(limiter.acquire(60, budgetOf(5_000), 'speak'))).toMatchObject({
			stage: 'speak.timed-out',
			attempts: 0,
			hint: expect.stringContaining('Raise "Timeout"'),
		});
		expect(performance.now() - began).toBeLessThan(1_000);
	});

	test.each([
		['a barge-in', (bargeIn: AbortSignal) => budgetOf(120_000).with(bargeIn)],
		['the stop of the execution', (stop: AbortSignal) => budgetOf(120_000, stop)],
	])('are no longer waited for after %s', async (_, budgetWith) => {
		const limiter = await used();
		const stop = new AbortController();
		const facts = factsOf(limiter.acquire(60, budgetWith(stop.signal), 'speak'));
		await new Promise((resolve) => setTimeout(resolve, 20));
		const began = performance.now();
		stop.abort();
		expect(await facts).toMatchObject({ stage: 'speak.cancelled' });
		expect(performance.now() - began).toBeLessThan(1_000);
	});

	test('that were not granted are not counted as spoken', async () => {
		const limiter = await used();
		await factsOf(limiter.acquire(40.5, budgetOf(50), 'speak'));
		await limiter.acquire(40, budgetOf(50), 'speak');
	});

	test.each([
		['back by a day', -86_400_000],
		['forward by a day', 86_400_000],
	])(
		'do not depend on the wall clock: set %s, the wait is still less than a minute',
		async (_, jumpMs) => {
			const limiter = await used();
			const now = Date.now();
			jest.spyOn(Date, 'now').mockReturnValue(now + jumpMs);
			const waits: number[] = [];
			const { setTimeout: set } = globalThis;
			jest.spyOn(globalThis, 'setTimeout').mockImplementation(((
				callback: () => void,
				ms: number,
			) => {
				waits.push(ms);
				return set(callback, ms);
			}) as never);
			const stop = new AbortController();
			const facts = factsOf(limiter.acquire(60, budgetOf(120_000, stop.signal), 'speak'));
			stop.abort();
			await facts;
			expect(waits).toHaveLength(1);
			expect(waits[0]).toBeGreaterThan(50_000);
			expect(waits[0]).toBeLessThanOrEqual(60_000);
		},
	);
});
