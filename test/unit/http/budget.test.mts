// The deadline and the abort signal of an item: how they are narrowed, and that every kind of wait listens to them.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { withMutex } from '../../../nodes/shared/execution/keyed-mutex.ts';
import { Semaphore } from '../../../nodes/shared/execution/semaphore.ts';
import { Budget } from '../../../nodes/shared/http/budget.ts';
import { HttpClient } from '../../../nodes/shared/http/client.ts';
import { CharacterRateLimiter } from '../../../nodes/shared/synthesis/character-rate-limiter.ts';
import { budgetOf } from './budget-of.mts';
import { factsOf, json, QUICK, server } from './scripted-server.mts';

const GET = { method: 'GET', path: '/v1/models', repeatable: true } as const;
const POST = { method: 'POST', path: '/v1/audio/speech', repeatable: false } as const;

const asIs = (body: unknown) => body;
const never = new Promise<never>(() => undefined);
const later = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

afterEach(() => {
	jest.restoreAllMocks();
});

describe('a budget', () => {
	test('is narrowed to what is less, and stays as it was itself', () => {
		const item = budgetOf(1_000);
		const stage = item.narrowedTo(100, { isRaisable: false });
		expect(item.remainingMs).toBeGreaterThan(900);
		expect(stage.remainingMs).toBeLessThanOrEqual(100);
		expect(item.narrowedTo(5_000, { isRaisable: false })).toBe(item);
		expect([item.isRaisable, stage.isRaisable]).toEqual([true, false]);
	});

	test('is extended for clean-up, never shortened by it', () => {
		const over = budgetOf(0);
		expect(over.remainingMs).toBe(0);
		expect(over.extendedTo(500).remainingMs).toBeGreaterThan(400);
		expect(budgetOf(5_000).extendedTo(500).remainingMs).toBeGreaterThan(4_000);
	});

	test('ends with either of two signals', () => {
		const [execution, bargeIn] = [new AbortController(), new AbortController()];
		const turn = Budget.until(execution.signal).with(bargeIn.signal);
		expect(() => turn.check('ask')).not.toThrow();
		bargeIn.abort();
		expect(() => turn.check('ask')).toThrow('The execution was stopped');
		expect(execution.signal.aborted).toBe(false);
		expect(Budget.until(undefined).with(bargeIn.signal).signal?.aborted).toBe(true);
	});

	test.each([
		[true, /Raise "Timeout"/],
		[false, /Run the workflow again/],
	])('that can be raised (%j) says so when it is over', async (isRaisable, hint) => {
		const budget = Budget.until(undefined).narrowedTo(5, { isRaisable });
		const facts = await factsOf(budget.race(never, 'ask'));
		expect(facts).toMatchObject({
			stage: 'ask.timed-out',
			hint: expect.stringMatching(hint),
		});
	});

	test('gives a failure of the work itself that is due at the same moment the time to arrive', async () => {
		const work = later(60).then(() => {
			throw new Error('of its own');
		});
		await expect(budgetOf(30).race(work, 'ask', 400)).rejects.toThrow('of its own');
		expect(await factsOf(budgetOf(30).race(never, 'ask', 80))).toMatchObject({
			stage: 'ask.timed-out',
		});
	});

	test('is measured on a clock that never jumps: a wall clock set back changes nothing', async () => {
		const budget = budgetOf(60);
		jest.spyOn(Date, 'now').mockReturnValue(0);
		const began = performance.now();
		await factsOf(budget.race(never, 'ask'));
		expect(performance.now() - began).toBeLessThan(2_000);
	});
});

