// Stryker configuration of `npm run mutation -- [folders or files]`: makes small changes to the product, one at a time,
// and reports those that no unit test detects.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mutatedFolders } from './test/mutation/mutated-files.mjs';

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: Object.values(mutatedFolders).flat(),
	plugins: ['./test/mutation/runner.mjs'],
	testRunner: 'in-process',
	testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
	coverageAnalysis: 'perTest',
	// The last resort: most endless loops are detected by their hit count. Generous, since the machine may be busy.
	timeoutMS: 60_000,
	timeoutFactor: 1,
	incremental: true,
	incrementalFile: '.cache/mutation/results.json',
	// Outside the checkout, where lint would find it.
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
