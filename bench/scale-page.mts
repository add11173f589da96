// docs/scale.md, written from the figures in docs/scale.json.
import { readFile, writeFile } from 'node:fs/promises';
import type { Cost, Outcomes } from './scale-load.mts';

const figuresFile = new URL('../docs/scale.json', import.meta.url);
const pageFile = new URL('../docs/scale.md', import.meta.url);

interface Machine {
	date: string;
	cores: number;
	processor: string;
	n8n: string;
	concurrency: number;
	/** What the reader has to know of the day, given with the command. */
	circumstances?: string;
}

export interface Run extends Cost {
	workers: number;
	notes: number;
	atOnce: number;
	answered: number;
	seconds: number;
	p50Ms: number;
	p95Ms: number;
	databaseBytesPerNote: number;
}

interface Figures {
	throughput?: Machine & { runs: Run[] };
	crash?: Machine & Outcomes & { killedAfter: number; seconds: number };
}

const read = async (): Promise<Figures> =>
	JSON.parse(await readFile(figuresFile, 'utf8').catch(() => '{}')) as Figures;

export const keep = async (name: keyof Figures, figures: object): Promise<void> => {
	const all = { ...(await read()), [name]: figures };
	await writeFile(figuresFile, `${JSON.stringify(all, null, '\t')}\n`);
	await writePage();
};

const number = (value: number, digits = 0): string =>
	value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const perMinute = ({ notes, seconds }: Run): number => (notes / seconds) * 60;

const measured = ({ runs, ...machine }: Machine & { runs: Run[] }): string => `## Measured

${machine.date}, n8n ${machine.n8n}, ${machine.cores} cores (${machine.processor}) for everything together: n8n's main process, webhook processor and workers, PostgreSQL, Redis, the sender of the notes, and the stand-in that plays Mistral.
A note is a question of a few seconds through the sample [voice-webhook.json](../workflows/voice-webhook.json): transcribed, answered, spoken, sent back. Recordings lie in the database. Each worker takes ${machine.concurrency} notes at once, and as many are always on their way.
The stand-in takes the time of the stage "cloud" of our benchmark: 0.4 s for the transcript, 0.33 s to the first word and 93 tokens a second for the answer, 0.8 s to the first sound.${machine.circumstances ? ` ${machine.circumstances}` : ''}

${table(
	[
		'Workers',
		'Notes answered',
		'Notes a minute',
		'Half took less than',
		'95 of 100 took less than',
		'Processor time of the workers per note',
		'All of n8n per note',
		"A worker's memory, idle and at most",
		'Database per note',
	],
	runs.map((run) => [
		String(run.workers),
		`${run.answered} of ${run.notes}`,
		number(perMinute(run)),
		`${number(run.p50Ms / 1000, 1)} s`,
		`${number(run.p95Ms / 1000, 1)} s`,
		`${number((run.cpuSeconds.workers / run.notes) * 1000)} ms`,
		`${number(((run.cpuSeconds.workers + run.cpuSeconds.main + run.cpuSeconds.webhook) / run.notes) * 1000)} ms`,
		`${number(run.workerMib.idle)} and ${number(run.workerMib.peak)} MiB`,
		`${number(run.databaseBytesPerNote / 1024)} KiB`,
	]),
)}

More workers on the same ${machine.cores} cores stop helping where the cores are busy; on machines of their own each worker has its own cores. That was not measured: there was one machine.`;

const latencies = [2, 4, 8, 16];
const busyHourShare = 0.1;
const headroom = 0.7;

const computed = ({ runs, concurrency }: Machine & { runs: Run[] }): string => {
	const [single] = runs;
	if (!single) return '';
	const workerCpu = single.cpuSeconds.workers / single.notes;
	const { main, webhook, workers } = single.cpuSeconds;
	const n8nCpu = (main + webhook + workers) / single.notes;
	const memory = (single.workerMib.peak - single.workerMib.idle) / concurrency;
	const ofWorker = (latency: number, slots: number) =>
		Math.min((slots * 60) / latency, 60 / workerCpu);
	const needed = (perDay: number, latency: number) => {
		const inBusyHour = (perDay * busyHourShare) / 60;
		return Math.max(1, Math.ceil(inBusyHour / (ofWorker(latency, concurrency) * headroom)));
	};
	return `## Computed, not measured

From the run with one worker: a note costs a worker ${number(workerCpu * 1000)} ms of one core, and ${number(memory, 1)} MiB above its idle ${number(single.workerMib.idle)} MiB while it is on its way (the peak, shared among ${concurrency} notes).
So a worker with a core of its own answers, at the time Mistral takes for one whole turn:

${table(
	[
		'Time at Mistral per turn',
		`Notes a minute, ${concurrency} at once`,
		'Notes a minute, 30 at once',
		'Bound by',
	],
	latencies.map((latency) => [
		`${latency} s`,
		number(ofWorker(latency, concurrency)),
		number(ofWorker(latency, 30)),
		(concurrency * 60) / latency < 60 / workerCpu ? 'waiting for Mistral' : 'its core',
	]),
)}

The busiest hour is taken to bring a tenth of the day's notes, and a worker is planned at ${headroom * 100} % of the above:

${table(
	[
		'Notes a day',
		'Notes a minute in the busiest hour',
		...latencies.map((latency) => `Workers at ${latency} s`),
		'Cores for all of n8n in that hour',
		'Database a day, if nothing is deleted',
	],
	[1_000, 10_000, 100_000, 1_000_000].map((perDay) => [
		number(perDay),
		number((perDay * busyHourShare) / 60, perDay < 10_000 ? 1 : 0),
		...latencies.map((latency) => number(needed(perDay, latency))),
		number(((perDay * busyHourShare) / 3600) * n8nCpu, 1),
		`${number((perDay * single.databaseBytesPerNote) / 1e9, 1)} GB`,
	]),
)}

- A thousand notes a day need no queue mode: one n8n does it, and the second worker is there for the day one fails.
- A million notes a day are mostly a question of what is kept: set *Save successful executions* to *Do not save* in the workflow, or \`EXECUTIONS_DATA_MAX_AGE\`, and plan the rest of the database for its writes. PostgreSQL, Redis and the webhook processors were not taken to their limits here. Mistral's rate limits for your organisation come before all of this.
- Long recordings weigh more: in database mode a file is in memory as a whole wherever it is read, up to 512 MB. Add its size for each one that is on its way.`;
};

