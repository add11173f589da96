// Loads the packed package with the n8n-core of older and older n8n releases and writes the results into
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

/** One release of each minor line that is still available, newest first. All run on Node.js 20. */
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

interface LoadResult {
	release: string;
	core: string;
	nodes: string[];
	credentials: string[];
	/** The error of n8n's loader. */
	error?: string;
	/** That n8n-core or one of its packages cannot be installed: no result. */
	isMissing?: boolean;
}

const loadRelease = async (node: string, folder: string, release: string): Promise<LoadResult> => {
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
		return { ...seen, core, ...(JSON.parse(last) as Partial<LoadResult>) };
	} catch {
		return { ...seen, core, isMissing: true };
	} finally {
		await rm(place, { recursive: true, force: true });
	}
};

const describeResult = ({ nodes, credentials, error, isMissing = false }: LoadResult): string => {
	if (isMissing) return 'not known: its n8n-core could not be had from the registry';
	if (error === undefined) return `yes: ${nodes.length} nodes, ${credentials.length} credentials`;
	return `no: ${error.split('\n')[0]?.replaceAll('|', '\\|')}`;
};

const row = (sight: LoadResult): string =>
	`| ${sight.release} | ${sight.core} | ${describeResult(sight)} |`;

const marks = ['<!-- loading: begin -->', '<!-- loading: end -->'] as const;

const write = async (sights: readonly LoadResult[], node: string): Promise<void> => {
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
	const sights: LoadResult[] = [];
	for (const release of releases) {
		const sight = await loadRelease(node, folder, release);
		console.log(row(sight));
		sights.push(sight);
	}
	if (process.argv.includes('--write')) await write(sights, node);
} finally {
	await rm(folder, { recursive: true, force: true });
}
