// Checks of the package before publishing: the contents of the tarball, and n8n's scanner for sources and package.
import { mkdtemp, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './bootstrap.mjs';
import { run } from './child-processes.mjs';
import { pack } from './pack.mjs';

const largestTarballBytes = 600_000;

/** The only files that may be published. */
const expectedFiles = [
	/^(package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/,
	/^workflows\/[\w-]+\.(json|html)$/,
	/^dist\/icons\/[\w.-]+\.svg$/,
	/^dist\/credentials\/\w+\.credentials\.js$/,
	/^dist\/voxtral\.js$/,
	/^dist\/nodes\/(\w+)\/\1\.node\.js$/,
	/^dist\/nodes\/\w+\/\w+\.node\.json$/,
	/^dist\/nodes\/\w+\/__schema__\/[\w/.-]+\.json$/,
	/^dist\/(known|types)\/\w+\.json$/,
];

/** Descriptions that n8n reads at start instead of loading the code. */
const described = ['known', 'types'].flatMap((folder) => [
	`dist/${folder}/nodes.json`,
	`dist/${folder}/credentials.json`,
]);

/**
 * Problems of the tarball; empty if it is correct.
 *
 * @param {import('./pack.mjs').Package} packed
 */
export const tarballProblems = async ({ files, bytes }) => {
	const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
	const declared = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
	const codex = manifest.n8n.nodes.map((/** @type {string} */ node) =>
		node.replace(/\.js$/, '.json'),
	);
	const problems = [];
	if (bytes >= largestTarballBytes)
		problems.push(`It has ${bytes} bytes; it must stay under ${largestTarballBytes}.`);
	if (Object.keys(manifest.dependencies ?? {}).length > 0)
		problems.push('package.json has dependencies; there must be none.');
	for (const file of files)
		if (!expectedFiles.some((pattern) => pattern.test(file)))
			problems.push(`It holds ${file}, which is not meant to be published.`);
	const needed = [...declared, ...codex, ...described, 'package.json', 'README.md', 'LICENSE.md'];
	for (const file of needed) if (!files.includes(file)) problems.push(`It lacks ${file}.`);
	if (!files.some((file) => file.startsWith('workflows/')))
		problems.push('It lacks the sample workflows.');
	return problems;
};

/**
 * Reproducible build: packing again, with newer file times, must give the same bytes.
 *
 * @param {import('./pack.mjs').Package} packed
 */
export const reproducibilityProblems = async ({ files, sha256 }) => {
	const now = new Date();
	for (const file of files) await utimes(join(checkout, file), now, now);
	const again = await pack();
	return again.sha256 === sha256
		? []
		: [`Packing it again gives other bytes: ${sha256}, then ${again.sha256}.`];
};

/**
 * Runs n8n's scanner, as n8n does before it lists a package, and returns its violations.
 *
 * @param {string} folder
 * @param {'source' | 'package'} leg
 */
const scan = async (folder, leg) => {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
		pathToFileURL(
			join(checkout, 'node_modules', '@n8n', 'scan-community-package', 'scanner', 'scanner.mjs'),
		).href
	);
	const patterns = leg === 'source' ? SOURCE_FILE_PATTERNS : ['**/*.js', 'package.json'];
	const { passed, message, details } = await analyzePackage(folder, patterns);
	return passed ? [] : [[message, details].filter(Boolean).join('\n')];
};

export const scanCheckout = async () => await scan(checkout, 'source');

/** @param {import('./pack.mjs').Package} packed */
export const scanTarball = async ({ path }) => {
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-scan-'));
	try {
		const { code, output } = await run('tar', ['-xzf', path, '-C', folder]);
		if (code !== 0) return [`The tarball could not be unpacked: ${output.trim()}`];
		return await scan(join(folder, 'package'), 'package');
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
