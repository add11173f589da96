// Is the working tree slower than another commit? node bench/compare.mts <git ref> [--rounds 30] [--seconds 450]
// A is the package of that ref, B the working tree's, each in an n8n of its own; their turns alternate in one run.
// Ends with 1 when B/A of a metric is above 1.03 with its whole 95 % interval. Under ten minutes.
import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { beforeStopping, run } from '../harness/child-processes.mjs';
import type { N8n } from '../harness/n8n.mts';
import { pack } from '../harness/pack.mjs';
import { printFailure, Problem } from '../harness/problem.mjs';
import { orderOf } from './alternation.mts';
import { type Apis, standInName, startApis } from './apis.mts';
import { measured } from './child-process.mts';
import { compare, type Metric, type Row, table, TOLERATED_RATIO } from './comparison.mts';
import { checkSeconds, settleMs } from './interleaved-turns.mts';
import { mainThreadMs } from './computing-time.mts';
import { compileJoins } from './joins.mts';
import { buildAndPack, extractRef } from './package-builds.mts';
import { startPair } from './paired-servers.mts';
import { apiKey, type Setting, settings } from './settings.mts';
import { type AnswerForm, takeTurn } from './turn.mts';
import { type InN8n, publishContender, saveAccess } from './workflows.mts';

const words = process.argv.slice(2);
const option = (name: string, preset: number): number =>
	words.includes(name) ? Number(words[words.indexOf(name) + 1]) : preset;
const rounds = Math.max(1, option('--rounds', 30));
/** No round of turns begins later than this after the start, except the first ones. */
const mostMs = option('--seconds', 450) * 1000;

const startMs = performance.now();
const say = (what: string): void =>
	console.log(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);

const settingOf = (wanted: Setting['name']): Setting => {
	const setting = settings.find(({ name }) => name === wanted);
	if (!setting) throw new Error(`no setting called ${wanted}`);
	return setting;
};

interface Plan {
	setting: Setting;
	contender: InN8n;
	form: AnswerForm;
	/** In each round: turns on an API that takes no time are short, and vary more in proportion. */
	turns: number;
}

const none = settingOf('none');
const PLANS: readonly Plan[] = [
	{ setting: settingOf('cloud'), contender: 'assistant', form: 'chunks', turns: 1 },
	{ setting: none, contender: 'assistant', form: 'chunks', turns: 2 },
	{ setting: none, contender: 'chain', form: 'mp3', turns: 2 },
	{ setting: none, contender: 'three', form: 'mp3', turns: 2 },
	{ setting: none, contender: 'floor', form: 'empty', turns: 2 },
];
/** Rounds before the ones that count: they compile the code of both servers. */
const WARM_UPS = 3;
/** That count, however late it is. */
const LEAST_ROUNDS = 4;
const JOIN_ROUNDS = 24;

const METRICS: readonly Metric[] = [
	{ label: 'first audio, Cloud', unit: 'ms', from: ['cloud-assistant first'] },
	{ label: 'whole audio, Cloud', unit: 'ms', from: ['cloud-assistant whole'] },
	{
		label: 'first audio, API that takes no time',
		unit: 'ms',
		from: ['none-assistant first'],
	},
	{ label: 'whole audio, API that takes no time', unit: 'ms', from: ['none-assistant whole'] },
	{
		label: 'computing time of n8n in a turn of Voxtral Assistant',
		unit: 'ms',
		from: ['none-assistant computing'],
	},
	{
		label: 'computing time of n8n in a turn of our three nodes',
		unit: 'ms',
		from: ['none-three computing'],
	},
	{
		label: 'floor ratio: our three nodes against the HTTP Request chain, both above n8n’s floor',
		unit: 'x',
		from: ['none-three whole', 'none-chain whole', 'none-floor whole'],
		combine: ([three = Number.NaN, chain = Number.NaN, floor = Number.NaN]) =>
			(three - floor) / (chain - floor),
	},
	...['mp3', 'opus', 'wav'].map(
		(format): Metric => ({ label: `joining 10 MiB of ${format}`, unit: 'ms', from: [format] }),
	),
];

interface Side {
	/** Of n8n. */
	pid: number;
	/** Address of the webhook, by stand-in. */
	urls: Record<string, string>;
	series: Record<string, number[]>;
}

async function publish(n8n: N8n, apis: Apis): Promise<Side> {
	const urls: Record<string, string> = {};
	for (const { setting, contender } of PLANS) {
		const name = standInName(setting.name, contender);
		const access = await saveAccess(n8n, { name, url: apis.urls[name] ?? '' }, apiKey);
		urls[name] = await publishContender(n8n, contender, name, access);
	}
	return { pid: n8n.pid, urls, series: {} };
}

