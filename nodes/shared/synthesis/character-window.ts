// Keeps long texts under the characters a minute that Mistral allows, instead of running into refusals. Pure: the clock comes in.
import type { CharacterAllowance } from '../mistral/speech/speech-audio';

const MINUTE_MS = 60_000;

interface Spoken {
	readonly atMs: number;
	readonly characters: number;
}

/** What one execution has had spoken in the last minute, and how much more there may be. */
export class CharacterWindow {
	private spoken: Spoken[] = [];

	private elsewhere: Spoken = { atMs: -Infinity, characters: 0 };

	private perMinute = Infinity;

	/**
	 * How long to wait before `characters` more are sent; 0 means they count as sent from now on. A
	 * piece larger than the whole allowance waits for an empty minute and is then tried.
	 */
	reserve(characters: number, nowMs: number): number {
		this.spoken = this.spoken.filter(({ atMs }) => atMs > nowMs - MINUTE_MS);
		const others = this.elsewhere.atMs > nowMs - MINUTE_MS ? [this.elsewhere] : [];
		const entries = [...this.spoken, ...others].sort((one, other) => one.atMs - other.atMs);
		let used = entries.reduce((total, entry) => total + entry.characters, 0);
		let waitMs = 0;
		for (const { atMs, characters: freed } of entries) {
			if (used + characters <= this.perMinute) break;
			used -= freed;
			waitMs = atMs + MINUTE_MS - nowMs;
		}
		if (waitMs <= 0) this.spoken.push({ atMs: nowMs, characters });
		return Math.max(0, Math.ceil(waitMs));
	}

	/** Takes note of what Mistral says about the account, which other workflows may be using too. */
	learn({ perMinute, remaining }: CharacterAllowance, nowMs: number): void {
		this.perMinute = perMinute;
		const own = this.spoken
			.filter(({ atMs }) => atMs > nowMs - MINUTE_MS)
			.reduce((total, { characters }) => total + characters, 0);
		this.elsewhere = { atMs: nowMs, characters: Math.max(0, perMinute - remaining - own) };
	}
}
