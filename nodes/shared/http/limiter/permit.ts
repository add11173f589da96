// One request at the gate with all its tries, and what is known of requests of its kind.

/** `late`: no time is left to wait. `hopeless`: the door stays closed. `stopped`: by the caller. */
export type Admittance = 'in' | 'late' | 'hopeless' | 'stopped';

/** One kind of endpoint: Mistral counts what they use up separately. */
export class EndpointState {
	served = 0;

	/** A pause that nobody waits out is no reason to keep requests of other kinds back. */
	pausedUntilMs = -Infinity;

	/** Volleys refused since one was served. */
	rejectedBursts = 0;

	/** One gave up, and none was served since. */
	isHalfOpen = false;
}

export class Permit {
	/** Refusals that do not count as tries. */
	freeRetries = 0;

	/** What of its kind had been served when it was last turned away, or came. */
	servedBefore: number;

	/** Which start of the gate its present try is. */
	start = 0;

	settle: (entry: Admittance) => void = () => undefined;

	constructor(
		/** Lower goes first. */
		readonly number: number,
		/** Whose request it is: an item may speak while its answer is still being streamed. */
		readonly item: object,
		readonly endpoint: EndpointState,
		readonly deadlineMs: number,
	) {
		this.servedBefore = endpoint.served;
	}

	/** Another request of the same item, for something else. */
	sharesItem(other: Permit): boolean {
		return other.item === this.item && other.endpoint !== this.endpoint;
	}
}