async function takeOne(
	{ pid, urls, series }: Side,
	{ setting, contender, form }: Plan,
	recording: Uint8Array<ArrayBuffer>,
	apis: Apis,
	counts: boolean,
): Promise<void> {
	const name = standInName(setting.name, contender);
	await apis.takeLog(name);
	const computedMs = await mainThreadMs(pid);
	const { firstAudioMs, wholeAudioMs, seconds } = await takeTurn(urls[name] ?? '', recording, form);
	if (contender !== 'floor') checkSeconds(contender, seconds, setting);
	// What n8n still does for this turn, such as storing the execution, is counted here and delays no other turn.
	await setTimeout(settleMs);
	const computingMs = ((await mainThreadMs(pid)) ?? Number.NaN) - (computedMs ?? Number.NaN);
	if (!counts) return;
	(series[`${name} computing`] ??= []).push(computingMs);
	(series[`${name} first`] ??= []).push(firstAudioMs);
	(series[`${name} whole`] ??= []).push(wholeAudioMs);
}

async function takeTurns(sides: readonly [Side, Side], apis: Apis): Promise<void> {
	const recording = new Uint8Array(await readFile(join(checkout, 'test/recordings/question.ogg')));
	const isLate = (round: number): boolean =>
		performance.now() > startMs + mostMs && round > WARM_UPS + LEAST_ROUNDS;
	for (let round = 0; round < rounds + WARM_UPS && !isLate(round); round += 1) {
		for (const plan of PLANS)
			for (let turn = 0; turn < plan.turns; turn += 1)
				for (const side of orderOf(round + turn, sides))
					await takeOne(side, plan, recording, apis, round >= WARM_UPS);
		if ((round + 1) % 6 === 0) say(`round ${round + 1} of ${rounds + WARM_UPS}`);
	}
}

async function measureTurns(
	tarballs: [string, string],
	folder: string,
): Promise<[Side['series'], Side['series']]> {
	const apis = await startApis();
	try {
		say('starting two n8n');
		const { servers, stop } = await startPair(tarballs, folder);
		try {
			const sides: [Side, Side] = [
				await publish(servers[0], apis),
				await publish(servers[1], apis),
			];
			say('turns');
			await takeTurns(sides, apis);
			return [sides[0].series, sides[1].series];
		} finally {
			await stop();
		}
	} finally {
		apis.stop();
	}
}

async function measureJoins(
	sources: readonly [string, string],
	folder: string,
): Promise<[Side['series'], Side['series']]> {
	say('joining');
	const files = [join(folder, 'joins-a.cjs'), join(folder, 'joins-b.cjs')] as const;
	await compileJoins(sources[0], files[0]);
	await compileJoins(sources[1], files[1]);
	const script = join(import.meta.dirname, 'joins-process.mts');
	return await measured(['--expose-gc', script, ...files, String(JOIN_ROUNDS)]);
}

async function nameOf(ref: string): Promise<string> {
	const { code, output } = await run(
		'git',
		['rev-parse', '--verify', '--short', `${ref}^{commit}`],
		{ cwd: checkout },
	);
	if (code !== 0) throw new Problem(`git knows no commit called ${ref}.`);
	return output.trim();
}

async function measureIn(folder: string, commit: string): Promise<Row[]> {
	const sources = join(folder, 'sources-a');
	say(`building A, ${commit}`);
	const tools = await prepare();
	await extractRef(commit, sources);
	const packedA = await buildAndPack(sources, tools);
	say('building B, the working tree');
	await buildIfChanged(tools);
	const packedB = await pack();
	const joins = await measureJoins([sources, checkout], folder);
	const turns = await measureTurns([packedA.path, packedB.path], folder);
	const [a, b] = [0, 1].map((side) => ({ ...joins[side], ...turns[side] }));
	const isTold = ({ from }: Metric): boolean =>
		!from.some((name) => [a, b].some((side) => side?.[name]?.some(Number.isNaN)));
	return METRICS.filter(isTold).map((metric) => compare(metric, a ?? {}, b ?? {}));
}

const [ref] = words;
const folder = await mkdtemp(join(tmpdir(), 'voxtral-compare-'));
const clear = (): void => rmSync(folder, { recursive: true, force: true });
const settled = beforeStopping(clear);
try {
	if (ref === undefined || ref.startsWith('-'))
		throw new Problem('Say which commit to compare with: node bench/compare.mts <git ref>');
	const commit = await nameOf(ref);
	const loadBefore = loadavg()[0] ?? 0;
	const rows = await measureIn(folder, commit);
	const slower = rows.filter(({ isSlower }) => isSlower);
	console.log(`\nA: ${ref} (${commit}) · B: working tree\n\n${table(rows)}\n`);
	console.log(
		`load ${loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after · ${((performance.now() - startMs) / 60_000).toFixed(1)} minutes`,
	);
	console.log(
		slower.length === 0
			? `No ratio is above ${TOLERATED_RATIO} with its whole interval.`
			: `Slower: ${slower.map(({ label }) => label).join('; ')}.`,
	);
	if (slower.length > 0) process.exitCode = 1;
} catch (error) {
	printFailure(error);
	process.exitCode = 1;
} finally {
	settled();
	clear();
}
