// Long computations without holding up everybody else on the same n8n.
import { sleep } from 'n8n-workflow';

/** People do not notice a pause of this length, and few computations need more than one slice. */
const SLICE_MS = 5;

/** Takes the steps one after another; after each slice of a few milliseconds others have their turn. */
export async function runCooperatively<T>(steps: Iterator<undefined, T, undefined>): Promise<T> {
	for (;;) {
		const endMs = Date.now() + SLICE_MS;
		do {
			const step = steps.next();
			if (step.done) return step.value;
		} while (Date.now() < endMs);
		await sleep(0);
	}
}
