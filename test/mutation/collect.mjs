// Replaces `@jest/globals` in mutation testing: collects the tests that files declare,
// to be run in this process as often as needed.
import { jestExpect } from '@jest/expect';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';

/**
 * @typedef {() => unknown} Work
 *
 * @typedef {object} CollectedTest
 * @property {string} id unique over all files
 * @property {string} file
 * @property {(limitMs: number) => Promise<void>} run rejects when the test fails
 *
 * @typedef {object} Block
 * @property {Block} [outer]
 * @property {string} name
 * @property {Work[]} before once, when the first test of the block runs
 * @property {Work[]} beforeEach
 * @property {Work[]} afterEach
 * @property {Promise<void>} [prepared]
 */

/** @type {{ file: string, block: Block, tests: CollectedTest[] } | undefined} */
let collecting;

const current = () => {
	if (!collecting) throw new Error('A test was declared outside of a test file');
	return collecting;
};

/** @param {string} name @param {Block} [outer] @returns {Block} */
const newBlock = (name, outer) => ({
	name,
	...(outer && { outer }),
	before: [],
	beforeEach: [],
	afterEach: [],
});

/**
 * The tests a file declares while `load` imports it. One file at a time.
 *
 * @param {string} file
 * @param {() => Promise<unknown>} load
 * @returns {Promise<CollectedTest[]>}
 */
export const collect = async (file, load) => {
	const found = { file, block: newBlock(''), tests: [] };
	collecting = found;
	try {
		await load();
	} finally {
		collecting = undefined;
	}
	return found.tests;
};

/** From the outermost block in. @returns {Block[]} */
const lineage = (/** @type {Block} */ block) =>
	block.outer ? [...lineage(block.outer), block] : [block];

/** @param {Block} block */
const prepare = async (block) => {
	block.prepared ??= (async () => {
		for (const work of block.before) await work();
	})();
	await block.prepared;
};

/** @param {readonly Block[]} blocks @param {Work} body */
const runTest = async (blocks, body) => {
	for (const block of blocks) await prepare(block);
	try {
		for (const block of blocks) for (const work of block.beforeEach) await work();
		await body();
	} finally {
		for (const block of [...blocks].reverse()) for (const work of block.afterEach) await work();
	}
};

const TICK_MS = 50;

/**
 * Time limit for a test that never ends. Counts turns of the event loop, not clock time, since on a busy
 * machine the whole process may be suspended.
 *
 * @param {Promise<void>} work @param {number} limitMs
 */
const within = async (work, limitMs) => {
	/** @type {NodeJS.Timeout | undefined} */
	let timer;
	const late = new Promise((_, reject) => {
		let ticks = limitMs / TICK_MS;
		timer = setInterval(() => --ticks <= 0 && reject(new Error('the test did not end')), TICK_MS);
	});
	try {
		await Promise.race([work, late]);
	} finally {
		clearInterval(timer);
	}
};

/** Instrumentation makes the product slower, so tests that measure time are skipped. */
const measuresTime = (/** @type {unknown} */ body) =>
	/cpuUsage|fastestMs|cost\(|fuzz\(/.test(String(body));

/** @param {string} name @param {Work} body @param {unknown} written the body as the file has it */
const declareTest = (name, body, written) => {
	if (measuresTime(written)) return;
	const { file, block, tests } = current();
	const blocks = lineage(block);
	const path = [...blocks.map((one) => one.name), name].filter(Boolean).join(' > ');
	const base = `${file}: ${path}`;
	const twins = tests.filter(({ id }) => id === base || id.startsWith(`${base} #`)).length;
	tests.push({
		id: twins === 0 ? base : `${base} #${twins + 1}`,
		file,
		run: async (limitMs) => await within(runTest(blocks, body), limitMs),
	});
};

/** @param {string} name @param {Work} body */
const declareBlock = (name, body) => {
	const state = current();
	const outer = state.block;
	state.block = newBlock(name, outer);
	body();
	state.block = outer;
};

const withEach = (/** @type {(name: string, body: Work, written: unknown) => void} */ declare) =>
	Object.assign(
		(/** @type {string} */ name, /** @type {Work} */ body) => declare(name, body, body),
		{
			each:
				(/** @type {any} */ table, /** @type {any[]} */ ...data) =>
				(/** @type {string} */ title, /** @type {any} */ body) =>
					bind((name, bound) => declare(name, /** @type {Work} */ (bound), body), false)(
						table,
						...data,
					)(title, body),
		},
	);

export const expect = jestExpect;
export const test = withEach(declareTest);
export const it = test;
export const describe = withEach(declareBlock);
export const beforeAll = (/** @type {Work} */ work) => void current().block.before.push(work);
export const beforeEach = (/** @type {Work} */ work) => void current().block.beforeEach.push(work);
export const afterEach = (/** @type {Work} */ work) => void current().block.afterEach.push(work);
/** No-op: a block's tests run again for the next mutant. */
export const afterAll = () => undefined;

const mocker = new ModuleMocker(globalThis);

export const jest = {
	fn: mocker.fn.bind(mocker),
	spyOn: mocker.spyOn.bind(mocker),
	restoreAllMocks: () => mocker.restoreAllMocks(),
	// The runner sets the time limit of a test.
	setTimeout: () => undefined,
};
