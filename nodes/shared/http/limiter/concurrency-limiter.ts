// Who is sent to Mistral when: after a refusal nobody runs into the closed door, and fewer go at once.
import type { Failure } from '../../errors/failure';
import { type Entry, Kind, Visit } from './permit';
import { Window } from './aimd-limit';

export interface GateClock {
	now(): number;
	/** Calls back after `ms`, unless what it returns is called before. */
	after(ms: number, callback: () => void): () => void;
}

/** How long a refusal may take to be heard of before more go at once. */
const WIDEN_MS = 250;

/** More often than this no request is turned away without its counting as a try. */
const MOST_SPARED = 12;

/** After so many volleys of refusals with nothing served between, a closed door is not waited for. */
const MOST_BARREN = 20;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** For the requests of one run. Whoever is in has to `leave`, or be `turnedAway`. */
export class Gate {
	/** The last one there was. */
	refusal: Failure | undefined;

	private readonly window = new Window();

	/** In the order in which they went in. */
	private readonly inside = new Set<Visit>();

	private waiting: Visit[] = [];

	private closedUntilMs = -Infinity;

	private widenAtMs: number | undefined;

	private visits = 0;

	private starts = 0;

	/** Starts before the last refusal was heard of. */
	private startsKnown = 0;

	private readonly kinds = new Map<string, Kind>();

	/** Somebody was let in beyond the window, and refused. */
	private isStrict = false;

	private armedForMs: number | undefined;

	private disarm: () => void = () => undefined;

	/** A door that is closed for longer than `mostClosedMs` is not waited for. */
	constructor(
		private readonly clock: GateClock,
		private readonly mostClosedMs: number,
	) {}

	visit(item: object, kindName: string, deadlineMs: number): Visit {
		const kind = this.kinds.get(kindName) ?? new Kind();
		this.kinds.set(kindName, kind);
		return new Visit(this.visits++, item, kind, deadlineMs);
	}

	/** First come, first served. Who waits can be answered from outside by `dismiss`. */
	async enter(visit: Visit): Promise<Entry> {
		return await new Promise((resolve) => {
			visit.answer = resolve;
			const place = this.waiting.findIndex(({ number }) => number > visit.number);
			this.waiting.splice(place === -1 ? this.waiting.length : place, 0, visit);
			this.turn();
		});
	}

	dismiss(visit: Visit, entry: Entry): void {
		if (!this.waiting.includes(visit)) return;
		this.waiting = this.waiting.filter((other) => other !== visit);
		visit.answer(entry);
		this.turn();
	}

	/** Whether it was turned away for the sake of others, which are served: it only has to wait. */
	isQueued(visit: Visit): boolean {
		const { kind, item, start } = visit;
		const isBehind = [...this.inside].some(
			(other) => other.start < start && (other.kind === kind || other.item === item),
		);
		return (isBehind || kind.served > visit.servedBefore) && visit.spared < MOST_SPARED;
	}

	/** Its place is free again, whatever came of it. To leave twice is to leave once. */
	leave(visit: Visit, wasServed = false): void {
		const wasFull = this.inside.size >= this.window.size;
		if (!this.inside.delete(visit)) return;
		if (wasServed) {
			visit.kind.served += 1;
			visit.kind.barren = 0;
			visit.kind.isDoubtful = false;
			this.window.served(wasFull);
		}
		this.turn();
	}

	/**
	 * For `pauseMs` nobody is sent, or none of its kind when it does not wait so long itself. `isSpent`:
	 * it has no tries left. When the next of its kind fares no better, and none is served, those who wait
	 * would only hear the same.
	 */
	turnedAway(visit: Visit, pauseMs: number, isWaiting: boolean, isSpent: boolean): void {
		if (!this.inside.delete(visit)) return;
		const { kind } = visit;
		const isNews = visit.start >= this.startsKnown;
		if (isNews) {
			this.startsKnown = this.starts;
			kind.barren += 1;
		}
		visit.servedBefore = kind.served;
		const others = this.besides(visit);
		this.isStrict ||= isNews && this.inside.size >= this.window.size;
		this.window.refused(others, isNews);
		const untilMs = this.clock.now() + pauseMs;
		if (isWaiting) this.closedUntilMs = Math.max(this.closedUntilMs, untilMs);
		else kind.closedUntilMs = Math.max(kind.closedUntilMs, untilMs);
		if (kind.isDoubtful && !this.isServed(kind)) {
			const alike = this.waiting.filter((other) => other.kind === kind);
			this.waiting = this.waiting.filter((other) => other.kind !== kind);
			for (const other of alike) other.answer('hopeless');
		}
		kind.isDoubtful ||= isSpent;
		this.turn();
	}

	private isServed(kind: Kind): boolean {
		return [...this.inside].some((visit) => visit.kind === kind);
	}

	/**
	 * Those it has to share the window with. An answer that is still being streamed does not keep its own
	 * speech waiting, unless that has been refused: then all are counted together.
	 */
	private besides(visit: Visit): number {
		if (this.isStrict) return this.inside.size;
		return [...this.inside].filter((other) => !other.goesWith(visit)).length;
	}

	private turn(): void {
		const now = this.clock.now();
		this.waiting = this.waiting.filter((visit) => {
			const whyNot = this.whyNot(visit, now);
			if (whyNot) visit.answer(whyNot);
			return !whyNot;
		});
		if (this.widenAtMs !== undefined && now >= this.widenAtMs) {
			this.window.widen();
			this.widenAtMs = undefined;
		}
		this.letIn(now);
		this.arm(now);
	}

	private closedUntil(visit: Visit): number {
		return Math.max(this.closedUntilMs, visit.kind.closedUntilMs);
	}

	private letIn(now: number): void {
		this.waiting = this.waiting.filter((visit) => {
			if (now < this.closedUntil(visit)) return true;
			if (this.besides(visit) >= this.window.size) return true;
			visit.start = this.starts++;
			this.inside.add(visit);
			visit.answer('in');
			return false;
		});
	}

	private whyNot(visit: Visit, now: number): Entry | undefined {
		if (now >= visit.deadlineMs) return 'late';
		const closedUntilMs = this.closedUntil(visit);
		if (now >= closedUntilMs) return undefined;
		const isBarren = visit.kind.barren >= MOST_BARREN && !this.isServed(visit.kind);
		if (isBarren || closedUntilMs - now > this.mostClosedMs) return 'hopeless';
		return closedUntilMs >= visit.deadlineMs ? 'late' : undefined;
	}

	/** One timer for whatever comes next. */
	private arm(now: number): void {
		const isOpen = now >= this.closedUntilMs;
		const mayWiden = isOpen && this.window.isUnbounded && this.waiting.length > 0;
		this.widenAtMs = mayWiden ? (this.widenAtMs ?? now + WIDEN_MS) : undefined;
		const soonest = (soonestMs: number, visit: Visit) => {
			const closedUntilMs = this.closedUntil(visit);
			const letInMs = now < closedUntilMs ? closedUntilMs : (this.widenAtMs ?? Infinity);
			return Math.min(soonestMs, visit.deadlineMs, letInMs);
		};
		const nextMs = this.waiting.length > 0 ? this.waiting.reduce(soonest, Infinity) : undefined;
		if (nextMs === this.armedForMs) return;
		this.disarm();
		this.disarm = () => undefined;
		this.armedForMs = nextMs;
		if (nextMs === undefined) return;
		this.disarm = this.clock.after(Math.min(Math.ceil(nextMs - now), LONGEST_TIMER_MS), () => {
			this.armedForMs = undefined;
			this.turn();
		});
	}
}
