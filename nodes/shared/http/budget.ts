// How long an item, or one stage of it, may still take, and what stops it; every wait listens to it.
import { sleep } from 'n8n-workflow';
import type { Failure } from '../errors/failure';
import { nowMs, onAbort, onceAfter } from './clock';
import { cancelled, timedOut } from './errors/failures';

/** What a person is told when the time is over. */
interface Advice {
	/** The deadline is the option "Timeout", which can be raised. */
	readonly isRaisable: boolean;
}

/**
 * A deadline and an abort signal, made once for an item and narrowed for its stages. Immutable: a
 * stage that narrows its budget leaves that of the item as it was.
 */
export class Budget implements Advice {
	private constructor(
		/** On the clock of {@link nowMs}; `Infinity` when only the signal ends it. */
		readonly deadlineMs: number,
		readonly signal: AbortSignal | undefined,
		readonly isRaisable: boolean,
	) {}

	/** Without a deadline: it ends when `signal` is aborted. */
	static until(signal: AbortSignal | undefined): Budget {
		return new Budget(Infinity, signal, true);
	}

	/** At most `ms` from now; unchanged where less is left. */
	narrowedTo(ms: number, { isRaisable }: Advice = { isRaisable: true }): Budget {
		const deadlineMs = nowMs() + ms;
		if (this.deadlineMs <= deadlineMs) return this;
		return new Budget(deadlineMs, this.signal, isRaisable);
	}

	/** At least `ms` from now, for clean-up that must not be skipped because the time is over. */
	extendedTo(ms: number): Budget {
		return new Budget(Math.max(this.deadlineMs, nowMs() + ms), this.signal, this.isRaisable);
	}

	/** Ends with `signal` as well. */
	with(signal: AbortSignal): Budget {
		const both = this.signal ? AbortSignal.any([this.signal, signal]) : signal;
		return new Budget(this.deadlineMs, both, this.isRaisable);
	}

	/** Milliseconds left, never negative. */
	get remainingMs(): number {
		return Math.max(0, this.deadlineMs - nowMs());
	}

	/** @throws Failure `cancelled` or `timed-out` when it is over */
	check(operation: string): void {
		if (this.signal?.aborted) throw cancelled(operation);
		if (this.remainingMs === 0) throw this.timedOut(operation);
	}

	timedOut(operation: string): Failure {
		return timedOut(operation, this.isRaisable);
	}

	/**
	 * What `work` comes to, unless the budget is over first. `work` itself goes on: whoever starts it
	 * gives it the same budget. A failure of its own that is due at the same moment says more, so it is
	 * given `graceMs` to arrive, in two steps: after a moment in which the machine stood still, timers
	 * that were due first still come first.
	 *
	 * @throws Failure `cancelled` or `timed-out`
	 */
	async race<T>(work: Promise<T>, operation: string, graceMs = 0): Promise<T> {
		let disarm = () => {};
		let ignoreAbort = () => {};
		const over = new Promise<never>((_, reject) => {
			ignoreAbort = onAbort(this.signal, () => reject(cancelled(operation)));
			const late = () => reject(this.timedOut(operation));
			if (this.deadlineMs === Infinity) return;
			disarm = onceAfter(Math.ceil(this.remainingMs + graceMs * 0.75), () => {
				disarm = graceMs > 0 ? onceAfter(graceMs / 4, late) : () => {};
				if (graceMs === 0) late();
			});
		});
		try {
			return await Promise.race([work, over]);
		} finally {
			disarm();
			ignoreAbort();
		}
	}

	/** Waits `ms`. @throws Failure `cancelled` or `timed-out` when the budget is over before */
	async sleep(ms: number, operation: string): Promise<void> {
		this.check(operation);
		// n8n before 1.122 knows no second argument: there the timer runs out by itself.
		const slept = sleep(ms, this.signal);
		slept.catch(() => undefined);
		await this.race(slept, operation);
	}
}
