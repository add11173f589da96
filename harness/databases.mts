// Starts the databases of n8n's queue mode: Redis and PostgreSQL on loopback, in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run } from './child-processes.mjs';
import { freePort } from './ports.mts';
import { Problem } from './problem.mjs';
import type { Programs } from './database-programs.mts';

export interface Store {
	port: number;
	stop: () => Promise<void>;
}

export interface Postgres extends Store {
	user: string;
	password: string;
	/** Runs SQL and returns the output of psql: one row a line, columns separated by `|`. */
	query: (sql: string, database?: string) => Promise<string>;
}

const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

/** PostgreSQL refuses to run as root; then it runs as the user postgres or nobody. */
const account = async (): Promise<{ uid: number; gid: number } | undefined> => {
	if (process.getuid?.() !== 0) return undefined;
	const accounts = await readFile('/etc/passwd', 'utf8');
	for (const name of ['postgres', 'nobody']) {
		const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(accounts) ?? [];
		if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Problem('PostgreSQL refuses to run as root, and there is no user "nobody" here.');
};

const start = async (
	name: string,
	folder: string,
	signal: 'SIGINT' | 'SIGTERM',
	[program, ...args]: readonly [string, ...string[]],
	isReady: () => Promise<boolean>,
	owner?: { uid: number; gid: number },
): Promise<() => Promise<void>> => {
	const logFile = join(folder, `${name}.log`);
	const log = await open(logFile, 'a');
	const child = spawn(
		process.execPath,
		[
			join(import.meta.dirname, 'run-with-parent.mjs'),
			signal,
			String(owner?.uid ?? '-'),
			String(owner?.gid ?? '-'),
			program,
			...args,
		],
		// A process group of its own: the terminal's Ctrl-C reaches only this process, and n8n ends before its databases.
		{ cwd: folder, stdio: ['pipe', log.fd, log.fd], detached: true },
	);
	await log.close();
	let over = false;
	const ended = new Promise<void>((resolve) => {
		child.on('exit', () => {
			over = true;
			resolve();
		});
	});
	const stop = async (): Promise<void> => {
		child.stdin?.end();
		await ended;
	};
	for (const endMs = Date.now() + 60_000; !(await isReady()); await pause(100)) {
		if (!over && Date.now() < endMs) continue;
		await stop();
		throw new Problem(`${name} did not start:\n${await readFile(logFile, 'utf8')}`);
	}
	return stop;
};

const answersPing = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
		const settle = (answer: boolean): void => {
			socket.destroy();
			resolve(answer);
		};
		socket.once('data', (data) => settle(data.toString().startsWith('+PONG')));
		socket.once('error', () => settle(false));
		socket.setTimeout(2000, () => settle(false));
	});

/** Starts a Redis without persistence. */
export const startRedis = async ({ redis }: Programs, folder: string): Promise<Store> => {
	const port = await freePort(6390);
	const settings = [
		'--port',
		String(port),
		'--bind',
		'127.0.0.1',
		'--save',
		'',
		'--appendonly',
		'no',
	];
	const stop = await start(
		'redis',
		folder,
		'SIGTERM',
		[redis, ...settings, '--dir', folder],
		async () => await answersPing(port),
	);
	return { port, stop };
};

/** @param lasting whether writes survive a power cut (fsync); false is faster */
export const startPostgres = async (
	{ postgres }: Programs,
	folder: string,
	{ lasting = false } = {},
): Promise<Postgres> => {
	const owner = await account();
	const home = join(folder, 'postgres');
	await mkdir(home);
	const password = randomBytes(12).toString('hex');
	const passwordFile = join(home, 'password');
	await writeFile(passwordFile, password);
	if (owner) {
		await chmod(folder, 0o755);
		for (const path of [home, passwordFile]) await chown(path, owner.uid, owner.gid);
	}
	const user = 'n8n';
	const data = join(home, 'data');
	await promisify(execFile)(
		join(postgres, 'initdb'),
		[
			`--pgdata=${data}`,
			`--username=${user}`,
			`--pwfile=${passwordFile}`,
			'--auth=scram-sha-256',
			'--encoding=UTF8',
			'--locale=C.UTF-8',
			'--no-sync',
		],
		{ cwd: home, ...owner },
	);
	const port = await freePort(5490);
	const settings = [
		`port=${port}`,
		'listen_addresses=127.0.0.1',
		'unix_socket_directories=',
		'max_connections=200',
		...(lasting ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
	];
	const psql = async (sql: string, database: string) =>
		await run(
			join(postgres, 'psql'),
			['-h', '127.0.0.1', '-p', String(port), '-U', user, '-d', database, '-XAtqc', sql],
			{ env: { PATH: process.env.PATH, PGPASSWORD: password, PGCONNECT_TIMEOUT: '5' } },
		);
	const stop = await start(
		'postgres',
		folder,
		'SIGINT',
		[join(postgres, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])],
		async () => (await psql('select 1', 'postgres')).code === 0,
		owner,
	);
	const query = async (sql: string, database = 'postgres'): Promise<string> => {
		const { code, output } = await psql(sql, database);
		if (code !== 0) throw new Error(`${sql}: ${output}`);
		return output.trim();
	};
	return { port, user, password, stop, query };
};
