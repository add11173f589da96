// Many jobs, a few at a time: one semaphore can serve all items of an execution.
import type { Budget } from '../http/budget';

/** What ends a wait for a place. */
export interface Waiting {
	readonly budget: Budget;
	readonly operation: string;
}

/** Lets at most `size` jobs run at once, first come, first served. */
export class Semaphore {
	private free: number;

	private readonly waiting: Array<() => void> = [];

	constructor(size: number) {
		this.free = Math.max(1, Math.floor(size) || 1);
	}

	/** @throws Failure `timed-out` or `cancelled` when the budget is over before the job may begin */
	async run<T>(job: () => Promise<T>, waiting?: Waiting): Promise<T> {
		await this.acquire(waiting);
		try {
			return await job();
		} finally {
			this.release();
		}
	}

	private async acquire(waiting: Waiting | undefined): Promise<void> {
		if (this.free > 0) {
			this.free -= 1;
			return;
		}
		let grant = (): void => undefined;
		const granted = new Promise<void>((resolve) => (grant = resolve));
		this.waiting.push(grant);
		try {
			await (waiting ? waiting.budget.race(granted, waiting.operation) : granted);
		} catch (thrown) {
			const place = this.waiting.indexOf(grant);
			if (place < 0) this.release();
			else this.waiting.splice(place, 1);
			throw thrown;
		}
	}

	/** Hands the place on as it is: no newcomer slips in before those who wait. */
	private release(): void {
		const next = this.waiting.shift();
		if (next) next();
		else this.free += 1;
	}
}

/**
 * `work` for every entry, results in the order of the entries. After a failure nothing more is
 * begun; once what was under way has ended, the failure of the earliest entry is thrown.
 */
export async function mapWithSemaphore<Entry, Result>(
	semaphore: Semaphore,
	waiting: Waiting,
	entries: readonly Entry[],
	work: (entry: Entry, index: number) => Promise<Result>,
): Promise<Result[]> {
	const failures: Array<{ index: number; thrown: unknown }> = [];
	const results = new Array<Result>(entries.length);
	const jobs = entries.map(async (entry, index) => {
		try {
			await semaphore.run(async () => {
				if (failures.length === 0) results[index] = await work(entry, index);
			}, waiting);
		} catch (thrown) {
			failures.push({ index, thrown });
		}
	});
	await Promise.all(jobs);
	const [earliest] = failures.sort((one, other) => one.index - other.index);
	if (earliest) throw earliest.thrown;
	return results;
}

const semaphores = new WeakMap<object, Semaphore>();

/** The one that all items of an execution share; the first to ask says how large it is. */
export function sharedSemaphore(execution: object, size: number): Semaphore {
	const known = semaphores.get(execution);
	if (known) return known;
	const semaphore = new Semaphore(size);
	semaphores.set(execution, semaphore);
	return semaphore;
}
