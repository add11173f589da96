// The cache outside the checkout, for what is downloaded once: n8n releases and Node.js binaries.
import {
	mkdir,
	readdir,
	readFile,
	rename,
	rm,
	stat,
	statfs,
	utimes,
	writeFile,
} from 'node:fs/promises';
import { existsSync, rmSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeStopping } from './child-processes.mjs';
import { Problem } from './problem.mjs';

const platformCache = () => {
	if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
	if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
	if (process.platform === 'win32')
		return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
	return join(homedir(), '.cache');
};

/** `$N8N_VOXTRAL_CACHE`, else `n8n-nodes-voxtral` in the user's cache folder. */
export const cacheFolder = () =>
	resolve(process.env.N8N_VOXTRAL_CACHE || join(platformCache(), 'n8n-nodes-voxtral'));

const beatMs = 10_000;
/** A lock not touched for this long is stale: its process has died. */
const staleMs = 6 * beatMs;

const wait = async (/** @type {number} */ ms) => await new Promise((done) => setTimeout(done, ms));

const isAlive = (/** @type {number} */ pid) => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
	}
};

const isAbandoned = async (/** @type {string} */ lock) => {
	try {
		const [host, pid] = (await readFile(lock, 'utf8')).split(' ');
		if (host === hostname() && pid && !isAlive(Number(pid))) return true;
		return Date.now() - (await stat(lock)).mtimeMs > staleMs;
	} catch {
		return false;
	}
};

const makeFolder = async (/** @type {string} */ folder) => {
	try {
		await mkdir(folder, { recursive: true });
	} catch (error) {
		const { code } = /** @type {NodeJS.ErrnoException} */ (error);
		throw new Problem(
			`The folder ${folder} cannot be made (${code}): set N8N_VOXTRAL_CACHE to a folder you may write to, and run it again.`,
		);
	}
};

/**
 * Holds `lock` (a file) until the returned function is called.
 *
 * @param {string} lock
 * @returns {Promise<(() => void) | undefined>} undefined if another process holds it
 */
export const tryToHold = async (lock) => {
	await makeFolder(dirname(lock));
	for (;;) {
		try {
			await writeFile(lock, `${hostname()} ${process.pid}`, { flag: 'wx' });
			break;
		} catch (error) {
			if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
		}
		if (!(await isAbandoned(lock))) return undefined;
		await rm(lock, { force: true });
	}
	const beat = setInterval(
		() => void utimes(lock, new Date(), new Date()).catch(() => undefined),
		beatMs,
	);
	beat.unref();
	return () => {
		clearInterval(beat);
		rmSync(lock, { force: true });
	};
};

const holdAfterOthers = async (/** @type {string} */ lock) => {
	for (let tries = 0; ; tries++) {
		const release = await tryToHold(lock);
		if (release) return release;
		if (tries === 0) console.log('  Another start is already fetching this; waiting for it.');
		await wait(500);
	}
};

/** Removes partial folders left by a killed process. */
const sweep = async (/** @type {string} */ target) => {
	const folder = dirname(target);
	for (const name of await readdir(folder))
		if (join(folder, name).startsWith(`${target}.part-`))
			await rm(join(folder, name), { recursive: true, force: true });
};

/** Fails early on a full disk, where the file system reports free space. */
const refuseFullDisk = async (/** @type {string} */ folder, /** @type {number} */ megabytes) => {
	const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
	const freeMegabytes = Math.floor((bavail * bsize) / 1e6);
	if (freeMegabytes < megabytes)
		throw new Problem(
			`The disk is too full: this needs ${megabytes} MB in ${folder} and ${freeMegabytes} MB are free. Free some space, or set N8N_VOXTRAL_CACHE to a folder on a bigger disk, and run it again.`,
		);
};

/**
 * The folder `name` of the cache, filled by `fill` if it does not exist yet. It is filled under another
 * name and renamed when complete, so what stands under its own name is always whole. Of several
 * processes one fills, the others wait.
 *
 * @param {string} name
 * @param {(folder: string) => Promise<void>} fill
 * @param {number} [megabytes] that it needs on disk
 */
export const filledOnce = async (name, fill, megabytes = 1) => {
	const target = join(cacheFolder(), name);
	if (existsSync(target)) return target;
	const release = await holdAfterOthers(`${target}.lock`);
	const part = `${target}.part-${process.pid}`;
	const clear = () => {
		rmSync(part, { recursive: true, force: true });
		release();
	};
	const settled = beforeStopping(clear);
	try {
		if (existsSync(target)) return target;
		await sweep(target);
		await refuseFullDisk(dirname(target), megabytes);
		await mkdir(part, { recursive: true });
		await fill(part);
		await rename(part, target);
		return target;
	} finally {
		settled();
		clear();
	}
};
