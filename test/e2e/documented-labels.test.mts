// Documentation against the user interface: each bold label and each quoted message is one that n8n or a node shows.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { fetchN8n } from '../../harness/fetch-n8n.mts';

jest.setTimeout(120_000);

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** All texts that the editor, nodes and credentials of this n8n can show. */
const shown = async (): Promise<string> => {
	const modules = join((await fetchN8n()).toString(), 'node_modules');
	const files = [
		...globSync('n8n-editor-ui/dist/assets/{src,index}-*.js', { cwd: modules }),
		...globSync('{n8n-nodes-base,@n8n/n8n-nodes-langchain}/dist/types/{nodes,credentials}.json', {
			cwd: modules,
		}),
	];
	expect(files.length).toBeGreaterThan(4);
	const theirs = files.map((file) => readFileSync(join(modules, file), 'utf8'));
	const ours = globSync('{nodes,credentials}/**/*.ts', { cwd: root }).map(read);
	return [...theirs, ...ours].join('\n');
};

test('every label in docs/first-hour.md and docs/troubleshooting.md exists in n8n', async () => {
	const everything = await shown();
	// A label is a whole string literal in the code.
	const exists = (label: string) =>
		['`', '"', "'"].some((quote) => everything.includes(quote + label + quote));
	const firstHour = [...read('docs/first-hour.md').matchAll(/\*\*([^*]+)\*\*/g)].map(
		([, label]) => label ?? '',
	);
	const menus = /^(⋯|API Keys|\+)$|\.$/;
	const labels = firstHour.filter((label) => !menus.test(label));
	const [, n8nPart = ''] = read('docs/troubleshooting.md').split('\n## n8n itself');
	const messages = [...n8nPart.matchAll(/^\| `(.+?)` \|/gm)].map(([, message = '']) =>
		message.replace('…', '{credentialType}'),
	);
	expect(labels.length).toBeGreaterThan(30);
	expect(messages.length).toBeGreaterThan(3);
	expect([...labels, ...messages].filter((text) => !exists(text))).toEqual([]);
});
