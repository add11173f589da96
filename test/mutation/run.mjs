// npm run mutation [-- words]: which mutants of the product survive the unit tests, by folder. A word is a folder
// (`http`, `errors`, `execution`, `text`, `audio`, `outputs`) or part of a file's path; `score` only prints known results.
import { join } from 'node:path';
import { checkout, prepare } from '../../harness/bootstrap.mjs';
import { run } from '../../harness/child-processes.mjs';
import { printFailure, Problem } from '../../harness/problem.mjs';
import { mutatedFolders } from './mutated-files.mjs';
import { printScores } from './score.mjs';

const LEAST_SCORE = 80;
const everyFile = Object.values(mutatedFolders).flat();

/** @param {string} word */
const filesFor = (word) => {
	const files = mutatedFolders[word] ?? everyFile.filter((file) => file.includes(word));
	if (files.length === 0) throw new Problem(`No folder and no mutated file is called "${word}".`);
	return files;
};

/** @param {readonly string[]} words */
const test = async (words) => {
	const { node, environment } = await prepare();
	const files = words.length === 0 ? everyFile : words.flatMap(filesFor);
	const stryker = join('node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
	const mutate = [...new Set(files)].join(',');
	const { code } = await run(node, [stryker, 'run', 'stryker.config.mjs', '--mutate', mutate], {
		cwd: checkout,
		env: environment,
		show: true,
	});
	if (code !== 0) throw new Problem('Mutation testing did not get to its end.');
};

try {
	const words = process.argv.slice(2);
	if (words[0] !== 'score') await test(words);
	const score = await printScores(join(checkout, '.cache/mutation/results.json'), mutatedFolders);
	if (score < LEAST_SCORE) process.exitCode = 1;
} catch (error) {
	printFailure(error);
	process.exitCode = 1;
}
