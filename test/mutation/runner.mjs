// Stryker test runner for the unit tests: runs them in one process, without starting jest for every mutant,
// so that a mutant takes milliseconds instead of seconds.
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
	determineHitLimitReached,
	DryRunStatus,
	TestStatus,
	toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graphs } from './graph.mjs';

/**
 * @typedef {import('./collect.mjs').CollectedTest} CollectedTest
 * @typedef {import('@stryker-mutator/api/test-runner').TestRunner} TestRunner
 * @typedef {import('@stryker-mutator/api/test-runner').TestResult} TestResult
 */

/** A test that takes this many times as long as without a mutant counts as hanging. */
const HANGING = 20;
const LEAST_LIMIT_MS = 4_000;
/** So does a test that executes the mutant this many times as often, with some tolerance. */
const HANGING_HITS = 50;
const FEW_HITS = 1_000;
/** Total time for the tests of one mutant, measured without it. */
const AGENDA_MS = 3_000;

// The same property test examples each time, fewer of them, without shrinking: any failure is enough.
fc.configureGlobal({ seed: 1, numRuns: 40, endOnFailure: true });

const MEMORY = 'mutation-memory.json';

/** What instrumented code reads and writes. @type {import('@stryker-mutator/api/core').InstrumenterContext} */
const switches = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: switches });

/** What was thrown, with where it was thrown if that is known: errors of a test's own realm are no `Error` of this one. */
const stackOf = (/** @type {unknown} */ thrown) => {
	const { stack } = /** @type {{ stack?: string }} */ (Object(thrown));
	return stack ?? String(thrown);
};

/** @implements {TestRunner} */
class InProcessRunner {
	#root = process.cwd();

	#graphs = new Graphs(this.#root);

	/** Tests of the graph loaded without a mutant, by file. @type {Map<string, CollectedTest[]>} */
	#tests = new Map();

	#graph = this.#graphs.newGraph();

	/** Duration of each test without a mutant. @type {Map<string, number>} */
	#durationsMs = new Map();

	/** How often each test executed each mutant while it was inactive. */
	#hits = /** @type {Record<string, Record<string, number>>} */ ({});

	/** Errors thrown by work that a test left running. @type {unknown[]} */
	#strays = [];

