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

	/**
	 * The job begins in the moment its place is free, so that jobs keep the order in which they came.
	 *
	 * @throws Failure `timed-out` or `cancelled` when the budget is over before
	 */
	async run<T>(job: () => Promise<T>, { budget, operation }: Waiting): Promise<T> {
		if (this.free > 0) {
			this.free -= 1;
			return await this.hold(job);
		}
		return await new Promise<T>((resolve, reject) => {
			const begin = () => {
				ignoreOver();
				void this.hold(job).then(resolve, reject);
			};
			this.waiting.push(begin);
			const ignoreOver = budget.onOver(operation, (failure) => {
				this.waiting.splice(this.waiting.indexOf(begin), 1);
				reject(failure);
			});
		});
	}

	/** Hands its place on as it is: no newcomer slips in before those who wait. */
	private async hold<T>(job: () => Promise<T>): Promise<T> {
		try {
			return await job();
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.free += 1;
		}
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
		const fail = (thrown: unknown) => void failures.push({ index, thrown });
		const job = async () => {
			if (failures.length > 0) return;
			try {
				results[index] = await work(entry, index);
			} catch (thrown) {
				// Before the place is handed on.
				fail(thrown);
			}
		};
		await semaphore.run(job, waiting).catch(fail);
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
