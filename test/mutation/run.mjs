// npm run mutation [-- words]: which small breakages of the product no unit test notices, room by room. A word is
// a room (`transport`, `run`, `speech`, `audio`, `outputs`) or part of a file's path; `score` only tells what is known.
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
	if (files.length === 0) throw new Problem(`No room and no judged file is called "${word}".`);
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
