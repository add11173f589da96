// Waiting for what comes to pass by itself.
import { setTimeout as pause } from 'node:timers/promises';

/** Looks again and again until there is something, and gives it. */
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
