// Formats the results as Markdown: targets, measurements, method.
import type { Turn } from './interleaved-turns.mts';
import type { Load } from './micro.mts';
import { type Contender, type Setting, settings } from './settings.mts';
import { median, summarize } from './statistics.mts';
import { aboveLimit, firstOf, judge, type Measured, wholeOf } from './targets.mts';

export const names: Record<Contender, string> = {
	chain: '(a) HTTP Request chain',
	openAi: '(b) n8n’s OpenAI nodes',
	sdk: '(c) script on Mistral’s SDK, no n8n',
	three: '(e) our three nodes, whole',
	threeStreaming: '(e) our three nodes, streaming',
	assistant: '(f) Voxtral Assistant, streaming',
	minimal: 'n8n’s floor of three nodes: three requests, no more',
	floor: 'n8n’s floor: empty workflow',
};

const order: Contender[] = [
	'chain',
	'openAi',
	'sdk',
	'three',
	'threeStreaming',
	'assistant',
	'minimal',
	'floor',
];

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const rounded = (ms: number): string => (Number.isNaN(ms) ? '–' : ms.toFixed(0));
const both = (values: readonly number[]): string => {
	const { p50, p95 } = summarize(values);
	return `${rounded(p50)} / ${rounded(p95)}`;
};
const ratio = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(2)} x` : '–');

function settingTable({ name, label }: Setting, { contest }: Measured): string {
	const found = contest?.[name];
	if (!found) return '';
	const turns = (who: Contender): Turn[] => found[who] ?? [];
	const chain = turns('chain');
	const rows = order.flatMap((who) => {
		const own = turns(who);
		if (own.length === 0) return [];
		return [
			[
				names[who],
				both(firstOf(own)),
				both(wholeOf(own)),
				who === 'floor' ? '' : ratio(median(firstOf(chain)) / median(firstOf(own))),
				who === 'floor' ? '' : ratio(median(wholeOf(chain)) / median(wholeOf(own))),
				who === 'floor' ? '' : both(aboveLimit(own)).replace('– / –', '–'),
				String(own.length),
			],
		];
	});
	const pipelined = turns(turns('assistant').length > 0 ? 'assistant' : 'sdk');
	const limits = pipelined.flatMap(({ limit }) => (limit ? [limit] : []));
	const limitRow = [
		'(d) physical limit',
		both(limits.map(({ firstAudioMs }) => firstAudioMs)),
		both(limits.map(({ wholeAudioMs }) => wholeAudioMs)),
		'',
		'',
		'',
		String(limits.length),
	];
	rows.splice(Math.min(3, rows.length), 0, limitRow);
	const head = [
		'',
		'first audio, ms, p50 / p95',
		'whole audio, ms, p50 / p95',
		'first audio, sooner than (a)',
		'whole audio, sooner than (a)',
		'first audio above its own limit, ms, p50 / p95',
		'turns',
	];
	return `### ${label}\n\n${table(head, rows)}\n`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

function notesTable({ notes }: Measured): string {
	if (!notes) return '';
	const rows = notes.map(({ name, share, lost, refused }) => [
		name,
		percent(share),
		String(lost),
		String(refused),
	]);
	const head = ['', 'share of the limit’s rate', 'lost', 'answered 429'];
	return `### 40 voice notes, an API that serves 8 at once (400 ms each)\n\n${table(head, rows)}\n`;
}

const loaded = ({ ms, mebibytes: size }: Load): string =>
	`${ms.toFixed(ms < 100 ? 1 : 0)} ms, ${size.toFixed(1)} MiB`;

function smallTable({ memory, sse, package: pack, pauses = [] }: Measured): string {
	const rows: string[][] = [];
	if (memory)
		rows.push([
			`${memory.mebibytes} MiB recording: n8n’s memory above idle`,
			`${memory.three.toFixed(1)} MiB (${memory.attempts} uploads)`,
			`${memory.chain.toFixed(0)} MiB (1 upload)`,
			'HTTP Request',
		]);
	if (pack)
		rows.push(
			[
				'Loading when n8n starts',
				loaded(pack.start),
				loaded(pack.sdk),
				`Mistral’s SDK, ${ratio(pack.sdk.ms / pack.start.ms)}`,
			],
			['… when a workflow first uses a node', loaded(pack.code), '', 'once in a process'],
			[
				'Size installed',
				`${mebibytes(pack.unpackedBytes)} in ${pack.files} files (download ${(pack.tarballBytes / 1024).toFixed(0)} KiB)`,
				`${mebibytes(pack.sdkBytes)} in ${pack.sdkFiles} files`,
				'Mistral’s SDK alone, without what it depends on',
			],
		);
	if (sse)
		rows.push(
			[
				'One event of 4 MiB in pieces of 16 KiB, read',
				`${sse.ours4.toFixed(1)} ms`,
				`${sse.sdk4.toFixed(0)} ms`,
				`Mistral’s SDK, ${ratio(sse.sdk4 / sse.ours4)}`,
			],
			[
				'… twice the size takes',
				ratio(sse.ours8 / sse.ours4),
				ratio(sse.sdk8 / sse.sdk4),
				'2 x is linear',
			],
		);
	for (const { work, p50, worst, wholeMs } of pauses)
		rows.push([
			`${work}: longest pause`,
			`${p50.toFixed(1)} ms, worst of five ${worst.toFixed(1)} ms`,
			'',
			`all of it ${wholeMs.toFixed(0)} ms`,
		]);
	const head = ['', 'this package', 'the other', ''];
	return rows.length > 0 ? `### Memory, loading, reading, joining\n\n${table(head, rows)}\n` : '';
}

const mark = (isMet: boolean | undefined): string =>
	isMet === undefined ? 'not measured' : isMet ? 'pass' : '**miss**';

/** The generated tables of docs/bench.md. */
export function report(measured: Measured, machine: string): string {
	const verdicts = judge(measured);
	return [
		machine,
		'\n### Targets\n',
		table(
			['', 'target', 'measured', ''],
			verdicts.map(({ what, target, measured: value, isMet }) => [
				what,
				target,
				value,
				mark(isMet),
			]),
		),
		'',
		...settings.map((setting) => settingTable(setting, measured)),
		notesTable(measured),
		smallTable(measured),
	].join('\n');
}
