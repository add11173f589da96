// An adaptive concurrency limit for the requests of one run: learns from 429 how many may run at once, and pauses when asked to.
import type { Failure } from '../../errors/failure';
import { MAX_TIMER_MS } from '../clock';
import { AimdLimit } from './aimd-limit';
import { type Admittance, EndpointState, Permit } from './permit';

export interface LimiterClock {
	now(): number;
	/** Calls back after `ms`, unless what it returns is called before. */
	after(ms: number, callback: () => void): () => void;
}

/** So long a 429 may take to arrive before the limit is widened. */
const WIDEN_AFTER_MS = 250;

/** A request that is rejected more often than this uses up its attempts, although others are served. */
const MAX_FREE_RETRIES = 12;

export interface Rejection {
	/** What the server asks for, or the backoff. */
	readonly pauseMs: number;
	/** The request will be sent again; otherwise only its endpoint is paused. */
	readonly isWaiting: boolean;
	/** It has no attempts left. */
	readonly isSpent: boolean;
}

/** Whoever was granted a permit has to `release` it, or report it by `onRejected`. */
export class ConcurrencyLimiter {
	lastRejection: Failure | undefined;

	private readonly limit = new AimdLimit();

	/** In the order in which they were granted. */
	private readonly running = new Set<Permit>();

	/** First come, first served. */
	private waiting: Permit[] = [];

	private pausedUntilMs = -Infinity;

	private widenAtMs: number | undefined;

	private permits = 0;

	private starts = 0;

	/** Those before the last 429 arrived: their own 429 belongs to the same burst. */
	private startsBeforeRejection = 0;

	private readonly endpoints = new Map<string, EndpointState>();

	/** A request granted beyond the limit was rejected: an item's own requests count together, too. */
	private isStrict = false;

	private armedForMs: number | undefined;

	private disarm: () => void = () => undefined;

	/** A pause longer than `maxPauseMs` is not waited for. */
	constructor(
		private readonly clock: LimiterClock,
		private readonly maxPauseMs: number,
	) {}

	permitFor(item: object, endpointName: string, deadlineMs: number): Permit {
		const endpoint = this.endpoints.get(endpointName) ?? new EndpointState();
		this.endpoints.set(endpointName, endpoint);
		return new Permit(this.permits++, item, endpoint, deadlineMs);
	}

	/** Resolves when the permit is granted, or will not be. */
	async acquire(permit: Permit): Promise<Admittance> {
		return await new Promise((resolve) => {
			permit.settle = resolve;
			const place = this.waiting.findIndex(({ number }) => number > permit.number);
			this.waiting.splice(place === -1 ? this.waiting.length : place, 0, permit);
			this.dispatch();
		});
	}

	/** Takes a waiting permit out of the queue. */
	cancel(permit: Permit, admittance: Admittance): void {
		if (!this.waiting.includes(permit)) return;
		this.waiting = this.waiting.filter((other) => other !== permit);
		permit.settle(admittance);
		this.dispatch();
	}

	/** Whether it was rejected only because others are being served: then it has to wait, no more. */
	isQueued(permit: Permit): boolean {
		const { endpoint, item, start } = permit;
		const isBehind = [...this.running].some(
			(other) => other.start < start && (other.endpoint === endpoint || other.item === item),
		);
		const isServing = isBehind || endpoint.served > permit.servedBefore;
		return isServing && permit.freeRetries < MAX_FREE_RETRIES;
	}

	/** Without effect when it was released before. */
	release(permit: Permit, wasServed = false): void {
		const wasFull = this.running.size >= this.limit.size;
		if (!this.running.delete(permit)) return;
		if (wasServed) {
			permit.endpoint.onServed();
			this.limit.onServed(wasFull);
		}
		this.dispatch();
	}

