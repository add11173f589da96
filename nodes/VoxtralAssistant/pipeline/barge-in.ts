// One listener, one voice: when somebody who listens speaks again, what was still being said to them ends.
import type { MutexKey } from '../../shared/execution/keyed-mutex';

interface Speech {
	readonly execution: object;
	readonly hush: () => void;
}

/** Who is being spoken to live. In this n8n process only. */
const speeches = new Map<MutexKey, Speech>();

/**
 * Runs a live turn of `listener`; the earlier one of another execution is hushed. Turns of one
 * execution are its own affair: their answers were all asked for.
 */
export async function withBargeIn<T>(
	listener: MutexKey,
	speech: Speech,
	turn: () => Promise<T>,
): Promise<T> {
	const earlier = speeches.get(listener);
	if (earlier && earlier.execution !== speech.execution) earlier.hush();
	speeches.set(listener, speech);
	try {
		return await turn();
	} finally {
		if (speeches.get(listener) === speech) speeches.delete(listener);
	}
}
