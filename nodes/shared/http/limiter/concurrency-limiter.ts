// Who is sent to Mistral when: after a refusal nobody runs into the closed door, and fewer go at once.
import type { Failure } from '../../errors/failure';
import { type Admittance, EndpointState, Permit } from './permit';
import { AimdLimit } from './aimd-limit';

export interface LimiterClock {
	now(): number;
	/** Calls back after `ms`, unless what it returns is called before. */
	after(ms: number, callback: () => void): () => void;
}

/** How long a refusal may take to be heard of before more go at once. */
const WIDEN_AFTER_MS = 250;

/** More often than this no request is turned away without its counting as a try. */
const MAX_FREE_RETRIES = 12;

/** After so many volleys of refusals with nothing served between, a closed door is not waited for. */
const MAX_REJECTED_BURSTS = 20;

const MAX_TIMER_MS = 2 ** 31 - 1;

/** For the requests of one run. Whoever is in has to `leave`, or be `turnedAway`. */
export class ConcurrencyLimiter {
	/** The last one there was. */
	lastRejection: Failure | undefined;

	private readonly limit = new AimdLimit();

	/** In the order in which they went in. */
	private readonly running = new Set<Permit>();

	private waiting: Permit[] = [];

	private pausedUntilMs = -Infinity;

	private widenAtMs: number | undefined;

	private permits = 0;

	private starts = 0;

	/** Starts before the last refusal was heard of. */
	private startsBeforeRejection = 0;

	private readonly endpoints = new Map<string, EndpointState>();

	/** Somebody was let in beyond the window, and refused. */
	private isStrict = false;

	private armedForMs: number | undefined;

	private disarm: () => void = () => undefined;

	/** A door that is closed for longer than `mostClosedMs` is not waited for. */
	constructor(
		private readonly clock: LimiterClock,
		private readonly maxPauseMs: number,
	) {}

	permitFor(item: object, kindName: string, deadlineMs: number): Permit {
		const kind = this.endpoints.get(kindName) ?? new EndpointState();
		this.endpoints.set(kindName, kind);
		return new Permit(this.permits++, item, kind, deadlineMs);
	}

	/** First come, first served. Who waits can be answered from outside by `dismiss`. */
	async acquire(visit: Permit): Promise<Admittance> {
		return await new Promise((resolve) => {
			visit.settle = resolve;
			const place = this.waiting.findIndex(({ number }) => number > visit.number);
			this.waiting.splice(place === -1 ? this.waiting.length : place, 0, visit);
			this.dispatch();
		});
	}

	cancel(visit: Permit, entry: Admittance): void {
		if (!this.waiting.includes(visit)) return;
		this.waiting = this.waiting.filter((other) => other !== visit);
		visit.settle(entry);
		this.dispatch();
	}

	/** Whether it was turned away for the sake of others, which are served: it only has to wait. */
	isQueued(visit: Permit): boolean {
		const { endpoint, item, start } = visit;
		const isBehind = [...this.running].some(
			(other) => other.start < start && (other.endpoint === endpoint || other.item === item),
		);
		return (
			(isBehind || endpoint.served > visit.servedBefore) && visit.freeRetries < MAX_FREE_RETRIES
		);
	}

	/** Its place is free again, whatever came of it. To leave twice is to leave once. */
	release(visit: Permit, wasServed = false): void {
		const wasFull = this.running.size >= this.limit.size;
		if (!this.running.delete(visit)) return;
		if (wasServed) {
			visit.endpoint.served += 1;
			visit.endpoint.rejectedBursts = 0;
			visit.endpoint.isHalfOpen = false;
			this.limit.onServed(wasFull);
		}
		this.dispatch();
	}

