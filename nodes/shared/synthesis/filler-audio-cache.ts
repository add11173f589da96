// LRU cache for the audio of filler sentences.

/** Each is a short sentence of a few seconds, together a few megabytes. */
const MAX_SENTENCES = 32;
const MAX_BYTES = 1024 * 1024;

/** Everything the audio depends on. */
export interface FillerKey {
	/** Id of the credential: voices belong to accounts. */
	readonly account: string;
	readonly model: string;
	readonly voice: string;
	readonly format: string;
	readonly text: string;
}

/** Least recently used first. In this n8n process only. */
const kept = new Map<string, Buffer>();

const keyOf = ({ account, model, voice, format, text }: FillerKey): string =>
	JSON.stringify([account, model, voice, format, text]);

/** Marks the entry as recently used. */
export function cachedFiller(filler: FillerKey): Buffer | undefined {
	const key = keyOf(filler);
	const audio = kept.get(key);
	if (!audio) return undefined;
	kept.delete(key);
	kept.set(key, audio);
	return audio;
}

/** Audio larger than {@link MAX_BYTES} is not cached. */
export function cacheFiller(filler: FillerKey, audio: Buffer): void {
	if (audio.length > MAX_BYTES) return;
	const key = keyOf(filler);
	kept.delete(key);
	kept.set(key, audio);
	const [oldest] = kept.keys();
	if (kept.size > MAX_SENTENCES && oldest !== undefined) kept.delete(oldest);
}
