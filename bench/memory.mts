// Memory growth of n8n while a huge recording is transcribed from its file storage. Linux only.
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contender } from './settings.mts';
import { wavHeader } from '../test/standin/speech-engine.mts';
import { type FlowNode, ourNode } from '../test/support/workflow-builder.mts';
import type { BenchEnvironment } from './bench-environment.mts';
import { apiKey } from './settings.mts';
import { publishForFiles, saveAccess, transcribeByHand } from './workflows.mts';

const mebibyte = 1024 ** 2;
const sampleEveryMs = 20;
/** Time for n8n to free memory. */
const settleMs = 3000;

const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

async function rssMebibytes(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Writes a WAV of silence as a sparse file. */
async function writeRecording(path: string, mebibytes: number): Promise<void> {
	await writeFile(path, wavHeader(mebibytes * mebibyte - 44));
	await truncate(path, mebibytes * mebibyte);
}

async function growth(pid: number, url: string): Promise<number> {
	const idle = await rssMebibytes(pid);
	let peak = idle;
	let isOver = false;
	const watching = (async () => {
		while (!isOver) {
			peak = Math.max(peak, await rssMebibytes(pid));
			await pause(sampleEveryMs);
		}
	})();
	const response = await fetch(url, { method: 'POST' });
	const said = await response.text();
	isOver = true;
	await watching;
	if (!response.ok || !said.includes('"text"')) throw new Error(`${url}: ${said.slice(0, 300)}`);
	return peak - idle;
}

export interface MemoryResult {
	mebibytes: number;
	/** MiB above the idle server; this package with one retry, the chain without. */
	three: number;
	chain: number;
	/** Upload attempts of this package's node. */
	attempts: number;
}

/** Measures this package first, since the memory of the chain is not freed at once. */
export async function measureMemory(
	{ apis, n8n, folder }: BenchEnvironment,
	mebibytes: number,
): Promise<MemoryResult> {
	const name = 'limited';
	const access = await saveAccess(
		n8n,
		{ name: 'bench memory', url: apis.urls[name] ?? '' },
		apiKey,
	);
	const huge = join(folder, 'huge.wav');
	await writeRecording(huge, mebibytes);
	const run = async (who: Contender, node: FlowNode): Promise<number> => {
		const url = await publishForFiles(n8n, `memory-${who}`, huge, node);
		await pause(settleMs);
		return await growth(n8n.pid, url);
	};
	await apis.takeLog(name);
	await apis.failNextUpload(name);
	const three = await run('three', ourNode('voxtralTranscribe', access.name));
	const attempts = (await apis.takeLog(name)).length;
	return { mebibytes, three, attempts, chain: await run('chain', transcribeByHand(access)) };
}
