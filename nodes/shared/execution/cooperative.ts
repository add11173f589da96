// Runs long computations in slices, so that the event loop serves everything else on the same n8n in between.
import { sleep } from 'n8n-workflow';
import { nowMs } from '../http/clock';

/** Nobody notices a pause of this length, and few computations need more than one slice. */
const SLICE_MS = 5;

/** Takes steps until a slice is used up, then yields to the event loop, until the work is done. */
export async function runCooperatively<T>(steps: Iterator<undefined, T, undefined>): Promise<T> {
	for (;;) {
		const sliceEndMs = nowMs() + SLICE_MS;
		do {
			const step = steps.next();
			if (step.done) return step.value;
		} while (nowMs() < sliceEndMs);
		await sleep(0);
	}
}
