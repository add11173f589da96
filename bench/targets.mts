// The targets of the bench and their verdicts. Mostly ratios within one run, which hold on any machine.
import type { Results, Turn } from './interleaved-turns.mts';
import type { MemoryResult } from './memory.mts';
import type { PackageResult, PauseResult, SseResult } from './micro.mts';
import type { NotesResult } from './voice-notes.mts';
import type { Contender } from './settings.mts';
import { median, summarize } from './statistics.mts';

/** Measurements; a part that was not measured is absent. */
export interface Measured {
	contest?: Results;
	notes?: NotesResult[];
	/** Measured on Linux only. */
	memory?: MemoryResult | undefined;
	sse?: SseResult;
	package?: PackageResult;
	pauses?: PauseResult[];
}

export interface Verdict {
	what: string;
	target: string;
	measured: string;
	/** Undefined if it could not be measured. */
	isMet: boolean | undefined;
}

export const firstOf = (turns: readonly Turn[]): number[] =>
	turns.map(({ firstAudioMs }) => firstAudioMs);
export const wholeOf = (turns: readonly Turn[]): number[] =>
	turns.map(({ wholeAudioMs }) => wholeAudioMs);
/** Time of the first audio above the critical path of the API. */
export const aboveLimit = (turns: readonly Turn[]): number[] =>
	turns.map(({ firstAudioMs, limit }) => firstAudioMs - (limit?.firstAudioMs ?? Number.NaN));

const milliseconds = (ms: number): string => `${ms.toFixed(0)} ms`;
const times = (ratio: number): string => `${ratio.toFixed(2)} x`;

function atMost(
	what: string,
	value: number,
	limit: number,
	show: (value: number) => string,
): Verdict {
	return {
		what,
		target: `at most ${show(limit)}`,
		measured: Number.isNaN(value) ? 'not measured' : show(value),
		isMet: Number.isNaN(value) ? undefined : value <= limit,
	};
}

function atLeast(
	what: string,
	value: number,
	limit: number,
	show: (value: number) => string,
): Verdict {
	const { target: _, ...verdict } = atMost(what, -value, -limit, (negative) => show(-negative));
	return { ...verdict, target: `at least ${show(limit)}` };
}

export function judge(measured: Measured): Verdict[] {
	const turns = (setting: string, who: Contender): Turn[] =>
		measured.contest?.[setting]?.[who] ?? [];
	const first = (setting: string, who: Contender) => median(firstOf(turns(setting, who)));
	const whole = (setting: string, who: Contender) => median(wholeOf(turns(setting, who)));
	const floor = (setting: string) => whole(setting, 'floor');
	const overheadShare =
		(whole('none', 'three') - floor('none')) / (whole('none', 'chain') - floor('none'));
	const eightAtOnce = measured.notes?.[0];
	const { memory, package: load, pauses = [] } = measured;
	const mebibytes = (value: number): string => `${value.toFixed(1)} MiB`;
	const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
	return [
		atMost(
			'First audio, Cloud, 52 words: p95 above the limit and n8n’s floor',
			summarize(aboveLimit(turns('cloud', 'assistant'))).p95 - floor('cloud'),
			25,
			milliseconds,
		),
		atLeast(
			'… how much sooner than the HTTP Request chain',
			first('cloud', 'chain') / first('cloud', 'assistant'),
			2.4,
			times,
		),
		atLeast(
			'First audio, Cloud, 3 minutes: how much sooner than the chain',
			first('cloudLong', 'chain') / first('cloudLong', 'assistant'),
			14,
			times,
		),
		atMost('First audio, Fast, inside n8n, p50', first('fast', 'assistant'), 500, milliseconds),
		atLeast(
			'Whole audio, Cloud, 52 words: how much sooner than the chain',
			whole('cloud', 'chain') / whole('cloud', 'assistant'),
			1.55,
			times,
		),
		atMost(
			'Our three nodes against the chain: time on top of n8n’s floor, API that takes no time',
			overheadShare,
			0.6,
			times,
		),
		atLeast(
			'40 notes against a limit of 8: share of the limit’s rate',
			eightAtOnce?.share ?? Number.NaN,
			0.95,
			percent,
		),
		atMost('… notes lost', eightAtOnce?.lost ?? Number.NaN, 0, String),
		atMost(
			`${memory?.mebibytes ?? 1024} MiB upload with one retry: memory above the idle server`,
			memory?.three ?? Number.NaN,
			64,
			mebibytes,
		),
		atMost(
			'Loading the package when n8n starts: time',
			load?.start.ms ?? Number.NaN,
			12,
			milliseconds,
		),
		atMost('… memory', load?.start.mebibytes ?? Number.NaN, 3, mebibytes),
		atMost(
			'Joining 10 MiB, Phone Line: longest pause of the event loop',
			pauses.length > 0 ? Math.max(...pauses.map(({ worst }) => worst)) : Number.NaN,
			20,
			milliseconds,
		),
	];
}
