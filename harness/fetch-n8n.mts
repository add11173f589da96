// Installs the pinned n8n releases from their lockfiles into the cache, once for each lockfile.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readFile, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder, filledOnce } from './cache.mjs';
import { run } from './child-processes.mjs';
import { findNode, headersOf } from './node.mjs';
import { runNpm } from './npm.mjs';
import { printFailure, Problem } from './problem.mjs';
import { during } from './progress.mjs';

/** Folders beside this file with a lockfile: the release of all tests, and the newest of the 1.x line. */
export type Pin = 'n8n' | 'n8n-1';

export const pinnedVersion = async (pin: Pin = 'n8n'): Promise<string> => {
	const manifest = JSON.parse(
		await readFile(join(import.meta.dirname, pin, 'package.json'), 'utf8'),
	) as { dependencies: { n8n: string } };
	return manifest.dependencies.n8n;
};

const sqliteHelp =
	'install a C++ compiler, make and Python 3 (Debian or Ubuntu: "apt-get install build-essential python3"; macOS: "xcode-select --install"; Windows: the Visual Studio Build Tools with C++) and run it again';

/** The Node.js for that release: 1.x runs on Node.js 20, as far as it can be fetched. */
export const nodeOf = async (pin: Pin = 'n8n'): Promise<string> =>
	pin === 'n8n-1' ? ((await findNode(20)) ?? process.execPath) : process.execPath;

/** Opens a database, since a driver built for another Node.js loads and then crashes. */
const sqliteWorks = async (folder: string, node: string): Promise<boolean> =>
	(
		await run(node, ['-e', "new (require('sqlite3').Database)(':memory:').close()"], {
			cwd: folder,
		})
	).code === 0;

/** Builds n8n's database driver, the one package of n8n without a prebuilt binary. */
const buildSqlite = async (folder: string, node: string): Promise<void> => {
	const headers = headersOf(node);
	const environment = {
		...(headers !== undefined && { npm_config_nodedir: headers }),
		PATH: [dirname(node), process.env.PATH].join(delimiter),
	};
	let reason = '';
	try {
		await runNpm(
			"Building n8n's database driver",
			['rebuild', 'sqlite3', '--ignore-scripts=false'],
			folder,
			environment,
		);
	} catch (error) {
		reason = error instanceof Error ? error.message : '';
	}
	if (await sqliteWorks(folder, node)) return;
	const cause = reason.includes('disk is full') ? ` (${reason})` : '';
	throw new Problem(`n8n's database driver (sqlite3) could not be built${cause}: ${sqliteHelp}.`);
};

const cacheName = async (pin: Pin): Promise<string> => {
	const lockfile = await readFile(join(import.meta.dirname, pin, 'package-lock.json'));
	return `n8n-${createHash('sha256').update(lockfile).digest('hex').slice(0, 12)}`;
};

/** Whether that release is in the cache. */
export const isFetched = async (pin: Pin): Promise<boolean> =>
	existsSync(join(cacheFolder(), `${await cacheName(pin)}-database`));

/** The folder with n8n's `node_modules`; fetched if it is not in the cache. */
export const fetchN8n = async (pin: Pin = 'n8n'): Promise<string> => {
	const name = await cacheName(pin);
	const version = await pinnedVersion(pin);
	const fetchPackages = async (folder: string): Promise<void> => {
		for (const file of ['package.json', 'package-lock.json'])
			await copyFile(join(import.meta.dirname, pin, file), join(folder, file));
		await during(
			`Fetching n8n ${version}`,
			'about 5 minutes and 3 GB of disk, once',
			async () =>
				await runNpm('Fetching n8n', ['ci', '--ignore-scripts', '--prefix', folder], folder),
		);
		await stat(join(folder, 'node_modules', 'n8n', 'bin', 'n8n'));
	};
	const folder = await filledOnce(name, fetchPackages, 3500);
	// A separate step, so that a missing compiler does not discard the download.
	await filledOnce(`${name}-database`, async () => {
		const node = await nodeOf(pin);
		if (await sqliteWorks(folder, node)) return;
		await during(
			"Building n8n's database driver",
			'about 2 minutes, once',
			async () => await buildSqlite(folder, node),
		);
	});
	return folder;
};

if (process.argv[1] === import.meta.filename) {
	try {
		await fetchN8n(process.argv[2] === 'n8n-1' ? 'n8n-1' : 'n8n');
	} catch (error) {
		printFailure(error);
		process.exitCode = 1;
	}
}
