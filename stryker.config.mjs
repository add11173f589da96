// Mutation testing: `npm run mutation -- [rooms or files]`. Breaks the product in small ways, one at a time,
// and reports which breakage no unit test notices.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rooms } from './test/mutation/mutated-files.mjs';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: Object.values(rooms).flat(),
	plugins: ['./test/mutation/runner.mjs'],
	testRunner: 'in-process',
	testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
	coverageAnalysis: 'perTest',
	// The last resort: what loops is mostly found by how often it comes by. On a busy machine ten seconds are soon over.
	timeoutMS: 60_000,
	timeoutFactor: 1,
	incremental: true,
	incrementalFile: '.cache/mutation/results.json',
	// Not below the checkout, where lint would find it.
	tempDirName: join(tmpdir(), 'n8n-nodes-voxtral-mutation'),
	reporters: ['clear-text', 'progress-append-only'],
	clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
	warnings: { slow: false },
	ignorePatterns: [
		'/package.json',
		'/dist',
		'/docs',
		'/harness',
		'/demo',
		'/bench',
		'/workflows',
		'/icons',
		'/coverage',
		'/.cache',
	],
	allowEmpty: true,
};
