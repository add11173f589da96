// npm run bench [-- --quick] [-- --write] [-- --rounds 20]: everything measured in one run, printed, and with --write put into docs.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';
import { pinnedVersion } from '../harness/fetch-n8n.mts';
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

async function measure(): Promise<Measured> {
	say('starting the stand-ins, n8n and the workflows');
	const stage = await setStage(settings);
	try {
		say('turns');
		const turns = await contest(stage.entries, plan, stage.recording, stage.apis);
		say('forty notes');
		const notes = await measureNotes(stage, isQuick);
		say('a huge recording');
		const memory =
			process.platform === 'linux' ? await measureMemory(stage, isQuick ? 256 : 1024) : undefined;
		await stage.n8n.stop();
		say('reading, loading, joining');
		return {
			contest: turns,
			notes,
			memory,
			sse: await measureSse(isQuick ? 1 : 5),
			package: await measurePackage(stage.package, isQuick ? 2 : 5),
			pauses: await measurePauses(),
		};
	} finally {
		await stage.stop();
	}
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
