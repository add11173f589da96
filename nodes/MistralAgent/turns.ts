// Takes the turns of one session one after the other, in the order they came.

/**
 * The last turn under way of each session. In this n8n process only: with several workers, turns
 * of one session that arrive at the same moment on two of them are not held back.
 */
const lastTurns = new Map<string, Promise<void>>();

/** Runs `turn` once every earlier turn of `session` has ended, however it ended. */
export async function inOrder<T>(session: string | undefined, turn: () => Promise<T>): Promise<T> {
	if (session === undefined) return await turn();
	const before = lastTurns.get(session);
	const mine = (before ?? Promise.resolve()).then(turn);
	const ended = mine.then(
		() => undefined,
		() => undefined,
	);
	lastTurns.set(session, ended);
	try {
		return await mine;
	} finally {
		if (lastTurns.get(session) === ended) lastTurns.delete(session);
	}
}
