// A jest transformer that instruments the product's TypeScript for coverage before the types are stripped,
// so that every tier counts the same lines. A built file is replaced by its source.
import swcJest from '@swc/jest';
import { createRequire } from 'node:module';
import { sep } from 'node:path';

/**
 * The package has no types of its own.
 *
 * @type {{ createInstrumenter(options: object): { instrumentSync(code: string, file: string): string } }}
 */
const { createInstrumenter } = createRequire(import.meta.url)('istanbul-lib-instrument');

const swc = swcJest.createTransformer({
	jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
	sourceMaps: 'inline',
});
if (!swc.process) throw new Error('@swc/jest offers no transformer');
const types = /** @type {import('@jest/transform').SyncTransformer} */ (swc);

/** The TypeScript source of a product file, built or not; undefined for tests and tools. */
const sourceOf = (/** @type {string} */ root, /** @type {string} */ file) => {
	const inRoot = file.startsWith(root + sep) ? file.slice(root.length + 1) : '';
	const match = /^(dist[\\/])?((?:nodes|credentials)[\\/].*)\.[jt]s$/.exec(inRoot);
	return match && { path: `${root}${sep}${match[2]}.ts`, built: match[1] !== undefined };
};

const withCounters = (/** @type {string} */ path, /** @type {string} */ source) =>
	createInstrumenter({
		esModules: true,
		compact: false,
		parserPlugins: ['typescript'],
	}).instrumentSync(source, path);

/** @type {import('@jest/transform').SyncTransformer} */
const transformer = {
	canInstrument: true,
	process(text, file, options) {
		const source = sourceOf(options.config.rootDir, file);
		if (!source) return types.process(text, file, options);
		if (source.built) return { code: `module.exports = require(${JSON.stringify(source.path)});` };
		return types.process(withCounters(source.path, text), source.path, options);
	},
	processAsync(text, file, options) {
		return Promise.resolve(transformer.process(text, file, options));
	},
};

export default transformer;
