// Starts a real n8n with this package: fetch n8n, install the package, start, sign in.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Execution, Owner, StoredWorkflow } from './n8n-api-types.mts';
import { N8nApi } from './n8n-api.mts';
import { fetchN8n, nodeOf, type Pin } from './fetch-n8n.mts';
import { runNpm } from './npm.mjs';
import { Problem } from './problem.mjs';
import { startServer, type Server } from './n8n-process.mts';

export interface N8n extends Server {
	api: N8nApi;
}

export interface N8nOptions {
	userFolder: string;
	/** The packed package; installed unless it is the installed one. */
	tarball: string;
	owner: Owner;
	port?: number;
	environment?: Record<string, string>;
	/** The release of n8n. */
	pin?: Pin;
}

const packageName = 'n8n-nodes-voxtral';

/**
 * Puts the tarball where n8n keeps community packages, the way n8n does it: by npm, without scripts and
 * without the peers that n8n itself provides. Its node types then carry the package's name as prefix.
 */
export const installPackage = async (tarball: string, userFolder: string): Promise<void> => {
	const folder = join(userFolder, '.n8n', 'nodes');
	const stamp = join(folder, 'installed.sha256');
	const hash = createHash('sha256')
		.update(await readFile(tarball))
		.digest('hex');
	const present = existsSync(join(folder, 'node_modules', packageName)) && existsSync(stamp);
	if (present && (await readFile(stamp, 'utf8')) === hash) return;
	await mkdir(folder, { recursive: true });
	if (!existsSync(join(folder, 'package.json')))
		await writeFile(
			join(folder, 'package.json'),
			`${JSON.stringify({ name: 'installed-nodes', private: true })}\n`,
		);
	await runNpm(
		'Installing the package into n8n',
		[
			'install',
			tarball,
			'--prefix',
			folder,
			'--ignore-scripts',
			'--legacy-peer-deps',
			'--no-package-lock',
			'--install-strategy=shallow',
			'--bin-links=false',
		],
		folder,
	);
	await writeFile(stamp, hash);
};

/** Fetches n8n if necessary, installs the package, starts n8n and signs in. */
export const startN8n = async (options: N8nOptions): Promise<N8n> => {
	const n8n = await fetchN8n(options.pin);
	await installPackage(options.tarball, options.userFolder);
	const server = await startServer({ n8n, node: await nodeOf(options.pin), ...options });
	try {
		const api = new N8nApi(server.url);
		await api.signIn(options.owner);
		return { ...server, api };
	} catch (error) {
		await server.stop();
		throw error;
	}
};

const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until n8n serves the published webhook `path` (by its response to a GET on a POST webhook). */
export const webhookReady = async (
	n8n: Pick<Server, 'url'>,
	path: string,
	limitMs = 30_000,
): Promise<void> => {
	for (const endMs = Date.now() + limitMs; Date.now() < endMs; await pause(200)) {
		const reply = await fetch(`${n8n.url}/webhook/${path}`);
		// n8n names the allowed methods of a known path, and none for an unknown path.
		if (/did you mean|POST request/i.test(await reply.text())) return;
	}
	throw new Problem(
		`n8n published the workflow but its webhook "${path}" did not appear within ${limitMs / 1000} s.`,
	);
};

/** The next execution after `before` (ids of the earlier ones), once it has ended and is stored. */
export const nextExecution = async (
	api: N8nApi,
	workflow: Pick<StoredWorkflow, 'id'>,
	before: readonly string[],
	limitMs = 30_000,
): Promise<Execution> => {
	for (const endMs = Date.now() + limitMs; Date.now() < endMs; await pause(100)) {
		const id = (await api.executionIds(workflow.id)).find((found) => !before.includes(found));
		if (id === undefined) continue;
		const execution = await api.execution(id);
		if (!['new', 'running', 'waiting'].includes(execution.status)) return execution;
	}
	throw new Problem('n8n did not store what it did for the voice note.');
};
