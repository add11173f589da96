// Runs synthesis of chunks while their text is still being generated: a few in parallel, results in order.
import type { Semaphore, Waiting } from '../execution/semaphore';

export interface QueueWork<Result> {
	/** The next chunk of text, or undefined while there is none. */
	next(): string | undefined;
	/** `piece` counts from 0 in text order. Resolves once the chunk needs no more room in the queue. */
	speak(text: string, piece: number): Promise<Result>;
}

/**
 * Back-pressure: a chunk is taken only when there is room for it. Text that is generated faster than it is
 * synthesized is left with the chunker, which joins it to longer chunks.
 */
export class SpeechQueue<Result> {
	private readonly results: Result[] = [];

	private readonly ended = new Set<number>();

	private readonly failures: Array<{ piece: number; thrown: unknown }> = [];

	/** The earliest unfinished piece. */
	private due = 0;

	private begun = 0;

	private running = 0;

	private isClosed = false;

	private isStopped = false;

	private settle: () => void = () => undefined;

	private readonly settled: Promise<void>;

	/** `ahead`: most pieces to have started from the earliest unfinished one on, it included. */
	constructor(
		private readonly work: QueueWork<Result>,
		private readonly semaphore: Semaphore,
		private readonly waiting: Waiting,
		private readonly ahead: number,
	) {
		this.settled = new Promise((resolve) => (this.settle = resolve));
	}

	/** Starts the next pieces; to be called when more text has arrived. */
	wake(): void {
		while (!this.isStopped && this.begun - this.due < this.ahead) {
			const text = this.work.next();
			if (text === undefined) break;
			void this.run(text, this.begun++);
		}
		if (this.running === 0 && (this.isStopped || this.isClosed)) this.settle();
	}

	/** No more text will come. */
	close(): void {
		this.isClosed = true;
		this.wake();
	}

	/** Whether all of the text was synthesized. */
	get isDone(): boolean {
		return this.isClosed && this.running === 0;
	}

	/** Starts no more pieces. */
	stop(): void {
		this.isStopped = true;
		this.wake();
	}

	/**
	 * The results in text order, once the queue is closed or stopped and no piece is running. Rejects with
	 * the failure of the earliest failed piece; after a failure no piece is started.
	 */
	async all(): Promise<Result[]> {
		await this.settled;
		const [earliest] = this.failures.sort((one, other) => one.piece - other.piece);
		if (earliest) throw earliest.thrown;
		return this.results;
	}

	private async run(text: string, piece: number): Promise<void> {
		this.running += 1;
		const fail = (thrown: unknown): void => {
			this.failures.push({ piece, thrown });
			this.isStopped = true;
		};
		const job = async () => {
			if (this.isStopped) return;
			try {
				this.results[piece] = await this.work.speak(text, piece);
			} catch (thrown) {
				// Before the place is handed on, so that no waiting piece begins.
				fail(thrown);
			}
		};
		await this.semaphore.run(job, this.waiting).catch(fail);
		this.running -= 1;
		this.ended.add(piece);
		while (this.ended.delete(this.due)) this.due += 1;
		this.wake();
	}
}
