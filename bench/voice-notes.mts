// Throughput of 40 concurrent voice notes with an API limit of 8: share of the API's rate, lost notes, 429 responses.
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';
import { ourNode } from '../test/support/workflow-builder.mts';
import type { LoggedCall } from './critical-path.mts';
import { apiKey, limited } from './settings.mts';
import type { BenchEnvironment } from './bench-environment.mts';
import { median } from './statistics.mts';
import { publishForFiles, saveAccess, transcribeByHand } from './workflows.mts';

export const noteCount = 40;
const rounds = 3;

export interface NotesResult {
	/** Contender and its settings. */
	name: string;
	/** Share of the rate the API itself allows. */
	share: number;
	lost: number;
	/** Responses with 429. */
	refused: number;
}

const limitPerSecond = (limited.maxConcurrent / limited.transcriptionMs) * 1000;

function judge(name: string, calls: readonly LoggedCall[]): NotesResult {
	const good = calls.filter(({ status }) => status === 200);
	const from = Math.min(...calls.map(({ receivedAtMs }) => receivedAtMs));
	const to = Math.max(...good.map(({ sentAtMs }) => sentAtMs.at(-1) ?? 0));
	const perSecond = good.length / ((to - from) / 1000);
	return {
		name,
		share: perSecond / limitPerSecond,
		lost: noteCount - good.length,
		refused: calls.filter(({ status }) => status === 429).length,
	};
}

export async function measureNotes(
	{ apis, n8n, folder }: BenchEnvironment,
	isQuick: boolean,
): Promise<NotesResult[]> {
	const notes = join(folder, 'notes');
	await mkdir(notes);
	for (let note = 1; note <= noteCount; note += 1)
		await copyFile(join(checkout, 'test/recordings/question.ogg'), join(notes, `note-${note}.ogg`));
	const access = await saveAccess(
		n8n,
		{ name: 'bench notes', url: apis.urls.limited ?? '' },
		apiKey,
	);
	const batches = (batchInterval: number) => ({
		batching: { batch: { batchSize: limited.maxConcurrent, batchInterval } },
	});
	const transcribe = (options: object) => ({
		...ourNode('voxtralTranscribe', access.name, { options }),
		onError: 'continueRegularOutput',
	});
	const byHand = (options: object) => ({
		...transcribeByHand(access, options),
		onError: 'continueRegularOutput',
	});
	const ways = {
		'Voxtral Transcribe, Items at Once 8': transcribe({ concurrency: limited.maxConcurrent }),
		'Voxtral Transcribe, untouched (4 at once)': transcribe({}),
		'Voxtral Transcribe, Items at Once 40': transcribe({ concurrency: noteCount }),
		'HTTP Request, batches of 8, default interval': byHand(batches(1000)),
		'HTTP Request, batches of 8 every 450 ms': byHand(batches(450)),
		'HTTP Request, untouched': byHand({}),
	};
	const wanted = Object.entries(ways).filter((_, index) => !isQuick || index % 3 === 0);
	const urls = new Map<string, string>();
	for (const [index, [name, node]] of wanted.entries())
		urls.set(name, await publishForFiles(n8n, `notes-${index}`, join(notes, '*.ogg'), node));
	const results: NotesResult[] = [];
	const [first, last] = isQuick ? [1, 1] : [0, rounds];
	for (let round = first; round <= last; round += 1) {
		for (const [name, url] of urls) {
			await apis.takeLog('limited');
			const response = await fetch(url, { method: 'POST' });
			if (!response.ok) throw new Error(`${name}: ${(await response.text()).slice(0, 300)}`);
			await response.arrayBuffer();
			const result = judge(name, await apis.takeLog('limited'));
			// The first round is a warm-up.
			if (round > 0) results.push(result);
		}
	}
	return [...urls.keys()].map((name) => inAll(results.filter((result) => result.name === name)));
}

/** Median of the rate, sum of the losses of all rounds. */
function inAll(results: readonly NotesResult[]): NotesResult {
	return {
		name: results[0]?.name ?? '',
		share: median(results.map(({ share }) => share)),
		lost: Math.max(...results.map(({ lost }) => lost)),
		refused: Math.max(...results.map(({ refused }) => refused)),
	};
}
