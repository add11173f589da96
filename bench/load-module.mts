// Loads one module of the product, compiled as it ships, since the build bundles all modules into one file.
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';

/** @param path of the module below the checkout; `Module` is the type of its exports */
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
