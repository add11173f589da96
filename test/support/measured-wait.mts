// Waits whose length a test judges, apart from what a busy machine adds to them.

export const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until `isSo`; returns the time that took and how late the 2 ms timers of the polling fired meanwhile. */
export const measureWait = async (
	isSo: () => boolean,
	limitMs: number,
): Promise<{ tookMs: number; lateMs: number }> => {
	const startedMs = performance.now();
	let lateMs = 0;
	while (!isSo() && performance.now() - startedMs < limitMs) {
		const sleptMs = performance.now();
		await pause(2);
		lateMs += Math.max(0, performance.now() - sleptMs - 4);
	}
	return { tookMs: performance.now() - startedMs, lateMs };
};
