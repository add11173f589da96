// One request at the gate with all its tries, and what is known of requests of its kind.

/** `late`: no time is left to wait. `hopeless`: the door stays closed. `stopped`: by the caller. */
export type Entry = 'in' | 'late' | 'hopeless' | 'stopped';

/** One kind of endpoint: Mistral counts what they use up separately. */
export class Kind {
	served = 0;

	/** A pause that nobody waits out is no reason to keep requests of other kinds back. */
	closedUntilMs = -Infinity;

	/** Volleys refused since one was served. */
	barren = 0;

	/** One gave up, and none was served since. */
	isDoubtful = false;
}

export class Visit {
	/** Refusals that do not count as tries. */
	spared = 0;

	/** What of its kind had been served when it was last turned away, or came. */
	servedBefore: number;

	/** Which start of the gate its present try is. */
	start = 0;

	answer: (entry: Entry) => void = () => undefined;

	constructor(
		/** Lower goes first. */
		readonly number: number,
		/** Whose request it is: an item may speak while its answer is still being streamed. */
		readonly item: object,
		readonly kind: Kind,
		readonly deadlineMs: number,
	) {
		this.servedBefore = kind.served;
	}

	/** Another request of the same item, for something else. */
	goesWith(other: Visit): boolean {
		return other.item === this.item && other.kind !== this.kind;
	}
}
