// Prints the mutation scores file by file, as the table of docs/quality.md.
import { readFile } from 'node:fs/promises';

/**
 * @typedef {object} Counts
 * @property {number} killed noticed by a test, one that hangs included
 * @property {number} survived
 * @property {number} untested executed by no test
 */

/** @param {{ status: string }[]} mutants @returns {Counts} */
const count = (mutants) => {
	const having = (/** @type {string[]} */ ...statuses) =>
		mutants.filter(({ status }) => statuses.includes(status)).length;
	return {
		killed: having('Killed', 'Timeout'),
		survived: having('Survived'),
		untested: having('NoCoverage'),
	};
};

/** In per cent of all mutants. */
const score = (/** @type {Counts} */ { killed, survived, untested }) =>
	(100 * killed) / Math.max(1, killed + survived + untested);

const row = (/** @type {string} */ name, /** @type {Counts} */ counts) => {
	const { killed, survived, untested } = counts;
	const all = killed + survived + untested;
	return `| ${name} | ${all} | ${killed} | ${survived} | ${untested} | ${score(counts).toFixed(1)} % |`;
};

/**
 * @param {string} resultsFile Stryker's incremental report
 * @param {Readonly<Record<string, readonly string[]>>} folders mutated files by folder
 * @returns {Promise<number>} the score of all, in per cent
 */
export const printScores = async (resultsFile, folders) => {
	/** @type {{ files: Record<string, { mutants: { status: string }[] }> }} */
	const { files } = JSON.parse(await readFile(resultsFile, 'utf8'));
	console.log(
		'\n| File | Mutants | Noticed | Survived | No test | Score |\n|---|---|---|---|---|---|',
	);
	/** @type {{ status: string }[]} */
	const everything = [];
	for (const [folder, names] of Object.entries(folders)) {
		const inFolder = Object.entries(files).filter(
			([file, { mutants }]) => names.includes(file) && mutants.length > 0,
		);
		const all = inFolder.flatMap(([, { mutants }]) => mutants);
		if (all.length === 0) continue;
		for (const [file, { mutants }] of inFolder)
			console.log(row(`\`${file.replace('nodes/shared/', '')}\``, count(mutants)));
		console.log(row(`**${folder}**`, count(all)));
		everything.push(...all);
	}
	console.log(row('**all**', count(everything)));
	return score(count(everything));
};
