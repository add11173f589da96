// How many requests may be under way at once: learned from who is let in and who is turned away.

/** So many go at once before anything is known. */
const INITIAL_SIZE = 10;

/** Full windows served before one more is tried; with every try that was one too many, longer. */
const MAX_PATIENCE = 16;

/**
 * Without a refusal it only ever grows. A refusal halves it, but not below what is being served at
 * that moment: so many were let in. From there it grows by one at a time, the more slowly the more
 * often that was too much, since one request too many closes the door on all.
 */
export class AimdLimit {
	size = INITIAL_SIZE;

	/** Nobody was turned away while others were served. */
	isUnbounded = true;

	private floor = 1;

	private gained = 0;

	private patience = 1;

	/** No refusal has come in the time it takes to be refused. */
	widen(): void {
		if (this.isUnbounded) this.size *= 2;
	}

	/** `wasFull`: as many were under way as may be; fewer tell nothing about more. */
	onServed(wasFull: boolean): void {
		if (!wasFull) return;
		this.gained += 1;
		if (!this.isUnbounded && this.gained < this.patience * this.size) return;
		this.size += 1;
		this.gained = 0;
		this.patience = Math.max(1, this.patience / 2);
	}

	/**
	 * `others` are still under way. `isNews`: it was sent after the last refusal had been heard of;
	 * of one volley only the first refusal halves. One that was alone says nothing about how many.
	 */
	onRejected(others: number, isNews: boolean): void {
		if (isNews && others === 0) return;
		if (isNews) {
			// A window that only time has widened never showed that half of it would be let in.
			this.floor = this.isUnbounded ? 1 : Math.max(1, Math.floor((others + 1) / 2));
			this.gained = 0;
			this.patience = Math.min(MAX_PATIENCE, this.patience * 4);
			this.isUnbounded = false;
		}
		this.size = Math.min(this.size, Math.max(this.floor, others));
	}
}
