// Intelligible speech: eSpeak NG in a worker thread, encoded to the five formats Mistral offers.
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { ffmpeg } from './ffmpeg.mts';
import { languageOf } from './language.mts';
import { SpokenMemory } from './spoken.mts';
import type { SpeechJob, SpeechResult } from './speech-worker.mts';

export const speechFormats = ['pcm', 'wav', 'mp3', 'flac', 'opus'] as const;
export type SpeechFormat = (typeof speechFormats)[number];

export const sampleRateHz = 24_000;
/** 40 ms: speech always lasts a whole number of these. */
const blockSamples = 960;
const cacheLimitBytes = 96 * 1024 * 1024;
const openEnded = 0xffffffff;

export interface Speaker {
	gender: 'female' | 'male' | 'neutral';
	/** Preferred accents, e.g. `en_gb`; used when the text is in that language. */
	languages: string[];
	/** Distinguishes voices of the same gender, 0 to 4. */
	variant: number;
	/** Pitch, 0 to 99; 50 is normal. */
	pitch?: number;
	/** Speed factor; below 1 is slower. */
	pace?: number;
}

export interface Speech {
	samples: Int16Array;
	seconds: number;
}

/** Voice files whose name is not the two-letter code; a variant only works with a file's own name. */
const espeakNames: Record<string, string> = { zh: 'cmn', en: 'en-us', uk: 'ru' };
const espeakAccents: Record<string, string> = { en_gb: 'en', en_us: 'en-us', pt_br: 'pt-br' };

export class SpeechEngine {
	readonly spoken = new SpokenMemory();
	readonly #cache = new Map<string, Promise<Int16Array | Buffer>>();
	readonly #sizes = new Map<string, number>();
	readonly #jobs = new Map<number, (result: SpeechResult) => void>();
	#worker: Worker | undefined;
	#nextId = 1;

	/** Speaks `text` in the language it is written in. Empty or unspeakable text is a short silence. */
	async speak(text: string, speaker: Speaker): Promise<Speech> {
		const job = { text, voice: espeakVoice(text, speaker), ...manner(speaker) };
		const samples = await this.#cached<Int16Array>(JSON.stringify(job), () => this.#run(job));
		return { samples, seconds: samples.length / sampleRateHz };
	}

	/** The complete file in that format. */
	async encode(text: string, speaker: Speaker, format: SpeechFormat): Promise<Buffer> {
		const { samples } = await this.speak(text, speaker);
		if (format === 'wav') return Buffer.concat([wavHeader(samples.length * 2), pcm16(samples)]);
		if (format === 'pcm') return pcm32(samples);
		const key = JSON.stringify([text, speaker, format]);
		return await this.#cached<Buffer>(key, () => compress(samples, format));
	}

	async close(): Promise<void> {
		await this.#worker?.terminate();
		this.#worker = undefined;
	}

	async #run(job: Omit<SpeechJob, 'id'>): Promise<Int16Array> {
		const worker = (this.#worker ??= this.#start());
		const id = this.#nextId++;
		const result = await new Promise<SpeechResult>((resolve) => {
			this.#jobs.set(id, resolve);
			worker.postMessage({ id, ...job });
		});
		if ('error' in result) throw new Error(result.error);
		const whole = Math.max(1, Math.ceil(result.samples.length / blockSamples)) * blockSamples;
		const samples = new Int16Array(whole);
		samples.set(result.samples);
		return samples;
	}

	#start(): Worker {
		const worker = new Worker(new URL('./speech-worker.mts', import.meta.url));
		worker.unref();
		worker.on('message', (result: SpeechResult) => {
			this.#jobs.get(result.id)?.(result);
			this.#jobs.delete(result.id);
		});
		worker.on('error', (error) => {
			for (const [id, resolve] of this.#jobs) resolve({ id, error: String(error) });
			this.#jobs.clear();
			this.#worker = undefined;
		});
		return worker;
	}

	async #cached<T extends Int16Array | Buffer>(key: string, make: () => Promise<T>): Promise<T> {
		const known = this.#cache.get(key);
		if (known) return (await known) as T;
		const made = make();
		this.#cache.set(key, made);
		try {
			this.#sizes.set(key, (await made).byteLength);
		} catch (error) {
			this.#cache.delete(key);
			throw error;
		}
		let total = 0;
		for (const size of this.#sizes.values()) total += size;
		for (const [oldest, size] of this.#sizes) {
			if (total <= cacheLimitBytes || oldest === key) break;
			total -= size;
			this.#sizes.delete(oldest);
			this.#cache.delete(oldest);
		}
		return await made;
	}
}

function espeakVoice(text: string, { gender, languages, variant }: Speaker): string {
	const language = languageOf(text);
	const accent = languages.find((name) => name.startsWith(language) && name in espeakAccents);
	const name = (accent && espeakAccents[accent]) ?? espeakNames[language] ?? language;
	const kind = gender === 'male' ? 'm' : 'f';
	return `${name}+${kind}${1 + (variant % (kind === 'f' ? 5 : 7))}`;
}

function manner({ pitch = 50, pace = 1 }: Speaker): { speed: number; pitch: number } {
	return { speed: Math.round(165 * pace), pitch: Math.max(0, Math.min(99, Math.round(pitch))) };
}

export function pcm16(samples: Int16Array): Buffer {
	return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Float32 little-endian, -1 to 1. */
export function pcm32(samples: Int16Array): Buffer {
	const floats = Float32Array.from(samples, (sample) => sample / 32_768);
	return Buffer.from(floats.buffer);
}

/** 44 bytes, 16 bit, 24 kHz, mono; without a size it is the open-ended header of a stream. */
export function wavHeader(dataBytes?: number): Buffer {
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(dataBytes === undefined ? openEnded : dataBytes + 36, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(sampleRateHz, 24);
	header.writeUInt32LE(sampleRateHz * 2, 28);
	header.writeUInt16LE(2, 32);
	header.writeUInt16LE(16, 34);
	header.write('data', 36);
	header.writeUInt32LE(dataBytes ?? openEnded, 40);
	return header;
}

const encoders: Record<Exclude<SpeechFormat, 'pcm' | 'wav'>, string[]> = {
	mp3: ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'],
	flac: ['-c:a', 'flac', '-f', 'flac'],
	opus: ['-c:a', 'libopus', '-b:a', '32k', '-f', 'ogg'],
};

/** The same samples give the same bytes on every run. */
const reproducible = ['-fflags', '+bitexact', '-flags:a', '+bitexact'];

async function compress(
	samples: Int16Array,
	format: Exclude<SpeechFormat, 'pcm' | 'wav'>,
): Promise<Buffer> {
	const input = pcm16(samples);
	// Two Ogg streams never share a serial number, by which players and joiners tell them apart.
	const serial = createHash('sha256').update(input).digest().readUInt32BE(0) >>> 1;
	const { stdout } = await ffmpeg(
		[
			...['-f', 's16le', '-ar', String(sampleRateHz), '-ac', '1', '-i', 'pipe:0'],
			...['-ar', String(sampleRateHz), ...reproducible, ...encoders[format]],
			...(format === 'opus' ? ['-serial_offset', String(serial)] : []),
			'pipe:1',
		],
		input,
	);
	return stdout;
}
