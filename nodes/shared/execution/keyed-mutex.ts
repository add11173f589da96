// A mutex for each key: turns of one session run one after the other, in the order they came.
import type { Budget } from '../http/budget';

/** The name of a session, or whatever else turns have in common. */
export type MutexKey = string | object;

/**
 * Settled when everybody who came so far has left. In this n8n process only: with several workers,
 * turns of one session that arrive at the same moment on two of them are not held back.
 */
const tails = new Map<MutexKey, Promise<void>>();

interface MutexOptions {
	/** Waiting ends with it. */
	readonly budget: Budget;
	readonly operation: string;
}

/**
 * Runs `turn` once every earlier turn of `key` has ended, however it ended; at once without a key. The
 * place in the queue is taken before anything is awaited, so that callers keep their order.
 *
 * @throws Failure `timed-out` or `cancelled` when the budget is over before its turn comes
 */
export async function withMutex<T>(
	key: MutexKey | undefined,
	{ budget, operation }: MutexOptions,
	turn: () => Promise<T>,
): Promise<T> {
	if (key === undefined) return await turn();
	const before = tails.get(key);
	let leave = (): void => undefined;
	const left = new Promise<void>((resolve) => (leave = resolve));
	// Who gives up waiting leaves the queue closed up: whoever came later still waits for those before.
	const tail = (before ?? Promise.resolve()).then(async () => await left);
	tails.set(key, tail);
	void tail.then(() => {
		if (tails.get(key) === tail) tails.delete(key);
	});
	try {
		if (before) await budget.race(before, operation);
		return await turn();
	} finally {
		leave();
	}
}
