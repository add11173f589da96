// Takes the turns of one session one after the other, in the order they came.

/** The name of a session, or whatever else turns have in common. */
export type Queue = string | object;

/**
 * The last turn under way of each queue. In this n8n process only: with several workers, turns
 * of one session that arrive at the same moment on two of them are not held back.
 */
const lastTurns = new Map<Queue, Promise<void>>();

/** Runs `turn` once every earlier turn of `queue` has ended, however it ended; at once without a queue. */
export async function inOrder<T>(queue: Queue | undefined, turn: () => Promise<T>): Promise<T> {
	if (queue === undefined) return await turn();
	const before = lastTurns.get(queue);
	const mine = (before ?? Promise.resolve()).then(turn);
	const ended = mine.then(
		() => undefined,
		() => undefined,
	);
	lastTurns.set(queue, ended);
	try {
		return await mine;
	} finally {
		if (lastTurns.get(queue) === ended) lastTurns.delete(queue);
	}
}
