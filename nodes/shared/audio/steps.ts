// Long work in short steps, so that whoever runs it can let others have their turn in between.

/** Each step takes a few milliseconds at most; the value comes with the last one. */
export type Steps<T> = Generator<undefined, T, undefined>;

export function runToEnd<T>(steps: Steps<T>): T {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}
