// What preconnecting gains, from pairs of turns with and without it: table and verdict.
import { bootstrapInterval } from './bootstrap-interval.mts';
import { median, quantile } from './statistics.mts';

export interface PairedTurns {
	rttMs: number;
	/** How long opening a connection took when nothing else happened. */
	connectMs: number;
	/** First audio in milliseconds, by round; of the same rounds in both lists. */
	withPreconnect: readonly number[];
	withoutPreconnect: readonly number[];
	/** Connections opened before there was something to send, per turn. */
	aheadWith: number;
	aheadWithout: number;
}

/** At this round-trip time preconnecting has to gain so much to be worth its code. */
export const JUDGED_RTT_MS = 80;
export const LEAST_GAIN_MS = 50;

const gainsOf = ({ withPreconnect, withoutPreconnect }: PairedTurns): number[] =>
	withoutPreconnect.map((ms, round) => ms - (withPreconnect[round] ?? Number.NaN));

export const verdictOf = (measured: readonly PairedTurns[]): 'keep' | 'delete' | undefined => {
	const judged = measured.find(({ rttMs }) => rttMs === JUDGED_RTT_MS);
	if (!judged) return undefined;
	return median(gainsOf(judged)) < LEAST_GAIN_MS ? 'delete' : 'keep';
};

function row(turns: PairedTurns): string {
	const gains = gainsOf(turns);
	const sorted = [...gains].sort((one, other) => one - other);
	const { low, high } = bootstrapInterval(gains.length, (indices) =>
		median(indices.map((index) => gains[index] ?? Number.NaN)),
	);
	const cells = [
		`${turns.rttMs} ms`,
		`${turns.connectMs.toFixed(0)} ms`,
		`${median(turns.withoutPreconnect).toFixed(0)} ms`,
		`${median(turns.withPreconnect).toFixed(0)} ms`,
		`**${median(gains).toFixed(0)} ms**`,
		`${low.toFixed(0)} to ${high.toFixed(0)} ms`,
		`${quantile(sorted, 0.25).toFixed(0)} to ${quantile(sorted, 0.75).toFixed(0)} ms`,
		`${turns.aheadWith.toFixed(1)} / ${turns.aheadWithout.toFixed(1)}`,
		String(gains.length),
	];
	return `| ${cells.join(' | ')} |`;
}

export const preconnectTable = (measured: readonly PairedTurns[]): string =>
	[
		'| round-trip time | TCP and TLS handshake | first audio without | with preconnect | median gain | 95 % interval of the median | middle half of the gains | preconnections per turn, with / without | pairs |',
		'| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
		...measured.map(row),
	].join('\n');
