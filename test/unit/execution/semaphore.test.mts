// A semaphore shared by all items of an execution: bounds, order, and what follows a failure.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { budgetOf } from '../http/budget-of.mts';
import {
	mapWithSemaphore,
	Semaphore,
	sharedSemaphore,
} from '../../../nodes/shared/execution/semaphore.ts';

const waiting = { budget: budgetOf(), operation: 'speak' };

const turns = async (count: number) => {
	for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

describe('a semaphore', () => {
	test('never more than its size at once, results in order, everything done once', async () => {
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
						waiting,
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

	test('two users of one semaphore share its places', async () => {
		const owner = {};
		const semaphore = sharedSemaphore(owner, 2);
		expect(sharedSemaphore(owner, 9)).toBe(semaphore);
		let running = 0;
		let most = 0;
		const work = async () => {
			most = Math.max(most, ++running);
			await turns(5);
			running -= 1;
		};
		for (let round = 0; round < 3; round++) {
			await Promise.all([
				mapWithSemaphore(semaphore, waiting, [1, 2, 3], work),
				mapWithSemaphore(semaphore, waiting, [1, 2, 3], work),
			]);
			expect(most).toBe(2);
		}
	});

	test('a failure stops what has not begun, lets the rest end, and the earliest one is thrown', async () => {
		const ended: number[] = [];
		const work = async (index: number) => {
			await turns(index === 0 ? 9 : 2);
			ended.push(index);
			if (index < 2) throw new Error(`piece ${index}`);
		};
		await expect(
			mapWithSemaphore(new Semaphore(3), waiting, [0, 1, 2, 3, 4, 5], work),
		).rejects.toThrow('piece 0');
		expect(ended.sort()).toEqual([0, 1, 2]);
	});

	test('a semaphore of nonsense size still works', async () => {
		expect(
			await mapWithSemaphore(new Semaphore(Number.NaN), waiting, [1, 2], async (n) => n),
		).toEqual([1, 2]);
	});
});
