// npm test: all checks of the project. With names of steps or tiers only those run; other words select the
// test files whose path holds them.
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { build } from '../harness/build.mjs';
import {
	reproducibilityProblems,
	scanCheckout,
	scanTarball,
	tarballProblems,
} from '../harness/package-checks.mjs';
import { run } from '../harness/child-processes.mjs';
import { pack } from '../harness/pack.mjs';
import { printFailure } from '../harness/problem.mjs';
import { readableDuration } from '../harness/progress.mjs';
import { bad, good, runSteps, skip } from '../harness/steps.mjs';
import { runTier, tierNames } from '../harness/tiers.mjs';
import { findChromium, noChromium } from './browser/chromium.mjs';

/** @typedef {import('../harness/steps.mjs').Step} Step */

/** Tiers that test the sources; all others test the packed build. */
const sourceTiers = ['unit', 'types', 'contract'];
/** Tiers that run inside a real n8n. */
const n8nTiers = ['e2e', 'browser', 'scale', 'compatibility'];
/** Requirements of a tier, with the message for when they are missing. @type {Record<string, () => string | undefined>} */
const missing = {
	browser: () => (findChromium() === undefined ? noChromium : undefined),
};
/** A comment that switches a rule off is a warning, so none is let through. */
const lintTests = [
	...['--config', 'test/eslint.config.mjs', '--max-warnings', '0'],
	...['test', 'harness', 'bench', 'demo'],
];
/** Fetched only when a step that needs it is named; otherwise its tests are skipped with a note. */
const olderN8n = 'n8n 1.x';

/** @param {Awaited<ReturnType<typeof prepare>>} tools @param {readonly string[]} tiers @param {readonly string[]} patterns */
const planSteps = ({ node, environment }, tiers, patterns) => {
	/** @type {import('../harness/pack.mjs').Package | undefined} */
	let packed;
	const packedNow = () => {
		if (!packed) throw new Error('The package was not packed.');
		return packed;
	};
	const tool = async (/** @type {string[]} */ ...args) => {
		const { code, output } = await run(node, args, { cwd: checkout, env: environment });
		return code === 0 ? good : bad(output);
	};
	const judge = (/** @type {string[]} */ problems) =>
		problems.length === 0 ? good : bad(problems.join('\n'));

	/** @param {string} tier @returns {Step} */
	const tierStep = (tier) => ({
		name: tier,
		needs: [
			...(sourceTiers.includes(tier) ? [] : ['build and pack']),
			...(n8nTiers.includes(tier) ? ['n8n'] : []),
			...(tier === 'compatibility' ? [olderN8n] : []),
		],
		...(n8nTiers.includes(tier) && { expectation: 'a minute or three' }),
		work: async () =>
			await runTier(tier, {
				node,
				patterns,
				environment: { ...environment, ...(packed && { N8N_VOXTRAL_TARBALL: packed.path }) },
			}),
	});

	/** @type {Step[]} */
	const steps = [
		{
			name: 'build and pack',
			work: async () => {
				await build({ node, environment });
				packed = await pack();
				return good;
			},
		},
		{
			name: 'n8n',
			expectation: 'seconds if it is in the cache, else about 7 minutes',
			work: async () => await tool('harness/fetch-n8n.mts'),
		},
		{
			name: olderN8n,
			expectation: 'seconds if it is in the cache, else about 5 minutes',
			work: async () => await tool('harness/fetch-n8n.mts', 'n8n-1'),
		},
		{
			name: 'lint',
			work: async () => await tool('node_modules/@n8n/node-cli/bin/n8n-node.mjs', 'lint'),
		},
		{
			name: 'lint, tests',
			work: async () => await tool('node_modules/eslint/bin/eslint.js', ...lintTests),
		},
		{
			name: 'format',
			work: async () => await tool('node_modules/prettier/bin/prettier.cjs', '--check', '.'),
		},
		{
			name: 'type check',
			work: async () => {
				const product = await tool('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
				const tests = await tool('node_modules/typescript/bin/tsc', '-p', 'test/tsconfig.json');
				return judge(
					[product, tests].flatMap(({ output }) => (output === undefined ? [] : [output])),
				);
			},
		},
		{
			name: 'tarball',
			needs: ['build and pack'],
			work: async () =>
				judge([
					...(await tarballProblems(packedNow())),
					...(await reproducibilityProblems(packedNow())),
				]),
		},
		{ name: 'scanner, checkout', work: async () => judge(await scanCheckout()) },
		{
			name: 'scanner, tarball',
			needs: ['build and pack'],
			work: async () => judge(await scanTarball(packedNow())),
		},
		...tiers.map((tier) => {
			const note = missing[tier]?.();
			return note === undefined ? tierStep(tier) : { name: tier, work: async () => skip(note) };
		}),
	];
	return steps;
};

/** The named steps with their dependencies. @param {readonly Step[]} steps @param {readonly string[]} names */
const select = (steps, names) => {
	if (names.length === 0) return steps.filter(({ name }) => name !== olderN8n);
	const needed = new Set(names);
	for (const { name, needs = [] } of [...steps].reverse())
		if (needed.has(name)) for (const need of needs) needed.add(need);
	return steps.filter(({ name }) => needed.has(name));
};

const main = async () => {
	const startedMs = Date.now();
	const tools = await prepare();
	const words = process.argv.slice(2);
	const tiers = await tierNames();
	const names = planSteps(tools, tiers, []).map(({ name }) => name);
	const isName = (/** @type {string} */ word) => names.includes(word);
	const steps = planSteps(
		tools,
		tiers,
		words.filter((word) => !isName(word)),
	);
	const { passed, failed, skipped, allGreen } = await runSteps(select(steps, words.filter(isName)));
	console.log(`\n  ${readableDuration(Date.now() - startedMs)} in all`);
	console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
	return allGreen ? 0 : 1;
};

try {
	process.exitCode = await main();
} catch (error) {
	printFailure(error);
	console.log('0 passed, 1 failed');
	process.exitCode = 1;
}
