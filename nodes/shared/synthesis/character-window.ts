// Sliding window over the characters sent in the last minute. Pure: the time is a parameter.
import type { CharacterLimit } from '../mistral/speech/speech-audio';

const MINUTE_MS = 60_000;

interface SentCharacters {
	readonly atMs: number;
	readonly characters: number;
}

/** Characters that one execution has sent in the last minute, against the limit of the account. */
export class CharacterWindow {
	private sent: SentCharacters[] = [];

	/** Sent by other executions of the account, as far as known. */
	private elsewhere: SentCharacters = { atMs: -Infinity, characters: 0 };

	private perMinute = Infinity;

	/**
	 * Milliseconds to wait before `characters` may be sent; with 0 they are counted as sent. A text longer
	 * than the limit waits until the window is empty and is then sent.
	 */
	reserve(characters: number, nowMs: number): number {
		this.sent = this.sent.filter(({ atMs }) => atMs > nowMs - MINUTE_MS);
		const others = this.elsewhere.atMs > nowMs - MINUTE_MS ? [this.elsewhere] : [];
		const entries = [...this.sent, ...others].sort((one, other) => one.atMs - other.atMs);
		let used = entries.reduce((total, entry) => total + entry.characters, 0);
		let waitMs = 0;
		for (const { atMs, characters: freed } of entries) {
			if (used + characters <= this.perMinute) break;
			used -= freed;
			waitMs = atMs + MINUTE_MS - nowMs;
		}
		if (waitMs <= 0) this.sent.push({ atMs: nowMs, characters });
		return Math.max(0, Math.ceil(waitMs));
	}

	/** Updates limit and usage of the account, which other executions may be using too. */
	learn({ perMinute, remaining }: CharacterLimit, nowMs: number): void {
		this.perMinute = perMinute;
		const own = this.sent
			.filter(({ atMs }) => atMs > nowMs - MINUTE_MS)
			.reduce((total, { characters }) => total + characters, 0);
		this.elsewhere = { atMs: nowMs, characters: Math.max(0, perMinute - remaining - own) };
	}
}
