// The code that joins pieces of speech into one file, of any checkout: compiled by itself, wherever it lies there.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SpeechFormat } from '../test/standin/speech-engine.mts';

/** Where it lies, by layout of the sources. */
const ENTRIES = ['nodes/shared/audio/join/join.ts', 'nodes/shared/audio/join.ts'];

interface JoinOptions {
	gapMs: number;
	pauses: { leastMs: number; mostMs: number };
}

type Arguments = [format: SpeechFormat, pieces: readonly Uint8Array[], options: JoinOptions];

/** In steps: an iterator whose last value is the file. */
type JoinSteps = Iterator<unknown, Uint8Array, undefined>;

/** The exports of both layouts: `joinSteps` joins in steps, `joinAudio` in steps or at once. */
export interface JoinModule {
	joinSteps?: (...args: Arguments) => JoinSteps;
	joinAudio?: (...args: Arguments) => JoinSteps | Uint8Array;
}

/** As Voxtral Speak asks for them. */
const NATURAL: JoinOptions = { gapMs: 120, pauses: { leastMs: 80, mostMs: 250 } };

/** @throws when none of the known files is there */
export async function compileJoins(folder: string, outfile: string): Promise<void> {
	const entry = ENTRIES.map((path) => join(folder, path)).find(existsSync);
	if (entry === undefined) throw new Error(`none of ${ENTRIES.join(', ')} in ${folder}`);
	await build({
		entryPoints: [entry],
		outfile,
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'es2022',
		external: ['n8n-workflow'],
		logLevel: 'warning',
	});
}

export const loadJoins = (file: string): JoinModule =>
	createRequire(import.meta.url)(file) as JoinModule;

/** @throws when the module joins in neither of the known ways, or leaves speech out */
export function joinPieces(
	{ joinSteps, joinAudio }: JoinModule,
	format: SpeechFormat,
	pieces: readonly Uint8Array[],
): Uint8Array {
	const made = (joinSteps ?? joinAudio)?.(format, pieces, NATURAL);
	const joined = made && 'next' in made ? lastOf(made) : made;
	const given = pieces.reduce((sum, { length }) => sum + length, 0);
	if (!(joined instanceof Uint8Array) || joined.length < given * 0.8)
		throw new Error(`${format}: ${given} bytes joined into ${joined?.length}`);
	return joined;
}

function lastOf<T>(steps: Iterator<unknown, T, undefined>): T {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}