	/**
	 * For `pauseMs` nobody is sent, or none of its kind when it does not wait so long itself. `isSpent`:
	 * it has no tries left. When the next of its kind fares no better, and none is served, those who wait
	 * would only hear the same.
	 */
	onRejected(visit: Permit, pauseMs: number, isWaiting: boolean, isSpent: boolean): void {
		if (!this.running.delete(visit)) return;
		const { endpoint } = visit;
		const isNews = visit.start >= this.startsBeforeRejection;
		if (isNews) {
			this.startsBeforeRejection = this.starts;
			endpoint.rejectedBursts += 1;
		}
		visit.servedBefore = endpoint.served;
		const others = this.competing(visit);
		this.isStrict ||= isNews && this.running.size >= this.limit.size;
		this.limit.onRejected(others, isNews);
		const untilMs = this.clock.now() + pauseMs;
		if (isWaiting) this.pausedUntilMs = Math.max(this.pausedUntilMs, untilMs);
		else endpoint.pausedUntilMs = Math.max(endpoint.pausedUntilMs, untilMs);
		if (endpoint.isHalfOpen && !this.isRunning(endpoint)) {
			const alike = this.waiting.filter((other) => other.endpoint === endpoint);
			this.waiting = this.waiting.filter((other) => other.endpoint !== endpoint);
			for (const other of alike) other.settle('hopeless');
		}
		endpoint.isHalfOpen ||= isSpent;
		this.dispatch();
	}

	private isRunning(kind: EndpointState): boolean {
		return [...this.running].some((visit) => visit.endpoint === kind);
	}

	/**
	 * Those it has to share the window with. An answer that is still being streamed does not keep its own
	 * speech waiting, unless that has been refused: then all are counted together.
	 */
	private competing(visit: Permit): number {
		if (this.isStrict) return this.running.size;
		return [...this.running].filter((other) => !other.sharesItem(visit)).length;
	}

	private dispatch(): void {
		const now = this.clock.now();
		this.waiting = this.waiting.filter((visit) => {
			const failureOf = this.whyNot(visit, now);
			if (failureOf) visit.settle(failureOf);
			return !failureOf;
		});
		if (this.widenAtMs !== undefined && now >= this.widenAtMs) {
			this.limit.widen();
			this.widenAtMs = undefined;
		}
		this.grant(now);
		this.arm(now);
	}

	private pausedUntil(visit: Permit): number {
		return Math.max(this.pausedUntilMs, visit.endpoint.pausedUntilMs);
	}

	private grant(now: number): void {
		this.waiting = this.waiting.filter((visit) => {
			if (now < this.pausedUntil(visit)) return true;
			if (this.competing(visit) >= this.limit.size) return true;
			visit.start = this.starts++;
			this.running.add(visit);
			visit.settle('in');
			return false;
		});
	}

	private whyNot(visit: Permit, now: number): Admittance | undefined {
		if (now >= visit.deadlineMs) return 'late';
		const closedUntilMs = this.pausedUntil(visit);
		if (now >= closedUntilMs) return undefined;
		const isBarren =
			visit.endpoint.rejectedBursts >= MAX_REJECTED_BURSTS && !this.isRunning(visit.endpoint);
		if (isBarren || closedUntilMs - now > this.maxPauseMs) return 'hopeless';
		return closedUntilMs >= visit.deadlineMs ? 'late' : undefined;
	}

	/** One timer for whatever comes next. */
	private arm(now: number): void {
		const isOpen = now >= this.pausedUntilMs;
		const mayWiden = isOpen && this.limit.isUnbounded && this.waiting.length > 0;
		this.widenAtMs = mayWiden ? (this.widenAtMs ?? now + WIDEN_AFTER_MS) : undefined;
		const soonest = (soonestMs: number, visit: Permit) => {
			const closedUntilMs = this.pausedUntil(visit);
			const letInMs = now < closedUntilMs ? closedUntilMs : (this.widenAtMs ?? Infinity);
			return Math.min(soonestMs, visit.deadlineMs, letInMs);
		};
		const nextMs = this.waiting.length > 0 ? this.waiting.reduce(soonest, Infinity) : undefined;
		if (nextMs === this.armedForMs) return;
		this.disarm();
		this.disarm = () => undefined;
		this.armedForMs = nextMs;
		if (nextMs === undefined) return;
		this.disarm = this.clock.after(Math.min(Math.ceil(nextMs - now), MAX_TIMER_MS), () => {
			this.armedForMs = undefined;
			this.dispatch();
		});
	}
}
