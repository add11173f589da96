// Runs npm for the harness, without the environment of an outer npm, and explains its failures.
import { existsSync } from 'node:fs';
import { run } from './child-processes.mjs';
import { npmProblem, Problem } from './problem.mjs';

/** The environment without the variables an outer `npm start` sets for this checkout; user settings are kept. */
const cleanEnvironment = () =>
	Object.fromEntries(
		Object.entries(process.env).filter(
			([name]) =>
				!/^npm_(package|lifecycle|command|config_local_prefix|config_prefix)/i.test(name) &&
				name !== 'INIT_CWD',
		),
	);

/** @returns {{ command: string, args: string[], shell?: boolean }} */
const npm = () => {
	const cli = process.env.npm_execpath;
	if (cli && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli))
		return { command: process.env.npm_node_execpath ?? process.execPath, args: [cli] };
	return { command: 'npm', args: [], shell: process.platform === 'win32' };
};

/**
 * Runs npm in `folder` and returns its output.
 *
 * @param {string} doing for the message of a failure, as in "Fetching n8n"
 * @param {readonly string[]} args
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} [environment] added to the environment of this process
 * @throws {Problem}
 */
export const runNpm = async (doing, args, folder, environment = {}) => {
	const { command, args: before, shell } = npm();
	const { code, output } = await run(
		command,
		[...before, ...args, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
		{ cwd: folder, shell, env: { ...cleanEnvironment(), ...environment } },
	);
	if (code === 127)
		throw new Problem('npm was not found: install Node.js together with npm, and run it again.');
	if (code !== 0) throw npmProblem(doing, output);
	return output;
};
