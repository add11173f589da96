// Load generator for queue mode: sends voice notes, checks the outcome of each, measures CPU and memory.
import { readFile } from 'node:fs/promises';
import type { Cluster, Stores } from '../harness/queue-mode.mts';
import type { StandIn } from '../test/standin/index.mts';

export interface Reply {
	note: string;
	status: number;
	ms: number;
}

const question = await readFile(new URL('../test/recordings/question.ogg', import.meta.url));

/** Unique file name of a note, by which it is found at the stand-in and in n8n's database. */
const nameOf = (index: number): string => `note-${String(index).padStart(5, '0')}.ogg`;

const send = async (webhook: string, note: string): Promise<Reply> => {
	const body = new FormData();
	body.append('data', new File([new Uint8Array(question)], note, { type: 'audio/ogg' }));
	const startedMs = performance.now();
	try {
		const response = await fetch(webhook, {
			method: 'POST',
			body,
			signal: AbortSignal.timeout(300_000),
		});
		await response.arrayBuffer();
		return { note, status: response.status, ms: performance.now() - startedMs };
	} catch {
		return { note, status: 0, ms: performance.now() - startedMs };
	}
};

/** Sends notes `from` up to `from + count`, `atOnce` at a time. */
export const sendNotes = async (
	webhook: string,
	{ from, count, atOnce }: { from: number; count: number; atOnce: number },
	onReply: (done: number) => void = () => undefined,
): Promise<Reply[]> => {
	const replies: Reply[] = [];
	let next = from;
	await Promise.all(
		Array.from({ length: atOnce }, async () => {
			while (next < from + count) {
				const note = nameOf(next++);
				replies.push(await send(webhook, note));
				onReply(replies.length);
			}
		}),
	);
	return replies;
};

export interface Outcomes {
	notes: number;
	/** Executions per note: number of executions -> number of notes. */
	executionsPerNote: Record<string, number>;
	statuses: Record<string, number>;
	/** Transcription requests per note: number of requests -> number of notes. */
	transcriptionsPerNote: Record<string, number>;
	/** Requests at the stand-in by path. */
	requests: Record<string, number>;
	replies: Record<string, number>;
}

const tally = (values: Iterable<string | number>): Record<string, number> => {
	const counts: Record<string, number> = {};
	for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
	return counts;
};

/** The note of an execution, if its data has it: that of a failed execution may not. */
export type Names = ReadonlyMap<string, string>;

export const readNames = async ({ postgres }: Stores, workflowId: string): Promise<Names> => {
	const rows = await postgres.query(
		`select e.id, substring(d.data from 'note-[0-9]{5}') from execution_entity e join execution_data d on d."executionId" = e.id where e."workflowId" = '${workflowId}'`,
	);
	const named = rows.split('\n').map((row) => row.split('|') as [id: string, note: string]);
	return new Map(named.filter(([, note]) => note));
};

/**
 * Executions and transcription requests of each note.
 *
 * @param earlier names read while the notes were on their way
 */
export const readOutcomes = async (
	stores: Stores,
	workflowId: string,
	replies: readonly Reply[],
	standIn: StandIn,
	earlier: Names,
): Promise<Outcomes> => {
	const names = new Map([...earlier, ...(await readNames(stores, workflowId))]);
	const rows = await stores.postgres.query(
		`select id, status from execution_entity where "workflowId" = '${workflowId}'`,
	);
	const recorded = rows.split('\n').map((row) => row.split('|') as [id: string, status: string]);
	const transcribed = standIn.requests
		.flatMap(({ form }) => form?.files ?? [])
		.map(({ fileName }) => fileName.replace(/\.\w+$/, ''));
	const perNote = (found: readonly string[]) => {
		const counts = tally(found);
		return tally(replies.map(({ note }) => counts[note.replace('.ogg', '')] ?? 0));
	};
	return {
		notes: replies.length,
		executionsPerNote: perNote(recorded.map(([id]) => names.get(id) ?? '')),
		statuses: tally(recorded.map(([, status]) => status)),
		transcriptionsPerNote: perNote(transcribed),
		requests: tally(standIn.requests.map(({ path }) => path)),
		replies: tally(replies.map(({ status }) => status || 'none')),
	};
};

const ticksPerSecond = 100;

const cpuSeconds = async (pid: number): Promise<number> => {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

const rssMib = async (pid: number): Promise<number> =>
	Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

export interface Cost {
	/** CPU seconds, summed over all processes of that type. */
	cpuSeconds: { main: number; webhook: number; workers: number };
	/** Memory of a worker before the notes, and its peak during them. */
	workerMib: { idle: number; peak: number };
}

/** Measures n8n's processes during `work`. */
export const costOf = async (
	{ main, webhook, workers }: Cluster,
	work: () => Promise<void>,
): Promise<Cost> => {
	const pids = workers.map(({ pid }) => pid);
	const cpu = async () => ({
		main: await cpuSeconds(main.pid),
		webhook: await cpuSeconds(webhook.pid),
		workers: (await Promise.all(pids.map(cpuSeconds))).reduce((sum, each) => sum + each, 0),
	});
	const memory = async () => Math.max(...(await Promise.all(pids.map(rssMib))));
	const before = await cpu();
	const idle = await memory();
	let peak = idle;
	const watch = setInterval(() => {
		void memory().then((now) => (peak = Math.max(peak, now)));
	}, 500);
	try {
		await work();
	} finally {
		clearInterval(watch);
	}
	const after = await cpu();
	return {
		cpuSeconds: {
			main: after.main - before.main,
			webhook: after.webhook - before.webhook,
			workers: after.workers - before.workers,
		},
		workerMib: { idle, peak },
	};
};
