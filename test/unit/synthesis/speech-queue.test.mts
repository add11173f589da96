// The queue of speech requests: concurrency, look-ahead, order, failure, back-pressure.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SpeechQueue } from '../../../nodes/shared/synthesis/speech-queue.ts';
import { budgetOf } from '../http/budget-of.mts';
import { Semaphore } from '../../../nodes/shared/execution/semaphore.ts';

const waiting = { budget: budgetOf(), operation: 'speak' };

const ticks = async (count: number) => {
	for (let tick = 0; tick < count; tick++) await Promise.resolve();
};

interface Plan {
	/** Duration of each piece in ticks. */
	latencies: number[];
	/** Ticks between two texts added to the queue. */
	gaps: number[];
	places: number;
	ahead: number;
	/** Indices of pieces that fail. */
	failing: number[];
}

const plans = fc.record<Plan>({
	latencies: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 25 }),
	gaps: fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 25 }),
	places: fc.integer({ min: 1, max: 6 }),
	ahead: fc.integer({ min: 1, max: 6 }),
	failing: fc.constant([]),
});

async function play({ latencies, gaps, places, ahead, failing }: Plan) {
	const text: string[] = [];
	const seen = { atOnce: 0, mostAtOnce: 0, mostAhead: 0, begun: [] as number[], calls: 0 };
	const ended = new Set<number>();
	const due = () => latencies.findIndex((_, piece) => !ended.has(piece));
	const queue = new SpeechQueue<string>(
		{
			next: () => text.shift(),
			speak: async (said, piece) => {
				seen.calls += 1;
				seen.begun.push(piece);
				seen.mostAtOnce = Math.max(seen.mostAtOnce, ++seen.atOnce);
				seen.mostAhead = Math.max(seen.mostAhead, piece - due() + 1);
				await ticks(latencies[piece] ?? 0);
				seen.atOnce -= 1;
				ended.add(piece);
				if (failing.includes(piece)) throw new Error(`piece ${piece}`);
				return said;
			},
		},
		new Semaphore(places),
		waiting,
		ahead,
	);
	const result = queue.all().catch((thrown: unknown) => thrown);
	for (const piece of latencies.keys()) {
		text.push(`text ${piece}`);
		queue.wake();
		await ticks(gaps[piece % gaps.length] ?? 0);
	}
	queue.close();
	return { seen, result: await result, left: text.length, queue };
}

describe('SpeechQueue', () => {
	test('results are complete, in order, each spoken once, within concurrency and look-ahead', async () => {
		await fc.assert(
			fc.asyncProperty(plans, async (plan) => {
				const { seen, result } = await play(plan);
				expect(result).toEqual(plan.latencies.map((_, piece) => `text ${piece}`));
				expect(seen.begun).toEqual(plan.latencies.map((_, piece) => piece));
				expect(seen.mostAtOnce).toBeLessThanOrEqual(plan.places);
				expect(seen.mostAhead).toBeLessThanOrEqual(plan.ahead);
			}),
			{ numRuns: 300 },
		);
	});

	test('a failure begins nothing more, and the earliest failure is thrown', async () => {
		await fc.assert(
			fc.asyncProperty(
				plans,
				fc.array(fc.nat({ max: 24 }), { minLength: 1 }),
				async (plan, wished) => {
					const failing = wished.filter((piece) => piece < plan.latencies.length);
					fc.pre(failing.length > 0);
					const { seen, result } = await play({ ...plan, failing });
					const failed = failing.filter((piece) => seen.begun.includes(piece));
					expect(result).toEqual(new Error(`piece ${Math.min(...failed)}`));
					expect(seen.atOnce).toBe(0);
				},
			),
			{ numRuns: 200 },
		);
	});
});

test('text waits as text while no place is free, and can grow', async () => {
	const taken: string[] = [];
	let written = 'one';
	let letGo = () => {};
	const queue = new SpeechQueue<string>(
		{
			next: () => {
				if (written === '') return undefined;
				taken.push(written);
				written = '';
				return taken.at(-1);
			},
			speak: async (text) => {
				await new Promise<void>((resolve) => (letGo = resolve));
				return text;
			},
		},
		new Semaphore(4),
		waiting,
		1,
	);
	queue.wake();
	for (const more of ['two ', 'three ', 'four']) {
		written += more;
		queue.wake();
	}
	expect(taken).toEqual(['one']);
	letGo();
	await ticks(20);
	expect(taken).toEqual(['one', 'two three four']);
	queue.close();
	expect(queue.isDone).toBe(false);
	letGo();
	expect(await queue.all()).toEqual(['one', 'two three four']);
	expect(queue.isDone).toBe(true);
});

test('a stopped queue starts nothing more and ends with the pieces in flight', async () => {
	let letGo = () => {};
	let calls = 0;
	const queue = new SpeechQueue<number>(
		{
			next: () => 'more',
			speak: async (_, piece) => {
				calls += 1;
				await new Promise<void>((resolve) => (letGo = resolve));
				return piece;
			},
		},
		new Semaphore(1),
		waiting,
		3,
	);
	queue.wake();
	await ticks(5);
	queue.stop();
	letGo();
	await queue.all();
	expect(calls).toBe(1);
});

test('an empty queue makes no speech request', async () => {
	const queue = new SpeechQueue<string>(
		{ next: () => undefined, speak: async (text) => text },
		new Semaphore(1),
		waiting,
		3,
	);
	queue.close();
	expect(await queue.all()).toEqual([]);
});

test('after a failure no piece begins that waits for a place of the semaphore', async () => {
	const text = ['one', 'two', 'three'];
	const begun: string[] = [];
	const queue = new SpeechQueue<string>(
		{
			next: () => text.shift(),
			speak: async (said) => {
				begun.push(said);
				await Promise.resolve();
				throw new Error(said);
			},
		},
		new Semaphore(1),
		waiting,
		3,
	);
	queue.close();
	await expect(queue.all()).rejects.toThrow('one');
	expect(begun).toEqual(['one']);
});
