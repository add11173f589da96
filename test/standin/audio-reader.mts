// Decodes an upload, so that a damaged file is not mistaken for a valid one.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWavHeader, sniffContainer, wavDataBytes, type Container } from './audio-sniff.mts';
import { invalidArguments } from './errors.mts';
import { ffmpeg, ffprobe } from './ffmpeg.mts';
import { newUuid } from './ids.mts';
import type { UploadedFile } from './multipart.mts';
import type { SpokenMemory } from './spoken.mts';

export interface HeardAudio {
	sha256: string;
	container: Container;
	codec: string;
	seconds: number;
	sampleRateHz: number;
	channels: number;
	/** The decoder reported errors. */
	damaged: boolean;
	/** The text this server spoke, when the audio is its own. */
	spokenText: string | undefined;
}

const decodedSecondsLimit = 900;
const rememberedReadings = 500;

type AudioBytes = Pick<UploadedFile, 'sha256' | 'bytes' | 'head' | 'content'>;

export class AudioReader {
	readonly #spoken: SpokenMemory;
	readonly #readings = new Map<string, Promise<HeardAudio>>();
	#folder: Promise<string> | undefined;

	constructor(spoken: SpokenMemory) {
		this.#spoken = spoken;
	}

	/** Throws a 400 for bytes that are not audio. */
	async read(file: AudioBytes): Promise<HeardAudio> {
		let reading = this.#readings.get(file.sha256);
		if (!reading) {
			reading = this.#read(file);
			this.#readings.set(file.sha256, reading);
			const [oldest] = this.#readings.keys();
			if (this.#readings.size > rememberedReadings && oldest) this.#readings.delete(oldest);
		}
		const heard = await reading;
		// Looked up each time: the text may have been spoken after the first reading.
		return { ...heard, spokenText: this.#spokenText(file, heard) };
	}

	async close(): Promise<void> {
		if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
	}

	async #read(file: AudioBytes): Promise<HeardAudio> {
		const container = sniffContainer(file.head);
		if (!container) throw undecodable();
		if (container === 'wav') return readWav(file);
		if (!file.content) return this.#estimate(file, container);
		return await this.#decode(file, file.content, container);
	}

	#spokenText({ sha256, content, bytes }: AudioBytes, heard: HeardAudio): string | undefined {
		const known = this.#spoken.textOfFile(sha256);
		if (known !== undefined || !content || heard.damaged) return known;
		if (heard.container === 'ogg' || heard.container === 'mp3') {
			return this.#spoken.textOfUnits(heard.container, content);
		}
		const header = heard.container === 'wav' ? readWavHeader(content) : undefined;
		if (header?.bitsPerSample !== 16 || header.channels !== 1 || header.sampleRateHz !== 24_000) {
			return undefined;
		}
		// A copy, because a sample array needs an aligned address.
		const size = wavDataBytes(header, bytes) & ~1;
		const data = new Uint8Array(content.subarray(header.dataOffset, header.dataOffset + size));
		return this.#spoken.textOfSamples(new Int16Array(data.buffer));
	}

	async #decode(file: AudioBytes, content: Buffer, container: Container): Promise<HeardAudio> {
		const path = await this.#store(content);
		try {
			const probed = await probe(path);
			let { seconds } = probed;
			let damaged = false;
			if (!(seconds > decodedSecondsLimit)) {
				const { stdout, stderr } = await ffmpeg([
					...['-i', path, '-map', 'a:0', '-ac', '1', '-ar', '8000', '-f', 's16le', 'pipe:1'],
				]);
				seconds = stdout.length / 16_000;
				damaged = stderr.trim() !== '';
			}
			if (!(seconds > 0)) throw undecodable();
			return { ...probed, seconds, damaged, sha256: file.sha256, container, spokenText: undefined };
		} catch {
			throw undecodable();
		} finally {
			await rm(path, { force: true });
		}
	}

	/** Duration of a file too large to decode, from the rate in its header and its size. */
	async #estimate(file: AudioBytes, container: Container): Promise<HeardAudio> {
		const path = await this.#store(file.head);
		try {
			const probed = await probe(path);
			const seconds = probed.bitsPerSecond > 0 ? (file.bytes * 8) / probed.bitsPerSecond : 0;
			return {
				...probed,
				seconds,
				damaged: false,
				sha256: file.sha256,
				container,
				spokenText: undefined,
			};
		} catch {
			throw undecodable();
		} finally {
			await rm(path, { force: true });
		}
	}

	async #store(bytes: Buffer): Promise<string> {
		this.#folder ??= mkdtemp(join(tmpdir(), 'stand-in-audio-'));
		const path = join(await this.#folder, newUuid());
		await writeFile(path, bytes);
		return path;
	}
}

function readWav(file: AudioBytes): HeardAudio {
	const header = readWavHeader(file.head);
	if (!header) throw undecodable();
	const size = wavDataBytes(header, file.bytes);
	if (size === 0) throw undecodable();
	const { declaredDataBytes: declared } = header;
	return {
		sha256: file.sha256,
		container: 'wav',
		codec: `pcm ${header.bitsPerSample} bit`,
		seconds: size / header.bytesPerSecond,
		sampleRateHz: header.sampleRateHz,
		channels: header.channels,
		// 0 and 0xFFFFFFFF mean "until the end" in a stream; any other size must be present.
		damaged: declared !== 0 && declared !== 0xffffffff && declared > size,
		spokenText: undefined,
	};
}

async function probe(path: string) {
	const { stdout } = await ffprobe([
		...['-select_streams', 'a:0', '-of', 'json', '-show_entries'],
		...['stream=codec_name,sample_rate,channels,duration,bit_rate:format=duration,bit_rate', path],
	]);
	const { streams = [], format = {} } = JSON.parse(stdout.toString()) as {
		streams?: Record<string, string | number>[];
		format?: Record<string, string>;
	};
	const [stream] = streams;
	if (!stream) throw undecodable();
	return {
		codec: String(stream['codec_name']),
		sampleRateHz: Number(stream['sample_rate']),
		channels: Number(stream['channels']),
		seconds: Number(stream['duration'] ?? format['duration'] ?? Number.NaN),
		bitsPerSecond: Number(stream['bit_rate'] ?? format['bit_rate'] ?? 0),
	};
}

export const undecodable = () => invalidArguments('The audio could not be decoded');
