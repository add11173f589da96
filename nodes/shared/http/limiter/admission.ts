// A request's way through the gate: waits for its turn, tells the gate what came of it, and counts only true tries.
import { sleep } from 'n8n-workflow';
import { Failure } from '../../errors/failure';
import type { Attempt } from '../attempt';
import { cancelled, timedOut } from '../errors/failures';
import { nowMs, onAbort } from '../clock';
import type { LimiterClock } from './concurrency-limiter';
import { ConcurrencyLimiter } from './concurrency-limiter';
import type { RequestContext } from '../n8n-request';
import type { RetryPolicy } from '../retry';
import type { Admittance, Permit } from './permit';

const clock: LimiterClock = {
	now: nowMs,
	after(ms, callback) {
		const ended = new AbortController();
		// Older n8n knows no second argument: there the timer runs out by itself.
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
	readonly limiter: ConcurrencyLimiter;
	/** What the requests of one item have in common. */
	readonly item: object;
	readonly operation: string;
	readonly path: string;
	readonly deadlineMs: number;
	/** The person can raise the deadline. */
	readonly isRaisable: boolean;
	readonly policy: RetryPolicy;
	readonly cancel: AbortSignal | undefined;
}

export class Admission {
	private readonly limiter: ConcurrencyLimiter;

	private readonly permit: Permit;

	/** What the latest try came to. */
	private last: Failure | undefined;

	constructor(private readonly request: AdmissionRequest) {
		this.limiter = request.limiter;
		this.permit = this.limiter.permitFor(
			request.item,
			endpointOf(request.path),
			request.deadlineMs,
		);
	}

	/** @throws Failure when it is not let in any more; `attempts` were made so far */
	async acquire(attempts: number): Promise<void> {
		const { cancel, operation } = this.request;
		const entering = this.limiter.acquire(this.permit);
		const ignoreCancel = onAbort(cancel, () => this.limiter.cancel(this.permit, 'stopped'));
		const entry = await entering;
		ignoreCancel();
		if (entry === 'in') return;
		if (entry === 'stopped') throw cancelled(operation).with({ attempts });
		throw this.notAdmitted(entry, attempts);
	}

	onServed(): void {
		this.limiter.release(this.permit, true);
	}

	/** Without effect once the gate was told otherwise. */
	release(): void {
		this.limiter.release(this.permit);
	}

	onFailed(failure: Failure): void {
		this.last = failure;
		this.release();
	}

	/**
	 * What comes after a refusal. Waiting is done by `come`; it counts as a try unless others were
	 * served. No budget is needed: the gate sends too few for a storm, and gives up for all.
	 */
	onRejected(once: Attempt, attempt: number, failure: Failure): ReturnType<Attempt['nextTry']> {
		const { limiter, permit } = this;
		const { policy } = this.request;
		if (limiter.isQueued(permit)) permit.freeRetries += 1;
		const attempts = policy.attempts + permit.freeRetries;
		const next = once.nextTry(attempt, { ...policy, attempts });
		this.last = failure;
		limiter.lastRejection = failure;
		const isWaiting = 'waitMs' in next;
		const pauseMs = isWaiting ? next.waitMs : (once.serverPauseMs ?? 0);
		limiter.onRejected(permit, pauseMs, isWaiting, attempt >= attempts);
		return next;
	}

	private notAdmitted(entry: Admittance, attempts: number): Failure {
		const { operation, isRaisable } = this.request;
		const known = this.last ?? this.limiter.lastRejection;
		if (!known) return timedOut(operation, isRaisable).with({ attempts });
		const why =
			entry === 'late'
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
