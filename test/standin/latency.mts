// Latency profiles of the stand-in: fixed times, so that two runs can be compared.
export interface LatencyProfile {
	name: string;
	/** Time from the last byte of the upload to the transcript. */
	transcriptionMs: number;
	/** Time from the question to the first token of the answer. */
	firstTokenMs: number;
	tokensPerSecond: number;
	/** Time from the text to the first bytes of speech. */
	firstAudioMs: number;
	/** Seconds of work for one second of speech. */
	realTimeFactor: number;
	/** Concurrency limit; one request more gets 429 with Retry-After: 1. */
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

/** Number of tokens in a text of that length. */
export const tokensIn = (characters: number): number => Math.ceil(characters / 4);

/** Time from the question until that many tokens of the answer are generated, streamed or not. */
export const writtenAfterMs = (
	{ firstTokenMs, tokensPerSecond }: LatencyProfile,
	tokens: number,
): number => firstTokenMs + (Math.max(0, tokens - 1) / tokensPerSecond) * 1000;

/** Waits until `timeMs` by `performance.now()`; returns early when the client disconnects. */
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
