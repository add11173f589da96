// n8n's process: its environment, its start on loopback, its end with everything it started.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem } from './problem.mjs';
import { freePort } from './ports.mts';
import { serverEnvironment } from './n8n-environment.mts';

export interface ServerOptions {
	/** Folder with n8n's `node_modules`, as `fetchN8n` returns it. */
	n8n: string;
	/** n8n's user folder; `.n8n` is made inside it. */
	userFolder: string;
	/** First choice; the next free port is taken if somebody has it. */
	port?: number;
	environment?: Record<string, string>;
	/** Which of n8n's processes; `start` is the one with the editor, and the only one outside queue mode. */
	role?: Role;
	/** Tells processes that share a user folder apart: their logs lie in it under this name. */
	name?: string;
	/** A Node.js other than the running one. */
	node?: string;
}

export type Role = 'start' | 'worker' | 'webhook';

export interface Server {
	url: string;
	port: number;
	/** The leader of n8n's process group. */
	pid: number;
	logFile: string;
	/** Settles when n8n has ended, whoever ended it. */
	ended: Promise<void>;
	/** Ends n8n and all it started; returns when none of them is left. */
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

/** The port answers before migrations end and before the interface is mounted: both are waited for. */
const isUp = async (url: string, role: Role): Promise<boolean> =>
	(await answers(`${url}/healthz/readiness`, (reply) => reply.ok)) &&
	// Workers and webhook processors have no interface.
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
		// Nobody is left.
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
	// The last word, should this process end without having stopped n8n.
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
			// Its own group: Ctrl-C in the terminal reaches us alone, and the group can be ended as one.
			detached: process.platform !== 'win32',
			stdio: ['ignore', log, log, 'pipe'],
		},
	);
	closeSync(log);
	if (child.pid === undefined) throw new Problem('n8n could not be started.');
	// For whoever wants to see that nothing was left behind.
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

/** Starts n8n and returns when its interface answers. */
export const startServer = async (options: ServerOptions): Promise<Server> => {
	// Between looking for a free port and n8n taking it, somebody else may.
	for (let wanted = options.port ?? 5678, tries = 0; tries < 4; tries++, wanted += 10) {
		const server = await startOnce(options, wanted);
		if (server !== 'port taken') return server;
	}
	throw new Problem(
		'No free port was found for n8n: close other programs that listen near port 5678.',
	);
};
