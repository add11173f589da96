// Builds `dist` with gulpfile.js: one bundle, an entry file for each node, icons, codex files and output schemas.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkout, prepare } from './bootstrap.mjs';
import { run } from './child-processes.mjs';
import { printFailure, Problem } from './problem.mjs';

const stamp = join(checkout, '.cache', 'dist.sha256');

/** Hash of all inputs of the build. */
const inputsHash = async () => {
	const hash = createHash('sha256');
	for (const root of ['nodes', 'credentials', 'icons']) {
		if (!existsSync(join(checkout, root))) continue;
		const entries = await readdir(join(checkout, root), { recursive: true, withFileTypes: true });
		const files = entries.filter((entry) => entry.isFile());
		for (const path of files.map((file) => join(file.parentPath, file.name)).sort())
			hash.update(path).update(await readFile(path));
	}
	for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'gulpfile.js'])
		hash.update(await readFile(join(checkout, file)));
	return hash.digest('hex');
};

/**
 * @param {Awaited<ReturnType<typeof prepare>>} tools
 * @throws {Problem} with the output of the bundler
 */
export const build = async ({ node, environment }) => {
	const hash = await inputsHash();
	await rm(stamp, { force: true });
	await rm(join(checkout, 'dist'), { recursive: true, force: true });
	const gulp = join('node_modules', 'gulp', 'bin', 'gulp.js');
	const { code, output } = await run(node, [gulp, '--silent'], { cwd: checkout, env: environment });
	if (code !== 0) throw new Problem(`The build failed:\n${output.trim()}`);
	await mkdir(join(checkout, '.cache'), { recursive: true });
	await writeFile(stamp, hash);
};

/** Builds unless `dist` is up to date. @param {Parameters<typeof build>[0]} tools */
export const buildIfChanged = async (tools) => {
	const built = existsSync(join(checkout, 'dist')) && existsSync(stamp);
	if (built && (await readFile(stamp, 'utf8')) === (await inputsHash())) return;
	await build(tools);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		await build(await prepare());
	} catch (error) {
		printFailure(error);
		process.exitCode = 1;
	}
}
