// Start of every command, on Node.js 20.19 or newer with nothing installed:
// installs the packages of the lockfile and continues in Node.js 24.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, readFile, unlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode24, refuseOldNode } from './node.mjs';
import { runNpm } from './npm.mjs';
import { printFailure } from './problem.mjs';
import { during } from './progress.mjs';

export const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, extraneous?: boolean }} LockedPackage */

/** @returns {Promise<Record<string, LockedPackage> | undefined>} */
const lockedPackages = async (/** @type {string} */ file) => {
	try {
		return JSON.parse(await readFile(file, 'utf8')).packages;
	} catch {
		return undefined;
	}
};

const lockfile = join(checkout, 'package-lock.json');
/** Hash of the lockfile that the install was made from; npm removes it with the folder. */
const stamp = join(checkout, 'node_modules', '.installed-from');

const lockfileHash = async () =>
	createHash('sha256')
		.update(await readFile(lockfile))
		.digest('hex');

/**
 * Whether `node_modules` matches the lockfile: by the stamp of this lockfile, or by the list that npm writes
 * into every complete install. Optional packages may be missing: most are for other platforms.
 */
const packagesFit = async () => {
	const installedFrom = await readFile(stamp, 'utf8').catch(() => '');
	if (installedFrom === (await lockfileHash())) return true;
	const wanted = await lockedPackages(lockfile);
	const present = await lockedPackages(join(checkout, 'node_modules', '.package-lock.json'));
	if (!wanted || !present) return false;
	return Object.entries(wanted).every(([path, { version, integrity, optional, extraneous }]) => {
		if (path === '' || extraneous) return true;
		const installed = present[path];
		if (!installed) return optional === true;
		return installed.version === version && installed.integrity === integrity;
	});
};

/** npm would empty the target of a linked folder, which belongs to another checkout: only the link is removed. */
const unlinkSharedPackages = async () => {
	const folder = join(checkout, 'node_modules');
	const isLink = await lstat(folder).then(
		(found) => found.isSymbolicLink(),
		() => false,
	);
	if (isLink) await unlink(folder);
};

const installPackages = async () => {
	await unlinkSharedPackages();
	await during("Installing this project's tools", 'about 2 minutes, once', async () => {
		await runNpm("Installing this project's tools", ['ci', '--ignore-scripts'], checkout);
		await writeFile(stamp, await lockfileHash());
	});
};

/**
 * Makes the checkout ready and returns the Node.js to run everything else with.
 *
 * @returns {Promise<{ node: string, environment: NodeJS.ProcessEnv }>} `environment` puts that Node.js
 * and the checkout's tools first in PATH
 */
export const prepare = async () => {
	refuseOldNode();
	if (!(await packagesFit())) await installPackages();
	const node = await findNode24();
	const path = [dirname(node), join(checkout, 'node_modules', '.bin'), process.env.PATH ?? ''];
	return { node, environment: { ...process.env, PATH: path.join(delimiter) } };
};

/**
 * Runs a TypeScript file of this checkout under Node.js 24 and ends this process as it ends.
 *
 * @param {string} file relative to the checkout
 * @param {readonly string[]} args
 */
export const handOver = async (file, args) => {
	try {
		const { node, environment } = await prepare();
		// The IPC channel closes when this process ends for any reason.
		const child = spawn(
			node,
			['--disable-warning=ExperimentalWarning', join(checkout, file), ...args],
			{ env: environment, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
		);
		// The terminal sends Ctrl-C to the child as well; this process only waits for it.
		process.on('SIGINT', () => {});
		for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP']))
			process.on(signal, () => child.kill(signal));
		child.on('error', (error) => {
			printFailure(error);
			process.exitCode = 1;
		});
		child.on('exit', (code, signal) => {
			process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
		});
	} catch (error) {
		printFailure(error);
		process.exitCode = 1;
	}
};
