// Every relative link, picture and anchor of the Markdown pages leads somewhere, and so do the anchors that nodes
// and credentials link to in the README.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const pages = globSync('{*.md,docs/**/*.md}', { cwd: root }).sort();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const home = 'https://github.com/n8n-nodes-voxtral/n8n-nodes-voxtral';

/** Fenced code shows examples, not links. */
const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '');

/** Anchors as GitHub makes them from headings: lower case, no punctuation, hyphens for spaces. */
const anchorsOf = (page: string): Set<string> => {
	const anchors = new Set<string>();
	for (const [, heading = ''] of withoutCode(read(page)).matchAll(/^#{1,6} (.+)$/gm)) {
		const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
		const slug = text
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-');
		let anchor = slug;
		for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
		anchors.add(anchor);
	}
	return anchors;
};

const targetsIn = (page: string): string[] => {
	const text = withoutCode(read(page));
	const links = [
		...text.matchAll(/\]\(([^)\s]+)\)/g),
		...text.matchAll(/(?:src|srcset|href)="([^"]+)"/g),
	];
	return links.map(([, target = '']) => target);
};

/** Why the link leads nowhere; undefined when it is sound. */
const faultOf = (page: string, target: string): string | undefined => {
	const [path = '', anchor] = target.split('#');
	const file = path === '' ? page : relative(root, resolve(root, dirname(page), path));
	if (!existsSync(join(root, file))) return `${target}: there is no ${file}`;
	if (anchor !== undefined && !anchorsOf(file).has(anchor))
		return `${target}: ${file} has no such heading`;
	return undefined;
};

test.each(pages)('%s links only to files and headings that exist', (page) => {
	const relativeTargets = targetsIn(page).filter((target) => !/^[a-z]+:/.test(target));
	const faults = relativeTargets.map((target) => faultOf(page, target));
	expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
});

describe('the README', () => {
	test('has the headings that nodes and credentials link to', () => {
		const anchors = anchorsOf('README.md');
		const sources = globSync('{nodes,credentials}/**/*.{ts,json}', { cwd: root }).map(read);
		const wanted = sources.flatMap((text) =>
			[...text.matchAll(new RegExp(`${home}#([\\w-]+)`, 'g'))].map(([, anchor = '']) => anchor),
		);
		expect(wanted.length).toBeGreaterThan(5);
		expect(wanted.filter((anchor) => !anchors.has(anchor))).toEqual([]);
	});

	test('leads to every page of the docs, directly or over other pages', () => {
		const reached = new Set(['README.md']);
		for (const page of reached)
			for (const target of targetsIn(page)) {
				const file = relative(root, resolve(root, dirname(page), target.split('#')[0] ?? ''));
				if (file.endsWith('.md') && existsSync(join(root, file))) reached.add(file);
				if (file === 'docs/decisions')
					for (const decision of pages.filter((name) => name.startsWith('docs/decisions/')))
						reached.add(decision);
			}
		expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
	});

	test('can be read at once: at most 12,000 bytes', () => {
		expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(12_000);
	});
});