	constructor() {
		for (const event of ['uncaughtException', 'unhandledRejection'])
			process.on(event, (thrown) => this.#strays.push(thrown));
	}

	capabilities() {
		return { reloadEnvironment: true };
	}

	/** @type {TestRunner['dryRun']} */
	async dryRun({ files = [] }) {
		switches.mutantCoverage = { static: {}, perTest: {} };
		await this.#load(this.#graphs.testFiles());
		const reaching = new Set(files.flatMap((file) => this.#graphs.testFilesReaching(file)));
		const tests = await this.#run(await this.#load([...reaching]), false);
		for (const { id, timeSpentMs } of tests) this.#durationsMs.set(id, timeSpentMs);
		const mutantCoverage = structuredClone(switches.mutantCoverage);
		this.#hits = mutantCoverage.perTest;
		this.#keepMemory();
		return { status: DryRunStatus.Complete, tests, mutantCoverage };
	}

	/** @type {TestRunner['mutantRun']} */
	async mutantRun({
		activeMutant,
		mutantActivation,
		sandboxFileName,
		testFilter,
		hitLimit,
		disableBail,
	}) {
		this.#recallMemory();
		const wanted = testFilter && new Set(testFilter);
		const reaching = this.#graphs.testFilesReaching(sandboxFileName);
		let tests = mutantActivation === 'static' ? [] : await this.#load(reaching);
		try {
			Object.assign(switches, { hitLimit, hitCount: 0, activeMutant: activeMutant.id });
			if (mutantActivation === 'static') {
				try {
					tests = await this.#graphs.load(reaching);
				} catch (error) {
					return this.#notLoaded(error instanceof Error ? error : new Error(String(error)));
				}
			}
			const chosen = tests.filter(({ id }) => !wanted || wanted.has(id));
			const results = await this.#run(this.#agenda(chosen), !disableBail);
			const hanging = determineHitLimitReached(switches.hitCount, switches.hitLimit);
			return toMutantRunResult(
				hanging ?? { status: DryRunStatus.Complete, tests: results },
				disableBail,
			);
		} finally {
			delete switches.activeMutant;
			delete switches.hitCount;
			delete switches.hitLimit;
		}
	}

	/** Each file once. @param {readonly string[]} files @returns {Promise<CollectedTest[]>} */
	async #load(files) {
		for (const file of files)
			if (!this.#tests.has(file))
				this.#tests.set(file, await this.#graphs.load([file], this.#graph));
		return files.flatMap((file) => this.#tests.get(file) ?? []);
	}

	#keepMemory() {
		const memory = {
			hits: this.#hits,
			durationsMs: [...this.#durationsMs],
			importers: this.#graphs.importers(),
		};
		writeFileSync(join(this.#root, MEMORY), JSON.stringify(memory));
	}

	/**
	 * A worker beside the process of the dry run, or one that takes over after a hanging mutant, starts with the
	 * results of the dry run, which are written only after the others have started.
	 */
	#recallMemory() {
		if (this.#durationsMs.size > 0 || !existsSync(join(this.#root, MEMORY))) return;
		const memory = JSON.parse(readFileSync(join(this.#root, MEMORY), 'utf8'));
		this.#hits = memory.hits;
		this.#durationsMs = new Map(memory.durationsMs);
		this.#graphs.know(memory.importers);
	}

	/**
	 * Fast tests first, since most mutants fail the first one, and as many as the time budget allows: the few slow
	 * ones would run seconds for each survivor. So the reported score may be too low, never too high.
	 *
	 * @param {readonly CollectedTest[]} tests
	 */
	#agenda(tests) {
		const durationMs = (/** @type {CollectedTest} */ { id }) => this.#durationsMs.get(id) ?? 0;
		let spentMs = 0;
		return [...tests]
			.sort((a, b) => durationMs(a) - durationMs(b))
			.filter((test) => (spentMs += durationMs(test)) <= AGENDA_MS);
	}

	/** @param {readonly CollectedTest[]} tests @param {boolean} bail */
	async #run(tests, bail) {
		/** @type {TestResult[]} */
		const results = [];
		for (const test of tests) {
			switches.currentTestId = test.id;
			this.#limitHits(test.id);
			const known = this.#durationsMs.get(test.id);
			const limitMs = known === undefined ? 120_000 : Math.max(LEAST_LIMIT_MS, known * HANGING);
			const result = await this.#runOne(test, limitMs);
			results.push(result);
			if (bail && result.status === TestStatus.Failed) break;
		}
		delete switches.currentTestId;
		return results;
	}

	/** Hit limit against endless loops, which would otherwise end only with the process. @param {string} testId */
	#limitHits(testId) {
		const usual = this.#hits[testId]?.[switches.activeMutant ?? ''];
		if (usual === undefined) return;
		switches.hitCount = 0;
		switches.hitLimit = usual * HANGING_HITS + FEW_HITS;
	}

	/** @param {CollectedTest} test @param {number} limitMs @returns {Promise<TestResult>} */
	async #runOne(test, limitMs) {
		const beganMs = performance.now();
		this.#strays = [];
		const thrown = await test.run(limitMs).then(
			() => this.#strays[0],
			(/** @type {unknown} */ error) => error ?? new Error('nothing was thrown'),
		);
		const result = {
			id: test.id,
			name: test.id,
			fileName: test.file,
			timeSpentMs: performance.now() - beganMs,
		};
		return thrown === undefined
			? { ...result, status: TestStatus.Success }
			: { ...result, status: TestStatus.Failed, failureMessage: stackOf(thrown) };
	}

	/** @param {Error} error */
	#notLoaded(error) {
		const [[first] = []] = this.#tests.values();
		return toMutantRunResult({
			status: DryRunStatus.Complete,
			tests: [
				{
					id: first?.id ?? '',
					name: first?.id ?? '',
					timeSpentMs: 0,
					status: TestStatus.Failed,
					failureMessage: `The file does not load: ${error.message}`,
				},
			],
		});
	}
}

export const strykerPlugins = [
	declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
];
