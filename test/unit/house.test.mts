// The architecture rules that n8n's strict lint cannot know: file size, direction of imports, cycles, what every node must have.
import { describe, expect, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const files = globSync('{nodes,credentials}/**/*.ts', { cwd: root }).sort();
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const imports = (file: string): string[] =>
	[...read(file).matchAll(/from '([^']+)'/g)].map(([, specifier]) =>
		specifier?.startsWith('.')
			? `${relative(root, resolve(root, dirname(file), specifier))}.ts`
			: (specifier ?? ''),
	);

/** Which folders of `nodes/shared` a folder may import besides itself: only ones further down. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	errors: [],
	text: [],
	audio: [],
	http: ['errors'],
	mistral: ['http', 'errors', 'audio'],
	'list-search': ['mistral', 'http', 'errors'],
	execution: ['http', 'errors'],
	fields: ['execution', 'mistral', 'http', 'errors', 'audio', 'text'],
	conversation: ['execution', 'mistral', 'http', 'errors'],
	synthesis: ['execution', 'mistral', 'http', 'errors', 'audio', 'text'],
};
/** Libraries that the build takes into the bundle: devDependencies with an exact version, never dependencies. */
const BUNDLED: Readonly<Record<string, readonly string[]>> = { text: ['entities'] };
/** Reads and writes n8n's binary fields: the one file of `audio` that is not pure. */
const IMPURE_AUDIO = 'nodes/shared/audio/n8n-binary.ts';

test('the source files are found', () => {
	expect(files.length).toBeGreaterThan(20);
});

describe.each(files)('%s', (file) => {
	test('has at most 300 lines and opens with a line that says what it is for', () => {
		const lines = read(file).split('\n');
		expect(lines.length).toBeLessThanOrEqual(301);
		expect(lines[0]).toMatch(/^\/\/ \S.{20,}/);
	});

	test('is not named utils, helpers, common or misc', () => {
		expect(file).not.toMatch(/(^|\/)(utils?|helpers?|common|misc|GenericFunctions)\.ts$/i);
	});

	test('imports only n8n-workflow, bundled libraries and relative files, in the direction of the architecture', () => {
		const [, , folder = ''] = file.split('/');
		const below = MAY_IMPORT[folder];
		const own = file.split('/').slice(0, 2).join('/');
		const allowed = file.startsWith('nodes/shared/')
			? [folder, ...(below ?? [])].map((name) => `nodes/shared/${name}/`)
			: [`${own}/`, 'nodes/shared/'];
		if (file === IMPURE_AUDIO) allowed.push('nodes/shared/errors/');
		for (const target of imports(file)) {
			if (target === 'n8n-workflow' || BUNDLED[folder]?.includes(target)) continue;
			const fits = allowed.some((place) => target.startsWith(place));
			expect({ file, target, fits }).toEqual({ file, target, fits: true });
		}
	});
});

test('every bundled library is an exact devDependency, and there are no dependencies', () => {
	const { dependencies = {}, devDependencies } = JSON.parse(read('package.json')) as {
		dependencies?: Record<string, string>;
		devDependencies: Record<string, string>;
	};
	expect(dependencies).toEqual({});
	for (const name of Object.values(BUNDLED).flat())
		expect([name, devDependencies[name]]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});

test('no import cycle between files', () => {
	const cycles: string[][] = [];
	const done = new Set<string>();
	const follow = (file: string, path: readonly string[]): void => {
		const start = path.indexOf(file);
		if (start >= 0) cycles.push([...path.slice(start), file]);
		if (start >= 0 || done.has(file)) return;
		for (const target of imports(file)) if (files.includes(target)) follow(target, [...path, file]);
		done.add(file);
	};
	for (const file of files) follow(file, []);
	expect(cycles).toEqual([]);
});

test('files and folders are named in kebab-case, apart from names that n8n prescribes', () => {
	const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
	const prescribed =
		/^nodes\/([A-Z][A-Za-z]+)(\/\1\.node\.(ts|json))?$|\/__schema__(\/|$)|\/README\.md$/;
	const named = globSync('{nodes,test,bench,harness,demo}/**/*', {
		cwd: root,
		exclude: (path) => path === 'node_modules',
	});
	expect(named.length).toBeGreaterThan(300);
	expect(
		named.filter(
			(path) => !prescribed.test(path.replaceAll('\\', '/')) && !kebabCase.test(basename(path)),
		),
	).toEqual([]);
});

test('no folder holds more than 14 files beside its sub-folders', () => {
	const count = new Map<string, number>();
	for (const file of files) count.set(dirname(file), (count.get(dirname(file)) ?? 0) + 1);
	// A node's folder holds a file or two for each operation of the node.
	const shared = [...count].filter(([folder]) => folder.startsWith('nodes/shared/'));
	expect(shared.filter(([, size]) => size > 14)).toEqual([]);
});

const pure = files.filter(
	(file) =>
		(/^nodes\/shared\/(audio|text)\//.test(file) && file !== IMPURE_AUDIO) ||
		file.endsWith('.output.ts'),
);

test.each(pure)('%s is pure: it imports only types from n8n-workflow', (file) => {
	expect(read(file)).not.toMatch(/^import (?!type\b)[^;]* from 'n8n-workflow'/m);
});

describe('every node', () => {
	const nodes = globSync('nodes/*/*.node.ts', { cwd: root });

	test.each(nodes)(
		'%s has a codex, an output schema, a README section and a place in a sample',
		(file) => {
			const [, folder = ''] = file.split('/');
			const typeName = `${folder.charAt(0).toLowerCase()}${folder.slice(1)}`;
			expect(globSync(`nodes/${folder}/${folder}.node.json`, { cwd: root })).toHaveLength(1);
			expect(
				globSync(`nodes/${folder}/__schema__/v1.0.0/**/*.json`, { cwd: root }).length,
			).toBeGreaterThan(0);
			const displayName = /displayName: '([^']+)'/.exec(read(file))?.[1] ?? 'unknown';
			expect(read('README.md')).toContain(`## ${displayName}`);
			const samples = globSync('workflows/*.json', { cwd: root }).map(read).join('\n');
			expect(samples).toContain(`"n8n-nodes-voxtral.${typeName}"`);
		},
	);
});
