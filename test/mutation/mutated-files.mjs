// The files that mutation testing mutates: the pure folders and the HTTP client.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const nodes = join(import.meta.dirname, '../../nodes');
/** Every source below a folder of nodes/shared. */
const all = (/** @type {string} */ folder) =>
	readdirSync(join(nodes, 'shared', folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.sort()
		.map((name) => `nodes/shared/${folder}/${name}`);
const outputs = readdirSync(nodes).flatMap((folder) =>
	readdirSync(join(nodes, folder))
		.filter((name) => name.endsWith('.output.ts'))
		.map((name) => `nodes/${folder}/${name}`),
);

/** Reads and writes n8n's binary store; tested by the engine tests. */
const IMPURE_AUDIO = 'nodes/shared/audio/n8n-binary.ts';

/** Mutated files by folder. @type {Readonly<Record<string, readonly string[]>>} */
export const mutatedFolders = {
	http: all('http').filter(
		(file) => !file.includes('/limiter/') || file.endsWith('/aimd-limit.ts'),
	),
	errors: all('errors'),
	execution: all('execution'),
	text: all('text'),
	audio: all('audio').filter((file) => file !== IMPURE_AUDIO),
	outputs: outputs.sort(),
};
