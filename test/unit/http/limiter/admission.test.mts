// The concurrency limit of a run: requests share the pause of one 429, wait in order, and none is lost or waits for ever.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { Budget } from '../../../../nodes/shared/http/budget.ts';
import { HttpClient } from '../../../../nodes/shared/http/client.ts';
import { budgetOf } from '../budget-of.mts';
import { after, busyServer, inTurns, requestOf, settled, type Busy } from './busy-server.mts';
import { factsOf } from '../scripted-server.mts';

beforeEach(() => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});
afterEach(() => {
	jest.useRealTimers();
});

const anything = (body: unknown) => body ?? undefined;
const busy = (more: Partial<Busy>): Busy => ({
	limit: 8,
	servedMs: () => 400,
	refusedMs: 30,
	refusal: { 'retry-after': '1' },
	...more,
});

async function runAll(server: ReturnType<typeof busyServer>, count: number, atOnce: number) {
	const sent = inTurns(count, atOnce, async (item) => {
		return await server.open(item).json(requestOf(item), anything);
	});
	return await settled(sent);
}
const lost = (results: PromiseSettledResult<unknown>[]) =>
	results.filter(({ status }) => status === 'rejected');
const refusals = ({ calls }: ReturnType<typeof busyServer>) =>
	calls.filter(({ status }) => status === 429);

describe('items, where fewer are served at once', () => {
	test.each([
		['40 at once of 40', 40],
		['40 at once of 200', 200],
	])('%s: none lost, few 429, the limit used', async (_, count) => {
		const server = busyServer(busy({}));
		const began = performance.now();
		expect(lost(await runAll(server, count, 40))).toEqual([]);
		const tookMs = performance.now() - began;
		expect(refusals(server).length).toBeLessThanOrEqual(4 + count / 50);
		expect(tookMs).toBeLessThan(1_000 + 1.15 * (count / 8) * 400);
	});

	test.each([1, 2, 4, 8])(
		'whole turns, of which %i requests are served at once, answers that are streamed included',
		async (limit) => {
			const streamedMs = (path: string) => (path === '/v1/conversations' ? 3_000 : 0);
			const server = busyServer(busy({ limit, servedMs: () => 300, streamedMs }));
			const turn = async (item: number) => {
				const client = server.open(item);
				const send = async (path: string) => await client.json(requestOf(item, { path }), anything);
				await send('/v1/audio/transcriptions');
				const answer = send('/v1/conversations');
				await after(500);
				const speech = [1, 2, 3].map(async () => await send('/v1/audio/speech'));
				await Promise.all([answer, ...speech]);
			};
			expect(lost(await settled(inTurns(40, 12, turn)))).toEqual([]);
			expect(server.calls.length).toBeLessThanOrEqual(1.15 * 40 * 5);
		},
	);

	test('whatever the limit, the times and the number: none is lost, none is sent during a pause', async () => {
		const limits = fc.record({
			limit: fc.integer({ min: 1, max: 30 }),
			times: fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 9 }),
			refusedMs: fc.integer({ min: 1, max: 900 }),
			pauseMs: fc.integer({ min: 0, max: 3_000 }),
			count: fc.integer({ min: 1, max: 90 }),
			atOnce: fc.integer({ min: 1, max: 50 }),
			streamedMs: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
		});
		await fc.assert(
			fc.asyncProperty(limits, async (given) => {
				const { limit, times, refusedMs, pauseMs, count, atOnce, streamedMs } = given;
				const server = busyServer({
					limit,
					refusedMs,
					servedMs: (request) => times[request % times.length] ?? 1,
					refusal: { 'retry-after-ms': String(pauseMs) },
					...(streamedMs === undefined ? {} : { streamedMs }),
				});
				expect(lost(await runAll(server, count, atOnce))).toEqual([]);
				for (const { answeredMs = Infinity } of refusals(server)) {
					const early = server.calls.filter(
						({ startMs }) => startMs > answeredMs && startMs < answeredMs + pauseMs,
					);
					expect(early).toEqual([]);
				}
				expect(refusals(server).length).toBeLessThanOrEqual(count + atOnce);
			}),
			{ numRuns: 150 },
		);
	}, 120_000);

	test('first come, first served, rejected requests included', async () => {
		const server = busyServer(busy({ limit: 1 }));
		await runAll(server, 20, 20);
		const served = server.calls.filter(({ status }) => status === 200).map(({ item }) => item);
		expect(served).toEqual([...Array(20).keys()]);
	});

	test('without a 429 the limit widens to as many as there are items', async () => {
		const server = busyServer(busy({ limit: Infinity, servedMs: () => 5_000 }));
		await runAll(server, 40, 40);
		expect(server.most()).toBe(40);
		expect(server.calls.slice(0, 10).map(({ startMs }) => startMs)).toEqual(
			Array(10).fill(server.calls[0]?.startMs),
		);
		expect((server.calls[39]?.startMs ?? 0) - (server.calls[0]?.startMs ?? 0)).toBeLessThan(1_000);
	});

	test('so many a second, however many are under way: none is lost', async () => {
		const aSecond = 3;
		const server = busyServer(
			busy({
				servedMs: () => 100,
				limit: () => {
					const now = performance.now();
					const recent = server.calls.filter(
						({ startMs, isServed }) => isServed && startMs > now - 1_000,
					);
					return recent.length < aSecond ? Infinity : 0;
				},
			}),
		);
		expect(lost(await runAll(server, 60, 20))).toEqual([]);
	});

	test('a 429 that arrives late, after others were served, does not count as an attempt', async () => {
		const server = busyServer(busy({ limit: 1, servedMs: () => 10, refusedMs: 500 }));
		const sent = inTurns(20, 10, async (item) => {
			return await server.open(item, 2).json(requestOf(item), anything);
		});
		expect(lost(await settled(sent))).toEqual([]);
	});

	test('long recordings: waiting for those before costs no attempt', async () => {
		const server = busyServer(busy({ limit: 2, servedMs: () => 60_000 }));
		expect(lost(await runAll(server, 12, 12))).toEqual([]);
		expect(Math.max(...refusals(server).map(({ startMs }) => startMs))).toBeLessThan(10 * 60_000);
		expect(refusals(server).length).toBeLessThanOrEqual(12);
	});

	test('a limit that is gone is noticed', async () => {
		let limit = 2;
		const server = busyServer(busy({ limit: () => limit }));
		setTimeout(() => (limit = Infinity), 5_000);
		await runAll(server, 300, 20);
		const last = server.calls.slice(-60);
		const busiest = last.map(
			({ startMs }) =>
				last.filter((other) => other.startMs <= startMs && (other.answeredMs ?? 0) > startMs)
					.length,
		);
		expect(Math.max(...busiest)).toBeGreaterThanOrEqual(8);
	});
});

