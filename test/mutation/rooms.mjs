// The rooms that mutation testing judges: pure ones and the transport.
import { globSync } from 'node:fs';
import { join } from 'node:path';

const cwd = join(import.meta.dirname, '../..');
const mistral = (/** @type {string[]} */ ...names) =>
	names.map((name) => `nodes/shared/mistral/${name}.ts`);
const all = (/** @type {string} */ folder) =>
	globSync(`nodes/shared/${folder}/*.ts`, { cwd }).sort();

/** Reads and writes n8n's store: the engine tests judge it. */
const IMPURE_AUDIO = 'nodes/shared/audio/binary.ts';

/** Files by room. @type {Readonly<Record<string, readonly string[]>>} */
export const rooms = {
	transport: [
		...mistral('transport', 'attempt', 'retry', 'errors', 'sse', 'body', 'conceal', 'network'),
		...mistral('address'),
	],
	run: all('run'),
	speech: all('speech'),
	audio: all('audio').filter((file) => file !== IMPURE_AUDIO),
};
