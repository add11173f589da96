// Loads test files and their imports, as often as needed: each module graph is a fresh copy of product and
// tests, while packages are loaded once.
import { transformSync } from '@swc/core';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { collect } from './collect.mjs';

/** Tests of the checkout's files, which test no single source file. */
const LEFT_OUT = ['docs', 'samples'];
const IMPORTS_PRODUCT = /from '(\.\.\/)+nodes\//;
/** Fake timers would stop the clock by which the runner detects hanging tests. */
const STOPS_CLOCK = /\buseFakeTimers\b/;

/** @typedef {import('./collect.mjs').CollectedTest} CollectedTest */

export class Graphs {
	/** Files by the files they import. @type {Map<string, Set<string>>} */
	#importers = new Map();

	/** @type {Map<string, string>} */
	#compiled = new Map();

	#made = 0;

	/** @param {string} root of the checkout or a copy of it */
	constructor(root) {
		this.root = root;
		// The shipped code is CommonJS and gets the CommonJS build; the ES module build does not run in plain Node.js.
		const n8n = pathToFileURL(createRequire(import.meta.url).resolve('n8n-workflow')).href;
		const globals = new URL('collect.mjs', import.meta.url).href;
		registerHooks({
			resolve: (specifier, context, next) => {
				if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
				if (specifier === 'n8n-workflow') return { url: n8n, shortCircuit: true };
				const parent = context.parentURL ? new URL(context.parentURL) : undefined;
				const graph = parent?.searchParams.get('graph');
				if (!parent || !graph || !specifier.startsWith('.')) return next(specifier, context);
				const url = new URL(specifier, parent);
				if (!existsSync(url)) url.pathname += '.ts';
				this.#noteImport(fileURLToPath(parent), fileURLToPath(url));
				url.searchParams.set('graph', graph);
				return { url: url.href, shortCircuit: true };
			},
			load: (url, context, next) => {
				if (!url.includes('?graph=') || !/\.m?ts\?/.test(url)) return next(url, context);
				const source = this.#compile(fileURLToPath(url));
				return { format: 'module', source, shortCircuit: true };
			},
		});
	}

	testFiles() {
		return globSync('test/unit/*/**/*.test.mts', { cwd: this.root })
			.filter((file) => !LEFT_OUT.includes(file.split(sep)[2] ?? ''))
			.map((file) => join(this.root, file))
			.filter((file) => {
				const text = readFileSync(file, 'utf8');
				return IMPORTS_PRODUCT.test(text) && !STOPS_CLOCK.test(text);
			})
			.sort();
	}

	/** Those of `testFiles` that import `file`, over any number of steps, as far as seen in earlier graphs. */
	testFilesReaching(/** @type {string} */ file) {
		const reached = new Set([file]);
		// A set takes in what is added while it is walked.
		for (const one of reached) for (const by of this.#importers.get(one) ?? []) reached.add(by);
		return this.testFiles().filter((one) => reached.has(one));
	}

	/** Which files import which, as seen so far. @returns {[string, string[]][]} */
	importers() {
		return [...this.#importers].map(([file, by]) => [file, [...by]]);
	}

	/** @param {readonly [string, string[]][]} importers as {@link importers} gave them */
	know(importers) {
		for (const [file, by] of importers) for (const one of by) this.#noteImport(one, file);
	}

	newGraph() {
		return String(++this.#made);
	}

	/** @param {readonly string[]} testFiles @param {string} [graph] @returns {Promise<CollectedTest[]>} */
	async load(testFiles, graph = this.newGraph()) {
		/** @type {CollectedTest[]} */
		const tests = [];
		for (const file of testFiles) {
			const url = pathToFileURL(file);
			url.searchParams.set('graph', graph);
			tests.push(...(await collect(file.slice(this.root.length + 1), () => import(url.href))));
		}
		return tests;
	}

	#noteImport(/** @type {string} */ by, /** @type {string} */ file) {
		const known = this.#importers.get(file) ?? new Set();
		this.#importers.set(file, known.add(by));
	}

	#compile(/** @type {string} */ file) {
		const known = this.#compiled.get(file);
		if (known !== undefined) return known;
		const { code } = transformSync(readFileSync(file, 'utf8'), {
			filename: file,
			swcrc: false,
			jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
			module: { type: 'es6' },
		});
		this.#compiled.set(file, code);
		return code;
	}
}
