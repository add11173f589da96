// Comparing two builds of the package: metrics, their ratio with a confidence interval, and the table of both.
import { bootstrapInterval, type Interval } from './bootstrap-interval.mts';
import { median } from './statistics.mts';

/** What was measured of one build: by series, one value per round, rounds in the same order for both builds. */
export type Series = Readonly<Record<string, readonly number[]>>;

/** Smaller is better for every metric. */
export interface Metric {
	label: string;
	unit: 'ms' | 'x';
	/** Names of the series it is computed from. */
	from: readonly string[];
	/** From the medians of these series; the only median where absent. */
	combine?: (medians: readonly number[]) => number;
}

export interface Row extends Omit<Metric, 'from' | 'combine'> {
	rounds: number;
	a: number;
	b: number;
	/** B/A. */
	ratio: number;
	interval: Interval;
	/** The whole interval lies above the tolerated ratio: B is slower than A, and not by chance. */
	isSlower: boolean;
}

export const TOLERATED_RATIO = 1.03;

function valueOf({ from, combine }: Metric, series: Series, indices?: readonly number[]): number {
	const medians = from.map((name) => {
		const values = series[name] ?? [];
		return median(indices ? indices.map((index) => values[index] ?? Number.NaN) : values);
	});
	return combine ? combine(medians) : (medians[0] ?? Number.NaN);
}

/** @throws when a series of the metric is missing, or was not measured in the same rounds for both */
export function compare(metric: Metric, a: Series, b: Series): Row {
	const lengths = metric.from.flatMap((name) => [a[name]?.length ?? 0, b[name]?.length ?? 0]);
	const [rounds = 0] = lengths;
	if (rounds === 0 || lengths.some((length) => length !== rounds))
		throw new Error(`${metric.label}: not measured in the same rounds (${lengths.join(', ')})`);
	const valueA = valueOf(metric, a);
	const valueB = valueOf(metric, b);
	const interval = bootstrapInterval(
		rounds,
		(indices) => valueOf(metric, b, indices) / valueOf(metric, a, indices),
	);
	const { label, unit } = metric;
	const isSlower = interval.low > TOLERATED_RATIO;
	return { label, unit, rounds, a: valueA, b: valueB, ratio: valueB / valueA, interval, isSlower };
}

export function table(rows: readonly Row[]): string {
	const show = (value: number, unit: Row['unit']): string =>
		unit === 'x' ? `${value.toFixed(2)} x` : `${value.toFixed(value < 100 ? 1 : 0)} ms`;
	const lines = rows.map(
		({ label, unit, rounds, a, b, ratio, interval: { low, high }, isSlower }) =>
			`| ${label} | ${rounds} | ${show(a, unit)} | ${show(b, unit)} | ${ratio.toFixed(3)} | ${low.toFixed(3)} to ${high.toFixed(3)} | ${isSlower ? '**slower**' : 'ok'} |`,
	);
	return [
		'| median of | rounds | A | B | B/A | 95 % interval |  |',
		'| --- | --- | --- | --- | --- | --- | --- |',
		...lines,
	].join('\n');
}
