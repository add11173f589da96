// Walks down the releases of n8n, loads the packed package with the n8n-core of each, and writes what it saw into
// docs/compatibility.md: node harness/oldest-n8n.mts [--write]
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout, prepare } from './bootstrap.mjs';
import { build } from './build.mjs';
import { run } from './child-processes.mjs';
import { findNode } from './node.mjs';
import { runNpm } from './npm.mjs';
import { pack } from './pack.mjs';

/** One release of each line that the registry still has, newest first. Node.js 20 runs them all. */
const releases = [
	'1.123.81',
	'1.113.3',
	'1.104.2',
	'1.101.1',
	'1.97.1',
	'1.94.1',
	'1.88.0',
	'1.85.4',
	'1.82.3',
];

interface Sight {
	release: string;
	core: string;
	nodes: string[];
	credentials: string[];
	/** What n8n's loader said against the package. */
	error?: string;
	/** The registry lacks that n8n-core, or one of its packages: nothing is known then. */
	isMissing?: boolean;
}

const look = async (node: string, folder: string, release: string): Promise<Sight> => {
	const place = await mkdtemp(join(folder, 'release-'));
	const seen = { release, core: '?', nodes: [], credentials: [] };
	let core = '?';
	try {
		const asked = await runNpm(
			`Looking at n8n ${release}`,
			['view', `n8n@${release}`, 'dependencies.n8n-core', '--json'],
			place,
		);
		core = /\d+\.\d+\.\d+/.exec(asked)?.[0] ?? '?';
		await runNpm(
			`Fetching n8n-core ${core}`,
			['install', `n8n-core@${core}`, '--prefix', place, '--ignore-scripts'],
			place,
		);
		const { output } = await run(
			node,
			[join(import.meta.dirname, 'load-package.cjs'), join(folder, 'package'), place],
			{ env: { ...process.env, NODE_PATH: join(place, 'node_modules') } },
		);
		const last = output.trim().split('\n').at(-1) ?? '';
		return { ...seen, core, ...(JSON.parse(last) as Partial<Sight>) };
	} catch {
		return { ...seen, core, isMissing: true };
	} finally {
		await rm(place, { recursive: true, force: true });
	}
};

const verdict = ({ nodes, credentials, error, isMissing = false }: Sight): string => {
	if (isMissing) return 'not known: its n8n-core could not be had from the registry';
	if (error === undefined) return `yes: ${nodes.length} nodes, ${credentials.length} credentials`;
	return `no: ${error.split('\n')[0]?.replaceAll('|', '\\|')}`;
};

const row = (sight: Sight): string => `| ${sight.release} | ${sight.core} | ${verdict(sight)} |`;

const marks = ['<!-- loading: begin -->', '<!-- loading: end -->'] as const;

const write = async (sights: readonly Sight[], node: string): Promise<void> => {
	const file = join(checkout, 'docs', 'compatibility.md');
	const text = await readFile(file, 'utf8');
	const [begin, end] = marks.map((mark) => text.indexOf(mark));
	if (begin === undefined || end === undefined || begin < 0 || end < begin)
		throw new Error(`${file} has lost its marks ${marks.join(' and ')}`);
	const oldest =
		sights.filter(({ error, isMissing }) => !error && !isMissing).at(-1)?.release ?? 'none';
	const { output } = await run(node, ['--version']);
	const table = [
		marks[0],
		`Looked at on ${new Date().toISOString().slice(0, 10)} with Node.js ${output.trim().slice(1)}. Oldest that loads: **n8n ${oldest}**.`,
		'',
		'| n8n | its n8n-core | Do the nodes load? |',
		'|---|---|---|',
		...sights.map(row),
		'',
	].join('\n');
	await writeFile(file, `${text.slice(0, begin)}${table}${text.slice(end)}`);
};

const tools = await prepare();
const node = (await findNode(20)) ?? tools.node;
const folder = await mkdtemp(join(tmpdir(), 'voxtral-oldest-'));
try {
	await build(tools);
	const { path } = await pack();
	await run('tar', ['-xzf', path, '-C', folder]);
	const sights: Sight[] = [];
	for (const release of releases) {
		const sight = await look(node, folder, release);
		console.log(row(sight));
		sights.push(sight);
	}
	if (process.argv.includes('--write')) await write(sights, node);
} finally {
	await rm(folder, { recursive: true, force: true });
}
