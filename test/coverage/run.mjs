// npm run coverage [-- words]: coverage of the shipped code by unit, contract and engine tests. Words select test files.
import { join } from 'node:path';
import { checkout, prepare } from '../../harness/bootstrap.mjs';
import { buildIfChanged } from '../../harness/build.mjs';
import { run } from '../../harness/child-processes.mjs';
import { printFailure } from '../../harness/problem.mjs';

try {
	const tools = await prepare();
	await buildIfChanged(tools);
	const { code } = await run(
		tools.node,
		[
			'--experimental-vm-modules',
			'--disable-warning=ExperimentalWarning',
			join('node_modules', 'jest', 'bin', 'jest.js'),
			'--config',
			join('test', 'coverage', 'jest.config.mjs'),
			'--maxWorkers=50%',
			...process.argv.slice(2),
		],
		{ cwd: checkout, env: tools.environment, show: true },
	);
	process.exitCode = code;
} catch (error) {
	printFailure(error);
	process.exitCode = 1;
}
