// Semaphore: bounded concurrency with results in order.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
	mapWithSemaphore,
	Semaphore,
	sharedSemaphore,
} from '../../../nodes/shared/execution/semaphore.ts';

const turns = async (count: number) => {
	for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('Semaphore', () => {
	test('a semaphore never exceeds its size, keeps results in order and runs every task once', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 6 }),
				fc.array(fc.nat(9), { maxLength: 30 }),
				async (size, delays) => {
					let running = 0;
					let most = 0;
					const begun: number[] = [];
					const results = await mapWithSemaphore(
						new Semaphore(size),
						delays,
						async (delay, index) => {
							begun.push(index);
							most = Math.max(most, ++running);
							await turns(delay);
							running -= 1;
							return index * 10;
						},
					);
					expect(results).toEqual(delays.map((_, index) => index * 10));
					expect(begun).toEqual(delays.map((_, index) => index));
					expect(most).toBe(Math.min(size, delays.length));
				},
			),
		);
	});

	test('two users of one semaphore share its permits', async () => {
		const owner = {};
		const pool = sharedSemaphore(owner, 2);
		expect(sharedSemaphore(owner, 9)).toBe(pool);
		let running = 0;
		let most = 0;
		const work = async () => {
			most = Math.max(most, ++running);
			await turns(5);
			running -= 1;
		};
		for (let round = 0; round < 3; round++) {
			await Promise.all([
				mapWithSemaphore(pool, [1, 2, 3], work),
				mapWithSemaphore(pool, [1, 2, 3], work),
			]);
			expect(most).toBe(2);
		}
	});

	test('a failure stops tasks that have not started, waits for the others, and reports the earliest failure', async () => {
		const ended: number[] = [];
		const work = async (index: number) => {
			await turns(index === 0 ? 9 : 2);
			ended.push(index);
			if (index < 2) throw new Error(`piece ${index}`);
		};
		await expect(mapWithSemaphore(new Semaphore(3), [0, 1, 2, 3, 4, 5], work)).rejects.toThrow(
			'piece 0',
		);
		expect(ended.sort()).toEqual([0, 1, 2]);
	});

	test('a semaphore of an invalid size works with one permit', async () => {
		expect(await mapWithSemaphore(new Semaphore(Number.NaN), [1, 2], async (n) => n)).toEqual([
			1, 2,
		]);
	});
});
