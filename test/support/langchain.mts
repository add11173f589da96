// n8n's own sub-nodes, from the pinned n8n that the harness keeps: real memories and real tools.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeType, IVersionedNodeType } from 'n8n-workflow';
import { cacheFolder } from '../../harness/cache.mjs';
import { packageRoot } from './engine.mts';

const lockfile = readFileSync(join(packageRoot, 'harness/n8n/package-lock.json'));
const hash = createHash('sha256').update(lockfile).digest('hex').slice(0, 12);

/** Where the pinned n8n stands, or undefined when no start has fetched it yet. */
const pinned = [join(cacheFolder(), `n8n-${hash}`)].find((folder) =>
	existsSync(join(folder, 'node_modules/@n8n/n8n-nodes-langchain')),
);

export const hasPinnedN8n = pinned !== undefined;

/** `path` from the package's `dist/nodes` on, for example `tools/ToolCalculator/ToolCalculator.node.js`. */
export function langchainNode(path: string): INodeType {
	if (pinned === undefined) throw new Error('The pinned n8n is not in the cache: node harness/fetch-n8n.mts');
	const folder = join(pinned, 'node_modules/@n8n/n8n-nodes-langchain');
	const exports = createRequire(join(folder, 'package.json'))(join(folder, 'dist/nodes', path)) as Record<
		string,
		new () => INodeType | IVersionedNodeType
	>;
	const name = path.replace(/^.*\/|\.node\.js$/g, '');
	const Type = exports[name];
	if (!Type) throw new Error(`no ${name} in ${path}`);
	return new Type() as INodeType;
}
