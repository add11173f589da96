// Runs one tier of jest tests and counts what it did.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from './bootstrap.mjs';
import { run } from './child-processes.mjs';
import { bad } from './steps.mjs';

/** The tiers, as jest.config.mjs names them. @returns {Promise<string[]>} */
export const tierNames = async () => {
	const { default: config } = await import('../jest.config.mjs');
	return config.projects.map(
		(/** @type {{ displayName: string }} */ { displayName }) => displayName,
	);
};

/** Pattern of test files below `test` whose path holds `word`, ignoring the path of the checkout. @param {string} word */
const inTests = (word) => {
	const folder = join(checkout, 'test').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return `^${folder}.*${word.replace(/^test[\\/]/, '')}`;
};

/**
 * @param {string} tier
 * @param {{ node: string, environment: NodeJS.ProcessEnv, patterns?: readonly string[] }} options
 * `patterns` limits the run to test files whose path holds one of them
 * @returns {Promise<import('./steps.mjs').Outcome>}
 */
export const runTier = async (tier, { node, environment, patterns = [] }) => {
	const folder = join(checkout, '.cache', 'jest');
	await mkdir(folder, { recursive: true });
	const report = join(folder, `${tier}.json`);
	await rm(report, { force: true });
	const { code, output } = await run(
		node,
		[
			'--experimental-vm-modules',
			'--disable-warning=ExperimentalWarning',
			join('node_modules', 'jest', 'bin', 'jest.js'),
			'--selectProjects',
			tier,
			'--maxWorkers=50%',
			'--json',
			`--outputFile=${report}`,
			...patterns.map(inTests),
		],
		{ cwd: checkout, env: environment },
	);
	let result;
	try {
		result = JSON.parse(await readFile(report, 'utf8'));
	} catch {
		return bad(output);
	}
	const { numPassedTests: passed, numPendingTests, numTodoTests, numFailedTests } = result;
	// A test file that does not load counts as one failure, and so does a run that fails for another reason.
	let failed = numFailedTests + result.numRuntimeErrorTestSuites;
	const skipped = numPendingTests + numTodoTests;
	const note = saidSkipped(result);
	if (passed + failed === 0 && !note) return bad(`The tier "${tier}" ran no test.\n${output}`);
	if (code !== 0 && failed === 0) failed = 1;
	return { passed, failed, skipped, output: failuresIn(output), note };
};

/**
 * Why tests were skipped: titles that start with SKIPPED. A tier that ran no test and has none has failed.
 *
 * @param {{ testResults: { assertionResults: { status: string, ancestorTitles: string[], title: string }[] }[] }} report
 */
const saidSkipped = ({ testResults }) => {
	const titles = testResults
		.flatMap(({ assertionResults }) => assertionResults)
		.filter(({ status }) => status === 'pending')
		.flatMap(({ ancestorTitles, title }) => [...ancestorTitles, title]);
	return [...new Set(titles.filter((title) => title.startsWith('SKIPPED: ')))].join('\n');
};

/** The failures in jest's output, once: without passing files, the summary at the end and the JSON. @param {string} output */
const failuresIn = (output) =>
	output
		.replace(/^Summary of all failing tests\n[^]*?(?=^Test Suites:)/m, '')
		.split('\n')
		.filter(
			(line) => !/^(PASS |\{"numFailed|Test results written to|Running one project)/.test(line),
		)
		.join('\n');