const survived = (crash: Machine & Outcomes & { killedAfter: number; seconds: number }): string => {
	const { notes, statuses, replies } = crash;
	const answered = replies['200'] ?? 0;
	const unrecorded = answered - (statuses.success ?? 0);
	const listed = (counts: Record<string, number>, words: (key: string, count: number) => string) =>
		Object.entries(counts)
			.map(([key, count]) => words(key, count))
			.join(', ');
	const times = (count: string) =>
		({ '0': 'never', '1': 'once', '2': 'twice' })[count] ?? `${count} times`;
	return `## A worker dies

${crash.date}: ${notes} notes at two workers, ${2 * crash.concurrency} on their way at any time; after ${crash.killedAfter} answers one worker was killed (SIGKILL) and another one started. All was over after ${number(crash.seconds)} s.

- Executions that n8n recorded: ${crash.executionsPerNote['1'] === notes ? 'exactly one for each note' : JSON.stringify(crash.executionsPerNote)}; ${listed(statuses, (status, count) => `${count} as "${status}"`)}.
- Sent to be transcribed: ${listed(crash.transcriptionsPerNote, (count, many) => `${many} notes ${times(count)}`)}. No note was worked on twice.
- Replies to the senders: ${listed(replies, (status, count) => `${count} with status ${status}`)}.${
		unrecorded > 0
			? ` Answered although their execution is recorded as failed: ${unrecorded}. Their worker died after it had answered and before it had said so.`
			: ''
	}
- The ${notes - answered} notes that the dead worker took with it are not lost: each is in the list of executions as failed, and its sender was told. n8n ${crash.n8n} does not run them again by itself: they have to be sent again.
- n8n notices a dead worker when its hold on a note runs out: after up to a minute and a half (\`QUEUE_WORKER_LOCK_DURATION\`, \`QUEUE_WORKER_STALLED_INTERVAL\`).`;
};

export const writePage = async (): Promise<void> => {
	const { throughput, crash } = await read();
	const page = `# Many voice notes: queue mode

When one n8n is not enough, it can run in [queue mode](https://docs.n8n.io/hosting/scaling/queue-mode/): one n8n with the editor, any number of workers, Redis between them, PostgreSQL below them. [docker-compose.queue.yml](../docker-compose.queue.yml) sets it up with these nodes in it.
The nodes keep nothing in a worker: any worker can take any turn of a conversation. \`npm test -- scale\` holds that on real servers: voice turns with recordings in the database and in shared files, answers streamed word by word out of a worker, a session that goes on on another worker, n8n's own PostgreSQL and Redis memories, and *Stop* in the editor reaching the worker.
This page is written by \`node bench/scale.mts throughput\` and \`node bench/scale.mts crash\` from [their figures](scale.json).

${throughput ? measured(throughput) : ''}

${throughput ? computed(throughput) : ''}

${crash ? survived(crash) : ''}

## What to know

- The package has to be in the main process, in every worker and in every webhook processor.
- Recordings: *database* is n8n's default in queue mode. *filesystem* works if all of them share the folder.
- Stop: an execution started in the editor, or by a webhook that the main process took, is stopped on its worker. One that a separate webhook processor took is marked as cancelled, and with n8n 2.41.1 its worker is not told: it works on to the end.
- An answer goes from the worker through Redis to the webhook: 64 MiB at most, unless \`N8N_WEBHOOK_RESPONSE_RELAY_OFFLOAD_ENABLED\` is set.
`;
	await writeFile(pageFile, page.replace(/\n{3,}/g, '\n\n'));
};
