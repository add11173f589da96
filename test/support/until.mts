// Polls for a condition.
import { setTimeout as pause } from 'node:timers/promises';

/** Polls `look` until it returns something, and returns that. */
export const until = async <T,>(
	look: () => T | Promise<T>,
	what: string,
	limitMs = 60_000,
): Promise<NonNullable<T>> => {
	for (const endMs = Date.now() + limitMs; Date.now() < endMs; await pause(100)) {
		const found = await look();
		if (found) return found;
	}
	throw new Error(`${what}: not within ${limitMs / 1000} s`);
};
