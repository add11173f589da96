// CPU time of a function: unlike wall-clock time, independent of the load of the machine.

/** Milliseconds of the fastest of a few runs; stops at the first that is below `enough`. */
export function fastestMs(work: () => void, enough = 50): number {
	let best = Infinity;
	for (let round = 0; round < 6 && best >= enough; round++) {
		const before = process.cpuUsage();
		work();
		const { user, system } = process.cpuUsage(before);
		best = Math.min(best, (user + system) / 1000);
	}
	return best;
}
