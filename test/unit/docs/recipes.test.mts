// The recipes name parameters, options and buttons in bold: each must exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { splitPage } from '../../../harness/node-pages.mts';

const root = join(import.meta.dirname, '../../..');
const recipes = readFileSync(join(root, 'docs/recipes.md'), 'utf8');
const nodePages = readdirSync(join(root, 'docs/nodes')).map(
	(page) => splitPage(readFileSync(join(root, 'docs/nodes', page), 'utf8')).generated,
);

/** Labels of n8n 2.41 itself and of the credential. */
const otherLabels = [
	'⋯ → Import → From file',
	'Read/Write Files from Disk',
	'Resource',
	'Operation',
	'Save successful production executions',
	'Mistral Voice API',
	'API Key',
	'Base URL',
	'Allow HTTP',
];

const labels = new Set([
	...otherLabels,
	...nodePages.flatMap((page) => [
		...[...page.matchAll(/^# (.+)$/gm)].map(([, label]) => label),
		...[...page.matchAll(/^## (.+)$/gm)].flatMap(([, label]) => label?.split(' → ') ?? []),
		...[...page.matchAll(/^\| ([^|`]+?) \|/gm)].map(([, label]) => label),
		...[...page.matchAll(/(?:<br>|\| )\*\*(.+?)\*\*/g)].map(([, label]) => label),
	]),
]);

test('every label of the recipes exists', () => {
	const named = [...recipes.matchAll(/\*\*(.+?)\*\*/g)].map(([, label]) => label ?? '');
	expect(named.length).toBeGreaterThan(40);
	expect(named.filter((label) => !labels.has(label))).toEqual([]);
});

test('every sample of the recipes exists', () => {
	const named = [...recipes.matchAll(/`(workflows\/.+?)`/g)].map(([, path]) => path ?? '');
	expect(named.length).toBeGreaterThan(2);
	expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
