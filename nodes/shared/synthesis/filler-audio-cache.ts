// Audio of fixed sentences, kept so that they are spoken at once the next time.

/** Of a short sentence each, some seconds; together a few megabytes. */
const MAX_SENTENCES = 32;
const MAX_BYTES = 1024 * 1024;

/** What the audio depends on. */
export interface FillerKey {
	/** Id of the credential: voices belong to accounts. */
	readonly account: string;
	readonly model: string;
	readonly voice: string;
	readonly format: string;
	readonly text: string;
}

/** Those last used, oldest first. In this n8n process only. */
const kept = new Map<string, Buffer>();

const keyOf = ({ account, model, voice, format, text }: FillerKey): string =>
	JSON.stringify([account, model, voice, format, text]);

export function cachedFiller(as: FillerKey): Buffer | undefined {
	const key = keyOf(as);
	const audio = kept.get(key);
	if (!audio) return undefined;
	kept.delete(key);
	kept.set(key, audio);
	return audio;
}

export function cacheFiller(as: FillerKey, audio: Buffer): void {
	if (audio.length > MAX_BYTES) return;
	kept.delete(keyOf(as));
	kept.set(keyOf(as), audio);
	const [oldest] = kept.keys();
	if (kept.size > MAX_SENTENCES && oldest !== undefined) kept.delete(oldest);
}
