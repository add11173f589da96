// Takes the turns of one session one after the other, in the order they came.

/** The name of a session, or whatever else turns have in common. */
export type MutexKey = string | object;

/**
 * The last turn under way of each queue. In this n8n process only: with several workers, turns
 * of one session that arrive at the same moment on two of them are not held back.
 */
const lastHolders = new Map<MutexKey, Promise<void>>();

/** Runs `turn` once every earlier turn of `queue` has ended, however it ended; at once without a queue. */
export async function withMutex<T>(
	queue: MutexKey | undefined,
	turn: () => Promise<T>,
): Promise<T> {
	if (queue === undefined) return await turn();
	const before = lastHolders.get(queue);
	const mine = (before ?? Promise.resolve()).then(turn);
	const ended = mine.then(
		() => undefined,
		() => undefined,
	);
	lastHolders.set(queue, ended);
	try {
		return await mine;
	} finally {
		if (lastHolders.get(queue) === ended) lastHolders.delete(queue);
	}
}
