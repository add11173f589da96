// Fixture of the scale tier: a queue mode cluster, and which of its workers ran an execution.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	startCluster,
	startStores,
	type Cluster,
	type QueueOptions,
	type Stores,
} from '../../harness/queue-mode.mts';
import { findPrograms } from '../../harness/database-programs.mts';
import { owner, tarball } from '../support/n8n-setup.mts';

/** Redis and PostgreSQL programs, or why they are not available. */
export const programs = await findPrograms();

export interface Ground {
	stores: Stores;
	start: (binaryMode: QueueOptions['binaryMode']) => Promise<Cluster>;
	leave: () => Promise<void>;
}

/** Redis and PostgreSQL for several clusters in succession. */
export const layGround = async (): Promise<Ground> => {
	if (typeof programs === 'string') throw new Error(programs);
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-scale-'));
	const stores = await startStores({ programs, folder });
	const options = {
		programs,
		folder,
		tarball: await tarball(),
		owner,
		workers: 2,
		// Each worker runs one execution at a time, so a test can keep one busy and choose the other.
		concurrency: 1,
	};
	return {
		stores,
		start: async (binaryMode) => await startCluster(stores, { ...options, binaryMode }),
		leave: async () => {
			await stores.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
};

/** Names of the workers that started this execution, from their logs. */
export const workersOf = async ({ workers }: Cluster, executionId: string): Promise<string[]> => {
	const began = await Promise.all(
		workers.map(async ({ name, logFile }) =>
			(await readFile(logFile, 'utf8')).includes(`Worker started execution ${executionId} `)
				? [name]
				: [],
		),
	);
	return began.flat();
};
