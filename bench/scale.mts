// Queue mode under load. Two measurements, stored in docs/scale.json, from which docs/scale.md is generated:
// node bench/scale.mts crash|throughput|page [notes] [what the reader has to know of the day]
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from '../harness/bootstrap.mjs';
import { build } from '../harness/build.mjs';
import { pinnedVersion } from '../harness/fetch-n8n.mts';
import { pack } from '../harness/pack.mjs';
import {
	startCluster,
	startStores,
	type Cluster,
	type QueueOptions,
	type Stores,
} from '../harness/queue-mode.mts';
import { findPrograms } from '../harness/database-programs.mts';
import { latencyProfiles, startStandIn, type StandIn } from '../test/standin/index.mts';
import { publishSample } from '../test/support/sample-workflows.mts';
import {
	costOf,
	type Names,
	readNames,
	readOutcomes,
	sendNotes,
	type Reply,
} from './scale-load.mts';
import { keep, type Run, writePage } from './scale-page.mts';

const [task = 'page', given, circumstances] = process.argv.slice(2);
const concurrency = 10;
const profile = latencyProfiles.cloud;

interface Ground {
	stores: Stores;
	standIn: StandIn;
	options: QueueOptions;
}

const say = (text: string): void => console.log(`  ${text}`);

const onGround = async (work: (ground: Ground) => Promise<void>): Promise<void> => {
	const programs = await findPrograms();
	if (typeof programs === 'string') throw new Error(programs);
	await build(await prepare());
	const { path: tarball } = await pack();
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-scale-bench-'));
	const stores = await startStores({ programs, folder, lasting: true });
	const standIn = await startStandIn({ profile });
	const owner = { email: 'scale@example.com', password: 'Voice-scale-42' };
	const shared = { programs, folder, tarball, owner, concurrency, lasting: true };
	try {
		await work({ stores, standIn, options: { ...shared, workers: 2, binaryMode: 'database' } });
	} finally {
		await standIn.close();
		await stores.stop();
		await rm(folder, { recursive: true, force: true });
	}
};

/** One answer for all notes, since synthesis would cost more than everything measured here. */
const answer = 'The library opens at nine and closes at six. On Saturdays it closes at one.';

const publish = async ({ standIn }: Ground, cluster: Cluster, name: string) => {
	standIn.reset();
	standIn.answerWith(() => answer);
	const place = { url: cluster.webhook.url, api: cluster.api };
	const sample = await publishSample(place, 'voice-webhook', name, standIn);
	// The first note is a warm-up: each process loads the nodes, and the stand-in synthesizes the speech.
	await sendNotes(sample.url, { from: 90_000, count: 20, atOnce: 20 });
	standIn.requests.length = 0;
	return sample;
};

const machine = async () => ({
	date: new Date().toISOString().slice(0, 10),
	cores: cpus().length,
	processor: cpus()[0]?.model ?? 'unknown',
	n8n: await pinnedVersion(),
	profile,
	concurrency,
	...(circumstances !== undefined && { circumstances }),
});

const quantile = (replies: readonly Reply[], share: number): number =>
	replies.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor((replies.length - 1) * share)] ?? 0;

const measure = async (
	{ stores }: Ground,
	cluster: Cluster,
	webhook: string,
	notes: number,
): Promise<Run> => {
	const workers = cluster.workers.length;
	const bytes = async () =>
		Number(await stores.postgres.query("select pg_database_size('postgres')"));
	const bytesBefore = await bytes();
	const atOnce = workers * concurrency;
	let replies: Reply[] = [];
	const startedMs = performance.now();
	const cost = await costOf(cluster, async () => {
		replies = await sendNotes(webhook, { from: 0, count: notes, atOnce });
	});
	const seconds = (performance.now() - startedMs) / 1000;
	return {
		workers,
		notes,
		atOnce,
		answered: replies.filter(({ status }) => status === 200).length,
		seconds,
		p50Ms: quantile(replies, 0.5),
		p95Ms: quantile(replies, 0.95),
		databaseBytesPerNote: ((await bytes()) - bytesBefore) / notes,
		...cost,
	};
};

const throughput = async (ground: Ground, notes: number): Promise<void> => {
	const runs: Run[] = [];
	const cluster = await startCluster(ground.stores, { ...ground.options, workers: 1 });
	try {
		const { url: webhook } = await publish(ground, cluster, 'scale-throughput');
		for (const workers of [1, 2, 4]) {
			const missing = workers - cluster.workers.length;
			await Promise.all(Array.from({ length: missing }, async () => await cluster.addWorker()));
			await sendNotes(webhook, { from: 91_000, count: 10 * workers, atOnce: 10 * workers });
			const run = await measure(ground, cluster, webhook, notes);
			say(`${workers} workers: ${((notes / run.seconds) * 60).toFixed(0)} notes a minute`);
			runs.push(run);
			await keep('throughput', { ...(await machine()), runs });
		}
	} finally {
		await cluster.stop();
	}
};

const crash = async (ground: Ground, notes: number): Promise<void> => {
	const cluster = await startCluster(ground.stores, ground.options);
	try {
		const sample = await publish(ground, cluster, 'scale-crash');
		// Warm-up notes have other numbers and are not counted.
		const warmed = await ground.stores.postgres.query(
			`delete from execution_entity where "workflowId" = '${sample.workflow.id}' returning 1`,
		);
		say(`${warmed.split('\n').length} notes to warm up`);
		let added: Promise<unknown> = Promise.resolve();
		let names: Promise<Names> = Promise.resolve(new Map());
		let killedAfter = 0;
		const startedMs = performance.now();
		const replies = await sendNotes(
			sample.url,
			{ from: 0, count: notes, atOnce: 2 * concurrency },
			(done) => {
				if (killedAfter > 0 || done < notes / 3) return;
				killedAfter = done;
				const [victim] = cluster.workers;
				if (victim) process.kill(-victim.pid, 'SIGKILL');
				added = cluster.addWorker();
				names = readNames(ground.stores, sample.workflow.id);
				say(`killed a worker after ${done} notes, starting another`);
			},
		);
		await added;
		const seconds = (performance.now() - startedMs) / 1000;
		const outcomes = await readOutcomes(
			ground.stores,
			sample.workflow.id,
			replies,
			ground.standIn,
			await names,
		);
		const finals = ['success', 'error', 'crashed', 'canceled'];
		const rightly =
			outcomes.executionsPerNote['1'] === notes &&
			Object.keys(outcomes.statuses).every((status) => finals.includes(status)) &&
			Object.keys(outcomes.transcriptionsPerNote).every((times) => Number(times) <= 1) &&
			(outcomes.statuses.success ?? 0) <= (outcomes.replies['200'] ?? 0);
		console.log(JSON.stringify(outcomes, null, 2));
		await keep('crash', {
			...(await machine()),
			killedAfter,
			seconds,
			rightly,
			...outcomes,
		});
		if (!rightly) throw new Error('A note was lost, or answered twice.');
		say('every note has exactly one recorded outcome');
	} finally {
		await cluster.stop();
	}
};

if (task === 'crash') await onGround(async (ground) => await crash(ground, Number(given ?? 300)));
else if (task === 'throughput')
	await onGround(async (ground) => await throughput(ground, Number(given ?? 200)));
else await writePage();
