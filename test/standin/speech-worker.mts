// Worker thread of the speech engine: text in, 24 kHz mono samples out.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parentPort } from 'node:worker_threads';

const sourceRateHz = 22_050;
const targetRateHz = 24_000;

export interface SpeechJob {
	id: number;
	text: string;
	/** eSpeak voice, e.g. `en-us+f3`. */
	voice: string;
	/** Words per minute. */
	speed: number;
	/** 0 to 99. */
	pitch: number;
}

export type SpeechResult = { id: number; samples: Int16Array } | { id: number; error: string };

interface EspeakModule {
	FS: {
		writeFile(path: string, text: string): void;
		readFile(path: string): Uint8Array;
		unmount(path: string): void;
	};
}

const require = createRequire(import.meta.url);
const scriptPath = require.resolve('text2wav/lib/espeak-ng.js');
const startEspeak = require(scriptPath) as (module: Record<string, unknown>) => void;
const compiled = await WebAssembly.compile(
	await readFile(join(dirname(scriptPath), 'espeak-ng.wasm')),
);
// eSpeak seeds its noise with the time of day; a fixed time makes the same text sound the same.
Date.now = () => 0;

/** One run of the eSpeak command line inside WebAssembly; it cannot be run twice. */
async function speak({ text, voice, speed, pitch }: SpeechJob): Promise<Int16Array> {
	const said: string[] = [];
	const note = (line: string) => said.push(line);
	const options = {
		arguments: [
			...['-w', 'out.wav', '-v', voice, '-s', String(speed), '-p', String(pitch), '-b', '1'],
			...['-f', 'in.txt'],
		],
		print: note,
		printErr: note,
		instantiateWasm: (
			imports: WebAssembly.Imports,
			done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
		) => {
			void WebAssembly.instantiate(compiled, imports).then((instance) => done(instance, compiled));
			return {};
		},
	};
	// The script puts `FS` on the object it is given.
	const engine = options as typeof options & EspeakModule;
	await new Promise<void>((resolve) => {
		startEspeak(
			Object.assign(options, {
				preRun: [() => engine.FS.writeFile('in.txt', text)],
				postRun: resolve,
				// A failure ends the program without postRun.
				quit: resolve,
			}),
		);
	});
	let wav: Uint8Array;
	try {
		wav = engine.FS.readFile('out.wav');
	} catch {
		throw new Error(`eSpeak made no sound: ${said[0] ?? 'no reason given'}`);
	} finally {
		engine.FS.unmount('/usr/share');
		// Every run leaves two listeners behind, and with them its whole memory.
		process.removeAllListeners('uncaughtException');
		process.removeAllListeners('unhandledRejection');
	}
	const bytes = Buffer.from(wav).subarray(44);
	const source = new Int16Array(Math.floor(bytes.length / 2));
	for (let index = 0; index < source.length; index += 1)
		source[index] = bytes.readInt16LE(index * 2);
	return resample(source);
}

/** Windowed-sinc resampling; the new rate is higher, so no extra low-pass is needed. */
function resample(source: Int16Array): Int16Array {
	const reach = 12;
	const length = Math.round((source.length * targetRateHz) / sourceRateHz);
	const target = new Int16Array(length);
	for (let index = 0; index < length; index += 1) {
		const position = (index * sourceRateHz) / targetRateHz;
		const centre = Math.floor(position);
		let sum = 0;
		for (let tap = centre - reach + 1; tap <= centre + reach; tap += 1) {
			const distance = position - tap;
			const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
			const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / reach);
			sum += (source[tap] ?? 0) * sinc * window;
		}
		target[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
	}
	return target;
}

parentPort?.on('message', (job: SpeechJob) => {
	speak(job).then(
		(samples) => {
			const result: SpeechResult = { id: job.id, samples };
			parentPort?.postMessage(result, [samples.buffer as ArrayBuffer]);
		},
		(error: unknown) => {
			const result: SpeechResult = { id: job.id, error: String(error) };
			parentPort?.postMessage(result);
		},
	);
});
