// A request's way through the concurrency limiter: waits for a permit, reports what came of it, and counts retries.
import { sleep } from 'n8n-workflow';
import type { Failure } from '../../errors/failure';
import type { Attempt, NextAttempt } from '../attempt';
import type { Budget } from '../budget';
import { nowMs, onAbort } from '../clock';
import { cancelled } from '../errors/failures';
import type { RequestContext } from '../n8n-request';
import type { RetryPolicy } from '../retry';
import type { LimiterClock } from './concurrency-limiter';
import { ConcurrencyLimiter } from './concurrency-limiter';
import type { Admittance, Permit } from './permit';

const clock: LimiterClock = {
	now: nowMs,
	after(ms, callback) {
		const ended = new AbortController();
		// n8n before 1.122 knows no second argument: there the timer runs out by itself.
		sleep(ms, ended.signal).then(
			() => (ended.signal.aborted ? undefined : callback()),
			() => undefined,
		);
		return () => ended.abort();
	},
};

/** One for each run of a node. */
const limiters = new WeakMap<object, ConcurrencyLimiter>();

export function limiterOf(context: RequestContext, policy: RetryPolicy): ConcurrencyLimiter {
	const limiter = limiters.get(context) ?? new ConcurrencyLimiter(clock, policy.maxServerWaitMs);
	limiters.set(context, limiter);
	return limiter;
}

/** `/v1/audio/speech`, `/v1/conversations` … */
function endpointOf(path: string): string {
	return /^\/v\d+\/(?:audio\/)?[^/?]+/.exec(path)?.[0] ?? path;
}

export interface AdmissionRequest {
	/** What the requests of one item have in common. */
	readonly item: object;
	readonly operation: string;
	readonly path: string;
	readonly budget: Budget;
	readonly policy: RetryPolicy;
}

export class Admission {
	private readonly permit: Permit;

	/** Of the latest attempt. */
	private lastFailure: Failure | undefined;

	constructor(
		private readonly limiter: ConcurrencyLimiter,
		private readonly request: AdmissionRequest,
	) {
		const { item, path, budget } = request;
		this.permit = limiter.permitFor(item, endpointOf(path), budget.deadlineMs);
	}

	/** Waits for a permit, after so many attempts. @throws Failure when none is granted */
	async acquire(attempts: number): Promise<void> {
		const { budget, operation } = this.request;
		const granted = this.limiter.acquire(this.permit);
		const ignoreAbort = onAbort(budget.signal, () => this.limiter.cancel(this.permit, 'cancelled'));
		const admittance = await granted;
		ignoreAbort();
		if (admittance === 'granted') return;
		if (admittance === 'cancelled') throw cancelled(operation).with({ attempts });
		throw this.notAdmitted(admittance, attempts);
	}

	onServed(): void {
		this.limiter.release(this.permit, true);
	}

	/** Without effect once the permit was released otherwise. */
	release(): void {
		this.limiter.release(this.permit);
	}

	onFailed(failure: Failure): void {
		this.lastFailure = failure;
		this.release();
	}

	/**
	 * What follows a 429: `acquire` does the waiting. It counts as an attempt unless other requests
	 * were served meanwhile. No retry budget is taken: the limiter sends too few requests for a retry
	 * storm, and gives up for all of them.
	 */
	onRejected(attempt: Attempt, attempts: number, failure: Failure): NextAttempt {
		const { limiter, permit } = this;
		const { policy } = this.request;
		if (limiter.isQueued(permit)) permit.freeRetries += 1;
		const maxAttempts = policy.attempts + permit.freeRetries;
		const next = attempt.next(attempts, { ...policy, attempts: maxAttempts });
		this.lastFailure = failure;
		limiter.lastRejection = failure;
		const isWaiting = 'waitMs' in next;
		const pauseMs = isWaiting ? next.waitMs : (attempt.serverPauseMs ?? 0);
		limiter.onRejected(permit, { pauseMs, isWaiting, isSpent: attempts >= maxAttempts });
		return next;
	}

	private notAdmitted(admittance: Admittance, attempts: number): Failure {
		const { operation, budget } = this.request;
		const known = this.lastFailure ?? this.limiter.lastRejection;
		if (!known) return budget.timedOut(operation).with({ attempts });
		const why =
			admittance === 'late'
				? 'No time was left to wait until Mistral takes more.'
				: 'Mistral turns every request of this run away.';
		const unsent = attempts === 0 ? 'This one was not sent.' : '';
		const reason = known.facts.stage.split('.').pop() ?? '';
		return known.with({
			stage: `${operation}.${reason}`,
			attempts,
			hint: [known.facts.hint, why, unsent].filter(Boolean).join(' '),
		});
	}
}
