// One room of the product by itself, compiled as it ships: what is built has all rooms in one file.
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';

/** @param path of the room, below the checkout; `Room` is the type of what it exports */
export async function loadModule<Module>(path: string): Promise<Module> {
	const outfile = join(checkout, '.cache', 'bench', path.replace(/\.ts$/, '.cjs'));
	await build({
		entryPoints: [join(checkout, path)],
		outfile,
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'es2022',
		external: ['n8n-workflow'],
		logLevel: 'warning',
	});
	return createRequire(import.meta.url)(outfile) as Module;
}
