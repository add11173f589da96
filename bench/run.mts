// npm run bench [-- --quick] [--write] [--rounds 20] [--seconds 600]: everything measured in one run, printed, and with --write put into docs.
// With names of parts (turns, notes, memory, small) only those, beside what the last run found for the others.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { pinnedVersion } from '../harness/fetch-n8n.mts';
import { pack } from '../harness/pack.mjs';
import { printFailure } from '../harness/problem.mjs';
import { contest, type Plan } from './contest.mts';
import { measureMemory } from './memory.mts';
import { measurePackage, measurePauses, measureSse } from './micro.mts';
import { measureNotes } from './notes.mts';
import { picture } from './picture.mts';
import { report } from './report.mts';
import { settings } from './settings.mts';
import { setStage } from './stage.mts';
import { judge, type Measured } from './targets.mts';

const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const wanted = Number(words[words.indexOf('--rounds') + 1]);
/** No round of turns begins later than this. */
const seconds = words.includes('--seconds')
	? Number(words[words.indexOf('--seconds') + 1])
	: isQuick
		? 90
		: 3600;
const rounds = words.includes('--rounds') && wanted > 0 ? wanted : isQuick ? 2 : 20;

/** Turns on an API that takes no time cost little, those of three minutes much. */
const roundsOf = {
	none: rounds * 4,
	fast: rounds,
	cloud: rounds,
	cloudLong: Math.ceil(rounds / 4),
};
/** First, so that everything has run before the first turn that counts. */
const warmUps = { none: 2, fast: isQuick ? 0 : 1, cloud: 0, cloudLong: 0 };
const plan: Plan[] = (['none', 'fast', 'cloud', 'cloudLong'] as const).flatMap((name) =>
	settings
		.filter((setting) => setting.name === name)
		.map((setting) => ({ setting, rounds: roundsOf[name], warmUps: warmUps[name] })),
);

const startMs = performance.now();
const say = (what: string): void =>
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
		`${((performance.now() - startMs) / 1000).toFixed(0)} s in all`,
	].join(' · ');
}

/** Where the last results are kept, so that a part can be measured again by its name. */
const store = join(checkout, '.cache/bench.json');
const parts = ['turns', 'notes', 'memory', 'small'];
const named = parts.filter((part) => words.includes(part));
const isWanted = (part: string): boolean => named.length === 0 || named.includes(part);

async function earlier(): Promise<Partial<Measured>> {
	if (named.length === 0) return {};
	return await readFile(store, 'utf8').then(
		(text) => JSON.parse(text) as Partial<Measured>,
		() => ({}),
	);
}

async function measureInN8n(): Promise<Partial<Measured>> {
	say('starting the stand-ins, n8n and the workflows');
	const stage = await setStage(isWanted('turns') ? settings : []);
	const found: Partial<Measured> = {};
	try {
		if (isWanted('turns')) {
			say('turns');
			found.contest = await contest(
				stage.entries,
				plan,
				stage.recording,
				stage.apis,
				seconds * 1000,
			);
		}
		if (isWanted('notes')) {
			say('forty notes');
			found.notes = await measureNotes(stage, isQuick);
		}
		if (isWanted('memory') && process.platform === 'linux') {
			say('a huge recording');
			found.memory = await measureMemory(stage, isQuick ? 256 : 1024);
		}
		return found;
	} finally {
		await stage.stop();
	}
}

async function measure(): Promise<Measured> {
	const measured: Partial<Measured> = { ...(await earlier()) };
	if (['turns', 'notes', 'memory'].some(isWanted)) Object.assign(measured, await measureInN8n());
	if (isWanted('small')) {
		say('reading, loading, joining');
		await buildIfChanged(await prepare());
		measured.sse = await measureSse(isQuick ? 1 : 5);
		measured.package = await measurePackage(await pack(), isQuick ? 2 : 5);
		measured.pauses = await measurePauses();
	}
	await mkdir(join(checkout, '.cache'), { recursive: true });
	await writeFile(store, JSON.stringify(measured));
	return measured as Measured;
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
	await writeFile(join(checkout, 'docs/pictures/bench.svg'), await picture(measured));
}

try {
	const loadBefore = loadavg()[0] ?? 0;
	const measured = await measure();
	const tables = report(measured, await machineLine(loadBefore));
	console.log(`\n${tables}`);
	if (words.includes('--write')) await write(tables, measured);
	const missed = judge(measured).filter(({ isMet }) => isMet === false);
	console.log(missed.length === 0 ? 'Every target is met.' : `${missed.length} missed.`);
} catch (error) {
	printFailure(error);
	process.exitCode = 1;
}
