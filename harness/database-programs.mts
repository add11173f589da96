// Finds the programs of Redis and PostgreSQL, or installs them from Debian's packages where that is possible.
import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './child-processes.mjs';

export interface Programs {
	redis: string;
	/** Folder with initdb, postgres and psql. */
	postgres: string;
}

const folders = (): string[] => [
	...(process.env.PATH ?? '').split(delimiter),
	// Debian installs the PostgreSQL server programs outside PATH.
	...globSync('/usr/lib/postgresql/*/bin').sort().reverse(),
];

const folderWith = (...programs: string[]): string | undefined =>
	folders().find((folder) => programs.every((program) => existsSync(join(folder, program))));

const find = (): Programs | undefined => {
	const redis = folderWith('redis-server');
	const postgres = folderWith('initdb', 'postgres', 'psql');
	return redis && postgres ? { redis: join(redis, 'redis-server'), postgres } : undefined;
};

const mayInstall = (): boolean => process.getuid?.() === 0 && folderWith('apt-get') !== undefined;

/**
 * Finds the programs, and installs missing ones with Debian's package manager if possible.
 *
 * @returns the programs, or why they are not available
 */
export const findPrograms = async (): Promise<Programs | string> => {
	const found = find();
	if (found) return found;
	const advice =
		'install redis-server and PostgreSQL (Debian and Ubuntu: "apt-get install redis-server postgresql")';
	if (!mayInstall()) return `there is no Redis or no PostgreSQL here: ${advice}`;
	const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const patience = ['-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::Retries=1'];
	await run('apt-get', [...patience, 'update', '-q'], { env: environment });
	const { output } = await run(
		'apt-get',
		[...patience, 'install', '-y', '-q', '--no-install-recommends', 'redis-server', 'postgresql'],
		{ env: environment },
	);
	const last = output.trim().split('\n').at(-1) ?? '';
	return find() ?? `Redis and PostgreSQL could not be installed (${last}): ${advice}`;
};
