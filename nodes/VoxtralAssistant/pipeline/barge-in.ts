// Barge-in: a new turn of a session interrupts the speech of the previous turn that is still streaming.
import type { MutexKey } from '../../shared/execution/keyed-mutex';

interface LiveTurn {
	/** Turns of the same execution, which are items of one run, do not interrupt each other. */
	readonly execution: object;
	readonly interrupt: () => void;
}

/** The turn that streams audio to each listener. In this n8n process only. */
const liveTurns = new Map<MutexKey, LiveTurn>();

/** Runs `turn` and interrupts an earlier turn of the same listener from another execution; without a listener it only runs. */
export async function withBargeIn<T>(
	listener: MutexKey | undefined,
	live: LiveTurn,
	turn: () => Promise<T>,
): Promise<T> {
	if (listener === undefined) return await turn();
	const earlier = liveTurns.get(listener);
	if (earlier && earlier.execution !== live.execution) earlier.interrupt();
	liveTurns.set(listener, live);
	try {
		return await turn();
	} finally {
		if (liveTurns.get(listener) === live) liveTurns.delete(listener);
	}
}
