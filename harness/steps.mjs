// Step runner of npm test: at most two steps at a time, each after its dependencies, with a line for each result.
import { stripVTControlCharacters } from 'node:util';
import { readableDuration } from './progress.mjs';

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} [skipped]
 * @property {string} [output] shown when something failed
 * @property {string} [note] always shown: what could not be tested, and why
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} [needs] names of steps that have to succeed first
 * @property {string} [expectation] how long it takes, if that is long
 * @property {() => Promise<Outcome>} work
 *
 * @typedef {{ passed: number, failed: number, skipped: number, allGreen: boolean }} Totals
 */

const atOnce = 2;

/** @type {Outcome} */
export const good = { passed: 1, failed: 0 };

/** @param {string} output @returns {Outcome} */
export const bad = (output) => ({ passed: 0, failed: 1, output });

/** Neither passed nor failed, but reported. @param {string} note @returns {Outcome} */
export const skip = (note) => ({ passed: 0, failed: 0, skipped: 1, note });

const indented = (/** @type {string} */ output) =>
	stripVTControlCharacters(output)
		.trim()
		.split('\n')
		.map((line) => `         ${line}`)
		.join('\n');

/** @param {Step} step @param {Outcome} outcome @param {number} ms */
const print = ({ name }, { passed, failed, skipped = 0, output, note }, ms) => {
	const verdict = failed > 0 ? 'FAILED' : passed === 0 && skipped > 0 ? 'SKIP  ' : 'ok    ';
	const count =
		passed + failed > 1 ? `${passed} passed${failed > 0 ? `, ${failed} failed` : ''}` : '';
	console.log(
		`  ${verdict} ${name.padEnd(26)} ${readableDuration(ms).padStart(10)}  ${count}`.trimEnd(),
	);
	if (failed > 0 && output) console.log(indented(output));
	if (note) console.log(`\n  !!!    ${indented(note).trim()}\n`);
};

/**
 * @param {readonly Step[]} steps in order of preference
 * @returns {Promise<Totals>}
 */
export const runSteps = async (steps) => {
	/** @type {Map<string, Outcome>} */
	const done = new Map();
	/** @type {Map<string, Promise<void>>} */
	const running = new Map();
	const waiting = [...steps];

	const start = (/** @type {Step} */ step) => {
		const startedMs = Date.now();
		if (step.expectation) console.log(`  start  ${step.name.padEnd(26)} (${step.expectation})`);
		const failedNeed = step.needs?.find((need) => (done.get(need)?.failed ?? 0) > 0);
		const outcome = failedNeed
			? Promise.resolve(bad(`not run, because "${failedNeed}" failed`))
			: step
					.work()
					.catch((/** @type {unknown} */ error) =>
						bad(
							error instanceof Error
								? error.name === 'Problem'
									? error.message
									: (error.stack ?? error.message)
								: String(error),
						),
					);
		running.set(
			step.name,
			outcome.then((result) => {
				done.set(step.name, result);
				running.delete(step.name);
				print(step, result, Date.now() - startedMs);
			}),
		);
	};

	while (waiting.length + running.size > 0) {
		for (const step of [...waiting]) {
			const isReady = (step.needs ?? []).every(
				(need) => done.has(need) || !steps.some(({ name }) => name === need),
			);
			if (running.size < atOnce && isReady) {
				waiting.splice(waiting.indexOf(step), 1);
				start(step);
			}
		}
		if (running.size === 0) throw new Error('The steps wait for one another.');
		await Promise.race(running.values());
	}

	const outcomes = [...done.values()];
	const sum = (/** @type {(outcome: Outcome) => number} */ of) =>
		outcomes.reduce((total, outcome) => total + of(outcome), 0);
	return {
		passed: sum(({ passed }) => passed),
		failed: sum(({ failed }) => failed),
		skipped: sum(({ skipped }) => skipped ?? 0),
		allGreen: outcomes.every(({ failed }) => failed === 0),
	};
};
