// For `node --import`: n8n-workflow's ES modules lack file extensions, so plain Node reads its CommonJS instead.
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const commonJs = pathToFileURL(createRequire(import.meta.url).resolve('n8n-workflow')).href;

registerHooks({
	resolve: (specifier, context, next) =>
		specifier === 'n8n-workflow'
			? { url: commonJs, format: 'commonjs', shortCircuit: true }
			: next(specifier, context),
});