describe('every wait listens to the budget', () => {
	/** Begins something that waits within `budget`, and would wait for ever. */
	type Wait = (budget: Budget) => Promise<unknown>;

	const clientOf = (
		answers: Parameters<typeof server>[0],
		budget: Budget,
		more: Parameters<typeof server>[1] = {},
	) => server(answers, { budget, ...more }).client;

	const waits: Record<string, Wait> = {
		'work that never ends': async (budget) => await budget.race(never, 'speak'),
		'a pause': async (budget) => await budget.sleep(3_600_000, 'speak'),
		'a place at a semaphore': async (budget) => {
			const semaphore = new Semaphore(1);
			void semaphore.run(async () => await never, { budget: budgetOf(), operation: 'speak' });
			await semaphore.run(async () => undefined, { budget, operation: 'speak' });
		},
		'a turn at a mutex': async (budget) => {
			const key = {};
			void withMutex(key, { budget: budgetOf(), operation: 'speak' }, async () => await never);
			await withMutex(key, { budget, operation: 'speak' }, async () => undefined);
		},
		'the characters a minute of the account': async (budget) => {
			const limiter = new CharacterRateLimiter();
			limiter.learn({ perMinute: 100, remaining: 0 });
			await limiter.acquire(50, budget, 'speak');
		},
		'the backoff before another attempt': async (budget) => {
			jest.spyOn(Math, 'random').mockReturnValue(1);
			const policy = { ...QUICK, baseDelayMs: 60_000, maxDelayMs: 60_000 };
			await clientOf([json({}, 500)], budget, { policy }).json(GET, asIs);
		},
		'a pause that the server asks for': async (budget) => {
			const policy = { ...QUICK, maxServerWaitMs: 3_600_000 };
			await clientOf([json({}, 429, { 'retry-after': '300' })], budget, { policy }).json(GET, asIs);
		},
		'a permit of the concurrency limit': async (budget) => {
			const mistral = server([{ after: never }]);
			for (let n = 0; n < 10; n++) void mistral.client.json(GET, asIs).catch(() => undefined);
			await later(0);
			await new HttpClient(mistral.context, 'speak', 0, { budget }).json(GET, asIs);
		},
		'the credential': async (budget) => {
			const { context } = server([json({})]);
			const slow = Object.create(context, { getCredentials: { value: async () => await never } });
			await new HttpClient(slow, 'speak', 0, { budget }).json(GET, asIs);
		},
		'the first byte': async (budget) => {
			await clientOf([{ after: never }], budget).json(POST, asIs);
		},
		'the next piece of a body': async (budget) => {
			const headers = { 'content-type': 'application/json' };
			await clientOf([{ headers, body: ['{', never] }], budget).json(POST, asIs);
		},
		'a preconnection that n8n never takes up': async (budget) => {
			const client = clientOf([{ after: never }], budget);
			client.preconnect(POST);
			await client.json({ ...POST, body: () => ({ input: 'Hi' }) }, asIs);
		},
	};

	/** Timers that were set and have neither run out nor been cleared. */
	const timers = new Set<unknown>();
	beforeEach(() => {
		timers.clear();
		const { setTimeout: set, clearTimeout: clear } = globalThis;
		const counted = (callback: () => void, ms?: number) => {
			const timer = set(() => {
				timers.delete(timer);
				callback();
			}, ms);
			if ((ms ?? 0) > 20) timers.add(timer);
			return timer;
		};
		jest.spyOn(globalThis, 'setTimeout').mockImplementation(counted);
		jest.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
			timers.delete(timer);
			clear(timer);
		});
	});

	describe.each(Object.entries(waits))('%s', (_, wait) => {
		test('ends with the deadline', async () => {
			const { signal } = new AbortController();
			const began = performance.now();
			const facts = await factsOf(wait(budgetOf(200, signal)));
			expect(facts.stage).toMatch(/^speak\.(timed-out|server-trouble|rate-limited)$/);
			expect(performance.now() - began).toBeLessThan(3_000);
			expect(getEventListeners(signal, 'abort')).toHaveLength(0);
			expect(timers.size).toBe(0);
		});

		test('ends with the signal', async () => {
			const stop = new AbortController();
			const facts = factsOf(wait(budgetOf(600_000, stop.signal)));
			await later(20);
			const began = performance.now();
			stop.abort();
			expect(await facts).toMatchObject({ stage: 'speak.cancelled' });
			expect(performance.now() - began).toBeLessThan(1_000);
			expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
			expect(timers.size).toBe(0);
		});

		test('is not begun when the signal is aborted already', async () => {
			const signal = AbortSignal.abort();
			const began = performance.now();
			const facts = await factsOf(wait(budgetOf(600_000, signal)));
			expect(facts).toMatchObject({ stage: 'speak.cancelled' });
			expect(performance.now() - began).toBeLessThan(1_000);
			expect(getEventListeners(signal, 'abort')).toHaveLength(0);
		});
	});
});

