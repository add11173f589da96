// Bootstrap confidence intervals (percentile method) for a statistic of rounds measured side by side.
import { quantile } from './statistics.mts';

export interface Interval {
	low: number;
	high: number;
}

export interface BootstrapOptions {
	resamples?: number;
	/** Share of the resampled statistics that lies within the interval. */
	level?: number;
	/** The same seed gives the same interval. */
	seed?: number;
}

/** A linear congruential generator (modulus 2^32): numbers from 0 up to, not including, 1. */
function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/**
 * @param rounds how many were measured
 * @param statisticOf computed from the rounds of these indices; one index may come several times.
 * Taking both sides of a comparison from the same indices keeps them paired, so that a load on the
 * computer that changes slowly does not widen the interval.
 */
export function bootstrapInterval(
	rounds: number,
	statisticOf: (indices: readonly number[]) => number,
	{ resamples = 2_000, level = 0.95, seed = 1 }: BootstrapOptions = {},
): Interval {
	const random = seededRandom(seed);
	const statistics = Array.from({ length: resamples }, () =>
		statisticOf(Array.from({ length: rounds }, () => Math.floor(random() * rounds))),
	).sort((one, other) => one - other);
	const tail = (1 - level) / 2;
	return { low: quantile(statistics, tail), high: quantile(statistics, 1 - tail) };
}
