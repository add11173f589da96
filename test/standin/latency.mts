// How long the stand-in takes, as data: fixed times so that two runs can be compared.
export interface LatencyProfile {
	name: string;
	/** From the last byte of the upload to the transcript. */
	transcriptionMs: number;
	/** From the question to the first token of the answer. */
	firstTokenMs: number;
	tokensPerSecond: number;
	/** From the text to the first bytes of speech. */
	firstAudioMs: number;
	/** Seconds of work for one second of speech. */
	realTimeFactor: number;
	/** Requests served at once; one more is answered 429 with Retry-After: 1. */
	maxConcurrent?: number;
}

const cloud: LatencyProfile = {
	name: 'cloud',
	transcriptionMs: 400,
	firstTokenMs: 330,
	tokensPerSecond: 93,
	firstAudioMs: 800,
	realTimeFactor: 0.1,
};

export const latencyProfiles = {
	cloud,
	cloudMp3: { ...cloud, name: 'cloudMp3', firstAudioMs: 3000 },
	fast: {
		name: 'fast',
		transcriptionMs: 150,
		firstTokenMs: 120,
		tokensPerSecond: 250,
		firstAudioMs: 70,
		realTimeFactor: 0.103,
	},
	limited: { ...cloud, name: 'limited', maxConcurrent: 8 },
} satisfies Record<string, LatencyProfile>;

export const noLatency: LatencyProfile = {
	name: 'none',
	transcriptionMs: 0,
	firstTokenMs: 0,
	tokensPerSecond: Number.POSITIVE_INFINITY,
	firstAudioMs: 0,
	realTimeFactor: 0,
};

/** As many as so much text has. */
export const tokensIn = (characters: number): number => Math.ceil(characters / 4);

/** From the question until that many tokens of the answer are written, streamed or not. */
export const writtenAfterMs = (
	{ firstTokenMs, tokensPerSecond }: LatencyProfile,
	tokens: number,
): number => firstTokenMs + (Math.max(0, tokens - 1) / tokensPerSecond) * 1000;

/** Waits until `timeMs` on the clock of `performance.now()`; returns early when the client leaves. */
export async function waitUntil(timeMs: number, signal: AbortSignal): Promise<void> {
	const remainingMs = timeMs - performance.now();
	if (remainingMs <= 0 || signal.aborted) return;
	await new Promise<void>((resolve) => {
		const timer = setTimeout(done, remainingMs);
		signal.addEventListener('abort', done, { once: true });
		function done() {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		}
	});
}