describe('an account that serves nobody any more', () => {
	test('200 items end soon, with the refusal, and are not all sent', async () => {
		const server = busyServer(busy({ limit: 0 }));
		const began = performance.now();
		const results = await runAll(server, 200, 40);
		expect(lost(results)).toHaveLength(200);
		for (const result of results) {
			expect(result).toMatchObject({
				reason: { facts: { stage: 'transcribe.rate-limited', status: 429 } },
			});
		}
		expect(results[0]).toMatchObject({
			reason: { facts: { attempts: 4, hint: expect.stringMatching(/tried 4 times/) } },
		});
		expect(results[39]).toMatchObject({
			reason: { facts: { attempts: 0, hint: expect.stringMatching(/This one was not sent/) } },
		});
		expect(performance.now() - began).toBeLessThan(15_000);
		expect(server.calls.length).toBeLessThan(30);
	});

	test('200 items one after the other end soon, too', async () => {
		const server = busyServer(busy({ limit: 0 }));
		const began = performance.now();
		expect(lost(await runAll(server, 200, 1))).toHaveLength(200);
		expect(performance.now() - began).toBeLessThan(30_000);
		expect(server.calls.length).toBeLessThan(40);
	});

	test('speech that is never taken ends although its own answer is still being streamed', async () => {
		const refuses = (_: number, path: string) => path === '/v1/audio/speech';
		const server = busyServer(busy({ refuses, streamedMs: () => 100_000 }));
		const item = server.open(0);
		const answer = item.json(requestOf(0, { path: '/v1/conversations' }), anything);
		const speech = factsOf(item.json(requestOf(0, { path: '/v1/audio/speech' }), anything));
		expect(await settled(speech, 60_000)).toMatchObject({ attempts: 4 + 12 });
		await settled(answer);
	});

	test('one item is tried as often as the policy says', async () => {
		const server = busyServer(busy({ limit: 0 }));
		const facts = factsOf(server.open(0, 3).json(requestOf(0), anything));
		expect(await settled(facts)).toMatchObject({ attempts: 3 });
		expect(server.calls).toHaveLength(3);
	});

	test('a pause of an hour: no other request is sent', async () => {
		const server = busyServer(busy({ limit: 0, refusal: { 'retry-after': '3600' } }));
		const results = await settled(
			inTurns(100, 20, async (item) => {
				const request = requestOf(item, { timeoutMs: 10 * 3_600_000 });
				return await server.open(item).json(request, anything);
			}),
		);
		expect(lost(results)).toHaveLength(100);
		expect(server.calls.length).toBeLessThanOrEqual(10);
	});

	test.each(['3600', '25'])('a pause of %s seconds keeps back nothing else', async (seconds) => {
		const refuses = (_: number, path: string) => path === '/v1/conversations';
		const server = busyServer(busy({ refuses, refusal: { 'retry-after': seconds } }));
		const item = server.open(0);
		const ask = item.json(requestOf(0, { path: '/v1/conversations', timeoutMs: 20_000 }), anything);
		expect(await settled(factsOf(ask))).toMatchObject({ attempts: 1 });
		const speech = item.json(
			requestOf(0, { path: '/v1/audio/speech', timeoutMs: 20_000 }),
			anything,
		);
		expect(await settled(speech)).toMatchObject({ attempts: 1 });
	});

	test('a key without any allowance pauses no other request', async () => {
		const refusal = { 'x-ratelimit-limit-req-minute': '0', 'retry-after': '1' };
		const server = busyServer(busy({ limit: 0, refusal }));
		const began = performance.now();
		const results = await runAll(server, 5, 1);
		expect(results[4]).toMatchObject({ reason: { facts: { attempts: 1 } } });
		expect(performance.now() - began).toBeLessThan(1_000);
	});

	test.each([
		['beside short ones', 400, 4],
		['beside long ones', 30_000, 20],
	])('an item that alone is rejected, %s, ends as well, and costs no other', async (...given) => {
		const [, servedMs, atOnce] = given;
		const refuses = (item: number) => item === 3;
		const server = busyServer(busy({ limit: 50, servedMs: () => servedMs, refuses }));
		const results = await runAll(server, 200, atOnce);
		expect(lost(results)).toEqual([results[3]]);
		const tries = server.calls.filter(({ item }) => item === 3).length;
		expect(results[3]).toMatchObject({
			reason: { facts: { stage: 'transcribe.rate-limited', attempts: tries } },
		});
		expect(tries).toBeLessThanOrEqual(4 + 12);
	});
});

