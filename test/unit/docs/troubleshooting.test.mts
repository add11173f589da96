// The error messages in docs/troubleshooting.md against the code: each exists, no general one is missing. And the Compose file.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import ts from 'typescript';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/troubleshooting.md');

interface Text {
	/** Texts of the code, with … for interpolated values. */
	text: string;
	/** The property the text is assigned to. */
	property: string | undefined;
}

function textsOf(file: string): Text[] {
	const texts: Text[] = [];
	/** String constants by name: interpolating them gives a fixed text. */
	const fixed = new Map<string, string>();
	const filledIn = ({ expression, literal }: ts.TemplateSpan): string =>
		(fixed.get(expression.getText()) ?? '…') + literal.text;
	const visit = (node: ts.Node): void => {
		if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteral(node.initializer))
			fixed.set(node.name.getText(), node.initializer.text);
		const text = ts.isStringLiteralLike(node)
			? node.text
			: ts.isTemplateExpression(node)
				? node.head.text + node.templateSpans.map(filledIn).join('')
				: undefined;
		if (text !== undefined) {
			const { parent } = node;
			const property = ts.isPropertyAssignment(parent) ? parent.name.getText() : undefined;
			texts.push({ text, property });
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true));
	return texts;
}

const quoted = (part: string) =>
	[...part.matchAll(/^\| `(.+?)` \|/gm)].map(([, message]) => message ?? '');
const [ours = '', n8ns = ''] = page.split('\n## n8n itself');

describe('docs/troubleshooting.md', () => {
	const code = globSync('{nodes,credentials}/**/*.ts', { cwd: root });
	const inCode = new Set(code.flatMap(textsOf).map(({ text }) => text));

	test('docs/troubleshooting.md quotes only messages that exist in the code', () => {
		expect(quoted(ours).length).toBeGreaterThanOrEqual(40);
		expect(quoted(ours).filter((message) => !inCode.has(message))).toEqual([]);
		expect(quoted(n8ns).length).toBeGreaterThan(3);
	});

	test.each([
		'credentials/MistralVoiceApi.credentials.ts',
		'credentials/TokenInUrlApi.credentials.ts',
		'nodes/shared/http/base-url.ts',
		'nodes/shared/http/response/response-body.ts',
		'nodes/shared/http/errors/error-response.ts',
		'nodes/shared/list-search/list-search.ts',
		'nodes/shared/http/errors/network-errors.ts',
	])('docs/troubleshooting.md has every message of %s', (file) => {
		const messages = textsOf(file).flatMap(({ text, property }) =>
			property === 'message' ? [text] : [],
		);
		expect(messages.length).toBeGreaterThan(0);
		expect(messages.filter((message) => !quoted(ours).includes(message))).toEqual([]);
	});

	test('docs/troubleshooting.md explains each message and says what to do', () => {
		for (const row of page.match(/^\| `.+$/gm) ?? [])
			expect(row).toMatch(/^\| `.+` \| .{10,} \| .{10,} \|$/);
	});
});

interface Compose {
	services: { n8n: { image: string; environment: Record<string, string>; volumes: string[] } };
	volumes: Record<string, unknown>;
}

test('docker-compose.yml starts the tested version of n8n with this package', () => {
	const { services, volumes } = parse(read('docker-compose.yml')) as Compose;
	const { dependencies } = JSON.parse(read('harness/n8n/package.json')) as {
		dependencies: { n8n: string };
	};
	expect(services.n8n.image).toBe(`docker.n8n.io/n8nio/n8n:${dependencies.n8n}`);
	const { name } = JSON.parse(read('package.json')) as { name: string };
	const { environment } = services.n8n;
	expect(JSON.parse(environment.N8N_COMMUNITY_PACKAGES ?? '')).toEqual([{ name }]);
	// Environment values must be strings; an unquoted true is an error in the file.
	for (const value of Object.values(environment)) expect(typeof value).toBe('string');
	expect(Object.keys(volumes)).toEqual(services.n8n.volumes.map((volume) => volume.split(':')[0]));
});
