// A request's way through the gate: waits for its turn, tells the gate what came of it, and counts only true tries.
import { sleep } from 'n8n-workflow';
import { Failure } from '../../errors/failure';
import type { Attempt } from '../attempt';
import { cancelled, timedOut } from '../errors/failures';
import { nowMs, onAbort } from '../clock';
import type { GateClock } from './concurrency-limiter';
import { Gate } from './concurrency-limiter';
import type { TransportContext } from '../n8n-request';
import type { RetryPolicy } from '../retry';
import type { Entry, Visit } from './permit';

const clock: GateClock = {
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
const gates = new WeakMap<object, Gate>();

export function gateOf(context: TransportContext, policy: RetryPolicy): Gate {
	const gate = gates.get(context) ?? new Gate(clock, policy.maxServerWaitMs);
	gates.set(context, gate);
	return gate;
}

/** `/v1/audio/speech`, `/v1/conversations` … */
function kindOf(path: string): string {
	return /^\/v\d+\/(?:audio\/)?[^/?]+/.exec(path)?.[0] ?? path;
}

export interface TurnOf {
	readonly gate: Gate;
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

export class Turn {
	private readonly gate: Gate;

	private readonly visit: Visit;

	/** What the latest try came to. */
	private last: Failure | undefined;

	constructor(private readonly of: TurnOf) {
		this.gate = of.gate;
		this.visit = this.gate.visit(of.item, kindOf(of.path), of.deadlineMs);
	}

	/** @throws Failure when it is not let in any more; `attempts` were made so far */
	async come(attempts: number): Promise<void> {
		const { cancel, operation } = this.of;
		const entering = this.gate.enter(this.visit);
		const ignoreCancel = onAbort(cancel, () => this.gate.dismiss(this.visit, 'stopped'));
		const entry = await entering;
		ignoreCancel();
		if (entry === 'in') return;
		if (entry === 'stopped') throw cancelled(operation).with({ attempts });
		throw this.notLetIn(entry, attempts);
	}

	served(): void {
		this.gate.leave(this.visit, true);
	}

	/** Without effect once the gate was told otherwise. */
	left(): void {
		this.gate.leave(this.visit);
	}

	failed(failure: Failure): void {
		this.last = failure;
		this.left();
	}

	/**
	 * What comes after a refusal. Waiting is done by `come`; it counts as a try unless others were
	 * served. No budget is needed: the gate sends too few for a storm, and gives up for all.
	 */
	turnedAway(once: Attempt, attempt: number, failure: Failure): ReturnType<Attempt['nextTry']> {
		const { gate, visit } = this;
		const { policy } = this.of;
		if (gate.isQueued(visit)) visit.spared += 1;
		const attempts = policy.attempts + visit.spared;
		const next = once.nextTry(attempt, { ...policy, attempts });
		this.last = failure;
		gate.refusal = failure;
		const isWaiting = 'waitMs' in next;
		const pauseMs = isWaiting ? next.waitMs : (once.askedPauseMs ?? 0);
		gate.turnedAway(visit, pauseMs, isWaiting, attempt >= attempts);
		return next;
	}

	private notLetIn(entry: Entry, attempts: number): Failure {
		const { operation, isRaisable } = this.of;
		const known = this.last ?? this.gate.refusal;
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
