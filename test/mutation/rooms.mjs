// The rooms that mutation testing judges: pure ones and the transport.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const nodes = join(import.meta.dirname, '../../nodes');
const mistral = (/** @type {string[]} */ ...names) =>
	names.map((name) => `nodes/shared/mistral/${name}.ts`);
const all = (/** @type {string} */ folder) =>
	readdirSync(join(nodes, 'shared', folder))
		.filter((name) => name.endsWith('.ts'))
		.sort()
		.map((name) => `nodes/shared/${folder}/${name}`);
const outputs = readdirSync(nodes).flatMap((folder) =>
	readdirSync(join(nodes, folder))
		.filter((name) => name.endsWith('.output.ts'))
		.map((name) => `nodes/${folder}/${name}`),
);

/** Reads and writes n8n's store: the engine tests judge it. */
const IMPURE_AUDIO = 'nodes/shared/audio/binary.ts';

/** Files by room. @type {Readonly<Record<string, readonly string[]>>} */
export const rooms = {
	transport: [
		...mistral(
			'transport',
			'attempt',
			'line',
			'retry',
			'errors',
			'sse',
			'body',
			'network',
			'address',
		),
		...mistral('window', 'conceal', 'conceal-stream', 'events-to-the-end', 'request', 'stopping'),
	],
	run: all('run'),
	speech: all('speech'),
	audio: all('audio').filter((file) => file !== IMPURE_AUDIO),
	outputs: outputs.sort(),
};
