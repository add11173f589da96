// Builds `dist`: compiled nodes and credentials, with icons, codex files and output schemas beside them.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkout, prepare } from './bootstrap.mjs';
import { run } from './children.mjs';
import { printFailure, Problem } from './problem.mjs';

/**
 * @param {Awaited<ReturnType<typeof prepare>>} tools
 * @throws {Problem} with what the compiler said
 */
export const build = async ({ node, environment }) => {
	await rm(join(checkout, 'dist'), { recursive: true, force: true });
	for (const [tool, ...args] of [
		['typescript/bin/tsc', '-p', 'tsconfig.json'],
		['gulp/bin/gulp.js', '--silent'],
	]) {
		const { code, output } = await run(node, [join('node_modules', `${tool}`), ...args], {
			cwd: checkout,
			env: environment,
		});
		if (code !== 0) throw new Problem(`The build failed (${tool}):\n${output.trim()}`);
	}
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		await build(await prepare());
	} catch (error) {
		printFailure(error);
		process.exitCode = 1;
	}
}
