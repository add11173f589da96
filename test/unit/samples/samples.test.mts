// Every sample workflow, without a running n8n: it imports unchanged in the oldest and the newest supported n8n.
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	type INode,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	NodeHelpers,
} from 'n8n-workflow';
import { builtIns, key, sampleFiles } from '../../samples/built-in.mts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Sample {
	name: string;
	nodes: INode[];
	connections: Record<
		string,
		Record<string, ({ node: string; type: string; index: number }[] | null)[]>
	>;
	[key: string]: unknown;
}

const isSticky = ({ type }: INode) => type === 'n8n-nodes-base.stickyNote';
const isOurs = ({ type }: INode) => type.startsWith('n8n-nodes-voxtral.');

const ownNode = async ({ type }: INode): Promise<INodeTypeDescription> => {
	const [, name = ''] = type.split('.');
	const className = name.charAt(0).toUpperCase() + name.slice(1);
	const path = `../../../nodes/${className}/${className}.node.ts`;
	const module = (await import(path)) as Record<string, new () => INodeType>;
	const Class = module[className];
	if (!Class) throw new Error(`${path} has no ${className}`);
	return new Class().description;
};

const versions = builtIns();

test('the samples are checked against n8n 1.123 and 2.41', () => {
	expect(versions.map(({ n8n }) => n8n)).toEqual([
		expect.stringMatching(/^1\.123\./),
		expect.stringMatching(/^2\.41\./),
	]);
	expect(sampleFiles().length).toBeGreaterThanOrEqual(7);
});

interface Group {
	type?: string;
	options?: INodeProperties[];
	values?: INodeProperties[];
}

/** Paths in `given` that the description does not have, at any depth. */
function unknownParameters(
	given: Record<string, unknown>,
	known: readonly INodeProperties[],
	path: string,
): string[] {
	return Object.entries(given).flatMap(([name, value]) => {
		const found = known.filter((property) => property.name === name);
		if (found.length === 0) return [`${path}${name}`];
		const choices = found.flatMap(({ type, options = [] }) =>
			type === 'options' || type === 'multiOptions' ? (options as { value?: unknown }[]) : [],
		);
		const chosen = [value].flat().filter((one) => typeof one === 'string' && !one.startsWith('='));
		if (choices.length > 0 && chosen.some((one) => !choices.some((choice) => choice.value === one)))
			return [`${path}${name} = ${JSON.stringify(value)}`];
		if (typeof value !== 'object' || value === null) return [];
		const inner = found.flatMap((property) => {
			const { type, options, values } = property as unknown as Group;
			// A fixed collection has groups of fields without a type.
			return type === 'collection' || type === 'fixedCollection' ? (options ?? []) : (values ?? []);
		});
		// Other types (resource mapper, resource locator) have an internal structure of n8n.
		if (inner.length === 0 || found.some(({ type }) => /^resource/.test(type ?? ''))) return [];
		const lists = [value].flat() as Record<string, unknown>[];
		return lists.flatMap((one) => unknownParameters(one, inner, `${path}${name}.`));
	});
}

describe.each(sampleFiles())('%s', (file) => {
	const text = read(`workflows/${file}`);
	const sample = JSON.parse(text) as Sample;
	const steps = sample.nodes.filter((node) => !isSticky(node));

	test.each(versions)('n8n $n8n knows its nodes and keeps their parameters', async ({ nodes }) => {
		for (const node of sample.nodes) {
			const description = isOurs(node) ? await ownNode(node) : nodes[key(node)];
			expect({ node: node.name, type: key(node), found: description !== undefined }).toEqual({
				node: node.name,
				type: key(node),
				found: true,
			});
			if (!description) continue;
			const { properties } = description;
			const survived = NodeHelpers.getNodeParameters(
				properties,
				node.parameters,
				false,
				false,
				node,
				description,
			);
			expect({ node: node.name, parameters: survived }).toEqual({
				node: node.name,
				parameters: node.parameters,
			});
			expect({
				node: node.name,
				unknown: unknownParameters(node.parameters, properties, ''),
			}).toEqual({
				node: node.name,
				unknown: [],
			});
		}
	});

	test('the sample holds no ids, credentials or data of the n8n it was made in', () => {
		expect(Object.keys(sample).sort()).toEqual(
			['connections', 'meta', 'name', 'nodes', 'pinData', 'settings', 'tags'].sort(),
		);
		expect(sample).toMatchObject({
			pinData: {},
			meta: { templateCredsSetupCompleted: false },
			settings: { executionOrder: 'v1' },
			tags: [],
		});
		expect(text).not.toMatch(/instanceId|"active"|versionId|shared|localhost|127\.0\.0\.1/);
		for (const { name, credentials = {} } of sample.nodes)
			for (const [type, credential] of Object.entries(credentials)) {
				const expected = {
					name,
					type,
					credential: { id: null, name: expect.stringMatching(/^\w[\w ]+ account$/) },
				};
				expect({ name, type, credential }).toEqual(expected);
			}
	});

	test('every node id and webhook id is unique', () => {
		const ids = sample.nodes.flatMap(({ id, webhookId }) => [
			id,
			...(webhookId ? [webhookId] : []),
		]);
		const names = sample.nodes.map(({ name }) => name);
		expect(new Set(ids).size).toBe(ids.length);
		expect(new Set(names).size).toBe(names.length);
		for (const id of ids)
			expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
	});

	test('the nodes are connected, on the grid, without overlap', () => {
		const joined = new Set(
			Object.entries(sample.connections).flatMap(([from, outputs]) => [
				from,
				...Object.values(outputs).flatMap((lists) =>
					lists.flatMap((list) => list ?? []).map(({ node }) => node),
				),
			]),
		);
		expect([...joined].sort()).toEqual(steps.map(({ name }) => name).sort());
		for (const { name, position } of sample.nodes)
			expect({ name, offGrid: position.map((at) => Math.abs(at % 20)) }).toEqual({
				name,
				offGrid: [0, 0],
			});
		const places = steps.map(({ position }) => position);
		for (const [index, [x, y]] of places.entries())
			for (const [otherX, otherY] of places.slice(index + 1))
				expect(Math.abs(x - otherX) >= 160 || Math.abs(y - otherY) >= 140).toBe(true);
	});

	test('sticky notes explain how to start and what each stage does', () => {
		const notes = sample.nodes.filter(isSticky).map(({ parameters }) => String(parameters.content));
		expect(notes.length).toBeGreaterThanOrEqual(3);
		expect(
			notes.filter((note) => /^## .+\n\n[\s\S]*account[\s\S]*publish/i.test(note)),
		).toHaveLength(1);
	});

	test('every expression refers to an existing node', () => {
		const names = new Set(steps.map(({ name }) => name));
		for (const [, name] of text.matchAll(/\$\('([^']+)'\)/g)) expect(names).toContain(name);
	});

	test('the sample has a stored shape of its execution and a line in the README', () => {
		expect(existsSync(join(root, 'test/samples/shapes', file))).toBe(true);
		expect(read('README.md')).toContain(`\`${file}\``);
	});
});

test('the Telegram sample has at most eight nodes, no Code node, and no token', () => {
	const { nodes } = JSON.parse(read('workflows/telegram-voice-assistant.json')) as Sample;
	const steps = nodes.filter((node) => !isSticky(node));
	expect(steps.length).toBeLessThanOrEqual(8);
	expect(steps.map(({ type }) => type)).not.toContain('n8n-nodes-base.code');
	const send = steps.find(({ type }) => type === 'n8n-nodes-base.httpRequest');
	expect(send?.parameters.url).toBe('https://api.telegram.org/bot{token}/sendVoice');
});
