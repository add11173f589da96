// Chaos tests: faults injected at random with a fixed seed, and a detector of leaked listeners, sockets, timers and promises.
import { faults, type Fault, type StandIn } from '../standin/index.mts';

const PATHS = ['/v1/audio/transcriptions', '/v1/conversations', '/v1/audio/speech'];
const SHARE_OF_FAULTS = 0.2;

/** Mulberry32: the same sequence for the same seed. */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

type Kind = () => Fault;

/** Faults of any response. */
export const callFaults: readonly Kind[] = [
	() => faults.serverError(500),
	() => faults.serverErrorHtml(502),
	() => faults.serverErrorPlain(503),
	() => faults.rateLimitedForMs(1),
	() => faults.resetBeforeBody(),
	() => faults.resetBeforeResponse(),
	() => faults.lostAfterWork(),
	() => faults.resetMidBody(),
	() => faults.closeMidBody(),
	() => faults.closeMidBody(400),
	() => faults.cleanCloseMidBody(),
	() => faults.tooShortForLength(),
	() => faults.tooLongForLength(),
	() => faults.htmlPage(),
	() => faults.errorInside200(),
	() => faults.emptyReply(),
	() => faults.notJson(),
	() => faults.notHttp(),
	() => faults.moderated(),
	() => faults.echoKey(500),
];

/** Faults of streamed responses only. */
export const streamFaults: readonly Kind[] = [
	() => faults.endAfterEvents(1),
	() => faults.endAfterEvents(2),
	() => faults.resetAfterEvents(1),
	() => faults.errorEvent('end'),
	() => faults.noisyStream(),
	() => faults.carriageReturns(),
	() => faults.unknownEvent(),
	() => faults.openAtTheEnd(),
];

/** Injects one of `kinds` into one in five of the next `calls` requests to each endpoint. */
export function injectRandomFaults(
	standIn: StandIn,
	roll: () => number,
	kinds: readonly Kind[],
	calls: number,
): void {
	for (const path of PATHS) {
		standIn.heal(path);
		for (let call = 0; call < calls; call++) {
			const kind = roll() < SHARE_OF_FAULTS ? kinds[Math.floor(roll() * kinds.length)] : undefined;
			standIn.inject({ ...kind?.(), match: { method: 'POST', path } });
		}
	}
}

export interface Leaks {
	/** Reasons of unhandled promise rejections. */
	readonly unhandled: unknown[];
	/** Listeners left on abort signals that were never aborted. */
	readonly listeners: number;
	readonly sockets: number;
	readonly timers: number;
}

export const NO_LEAKS: Leaks = { unhandled: [], listeners: 0, sockets: 0, timers: 0 };

/** Longer than the five seconds after which a server closes idle keep-alive connections. */
const SETTLE_MS = 20_000;

/** Watches this process. `leaks` waits for everything to settle and returns what there is more than at the start. */
export function watchForLeaks(): { leaks(): Promise<Leaks>; end(): void } {
	const { addEventListener, removeEventListener } = AbortSignal.prototype;
	const listening = new Map<AbortSignal, Set<unknown>>();
	AbortSignal.prototype.addEventListener = function (
		this: AbortSignal,
		...args: Parameters<typeof addEventListener>
	) {
		if (!this.aborted) {
			const listeners = listening.get(this) ?? new Set();
			listening.set(this, listeners.add(args[1]));
		}
		return addEventListener.apply(this, args);
	} as typeof addEventListener;
	AbortSignal.prototype.removeEventListener = function (
		this: AbortSignal,
		...args: Parameters<typeof removeEventListener>
	) {
		const listeners = listening.get(this);
		listeners?.delete(args[1]);
		if (listeners?.size === 0) listening.delete(this);
		return removeEventListener.apply(this, args);
	} as typeof removeEventListener;

	const unhandled: unknown[] = [];
	const noteUnhandled = (reason: unknown) => void unhandled.push(reason);
	process.on('unhandledRejection', noteUnhandled);
	const before = { sockets: open(/^TCP(Socket)?Wrap$/), timers: open(/^Timeout$/) };
	const look = (): Leaks => {
		let listeners = 0;
		for (const [signal, heard] of listening) if (!signal.aborted) listeners += heard.size;
		return {
			unhandled,
			listeners,
			sockets: Math.max(0, open(/^TCP(Socket)?Wrap$/) - before.sockets),
			timers: Math.max(0, open(/^Timeout$/) - before.timers),
		};
	};
	return {
		leaks: async () => {
			const until = performance.now() + SETTLE_MS;
			while (JSON.stringify(look()) !== JSON.stringify(NO_LEAKS) && performance.now() < until)
				await new Promise((resolve) => setImmediate(resolve));
			return look();
		},
		end: () => {
			Object.assign(AbortSignal.prototype, { addEventListener, removeEventListener });
			process.off('unhandledRejection', noteUnhandled);
		},
	};
}

const open = (kind: RegExp): number =>
	process.getActiveResourcesInfo().filter((name) => kind.test(name)).length;
