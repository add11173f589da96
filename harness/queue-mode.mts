// Starts n8n in queue mode: main, workers and a webhook processor, with Redis and PostgreSQL.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Owner } from './n8n-api-types.mts';
import { N8nApi } from './n8n-api.mts';
import { fetchN8n } from './fetch-n8n.mts';
import { installPackage } from './n8n.mts';
import { startServer, type Server, type ServerOptions } from './n8n-process.mts';
import type { Programs } from './database-programs.mts';
import { startPostgres, startRedis, type Postgres, type Store } from './databases.mts';

export interface QueueOptions {
	programs: Programs;
	/** Holds all data: databases, logs, n8n's user folder. */
	folder: string;
	tarball: string;
	owner: Owner;
	workers: number;
	/** Concurrent executions of a worker. */
	concurrency: number;
	binaryMode: 'database' | 'filesystem';
	/** PostgreSQL with fsync, as in production. */
	lasting?: boolean;
	environment?: Record<string, string>;
}

export interface Worker extends Server {
	name: string;
}

/** The processes of n8n; the databases keep running when they stop. */
export interface Cluster {
	main: Server;
	/** The webhook processor, which serves production webhooks instead of main. */
	webhook: Server;
	workers: Worker[];
	api: N8nApi;
	addWorker: () => Promise<Worker>;
	stop: () => Promise<void>;
}

export interface Stores {
	redis: Store;
	postgres: Postgres;
	stop: () => Promise<void>;
}

export const startStores = async ({
	programs,
	folder,
	lasting = false,
}: Pick<QueueOptions, 'programs' | 'folder' | 'lasting'>): Promise<Stores> => {
	await mkdir(folder, { recursive: true });
	const redis = await startRedis(programs, folder);
	try {
		const postgres = await startPostgres(programs, folder, { lasting });
		const stop = async (): Promise<void> => {
			await Promise.all([postgres.stop(), redis.stop()]);
		};
		return { redis, postgres, stop };
	} catch (error) {
		await redis.stop();
		throw error;
	}
};

const environmentOf = (
	{ redis, postgres }: Stores,
	{ binaryMode, environment }: QueueOptions,
	encryptionKey: string,
): Record<string, string> => ({
	EXECUTIONS_MODE: 'queue',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redis.port),
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: String(postgres.port),
	DB_POSTGRESDB_DATABASE: 'postgres',
	DB_POSTGRESDB_USER: postgres.user,
	DB_POSTGRESDB_PASSWORD: postgres.password,
	N8N_ENCRYPTION_KEY: encryptionKey,
	N8N_DEFAULT_BINARY_DATA_MODE: binaryMode,
	N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	...environment,
});

/** n8n's encryption key for credentials belongs to the database, not to one start of n8n. */
const encryptionKeys = new WeakMap<Stores, string>();
const encryptionKeyOf = (stores: Stores): string => {
	const key = encryptionKeys.get(stores) ?? randomBytes(16).toString('hex');
	encryptionKeys.set(stores, key);
	return key;
};

export const startCluster = async (stores: Stores, options: QueueOptions): Promise<Cluster> => {
	const n8n = await fetchN8n();
	const userFolder = join(options.folder, 'n8n');
	await installPackage(options.tarball, userFolder);
	const hasTables = encryptionKeys.has(stores);
	const environment = environmentOf(stores, options, encryptionKeyOf(stores));
	const shared = { n8n, userFolder, environment };
	const started: Server[] = [];
	const start = async (given: Pick<ServerOptions, 'role' | 'name' | 'port' | 'environment'>) => {
		const server = await startServer({ ...shared, ...given });
		started.push(server);
		return server;
	};
	const startMain = async () => await start({ name: 'main', port: 5850 });
	let count = 0;
	const startWorker = async (): Promise<Worker> => {
		const name = `worker-${++count}`;
		const limit = { N8N_CONCURRENCY_PRODUCTION_LIMIT: String(options.concurrency) };
		// Far apart, so that the processes can look for free ports at the same time.
		const port = 5860 + 20 * count;
		const server = await start({
			role: 'worker',
			name,
			port,
			environment: { ...environment, ...limit },
		});
		return { ...server, name };
	};
	const stop = async (): Promise<void> => {
		await Promise.all(started.map(async (server) => await server.stop()));
	};
	const starting: Promise<unknown>[] = [];
	const together = <T,>(work: Promise<T>): Promise<T> => {
		starting.push(work);
		return work;
	};
	try {
		// On a new database the first process runs the migrations, which the others need.
		const early = hasTables ? undefined : await startMain();
		const [main, webhook, ...workers] = await Promise.all([
			early ?? together(startMain()),
			together(start({ role: 'webhook', name: 'webhook', port: 5830 })),
			...Array.from({ length: options.workers }, async () => await together(startWorker())),
		]);
		const api = new N8nApi(main.url);
		await api.signIn(options.owner);
		const addWorker = async (): Promise<Worker> => {
			const worker = await startWorker();
			workers.push(worker);
			return worker;
		};
		return { main, webhook, workers, api, addWorker, stop };
	} catch (error) {
		await Promise.allSettled(starting);
		await stop();
		throw error;
	}
};
