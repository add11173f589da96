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
const modules = join(cacheFolder(), `n8n-${hash}`, 'node_modules');

/** Whether a start has fetched the pinned n8n yet. */
export const hasPinnedN8n = existsSync(join(modules, '@n8n/n8n-nodes-langchain'));

function load(packageName: string, path: string): INodeType | IVersionedNodeType {
	const folder = join(modules, packageName);
	const file = join(folder, 'dist/nodes', `${path}.node.js`);
	const exports = createRequire(join(folder, 'package.json'))(file) as Record<
		string,
		new () => INodeType | IVersionedNodeType
	>;
	const Type = exports[path.replace(/^.*\//, '')];
	if (!Type) throw new Error(`no node in ${file}`);
	return new Type();
}

/** `path` below the package's `dist/nodes`, for example `tools/ToolCalculator/ToolCalculator`. */
export const langchainNode = (path: string): INodeType =>
	load('@n8n/n8n-nodes-langchain', path) as INodeType;

/** An ordinary node in the form n8n gives it as a tool. */
export function baseNodeAsTool(path: string, version: number): INodeType {
	const node = load('n8n-nodes-base', path);
	const type = 'nodeVersions' in node ? node.getNodeType(version) : node;
	const description = { ...type.description, inputs: [], outputs: ['ai_tool' as const] };
	return Object.assign(Object.create(type) as INodeType, { description });
}
