// Remembers synthesized speech, so that it is transcribed when it is uploaded: the same bytes,
// or several clips joined without re-encoding.
import { createHash } from 'node:crypto';
import { audioUnits } from './audio-units.mts';
import { sniffContainer } from './audio-sniff.mts';

const rememberedClips = 400;
/** Joining may trim the ends; the part between these fractions of a clip must be complete. */
const core = { from: 0.15, to: 0.85 };
/** Below this fraction of known speech, an upload is described instead of transcribed. */
const neededShare = 0.8;
const longestSearchSamples = 24_000 * 300;

interface Clip {
	text: string;
	samples: Int16Array;
	/** Fingerprints of packets or frames, by container. */
	units: Map<string, string[]>;
}

interface Found {
	text: string;
	/** Index in the searched sequence. */
	at: number;
	length: number;
}

export class SpokenMemory {
	readonly #files = new Map<string, string>();
	readonly #clips = new Map<string, Clip>();

	/** `file` are the bytes sent, `samples` the decoded audio: 24 kHz, mono. */
	remember(text: string, file: Buffer, samples: Int16Array): void {
		this.#files.set(createHash('sha256').update(file).digest('hex'), text);
		trimToLimit(this.#files);
		const key = createHash('sha256').update(new Uint8Array(samples.buffer)).digest('hex');
		const clip = this.#clips.get(key) ?? { text, samples, units: new Map<string, string[]>() };
		const container = sniffContainer(file);
		if (container && !clip.units.has(container)) {
			clip.units.set(container, audioUnits(container, file));
		}
		this.#clips.delete(key);
		this.#clips.set(key, clip);
		trimToLimit(this.#clips);
	}

	textOfFile(sha256: string): string | undefined {
		return this.#files.get(sha256);
	}

	/** The clips contained in 24 kHz mono samples, in order; undefined when much is unknown. */
	textOfSamples(samples: Int16Array): string | undefined {
		if (samples.length > longestSearchSamples) return undefined;
		const anchors = new Map<number, { clip: Clip; at: number }[]>();
		for (const clip of this.#clips.values()) {
			const at = loudest(clip.samples);
			// Clients scale float samples by 32768 or by 32767.
			for (const scale of [1, 32_767 / 32_768]) {
				const key = pair(clip.samples, at, scale);
				anchors.set(key, [...(anchors.get(key) ?? []), { clip, at }]);
			}
		}
		const found: Found[] = [];
		for (let index = 0; index + 1 < samples.length; index += 1) {
			for (const { clip, at } of anchors.get(pair(samples, index, 1)) ?? []) {
				if (!sameCore(clip.samples, samples, index - at)) continue;
				found.push({ text: clip.text, at: index - at, length: clip.samples.length });
			}
		}
		return textOf(found, samples.length);
	}

	/** The same for the packets or frames of a compressed file. */
	textOfUnits(container: 'ogg' | 'mp3', file: Buffer): string | undefined {
		const units = audioUnits(container, file);
		const starts = new Map<string, { text: string; known: string[]; from: number }[]>();
		for (const { text, units: byContainer } of this.#clips.values()) {
			const known = byContainer.get(container) ?? [];
			const from = Math.floor(known.length * core.from);
			const first = known[from];
			if (first !== undefined)
				starts.set(first, [...(starts.get(first) ?? []), { text, known, from }]);
		}
		const found: Found[] = [];
		for (const [index, unit] of units.entries()) {
			for (const { text, known, from } of starts.get(unit) ?? []) {
				const to = Math.ceil(known.length * core.to);
				const same = known.slice(from, to).every((wanted, step) => units[index + step] === wanted);
				if (same) found.push({ text, at: index - from, length: known.length });
			}
		}
		return textOf(found, units.length);
	}
}

function trimToLimit(map: Map<string, unknown>): void {
	const [oldest] = map.keys();
	if (map.size > rememberedClips && oldest !== undefined) map.delete(oldest);
}

/** Two neighbouring samples as one number. */
function pair(samples: Int16Array, at: number, scale: number): number {
	const scaled = (index: number) => Math.round((samples[index] ?? 0) * scale);
	return scaled(at) * 65_536 + scaled(at + 1);
}

/** The loudest point inside the core of the clip: two neighbouring samples hardly found anywhere else. */
function loudest(samples: Int16Array): number {
	let best = Math.floor(samples.length * core.from);
	const to = Math.floor(samples.length * core.to);
	for (let index = best; index < to; index += 1) {
		if (Math.abs(samples[index] ?? 0) > Math.abs(samples[best] ?? 0)) best = index;
	}
	return best;
}

function sameCore(clip: Int16Array, samples: Int16Array, start: number): boolean {
	const to = Math.floor(clip.length * core.to);
	for (let index = Math.floor(clip.length * core.from); index < to; index += 1) {
		const heard = samples[start + index];
		if (heard === undefined || Math.abs(heard - (clip[index] ?? 0)) > 1) return false;
	}
	return true;
}

function textOf(found: Found[], total: number): string | undefined {
	const inOrder = found
		.sort((one, other) => one.at - other.at)
		.filter((one, index, all) => index === 0 || one.at !== all[index - 1]?.at);
	const known = inOrder.reduce((sum, { length }) => sum + length, 0);
	if (inOrder.length === 0 || known < total * neededShare) return undefined;
	return inOrder.map(({ text }) => text).join(' ');
}
