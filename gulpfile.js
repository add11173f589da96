const { execFile } = require('node:child_process');
const { mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, join, posix } = require('node:path');
const { promisify } = require('node:util');
const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { n8n } = require('./package.json');

/** What n8n loads, as package.json declares it: a file, and in it the class the file is named after. */
const declared = [...n8n.nodes, ...n8n.credentials].map((file) => ({
	file,
	name: basename(file).split('.')[0],
	source: `./${file.replace(/^dist\//, '').replace(/\.js$/, '')}`,
}));

const bundle = 'dist/voxtral.js';

/** Licence texts of the libraries among these inputs of the bundle: each asks to travel with its code. */
const licencesOf = async (inputs) => {
	const libraries = new Set(
		inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
	);
	const texts = [...libraries].sort().map(async (name) => {
		const licence = await readFile(join(__dirname, 'node_modules', name, 'LICENSE'), 'utf8');
		return `/*! Contains ${name}:\n${licence.trim()}\n*/\n`;
	});
	return (await Promise.all(texts)).join('');
};

// All code in one readable file: n8n reads and compiles it in a fraction of the time of two hundred small ones.
const bundleCode = async () => {
	const { metafile, outputFiles } = await build({
		stdin: {
			contents: declared
				.map(({ name, source }) => `export { ${name} } from '${source}';`)
				.join('\n'),
			resolveDir: __dirname,
		},
		outfile: bundle,
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'es2022',
		charset: 'utf8',
		external: ['n8n-workflow'],
		logLevel: 'warning',
		metafile: true,
		write: false,
	});
	await mkdir(join(__dirname, dirname(bundle)), { recursive: true });
	const licences = await licencesOf(Object.keys(metafile.inputs));
	await writeFile(join(__dirname, bundle), licences + outputFiles[0].text);
};

// Under the names n8n looks for, each class out of that file.
const nameClasses = () =>
	Promise.all(
		declared.map(async ({ file, name }) => {
			const path = posix.relative(posix.dirname(file), bundle);
			await mkdir(join(__dirname, dirname(file)), { recursive: true });
			await writeFile(join(__dirname, file), `exports.${name} = require('${path}').${name};\n`);
		}),
	);

// Icons, codex files and output schemas go to the same place under dist.
const assets = [
	'icons/**/*.svg',
	'nodes/**/*.node.json',
	'nodes/**/__schema__/**/*.json',
	'credentials/**/*.svg',
];

const copyAssets = () => src(assets, { base: '.', encoding: false }).pipe(dest('dist'));

// What the nodes look like, as n8n reads it when it starts: the code is loaded once a workflow uses one.
const describeNodes = async () => {
	const script = join(dirname(require.resolve('n8n-core/package.json')), 'bin/generate-metadata');
	await promisify(execFile)(process.execPath, [script], { cwd: __dirname });
	// For n8n's own build only.
	await rm(join(__dirname, 'dist/methods'), { recursive: true });
};

exports.default = series(parallel(bundleCode, nameClasses, copyAssets), describeNodes);
