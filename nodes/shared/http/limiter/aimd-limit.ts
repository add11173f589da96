// How many requests may run at once: additive increase while they are served, multiplicative decrease at a 429.

/** Before anything is known. */
const INITIAL_SIZE = 10;

/** Full rounds served before one more is tried; the more often that was too much, the longer. */
const MAX_PATIENCE = 16;

/**
 * Grows without bound until the first 429. A 429 halves it, but not below what is being served at that
 * moment, since so many were accepted. From there it grows by one at a time, and more slowly after
 * each failure, because one request too many pauses all of them.
 */
export class AimdLimit {
	size = INITIAL_SIZE;

	/** No request was rejected yet while others were served. */
	isUnbounded = true;

	private minSize = 1;

	private servedWhileFull = 0;

	private patience = 1;

	/** No 429 has come in the time one takes to arrive. */
	widen(): void {
		if (this.isUnbounded) this.size *= 2;
	}

	/** `wasFull`: as many were running as may; fewer say nothing about a higher limit. */
	onServed(wasFull: boolean): void {
		if (!wasFull) return;
		this.servedWhileFull += 1;
		if (!this.isUnbounded && this.servedWhileFull < this.patience * this.size) return;
		this.size += 1;
		this.servedWhileFull = 0;
		this.patience = Math.max(1, this.patience / 2);
	}

	/**
	 * `others` are still running. Only the first 429 of a burst halves the limit; one that came to a
	 * request that was alone says nothing about how many may run.
	 */
	onRejected(others: number, isFirstOfBurst: boolean): void {
		if (isFirstOfBurst && others === 0) return;
		if (isFirstOfBurst) {
			// A limit that only time has widened never showed that half of it would be accepted.
			this.minSize = this.isUnbounded ? 1 : Math.max(1, Math.floor((others + 1) / 2));
			this.servedWhileFull = 0;
			this.patience = Math.min(MAX_PATIENCE, this.patience * 4);
			this.isUnbounded = false;
		}
		this.size = Math.min(this.size, Math.max(this.minSize, others));
	}
}
