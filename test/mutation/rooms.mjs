// The rooms that mutation testing judges: pure ones and the transport.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const shared = join(import.meta.dirname, '../../nodes/shared');
const mistral = (/** @type {string[]} */ ...names) =>
	names.map((name) => `nodes/shared/mistral/${name}.ts`);
const all = (/** @type {string} */ folder) =>
	readdirSync(join(shared, folder))
		.filter((name) => name.endsWith('.ts'))
		.sort()
		.map((name) => `nodes/shared/${folder}/${name}`);

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
