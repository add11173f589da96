// One request at the concurrency limiter with all its attempts, and the circuit breaker of its endpoint.

/**
 * `late`: no time is left to wait. `breaker-open`: the endpoint rejects every request. `cancelled`: by
 * the caller.
 */
export type Admittance = 'granted' | 'late' | 'breaker-open' | 'cancelled';

/** So many bursts of 429 with nothing served between them open the breaker. */
const MAX_REJECTED_BURSTS = 20;

/** What Mistral counts separately: transcriptions, conversations, speech. */
export class EndpointState {
	served = 0;

	/** A pause that no request waits out is no reason to hold back other endpoints. */
	pausedUntilMs = -Infinity;

	/** Bursts of 429 since a request was served. */
	rejectedBursts = 0;

	/** A request used up its attempts: the next rejection is one for whoever waits, unless others are being served. */
	isHalfOpen = false;

	/** Nobody is kept waiting in a pause; after it the next request probes. */
	get isOpen(): boolean {
		return this.rejectedBursts >= MAX_REJECTED_BURSTS;
	}

	onServed(): void {
		this.served += 1;
		this.rejectedBursts = 0;
		this.isHalfOpen = false;
	}
}

export class Permit {
	/** Rejections that do not count as attempts. */
	freeRetries = 0;

	/** What the endpoint had served when it was last rejected, or created. */
	servedBefore: number;

	/** Counts the grants of the limiter. */
	start = 0;

	settle: (admittance: Admittance) => void = () => undefined;

	constructor(
		/** Lower goes first. */
		readonly number: number,
		/** Whose request it is: an item may speak while its answer is still streamed. */
		readonly item: object,
		readonly endpoint: EndpointState,
		readonly deadlineMs: number,
	) {
		this.servedBefore = endpoint.served;
	}

	/** Another request of the same item, to another endpoint. */
	sharesItem(other: Permit): boolean {
		return other.item === this.item && other.endpoint !== this.endpoint;
	}
}
