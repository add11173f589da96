// The generated pages in docs/nodes equal the node descriptions; `WRITE_DOCS=1` writes them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { INodeProperties, INodeType } from 'n8n-workflow';
import { nodePage, type OutputSchema, splitPage } from '../../../harness/node-pages.mts';

const root = join(import.meta.dirname, '../../..');
const pages = join(root, 'docs/nodes');

const names = readdirSync(join(root, 'nodes')).filter((name) => name !== 'shared');

const readNode = async (name: string): Promise<INodeType> => {
	const module: Record<string, unknown> = await import(`../../../nodes/${name}/${name}.node.ts`);
	const NodeClass = module[name] as new () => INodeType;
	return new NodeClass();
};

/** Schema files by operation. A node with one operation has one file of any name. */
const readSchemas = (name: string): Record<string, OutputSchema> => {
	const folder = join(root, 'nodes', name, '__schema__/v1.0.0');
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
		file.endsWith('.json'),
	);
	return Object.fromEntries(
		files.map((file) => [
			files.length === 1 ? '' : file.replace(/^.*[\\/]|\.json$/g, ''),
			JSON.parse(readFileSync(join(folder, file), 'utf8')) as OutputSchema,
		]),
	);
};

const labelsIn = (properties: readonly INodeProperties[]): string[] =>
	properties.flatMap((property) => [
		...(['operation', 'resource'].includes(property.name) ? [] : [property.displayName]),
		...labelsIn((property.options ?? []).filter((entry) => 'type' in entry)),
	]);

describe.each(names)('%s', (name) => {
	const file = join(pages, `${name}.md`);

	test('the page equals the node description', async () => {
		const { description } = await readNode(name);
		const { guide } = splitPage(existsSync(file) ? readFileSync(file, 'utf8') : '');
		const page = nodePage({ description, schemas: readSchemas(name), guide });
		if (process.env.WRITE_DOCS) {
			mkdirSync(pages, { recursive: true });
			writeFileSync(file, page);
		}
		expect(readFileSync(file, 'utf8')).toBe(page);
	});

	test('the page has a guide written by hand', () => {
		expect(splitPage(readFileSync(file, 'utf8')).guide.length).toBeGreaterThan(500);
	});

	test('the page names every parameter, option and output key', async () => {
		const { description } = await readNode(name);
		const { generated } = splitPage(readFileSync(file, 'utf8'));
		const cells = new Set(generated.split('\n').map((line) => /^\| (.+?) \|/.exec(line)?.[1]));
		expect(labelsIn(description.properties).filter((label) => !cells.has(label))).toEqual([]);
		for (const schema of Object.values(readSchemas(name)))
			for (const field of Object.keys(schema.properties ?? {}))
				expect(cells).toContain(`\`${field}\``);
	});
});
