// The longest time in which nothing else gets its turn while 10 MiB of speech become one file. Argument: wav, mp3 or opus.
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
/** As long as Voxtral Speak's pieces of 640 characters. */
const piece = await speech.encode(
	'x'.repeat(40 * charactersPerSecond),
	{ ...speaker, languages: [] },
	format,
);
const pieces = Array.from({ length: Math.ceil((10 * 1024 * 1024) / piece.length) }, () => piece);

interface Clock {
	wallMs: number;
	/** Computing time of this thread; some systems count it in steps of several milliseconds. */
	computedMs: number;
}

function clock(): Clock {
	const { user, system } = process.threadCpuUsage();
	return { wallMs: performance.now(), computedMs: (user + system) / 1000 };
}

/** The less of both: other programs on the computer do not count as pauses, nor does a coarse clock. */
const between = (from: Clock, to: Clock): number =>
	Math.min(to.wallMs - from.wallMs, to.computedMs - from.computedMs);

/** Most computing between two turns of the event loop while `work` runs. */
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

/** As Voxtral Speak asks for them. */
const natural = { gapMs: 120, pauses: { leastMs: 80, mostMs: 250 } };
// Making the pieces left some behind.
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
