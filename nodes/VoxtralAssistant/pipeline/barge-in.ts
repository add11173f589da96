// Barge-in: when somebody who listens speaks again, what was still being said to them is interrupted.
import type { MutexKey } from '../../shared/execution/keyed-mutex';

interface LiveTurn {
	/** Turns of one execution do not interrupt each other: their answers were all asked for. */
	readonly execution: object;
	readonly interrupt: () => void;
}

/** Who is being spoken to live. In this n8n process only. */
const liveTurns = new Map<MutexKey, LiveTurn>();

/** Runs a live turn of `listener` and interrupts the earlier one of another execution; without one it just runs. */
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
