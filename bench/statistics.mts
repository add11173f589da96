// Summary statistics of measured times.

export interface Summary {
	count: number;
	p50: number;
	p95: number;
	least: number;
	most: number;
}

/** The quantile for a share of 0 to 1 of the sorted values, with linear interpolation. */
export function quantile(sorted: readonly number[], share: number): number {
	const place = (sorted.length - 1) * share;
	const below = sorted[Math.floor(place)];
	const above = sorted[Math.ceil(place)];
	if (below === undefined || above === undefined) return Number.NaN;
	return below + (above - below) * (place - Math.floor(place));
}

export function summarize(values: readonly number[]): Summary {
	const sorted = [...values].sort((one, other) => one - other);
	return {
		count: sorted.length,
		p50: quantile(sorted, 0.5),
		p95: quantile(sorted, 0.95),
		least: sorted[0] ?? Number.NaN,
		most: sorted.at(-1) ?? Number.NaN,
	};
}

export const median = (values: readonly number[]): number => summarize(values).p50;
