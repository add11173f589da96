// How long two builds take to join 10 MiB of speech, in turn, in one process. Arguments: both compiled files, rounds.
// Prints one line of JSON: per build and format the milliseconds of one join, by round.
import type { SpeechFormat } from '../test/standin/speech-engine.mts';
import { orderOf } from './alternation.mts';
import { CannedSpeech, charactersPerSecond } from './canned-speech.mts';
import { joinPieces, loadJoins } from './joins.mts';

const [fileA = '', fileB = '', count = '20'] = process.argv.slice(2);
const rounds = Number(count);
/** Forgotten: the first rounds compile the code. */
const WARM_UPS = 4;
/** How often each is joined in a round: what takes a millisecond or two is too short to be measured. */
const JOINS: Partial<Record<SpeechFormat, number>> = { mp3: 3, opus: 1, wav: 8 };

const builds = [
	{ module: loadJoins(fileA), ms: {} as Record<string, number[]> },
	{ module: loadJoins(fileB), ms: {} as Record<string, number[]> },
] as const;

const speech = await CannedSpeech.make();
const speaker = { gender: 'neutral', languages: [], variant: 0 } as const;

/** As long as Voxtral Speak's pieces of 640 characters, 10 MiB in all. */
async function piecesOf(format: SpeechFormat): Promise<Uint8Array[]> {
	const text = 'x'.repeat(40 * charactersPerSecond);
	const piece = await speech.encode(text, { ...speaker, languages: [] }, format);
	return Array.from({ length: Math.ceil((10 * 1024 * 1024) / piece.length) }, () => piece);
}

/** Computing time of this thread: what else runs on the computer does not count. */
const computedMs = (): number => {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
};

for (const [format, joins] of Object.entries(JOINS) as [SpeechFormat, number][]) {
	const pieces = await piecesOf(format);
	for (let round = 0; round < rounds + WARM_UPS; round += 1) {
		for (const { module, ms } of orderOf(round, builds)) {
			// Garbage of the join before.
			globalThis.gc?.();
			const startMs = computedMs();
			for (let index = 0; index < joins; index += 1) joinPieces(module, format, pieces);
			const tookMs = (computedMs() - startMs) / joins;
			if (round >= WARM_UPS) (ms[format] ??= []).push(tookMs);
		}
	}
}
console.log(JSON.stringify(builds.map(({ ms }) => ms)));