describe('waiting', () => {
	/** One is served for ten seconds; whoever comes after it waits for its turn. */
	const waiting = async (cancel?: AbortSignal) => {
		const server = busyServer(busy({ limit: 1, servedMs: () => 10_000 }), cancel);
		const first = server.open(0).json(requestOf(0), anything);
		void first.catch(() => undefined);
		const second = server.open(1).json(requestOf(1), anything);
		void second.catch(() => undefined);
		await jest.advanceTimersByTimeAsync(2_000);
		expect(server.calls.map(({ item }) => item)).toEqual([0, 1]);
		return { server, first, second };
	};

	test('ends at once when the execution is stopped, and frees the queue', async () => {
		const stop = new AbortController();
		const { second } = await waiting(stop.signal);
		const facts = factsOf(second);
		stop.abort();
		expect(await facts).toMatchObject({ stage: 'transcribe.cancelled', attempts: 1 });
	});

	test('ends with the deadline, with the 429 as its reason', async () => {
		const { server, first } = await waiting();
		const third = server.open(2, undefined, budgetOf(3_000));
		const facts = factsOf(third.json(requestOf(2), anything));
		const began = performance.now();
		expect(await settled(facts)).toMatchObject({
			stage: 'transcribe.rate-limited',
			attempts: 0,
			hint: expect.stringMatching(/No time was left to wait .* This one was not sent/),
		});
		expect(performance.now() - began).toBeLessThanOrEqual(3_250);
		await settled(first);
	});

	test('is not begun when the pause outlasts the deadline', async () => {
		const server = busyServer(busy({ limit: 0, refusal: { 'retry-after': '30' } }));
		void factsOf(server.open(0, 2).json(requestOf(0), anything));
		await jest.advanceTimersByTimeAsync(100);
		const began = performance.now();
		const facts = factsOf(server.open(1).json(requestOf(1, { timeoutMs: 20_000 }), anything));
		expect(await settled(facts)).toMatchObject({ stage: 'transcribe.rate-limited', attempts: 0 });
		expect(performance.now() - began).toBeLessThan(1_000);
		await jest.advanceTimersByTimeAsync(60_000);
	});

	test('stages with a signal of their own share the limiter of the run', async () => {
		const server = busyServer(busy({ limit: () => (server.calls.length === 0 ? 0 : 8) }));
		const item = server.open(0);
		const heard = item.json(requestOf(0), anything);
		await jest.advanceTimersByTimeAsync(100);
		const stage = item
			.forStage('talk', item.budget.with(new AbortController().signal))
			.forStage('speak');
		const said = stage.json(requestOf(0, { path: '/v1/audio/speech' }), anything);
		await jest.advanceTimersByTimeAsync(800);
		expect(server.calls).toHaveLength(1);
		expect(await settled(Promise.all([heard, said]))).toHaveLength(2);
	});

	test('a stage that is cancelled leaves the queue, others go on', async () => {
		const { server, first, second } = await waiting();
		const stop = new AbortController();
		const stage = new HttpClient(server.context, 'speak', 2, {
			budget: Budget.until(stop.signal),
		});
		const stopped = factsOf(stage.json(requestOf(2), anything));
		stop.abort();
		expect(await stopped).toMatchObject({ stage: 'speak.cancelled', attempts: 0 });
		const third = server.open(3).json(requestOf(3), anything);
		expect(await settled(Promise.all([first, second, third]))).toHaveLength(3);
	});

	test('a stream that is given up in the middle releases its permit', async () => {
		const server = busyServer(busy({ limit: 1, streamedMs: 500_000 }));
		const leave = async () => {
			await server.open(0).send(requestOf(0, { repeatable: false }), async ({ body }) => {
				for await (const piece of body) throw new RangeError(String(piece.length));
			});
		};
		const left = factsOf(leave());
		const second = server.open(1).send(requestOf(1), async ({ body }) => {
			const [first] = await Promise.all([body[Symbol.asyncIterator]().next()]);
			return first.done;
		});
		expect(await settled(left, 60_000)).toMatchObject({ stage: 'transcribe.unexpected-answer' });
		expect(await settled(second, 60_000)).toMatchObject({ value: false });
	});

	test('an open stream does not keep its own speech waiting, only others', async () => {
		const server = busyServer(busy({ limit: () => limit, streamedMs: () => 20_000 }));
		let limit = 1;
		const items = [server.open(0), server.open(1)] as const;
		const ask = { path: '/v1/conversations' };
		const answers = items.map((item, index) => item.json(requestOf(index, ask), anything));
		await jest.advanceTimersByTimeAsync(3_000);
		expect(server.calls).toHaveLength(2);
		limit = 8;
		const speech = { path: '/v1/audio/speech' };
		const spoken = items.map((item, index) => item.json(requestOf(index, speech), anything));
		await jest.advanceTimersByTimeAsync(10);
		expect(server.calls.map(({ path, item }) => `${item} ${path}`)).toEqual([
			'0 /v1/conversations',
			'1 /v1/conversations',
			'0 /v1/audio/speech',
		]);
		await settled(Promise.all([...answers, ...spoken]));
	});

	test('a 429 to a request that was alone does not lower the limit', async () => {
		const server = busyServer(busy({ limit: () => (server.calls.length === 0 ? 0 : 8) }));
		const item = server.open(0);
		await settled(item.json(requestOf(0), anything));
		const pieces = Array.from({ length: 6 }, () => item.json(requestOf(0), anything));
		await jest.advanceTimersByTimeAsync(10);
		expect(server.calls).toHaveLength(2 + 6);
		await settled(Promise.all(pieces));
	});

	test('an attempt that breaks releases its permit during its backoff', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(1);
		// One is served, two are rejected; then it is one at a time.
		const server = busyServer(busy({ limit: 1, breaks: (request) => request === 3 }));
		expect(lost(await runAll(server, 3, 3))).toEqual([]);
		const order = server.calls.filter(({ status }) => status !== 429).map(({ item }) => item);
		expect(order).toEqual([0, 1, 2, 1]);
		expect(server.calls[4]?.startMs).toBe(server.calls[3]?.answeredMs);
		jest.restoreAllMocks();
	});
});
