// Micro benchmarks in child processes: reading a stream, loading the package, event loop blocking by audio joins.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';
import type { Package } from '../harness/pack.mjs';
import { measured } from './child-process.mts';
import { median } from './statistics.mts';

const script = (name: string): string => join(import.meta.dirname, `${name}-process.mts`);

export interface SseResult {
	/** Milliseconds for an event of 4 MiB and of 8 MiB. */
	ours4: number;
	ours8: number;
	sdk4: number;
	sdk8: number;
}

export const measureSse = async (repeats: number): Promise<SseResult> =>
	await measured<SseResult>(['--expose-gc', script('sse'), String(repeats)]);

export interface PauseResult {
	work: string;
	p50: number;
	worst: number;
	wholeMs: number;
}

const pauseTasks = {
	wav: 'Joining 10 MiB of wav',
	mp3: 'Joining 10 MiB of mp3',
	opus: 'Joining 10 MiB of opus',
	phone: 'Phone Line, 5 minutes',
};

export async function measurePauses(): Promise<PauseResult[]> {
	const results: PauseResult[] = [];
	for (const [task, work] of Object.entries(pauseTasks)) {
		const result = await measured<Omit<PauseResult, 'work'>>([
			'--expose-gc',
			script('event-loop'),
			task,
		]);
		results.push({ work, ...result });
	}
	return results;
}

export interface Load {
	ms: number;
	mebibytes: number;
}

export interface PackageResult {
	/** Loading when n8n starts. */
	start: Load;
	/** Loading when a workflow first uses one of the nodes. */
	code: Load;
	sdk: Load;
	tarballBytes: number;
	files: number;
	unpackedBytes: number;
	sdkBytes: number;
	sdkFiles: number;
}

async function load(what: 'start' | 'code' | 'sdk', repeats: number): Promise<Load> {
	const loads: Load[] = [];
	for (let repeat = 0; repeat < repeats; repeat += 1)
		loads.push(await measured<Load>(['--expose-gc', script('load'), what]));
	return {
		ms: median(loads.map(({ ms }) => ms)),
		mebibytes: median(loads.map(({ mebibytes }) => mebibytes)),
	};
}

async function folderSize(folder: string): Promise<{ bytes: number; files: number }> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile());
	let bytes = 0;
	for (const { parentPath, name } of files) bytes += (await stat(join(parentPath, name))).size;
	return { bytes, files: files.length };
}

export async function measurePackage(packed: Package, repeats: number): Promise<PackageResult> {
	const sdk = await folderSize(join(checkout, 'node_modules/@mistralai/mistralai'));
	let unpackedBytes = 0;
	for (const file of packed.files) unpackedBytes += (await stat(join(checkout, file))).size;
	return {
		start: await load('start', repeats),
		code: await load('code', repeats),
		sdk: await load('sdk', repeats),
		tarballBytes: packed.bytes,
		files: packed.files.length,
		unpackedBytes,
		sdkBytes: sdk.bytes,
		sdkFiles: sdk.files,
	};
}
