// npm run bench [-- --quick] [--write] [--rounds 20] [--seconds 600]: runs all measurements, prints them, and with --write updates docs.
// With names of parts (turns, notes, memory, small) only those are measured, and the other results are
// those of the last run; `report` alone measures nothing.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { pinnedVersion } from '../harness/fetch-n8n.mts';
import { pack } from '../harness/pack.mjs';
import { printFailure } from '../harness/problem.mjs';
import { compareContenders, type Plan } from './interleaved-turns.mts';
import { measureMemory } from './memory.mts';
import { measurePackage, measurePauses, measureSse } from './micro.mts';
import { measureNotes } from './voice-notes.mts';
import { renderChart } from './chart.mts';
import { report } from './report.mts';
import { settings } from './settings.mts';
import { startBenchEnvironment } from './bench-environment.mts';
import { judge, type Measured } from './targets.mts';

const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const wanted = Number(words[words.indexOf('--rounds') + 1]);
/** No round of turns starts later than this. */
const seconds = words.includes('--seconds')
	? Number(words[words.indexOf('--seconds') + 1])
	: isQuick
		? 60
		: 3600;
const rounds = words.includes('--rounds') && wanted > 0 ? wanted : isQuick ? 2 : 20;

/** More rounds for the API without latency, fewer for the answer of three minutes. */
const roundsOf = {
	none: rounds * (isQuick ? 2 : 4),
	fast: isQuick ? 1 : rounds,
	cloud: rounds,
	cloudLong: Math.ceil(rounds / 4),
};
/** Warm-up rounds. */
const warmUps = { none: isQuick ? 2 : 20, fast: isQuick ? 0 : 1, cloud: 0, cloudLong: 0 };
const plan: Plan[] = (['none', 'fast', 'cloud', 'cloudLong'] as const).flatMap((name) =>
	settings
		.filter((setting) => setting.name === name)
		.map((setting) => ({ setting, rounds: roundsOf[name], warmUps: warmUps[name] })),
);

const startMs = performance.now();
const log = (what: string): void =>
	console.log(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);

async function machineLine(loadBefore: number): Promise<string> {
	const [cpu] = cpus();
	const { version } = JSON.parse(
		await readFile(join(checkout, 'node_modules/@mistralai/mistralai/package.json'), 'utf8'),
	) as { version: string };
	return [
		`${cpus().length} cores (${cpu?.model.trim() || 'unknown processor'})`,
		`${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
		`Node.js ${process.versions.node}`,
		`n8n ${await pinnedVersion()}`,
		`Mistral SDK ${version}`,
		`load ${loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`,
	].join(' · ');
}

/** The last results, so that a single part can be measured again. */
const store = join(checkout, '.cache/bench.json');
const parts = ['turns', 'notes', 'memory', 'small', 'report'];
const named = parts.filter((part) => words.includes(part));
const isWanted = (part: string): boolean => named.length === 0 || named.includes(part);

interface Stored extends Measured {
	/** Machine and load by part. */
	machines?: Record<string, string>;
}

async function loadResults(): Promise<Stored> {
	if (named.length === 0) return {};
	return await readFile(store, 'utf8').then(
		(text) => JSON.parse(text) as Stored,
		() => ({}),
	);
}

/** Saves the results after each part, so that an interrupted run is not lost. */
async function saveResults(measured: Stored, part: string, loadBefore: number): Promise<void> {
	measured.machines = { ...measured.machines, [part]: await machineLine(loadBefore) };
	await mkdir(join(checkout, '.cache'), { recursive: true });
	await writeFile(store, JSON.stringify(measured));
}

async function measureInN8n(measured: Stored): Promise<void> {
	log('starting the stand-ins, n8n and the workflows');
	const environment = await startBenchEnvironment(isWanted('turns') ? settings : []);
	const part = async (name: string, work: () => Promise<void>): Promise<void> => {
		if (!isWanted(name)) return;
		log(name);
		const loadBefore = loadavg()[0] ?? 0;
		await work();
		await saveResults(measured, name, loadBefore);
	};
	try {
		await part('turns', async () => {
			measured.contest = await compareContenders(
				environment.entries,
				plan,
				environment.recording,
				environment.apis,
				seconds * 1000,
			);
		});
		await part('notes', async () => {
			measured.notes = await measureNotes(environment, isQuick);
		});
		await part('memory', async () => {
			if (process.platform !== 'linux') return;
			measured.memory = await measureMemory(environment, isQuick ? 256 : 1024);
		});
	} finally {
		await environment.stop();
	}
}

async function measure(): Promise<Stored> {
	const measured = await loadResults();
	if (['turns', 'notes', 'memory'].some(isWanted)) await measureInN8n(measured);
	if (isWanted('small')) {
		log('reading, loading, joining');
		const loadBefore = loadavg()[0] ?? 0;
		await buildIfChanged(await prepare());
		measured.pauses = await measurePauses();
		measured.package = await measurePackage(await pack(), isQuick ? 2 : 5);
		measured.sse = await measureSse(isQuick ? 1 : 3);
		await saveResults(measured, 'small', loadBefore);
	}
	return measured;
}

const begin = '<!-- measured: written by npm run bench -- --write -->';
const end = '<!-- end of measured -->';

async function write(tables: string, measured: Measured): Promise<void> {
	const page = join(checkout, 'docs/bench.md');
	const text = await readFile(page, 'utf8');
	const [before = ''] = text.split(begin);
	const after = text.split(end)[1] ?? '';
	await writeFile(page, `${before}${begin}\n\n${tables}\n${end}${after}`);
	await mkdir(join(checkout, 'docs/pictures'), { recursive: true });
	await writeFile(join(checkout, 'docs/pictures/bench.svg'), await renderChart(measured));
}

try {
	const measured = await measure();
	const machines = Object.entries(measured.machines ?? {});
	const tables = report(measured, machines.map(([part, line]) => `- ${part}: ${line}`).join('\n'));
	console.log(`\n${tables}`);
	if (words.includes('--write')) await write(tables, measured);
	const missed = judge(measured).filter(({ isMet }) => isMet === false);
	console.log(missed.length === 0 ? 'Every target is met.' : `${missed.length} missed.`);
} catch (error) {
	printFailure(error);
	process.exitCode = 1;
}
