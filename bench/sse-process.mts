// Time to read a server-sent event of 4 MiB and of 8 MiB in chunks of 16 KiB: this package against the SDK.
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';
import { loadModule } from './load-module.mts';
import { median } from './statistics.mts';

type Read = (bytes: ReadableStream<Uint8Array>) => AsyncIterable<{ data: unknown }>;

const { readServerSentEvents } = await loadModule<
	typeof import('../nodes/shared/http/response/sse.ts')
>('nodes/shared/http/response/sse.ts');
const { EventStream } = (await import(
	join(checkout, 'node_modules/@mistralai/mistralai/esm/lib/event-streams.js')
)) as {
	EventStream: new (
		body: ReadableStream<Uint8Array>,
		parse: (event: { data: string }) => { done: boolean; value: { data: unknown } },
	) => AsyncIterable<{ data: unknown }>;
};

const readers: Record<'ours' | 'sdk', Read> = {
	ours: (bytes) => readServerSentEvents(bytes, 64 * 1024 * 1024),
	sdk: (bytes) => new EventStream(bytes, (value) => ({ done: false, value })),
};

const pieceBytes = 16 * 1024;

async function readMs(read: Read, mebibytes: number): Promise<number> {
	const audio = 'A'.repeat(mebibytes * 1024 * 1024);
	const event = `event: speech.audio.delta\ndata: {"audio_data":"${audio}"}\n\n`;
	const bytes = Buffer.from(event);
	let at = 0;
	const body = new ReadableStream<Uint8Array>({
		pull(controller) {
			if (at >= bytes.length) controller.close();
			else controller.enqueue(new Uint8Array(bytes.subarray(at, at + pieceBytes)));
			at += pieceBytes;
		},
	});
	// Garbage from making the chunks must not be counted.
	globalThis.gc?.();
	const startMs = performance.now();
	let characters = 0;
	for await (const { data } of read(body)) characters += String(data).length;
	const elapsedMs = performance.now() - startMs;
	if (characters < audio.length) throw new Error('the event was not read whole');
	return elapsedMs;
}

const repeats = 9;
const sdkRepeats = Number(process.argv[2] ?? 3);
const times: Record<string, number[]> = {};
for (let repeat = 0; repeat <= repeats; repeat += 1) {
	for (const [name, read] of Object.entries(readers)) {
		for (const mebibytes of [4, 8]) {
			// The SDK's reader takes seconds for the large event: no warm-up needed.
			if (name === 'sdk' && (repeat === 0 || repeat > sdkRepeats)) continue;
			const ms = await readMs(read, mebibytes);
			if (repeat > 0) (times[`${name}${mebibytes}`] ??= []).push(ms);
		}
	}
}
console.log(
	JSON.stringify(Object.fromEntries(Object.entries(times).map(([k, v]) => [k, median(v)]))),
);
