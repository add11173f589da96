// The longest block of the event loop while speech becomes one file. Argument: wav, mp3 or opus for 10 MiB joined, phone for 5 minutes resampled.
import type { SpeechFormat } from '../nodes/shared/audio/formats.ts';
import type { Steps } from '../nodes/shared/audio/steps.ts';
import { CannedSpeech, charactersPerSecond } from './canned-speech.mts';
import { loadModule } from './load-module.mts';
import { median } from './statistics.mts';

const { joinAudio } = await loadModule<typeof import('../nodes/shared/audio/join/join.ts')>(
	'nodes/shared/audio/join/join.ts',
);
const { deliveryPreset, finishAudio } = await loadModule<
	typeof import('../nodes/shared/audio/delivery-preset.ts')
>('nodes/shared/audio/delivery-preset.ts');
const { runCooperatively } = await loadModule<
	typeof import('../nodes/shared/execution/cooperative.ts')
>('nodes/shared/execution/cooperative.ts');

const task = process.argv[2] as SpeechFormat | 'phone';
const repeats = 5;
const speech = await CannedSpeech.make();
const speak = (seconds: number, format: SpeechFormat): Promise<Buffer> =>
	speech.encode(
		'x'.repeat(Math.round(seconds * charactersPerSecond)),
		{ gender: 'neutral', languages: [], variant: 0 },
		format,
	);

/** As Voxtral Speak asks for them. */
const natural = { gapMs: 120, pauses: { leastMs: 80, mostMs: 250 } };

/** 10 MiB of pieces, each as long as Voxtral Speak's of 640 characters. */
async function prepareJoin(format: SpeechFormat): Promise<() => Steps<unknown>> {
	const piece = await speak(40, format);
	const pieces = Array.from({ length: Math.ceil((10 * 1024 * 1024) / piece.length) }, () => piece);
	return () => joinAudio(format, pieces, natural);
}

/** Five minutes as they arrive in a stream, made ready for a phone line. */
async function preparePhoneLine(): Promise<() => Steps<unknown>> {
	const samples = await speak(300, 'pcm');
	return () => finishAudio(samples, 'pcm', deliveryPreset('phoneLine', 'wav', 1));
}

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

const work = await (task === 'phone' ? preparePhoneLine() : prepareJoin(task));
// Making the speech left some behind.
globalThis.gc?.();
const pauses: number[] = [];
const startMs = performance.now();
for (let repeat = 0; repeat < repeats; repeat += 1) {
	pauses.push(await longestPauseMs(async () => await runCooperatively(work())));
}
const wholeMs = (performance.now() - startMs) / repeats;
console.log(JSON.stringify({ p50: median(pauses), worst: Math.max(...pauses), wholeMs }));
