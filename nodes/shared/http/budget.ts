// How long an item, or one stage of it, may still take, and what stops it; every wait listens to it.
import { sleep } from 'n8n-workflow';
import type { Failure } from '../errors/failure';
import { nowMs, onAbort, onceAfter } from './clock';
import { cancelled, timedOut } from './errors/failures';

/** What a person can do when the time is over. */
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
	 * Calls back once with `cancelled` or `timed-out`, at once where the signal is aborted already.
	 * Call what it returns when nobody waits any more: until then a timer and a listener are kept.
	 *
	 * A failure of the work itself that is due at the same moment says more, so it may be given `toleranceMs`
	 * to arrive, in two steps: after a moment in which the machine stood still, timers that were due
	 * first still come first.
	 */
	onOver(operation: string, callback: (failure: Failure) => void, toleranceMs = 0): () => void {
		let disarm = (): void => undefined;
		const ignoreAbort = onAbort(this.signal, () => {
			disarm();
			callback(cancelled(operation));
		});
		const end = (): void => {
			ignoreAbort();
			callback(this.timedOut(operation));
		};
		if (this.deadlineMs !== Infinity && !this.signal?.aborted) {
			disarm = onceAfter(this.remainingMs + toleranceMs * 0.75, () => {
				if (toleranceMs === 0) end();
				else disarm = onceAfter(toleranceMs / 4, end);
			});
		}
		return () => {
			ignoreAbort();
			disarm();
		};
	}

	/**
	 * What `work` comes to, unless the budget is over first. `work` itself goes on: whoever starts it
	 * gives it the same budget. For `toleranceMs` see {@link onOver}.
	 *
	 * @throws Failure `cancelled` or `timed-out`
	 */
	async race<T>(work: Promise<T>, operation: string, toleranceMs = 0): Promise<T> {
		let ignore = (): void => undefined;
		const over = new Promise<never>((_, reject) => {
			ignore = this.onOver(operation, reject, toleranceMs);
		});
		try {
			return await Promise.race([work, over]);
		} finally {
			ignore();
		}
	}

	/** Waits `ms`. @throws Failure `cancelled` or `timed-out` when the budget is over before */
	async sleep(ms: number, operation: string): Promise<void> {
		this.check(operation);
		const over = new AbortController();
		// n8n before 1.122 knows no second argument: there the timer runs out by itself.
		const slept = sleep(ms, over.signal);
		slept.catch(() => undefined);
		try {
			await this.race(slept, operation);
		} finally {
			over.abort();
		}
	}
}
