// The longest block of the event loop while 10 MiB of speech are joined to one file. Argument: wav, mp3 or opus.
import type { SpeechFormat } from '../nodes/shared/audio/formats.ts';
import { CannedSpeech, charactersPerSecond } from './canned-speech.mts';
import { loadModule } from './load-module.mts';
import { median } from './statistics.mts';

const { joinSteps } = await loadModule<typeof import('../nodes/shared/audio/join/join.ts')>(
	'nodes/shared/audio/join/join.ts',
);
const { runCooperatively } = await loadModule<
	typeof import('../nodes/shared/execution/cooperative.ts')
>('nodes/shared/execution/cooperative.ts');

const format = process.argv[2] as SpeechFormat;
const repeats = 5;
const speech = await CannedSpeech.make();
const speaker = { gender: 'neutral', languages: [], variant: 0 } as const;
/** A piece of 640 characters, as Voxtral Speak cuts them. */
const piece = await speech.encode(
	'x'.repeat(40 * charactersPerSecond),
	{ ...speaker, languages: [] },
	format,
);
const pieces = Array.from({ length: Math.ceil((10 * 1024 * 1024) / piece.length) }, () => piece);

interface Clock {
	wallMs: number;
	/** CPU time of this thread; some systems count it in steps of several milliseconds. */
	computedMs: number;
}

function clock(): Clock {
	const { user, system } = process.threadCpuUsage();
	return { wallMs: performance.now(), computedMs: (user + system) / 1000 };
}

/** The lesser of wall time and CPU time, so that neither other programs nor a coarse clock count. */
const between = (from: Clock, to: Clock): number =>
	Math.min(to.wallMs - from.wallMs, to.computedMs - from.computedMs);

/** The longest time between two turns of the event loop while `work` runs. */
async function longestPauseMs(work: () => Promise<unknown>): Promise<number> {
	let isOver = false;
	let longest = 0;
	let last = clock();
	const tick = (): void => {
		const now = clock();
		longest = Math.max(longest, between(last, now));
		last = now;
		if (!isOver) setImmediate(tick);
	};
	setImmediate(tick);
	await new Promise((resolve) => setImmediate(resolve));
	await work();
	isOver = true;
	await new Promise((resolve) => setImmediate(resolve));
	return longest;
}

/** The pauses Voxtral Speak uses. */
const natural = { gapMs: 120, pauses: { leastMs: 80, mostMs: 250 } };
// Garbage from making the pieces must not be counted.
globalThis.gc?.();
const pauses: number[] = [];
const startMs = performance.now();
for (let repeat = 0; repeat < repeats; repeat += 1) {
	pauses.push(
		await longestPauseMs(async () => await runCooperatively(joinSteps(format, pieces, natural))),
	);
}
const joinMs = (performance.now() - startMs) / repeats;
console.log(JSON.stringify({ p50: median(pauses), worst: Math.max(...pauses), joinMs }));
