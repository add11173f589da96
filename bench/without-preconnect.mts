// A variant of the sources that opens no connection ahead: whatever is called preconnect returns at once.
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Definitions of functions and methods, as Prettier lays them out. */
const DEFINITION = /^(?:export function |\t(?:private )?)preconnect\w*\([^{}]*\): void \{$/gm;

/** One for each kind of request that is sent this way. */
const FEWEST = 2;

/** The source with these definitions doing nothing, and how many there were. */
export function patchSource(source: string): { source: string; count: number } {
	let count = 0;
	const patched = source.replace(DEFINITION, (definition) => {
		count += 1;
		return `${definition}\n\t\treturn;`;
	});
	return { source: patched, count };
}

/** @throws when the sources below `folder` do not hold what is to be taken out */
export async function takeOutPreconnect(folder: string): Promise<void> {
	let total = 0;
	for (const file of globSync('nodes/**/*.ts', { cwd: folder })) {
		const path = join(folder, file);
		const { source, count } = patchSource(await readFile(path, 'utf8'));
		if (count > 0) await writeFile(path, source);
		total += count;
	}
	if (total < FEWEST)
		throw new Error(`${total} definitions named preconnect found, at least ${FEWEST} expected`);
}
