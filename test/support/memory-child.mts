// A child process that transcribes one stored recording and prints by how much its memory grew.
// Arguments: address of the API, size of the recording in bytes. Prints one line of JSON.
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { BinaryDataService } from 'n8n-core';
import { startEngine } from './engine.mts';
import { wavHeader } from './media.mts';

const { Container } = createRequire(import.meta.resolve('n8n-core'))(
	'@n8n/di',
) as typeof import('@n8n/di');
const [, , baseUrl = '', size = '0'] = process.argv;
const totalBytes = Number(size);

/** Extends a stored file sparsely, so that storing it takes no memory of this process. */
async function lengthen(id: string, bytes: number): Promise<void> {
	const path = Container.get(BinaryDataService).getPath(id);
	await truncate(path, bytes);
	const metadata = JSON.parse(await readFile(`${path}.metadata`, 'utf8')) as object;
	await writeFile(`${path}.metadata`, JSON.stringify({ ...metadata, fileSize: bytes }));
}

const engine = await startEngine({ apiKey: 'stand-in-key', baseUrl }, 'filesystem');
try {
	const transcribe = async (bytes: number) => {
		const item = await engine.item(
			{},
			{ bytes: wavHeader(bytes, 48_000, 2), fileName: 'meeting.wav' },
		);
		await lengthen(item.binary?.data?.id ?? '', bytes);
		globalThis.gc?.();
		const before = process.memoryUsage().rss;
		let peak = before;
		const watch = setInterval(() => {
			peak = Math.max(peak, process.memoryUsage().rss);
		}, 10);
		const { items, error } = await engine.run({
			nodes: [{ type: 'voxtralTranscribe' }],
			items: [item],
		});
		clearInterval(watch);
		peak = Math.max(peak, process.memoryUsage().rss);
		return { grownBytes: peak - before, text: items[0]?.json.text, error: error?.message };
	};
	// Warm up with a recording of usual size, as in a running server: the garbage that V8 lets grow before
	// it collects for the first time is no more for a large one.
	await transcribe(64 * 1024 * 1024);
	console.log(JSON.stringify(await transcribe(totalBytes)));
} finally {
	await engine.close();
}
process.exit(0);