test('a job that gave up waiting leaves its place to the next one', async () => {
	const semaphore = new Semaphore(1);
	const waiting = { budget: budgetOf(), operation: 'speak' };
	let finish = () => {};
	const first = semaphore.run(async () => {
		await new Promise<void>((resolve) => (finish = resolve));
	}, waiting);
	let hasRun = false;
	const late = async () => void (hasRun = true);
	const given = semaphore.run(late, { budget: budgetOf(20), operation: 'speak' });
	const third = semaphore.run(async () => 'third', waiting);
	expect(await factsOf(given)).toMatchObject({ stage: 'speak.timed-out' });
	finish();
	await first;
	expect(await third).toBe('third');
	expect(await semaphore.run(async () => 'fourth', waiting)).toBe('fourth');
	expect(hasRun).toBe(false);
});

test('a turn that gave up waiting does not let later ones overtake those before it', async () => {
	const key = {};
	const log: string[] = [];
	const waiting = { budget: budgetOf(), operation: 'ask' };
	let finish = () => {};
	const first = withMutex(key, waiting, async () => {
		await new Promise<void>((resolve) => (finish = resolve));
		log.push('first');
	});
	const second = withMutex(key, { budget: budgetOf(20), operation: 'ask' }, async () => {
		log.push('second');
	});
	const third = withMutex(key, waiting, async () => void log.push('third'));
	expect(await factsOf(second)).toMatchObject({ stage: 'ask.timed-out' });
	await later(20);
	expect(log).toEqual([]);
	finish();
	await Promise.all([first, third]);
	expect(log).toEqual(['first', 'third']);
});

describe('whatever throws between permit and request gives the permit back', () => {
	const ok = json({ ok: true });
	/** Ten requests run at once before anything is known of the server. */
	const PERMITS = 10;

	test.each<[string, (mistral: ReturnType<typeof server>) => Promise<unknown>]>([
		[
			'a body that cannot be made',
			async ({ client }) =>
				await client.json(
					{
						...POST,
						body: () => {
							throw new Error('no body');
						},
					},
					asIs,
				),
		],
		[
			'a body for a preconnection that cannot be made',
			async ({ client }) => {
				client.preconnect(POST);
				const toJSON = () => {
					throw new Error('no JSON');
				};
				const body = () => ({ toJSON }) as never;
				await client.json({ ...POST, body }, asIs);
			},
		],
		[
			'a credential that cannot be read',
			async ({ context }) => {
				const getCredentials = async () => await Promise.reject(new Error('no credential'));
				const other = Object.create(context, { getCredentials: { value: getCredentials } });
				await new HttpClient(other, 'speak', 0).json(POST, asIs);
			},
		],
		[
			'a reader that throws',
			async ({ client }) =>
				await client.send(POST, () => {
					throw new Error('not read');
				}),
		],
	])('%s', async (_, fail) => {
		let free = () => {};
		const mistral = server([ok]);
		// So few that a limit full of leaked permits would not have been widened yet.
		for (let n = 0; n < PERMITS; n++) await expect(fail(mistral)).rejects.toThrow();
		const sent = mistral.requests.length;
		const after = new Promise<void>((resolve) => (free = resolve));
		const held = server([{ ...ok, after }]);
		const clients = Array.from(
			{ length: PERMITS },
			() => new HttpClient(mistral.context, 'speak', 0),
		);
		mistral.context.helpers.httpRequestWithAuthentication = held.context.helpers
			.httpRequestWithAuthentication as never;
		const all = clients.map(async (client) => await client.json(GET, asIs));
		await later(50);
		expect(held.requests).toHaveLength(PERMITS);
		expect(mistral.requests).toHaveLength(sent);
		free();
		await Promise.all(all);
	});
});
