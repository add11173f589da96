// Time for requests: a monotonic clock, a timer that keeps no process alive, and listening to an abort signal.

/** A clock that never jumps, in ms. */
export const nowMs = (): number => performance.now();

/** Longer timers fire at once in Node. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls back after `ms` without keeping the process alive for it. Call what it returns when it is
 * no longer wanted: until then the callback, and all it refers to, stays in memory.
 */
export function onceAfter(ms: number, callback: () => void): () => void {
	const delayMs = Math.ceil(Math.max(0, Math.min(ms, MAX_TIMER_MS)));
	return onAbort(AbortSignal.timeout(delayMs), callback);
}

/** Listens until what it returns is called; calls back at once when `signal` is aborted already. */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
	if (!signal?.aborted) {
		signal?.addEventListener('abort', callback, { once: true });
		return () => signal?.removeEventListener('abort', callback);
	}
	callback();
	return () => undefined;
}
