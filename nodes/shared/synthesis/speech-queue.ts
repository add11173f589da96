// Speaks pieces while the text they come from is still being written: a few at once, results in order.
import type { Semaphore, Waiting } from '../execution/semaphore';

export interface QueueWork<Spoken> {
	/** The next piece of the text, or undefined while there is none. */
	next(): string | undefined;
	/** `piece` counts from 0 in the order of the text. Resolves once the piece may be forgotten. */
	speak(text: string, piece: number): Promise<Spoken>;
}

/**
 * Takes a piece only when there is room for it, so that text that comes faster than it can be
 * spoken waits as text, and can still be put together to longer pieces.
 */
export class SpeechQueue<Spoken> {
	private readonly results: Spoken[] = [];

	private readonly ended = new Set<number>();

	private readonly failures: Array<{ piece: number; thrown: unknown }> = [];

	/** The first piece that has not ended. */
	private due = 0;

	private begun = 0;

	private underWay = 0;

	private isOver = false;

	private isStopped = false;

	private settle: () => void = () => undefined;

	private readonly settled: Promise<void>;

	/** At most `ahead` pieces are begun from the one that is due on, it included. */
	constructor(
		private readonly work: QueueWork<Spoken>,
		private readonly semaphore: Semaphore,
		private readonly waiting: Waiting,
		private readonly ahead: number,
	) {
		this.settled = new Promise((resolve) => (this.settle = resolve));
	}

	/** There may be a piece now. */
	wake(): void {
		while (!this.isStopped && this.begun - this.due < this.ahead) {
			const text = this.work.next();
			if (text === undefined) break;
			void this.one(text, this.begun++);
		}
		const isDone = this.underWay === 0 && (this.isStopped || this.isOver);
		if (isDone) this.settle();
	}

	/** No more text will come. */
	close(): void {
		this.isOver = true;
		this.wake();
	}

	/** All of the text has been spoken. */
	get isDone(): boolean {
		return this.isOver && this.underWay === 0;
	}

	/** Nothing more is begun. */
	stop(): void {
		this.isStopped = true;
		this.wake();
	}

	/**
	 * What was made of all pieces, in order, once the queue was closed or stopped and nothing is under
	 * way. Throws the failure of the earliest piece that failed; after a failure no piece is begun.
	 */
	async all(): Promise<Spoken[]> {
		await this.settled;
		const [earliest] = this.failures.sort((one, other) => one.piece - other.piece);
		if (earliest) throw earliest.thrown;
		return this.results;
	}

	private async one(text: string, piece: number): Promise<void> {
		this.underWay += 1;
		try {
			await this.semaphore.run(async () => {
				if (!this.isStopped) this.results[piece] = await this.work.speak(text, piece);
			}, this.waiting);
		} catch (thrown) {
			this.failures.push({ piece, thrown });
			this.isStopped = true;
		}
		this.underWay -= 1;
		this.ended.add(piece);
		while (this.ended.delete(this.due)) this.due += 1;
		this.wake();
	}
}
