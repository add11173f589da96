// Extracts from an installed n8n the descriptions of the built-in nodes that the samples use, as far as they
// decide which parameters a node keeps. `node test/samples/built-in.mts <folder with n8n's node_modules>…`
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

const packages = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'];
const root = join(import.meta.dirname, '../..');
const store = join(import.meta.dirname, 'built-in');

interface Node {
	type: string;
	typeVersion: number;
	parameters: Record<string, unknown>;
}

export interface BuiltIn {
	n8n: string;
	/** `type@version` to description. */
	nodes: Record<string, INodeTypeDescription>;
}

export const key = ({ type, typeVersion }: Pick<Node, 'type' | 'typeVersion'>): string =>
	`${type}@${typeVersion}`;

export const sampleFiles = (): string[] =>
	globSync('*.json', { cwd: join(root, 'workflows') }).sort();

/** Node types used by samples, with the parameters they set. */
const usedTypes = (): Map<string, Set<string>> => {
	const used = new Map<string, Set<string>>();
	for (const file of sampleFiles()) {
		const text = readFileSync(join(root, 'workflows', file), 'utf8');
		for (const node of (JSON.parse(text) as { nodes: Node[] }).nodes) {
			const names = used.get(key(node)) ?? [];
			used.set(key(node), new Set([...names, ...Object.keys(node.parameters)]));
		}
	}
	return used;
};

const kept = ['name', 'type', 'default', 'displayOptions', 'value'] as const;

/** Drops what does not decide which parameters are kept: labels, descriptions, hints, routing, unset collections. */
const pruned = (property: INodeProperties, isSet = true): INodeProperties => {
	const given = property as unknown as Record<string, unknown>;
	const result = Object.fromEntries(
		kept.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
	);
	const { typeOptions, options, values } = given as {
		typeOptions?: { multipleValues?: boolean };
		options?: INodeProperties[];
		values?: INodeProperties[];
	};
	if (typeOptions?.multipleValues) result.typeOptions = { multipleValues: true };
	if (options && isSet) result.options = options.map((option) => pruned(option));
	if (values) result.values = values.map((value) => pruned(value));
	return result as unknown as INodeProperties;
};

async function record(folder: string): Promise<void> {
	const read = (path: string) =>
		JSON.parse(readFileSync(join(folder, 'node_modules', path), 'utf8')) as unknown;
	const { version: n8n } = read('n8n/package.json') as { version: string };
	const used = usedTypes();
	const nodes: BuiltIn['nodes'] = {};
	for (const name of packages) {
		for (const type of read(`${name}/dist/types/nodes.json`) as INodeTypeDescription[]) {
			for (const typeVersion of [type.version].flat()) {
				const found = key({ type: `${name}.${type.name}`, typeVersion });
				const names = used.get(found);
				if (!names) continue;
				const properties = type.properties.map((property) =>
					pruned(property, names.has(property.name)),
				);
				nodes[found] = {
					name: type.name,
					version: type.version,
					properties,
				} as INodeTypeDescription;
			}
		}
	}
	await mkdir(store, { recursive: true });
	const sorted = Object.fromEntries(Object.entries(nodes).sort(([a], [b]) => (a < b ? -1 : 1)));
	const lines = Object.entries(sorted).map(([name, node]) => `"${name}": ${JSON.stringify(node)}`);
	await writeFile(
		join(store, `${n8n}.json`),
		`{"n8n": "${n8n}", "nodes": {\n${lines.join(',\n')}\n}}\n`,
	);
	console.log(`${n8n}: ${lines.length} of ${used.size} node types`);
}

export const builtIns = (): BuiltIn[] =>
	globSync('*.json', { cwd: store })
		.sort()
		.map((file) => JSON.parse(readFileSync(join(store, file), 'utf8')) as BuiltIn);

if (process.argv[1] === import.meta.filename)
	for (const folder of process.argv.slice(2)) if (existsSync(folder)) await record(folder);