	/**
	 * Releases the permit and pauses all endpoints, or only its own where the request does not wait
	 * that long itself.
	 */
	onRejected(permit: Permit, { pauseMs, isWaiting, isSpent }: Rejection): void {
		if (!this.running.delete(permit)) return;
		const { endpoint } = permit;
		const isFirstOfBurst = permit.start >= this.startsBeforeRejection;
		if (isFirstOfBurst) {
			this.startsBeforeRejection = this.starts;
			endpoint.rejectedBursts += 1;
		}
		permit.servedBefore = endpoint.served;
		const others = this.competing(permit);
		this.isStrict ||= isFirstOfBurst && this.running.size >= this.limit.size;
		this.limit.onRejected(others, isFirstOfBurst);
		const untilMs = this.clock.now() + pauseMs;
		if (isWaiting) this.pausedUntilMs = Math.max(this.pausedUntilMs, untilMs);
		else endpoint.pausedUntilMs = Math.max(endpoint.pausedUntilMs, untilMs);
		if (endpoint.isHalfOpen && !this.isRunning(endpoint)) this.rejectWaiting(endpoint);
		endpoint.isHalfOpen ||= isSpent;
		this.dispatch();
	}

	/** Whoever waits would only be rejected as well. */
	private rejectWaiting(endpoint: EndpointState): void {
		const rejected = this.waiting.filter((other) => other.endpoint === endpoint);
		this.waiting = this.waiting.filter((other) => other.endpoint !== endpoint);
		for (const permit of rejected) permit.settle('breaker-open');
	}

	private isRunning(endpoint: EndpointState): boolean {
		return [...this.running].some((permit) => permit.endpoint === endpoint);
	}

	/**
	 * How many running requests it shares the limit with. An answer that is still streamed does not
	 * keep the speech of the same item waiting, unless that was rejected once.
	 */
	private competing(permit: Permit): number {
		if (this.isStrict) return this.running.size;
		return [...this.running].filter((other) => !other.sharesItem(permit)).length;
	}

	private dispatch(): void {
		const now = this.clock.now();
		this.waiting = this.waiting.filter((permit) => {
			const whyNot = this.whyNotGranted(permit, now);
			if (whyNot) permit.settle(whyNot);
			return !whyNot;
		});
		if (this.widenAtMs !== undefined && now >= this.widenAtMs) {
			this.limit.widen();
			this.widenAtMs = undefined;
		}
		this.grant(now);
		this.arm(now);
	}

	private pausedUntil({ endpoint }: Permit): number {
		return Math.max(this.pausedUntilMs, endpoint.pausedUntilMs);
	}

	private grant(now: number): void {
		this.waiting = this.waiting.filter((permit) => {
			if (now < this.pausedUntil(permit)) return true;
			if (this.competing(permit) >= this.limit.size) return true;
			permit.start = this.starts++;
			this.running.add(permit);
			permit.settle('granted');
			return false;
		});
	}

	private whyNotGranted(permit: Permit, now: number): Admittance | undefined {
		if (now >= permit.deadlineMs) return 'late';
		const pausedUntilMs = this.pausedUntil(permit);
		if (now >= pausedUntilMs) return undefined;
		const isOpen = permit.endpoint.isOpen && !this.isRunning(permit.endpoint);
		if (isOpen || pausedUntilMs - now > this.maxPauseMs) return 'breaker-open';
		return pausedUntilMs >= permit.deadlineMs ? 'late' : undefined;
	}

	/** One timer for whatever comes next. */
	private arm(now: number): void {
		const mayWiden = now >= this.pausedUntilMs && this.limit.isUnbounded && this.waiting.length > 0;
		this.widenAtMs = mayWiden ? (this.widenAtMs ?? now + WIDEN_AFTER_MS) : undefined;
		const nextMs = Math.min(
			...this.waiting.map((permit) => {
				const pausedUntilMs = this.pausedUntil(permit);
				const grantMs = now < pausedUntilMs ? pausedUntilMs : (this.widenAtMs ?? Infinity);
				return Math.min(permit.deadlineMs, grantMs);
			}),
		);
		if (nextMs === this.armedForMs) return;
		this.disarm();
		this.disarm = () => undefined;
		this.armedForMs = nextMs;
		if (nextMs === Infinity) return;
		this.disarm = this.clock.after(Math.min(Math.ceil(nextMs - now), MAX_TIMER_MS), () => {
			this.armedForMs = undefined;
			this.dispatch();
		});
	}
}
