// Tarballs of the package from other sources than the checkout's: of a git ref, or of a patched copy.
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, type prepare } from '../harness/bootstrap.mjs';
import { run } from '../harness/child-processes.mjs';
import type { Package } from '../harness/pack.mjs';
import { Problem } from '../harness/problem.mjs';

type Tools = Awaited<ReturnType<typeof prepare>>;

async function succeed(command: string, args: readonly string[], cwd: string): Promise<void> {
	const { code, output } = await run(command, args, { cwd });
	if (code !== 0) throw new Problem(`${command} ${args.join(' ')} failed:\n${output.trim()}`);
}

/** The sources of that commit, branch or tag. */
export async function extractRef(ref: string, folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const archive = `${folder}.tar`;
	await succeed('git', ['archive', '--format=tar', '-o', archive, ref], checkout);
	await succeed('tar', ['-xf', archive, '-C', folder], checkout);
}

/** Neither sources nor worth copying. */
const SKIPPED = ['.git', '.cache', 'node_modules', 'dist', 'coverage'];

export async function copyCheckout(folder: string): Promise<void> {
	const skipped = SKIPPED.map((name) => join(checkout, name));
	await cp(checkout, folder, { recursive: true, filter: (path) => !skipped.includes(path) });
}

/** Builds and packs these sources with their own harness, on the packages installed in the checkout. */
export async function buildAndPack(folder: string, tools: Tools): Promise<Package> {
	await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'), 'junction');
	const load = async (file: string): Promise<unknown> =>
		await import(pathToFileURL(join(folder, 'harness', file)).href);
	const { build } = (await load('build.mjs')) as typeof import('../harness/build.mjs');
	await build(tools);
	const { pack } = (await load('pack.mjs')) as typeof import('../harness/pack.mjs');
	return await pack();
}
