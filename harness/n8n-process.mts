// Starts an n8n process on loopback and ends it with all its child processes.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from './problem.mjs';
import { freePort } from './ports.mts';
import { serverEnvironment } from './n8n-environment.mts';

export interface ServerOptions {
	/** Folder with n8n's `node_modules`, from `fetchN8n`. */
	n8n: string;
	/** n8n's user folder, in which `.n8n` is created. */
	userFolder: string;
	/** Preferred port; the next free one is used if it is taken. */
	port?: number;
	environment?: Record<string, string>;
	/** Process type; `start` has the editor and is the only one outside queue mode. */
	role?: Role;
	/** Log file name, for processes that share a user folder. */
	name?: string;
	/** Path of a Node.js other than the running one. */
	node?: string;
}

export type Role = 'start' | 'worker' | 'webhook';

export interface Server {
	url: string;
	port: number;
	/** Process id, the leader of n8n's process group. */
	pid: number;
	logFile: string;
	/** Resolves when n8n has ended for any reason. */
	ended: Promise<void>;
	/** Ends n8n and its child processes; resolves when all are gone. */
	stop: () => Promise<void>;
}

const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

const answers = async (url: string, isReady: (reply: Response) => boolean): Promise<boolean> => {
	try {
		const reply = await fetch(url, { signal: AbortSignal.timeout(3000) });
		await reply.arrayBuffer();
		return isReady(reply);
	} catch {
		return false;
	}
};

/** The port responds before migrations are done and before the REST API is mounted, so both are awaited. */
const isUp = async (url: string, role: Role): Promise<boolean> =>
	(await answers(`${url}/healthz/readiness`, (reply) => reply.ok)) &&
	// Workers and webhook processors have no REST API.
	(role !== 'start' ||
		(await answers(
			`${url}/rest/settings`,
			(reply) => reply.ok && (reply.headers.get('content-type') ?? '').includes('json'),
		)));

const lastLines = (logFile: string): string =>
	readFileSync(logFile, 'utf8').trim().split('\n').slice(-6).join('\n  ');

const groupLives = (pid: number): boolean => {
	try {
		process.kill(-pid, 0);
		return true;
	} catch {
		return false;
	}
};

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch {
		// No process is left.
	}
};

const waitUntil = async (isDone: () => boolean, limitMs: number): Promise<boolean> => {
	for (const endMs = Date.now() + limitMs; Date.now() < endMs; await pause(50))
		if (isDone()) return true;
	return isDone();
};

const supervise = (
	child: ChildProcess,
	pid: number,
): Pick<Server, 'ended' | 'stop'> & { hasEnded: () => boolean } => {
	let over = false;
	const killNow = (): void => killGroup(pid, 'SIGKILL');
	// Kills n8n if this process exits without having stopped it.
	process.on('exit', killNow);
	const ended = new Promise<void>((resolve) => {
		child.on('exit', () => {
			over = true;
			process.off('exit', killNow);
			killNow();
			resolve();
		});
	});
	const stop = async (): Promise<void> => {
		if (!over) child.kill('SIGTERM');
		await waitUntil(() => over, 15_000);
		killNow();
		await ended;
		await waitUntil(() => process.platform === 'win32' || !groupLives(pid), 5000);
	};
	return { ended, stop, hasEnded: () => over };
};

const startOnce = async (
	options: ServerOptions,
	wantedPort: number,
): Promise<Server | 'port taken'> => {
	const port = await freePort(wantedPort);
	const brokerPort = await freePort(port + 1, [port]);
	mkdirSync(options.userFolder, { recursive: true });
	const { role = 'start', name = 'n8n', node = process.execPath } = options;
	const logFile = join(options.userFolder, `${name}.log`);
	const log = openSync(logFile, 'w');
	const child = spawn(
		node,
		[
			'--require',
			join(import.meta.dirname, 'exit-with-parent.cjs'),
			join(options.n8n, 'node_modules', 'n8n', 'bin', 'n8n'),
			role,
		],
		{
			cwd: options.userFolder,
			env: {
				...serverEnvironment(options.userFolder, port, brokerPort),
				...(role === 'worker' && {
					QUEUE_HEALTH_CHECK_ACTIVE: 'true',
					QUEUE_HEALTH_CHECK_PORT: String(port),
				}),
				...options.environment,
				PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`,
				VOXTRAL_PARENT_PIPE_FD: '3',
			},
			// A process group of its own: the terminal's Ctrl-C reaches only this process, and the group can be killed as one.
			detached: process.platform !== 'win32',
			stdio: ['ignore', log, log, 'pipe'],
		},
	);
	closeSync(log);
	if (child.pid === undefined) throw new Problem('n8n could not be started.');
	// Read by tests that check that no process is left behind.
	writeFileSync(join(options.userFolder, `${name}.pid`), String(child.pid));
	const { ended, stop, hasEnded } = supervise(child, child.pid);
	const url = `http://127.0.0.1:${port}`;
	const endMs = Date.now() + 240_000;
	while (!(await isUp(url, role))) {
		if (hasEnded()) {
			const said = lastLines(logFile);
			if (/EADDRINUSE|already in use/i.test(said)) return 'port taken';
			throw new Problem(`n8n ended while starting. It said:\n  ${said}\nIts whole log: ${logFile}`);
		}
		if (Date.now() > endMs) {
			await stop();
			throw new Problem(`n8n did not become ready within 4 minutes. Its log: ${logFile}`);
		}
		await pause(250);
	}
	return { url, port, pid: child.pid, logFile, ended, stop };
};

/** Starts n8n and resolves when its REST API responds. */
export const startServer = async (options: ServerOptions): Promise<Server> => {
	// Another process may take the port between the check and the start of n8n.
	for (let wanted = options.port ?? 5678, tries = 0; tries < 4; tries++, wanted += 10) {
		const server = await startOnce(options, wanted);
		if (server !== 'port taken') return server;
	}
	throw new Problem(
		'No free port was found for n8n: close other programs that listen near port 5678.',
	);
};
