// A server in simulated time that serves a few requests at once and rejects the others with 429, for tests of the concurrency limit.
import { jest } from '@jest/globals';
import type { IHttpRequestOptions } from 'n8n-workflow';
import type { HttpRequest } from '../../../../nodes/shared/http/request.ts';
import type { RequestContext } from '../../../../nodes/shared/http/n8n-request.ts';
import { DEFAULT_RETRY, RetryBudget } from '../../../../nodes/shared/http/retry.ts';
import { Budget } from '../../../../nodes/shared/http/budget.ts';
import { HttpClient } from '../../../../nodes/shared/http/client.ts';

export interface Busy {
	/** Requests served at once; changes with time where it is a function. */
	readonly limit: number | (() => number);
	/** Whom it always rejects. */
	readonly refuses?: (item: number, path: string) => boolean;
	/** Which request it takes and never answers: the connection breaks when it should. */
	readonly breaks?: (request: number) => boolean;
	/** How long the request of this number takes. */
	readonly servedMs: (request: number) => number;
	/** How long a 429 takes to arrive. */
	readonly refusedMs: number;
	readonly refusal: Readonly<Record<string, string>>;
	/** An answer in two pieces, the second after this; it counts until then. */
	readonly streamedMs?: number | ((path: string) => number);
}

export interface Call {
	readonly path: string;
	readonly item: number;
	readonly startMs: number;
	isServed?: boolean;
	status?: number;
	/** When the client hears of it. */
	answeredMs?: number;
}

export const after = async (ms: number) => {
	await new Promise((resolve) => setTimeout(resolve, ms));
};

/** Requests name their item in the query. */
export function busyServer(busy: Busy, cancel?: AbortSignal) {
	const calls: Call[] = [];
	let active = 0;
	let most = 0;
	const context = {
		getCredentials: async () => ({ apiKey: 'a-key-of-some-length', baseUrl: '' }),
		...(cancel ? { getExecutionCancelSignal: () => cancel } : {}),
		helpers: {
			async httpRequestWithAuthentication(_: string, { url, qs }: IHttpRequestOptions) {
				const limit = typeof busy.limit === 'number' ? busy.limit : busy.limit();
				const path = new URL(url).pathname;
				const call: Call = { path, item: Number(qs?.item), startMs: performance.now() };
				const number = calls.push(call) - 1;
				const isServed = active < limit && !busy.refuses?.(call.item, path);
				call.isServed = isServed;
				let isHeld = isServed;
				const free = () => {
					if (isHeld) active -= 1;
					isHeld = false;
				};
				if (isServed) most = Math.max(most, ++active);
				await after(isServed ? busy.servedMs(number) : busy.refusedMs);
				if (busy.breaks?.(number)) {
					free();
					call.answeredMs = performance.now();
					throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
				}
				call.status = isServed ? 200 : 429;
				call.answeredMs = performance.now();
				const { streamedMs } = busy;
				const restMs = typeof streamedMs === 'function' ? streamedMs(path) : streamedMs;
				if (restMs === undefined) free();
				async function* pieces() {
					yield Buffer.from(isServed ? '{' : '{}');
					if (!isServed) return;
					if (restMs !== undefined) await after(restMs);
					free();
					yield Buffer.from('}');
				}
				const iterator = pieces();
				const headers = { 'content-type': 'application/json', ...(isServed ? {} : busy.refusal) };
				return {
					statusCode: call.status,
					headers,
					body: { [Symbol.asyncIterator]: () => iterator, destroy: free },
				};
			},
		},
	} as unknown as RequestContext;
	const retryBudget = new RetryBudget();
	const open = (item: number, attempts = DEFAULT_RETRY.attempts, budget = Budget.until(cancel)) =>
		new HttpClient(context, 'transcribe', item, {
			budget,
			retryBudget,
			policy: { ...DEFAULT_RETRY, attempts },
		});
	return { context, calls, open, most: () => most };
}

export const requestOf = (item: number, more: Partial<HttpRequest> = {}): HttpRequest => ({
	method: 'POST',
	path: '/v1/audio/transcriptions',
	query: { item },
	repeatable: true,
	timeoutMs: 1_800_000,
	...more,
});

/** Lets simulated time pass until the work is done. */
export async function settled<T>(work: Promise<T>, mostMs = 7_200_000): Promise<T> {
	let isDone = false;
	const done = () => (isDone = true);
	work.then(done, done);
	const endMs = performance.now() + mostMs;
	while (!isDone && performance.now() < endMs) await jest.advanceTimersByTimeAsync(50);
	if (!isDone) throw new Error('it hangs');
	return await work;
}

/** As many at a time as `atOnce`, in order; each comes to how often it was sent, or to its failure. */
export async function inTurns<T>(
	count: number,
	atOnce: number,
	work: (item: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
	const results: PromiseSettledResult<T>[] = new Array(count);
	let next = 0;
	const worker = async () => {
		while (next < count) {
			const item = next++;
			[results[item]] = await Promise.allSettled([work(item)]);
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
	return results;
}
