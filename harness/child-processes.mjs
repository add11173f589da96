// Child processes of the harness: run to completion, output captured, ended when this process is told to stop.
import { spawn } from 'node:child_process';

/** @type {Set<() => void>} */
const endings = new Set();

const stop = (/** @type {NodeJS.Signals} */ signal) => {
	for (const end of endings) end();
	process.exit(signal === 'SIGINT' ? 130 : 143);
};

/**
 * Calls `end` and exits when the process gets a termination signal, until the returned function is
 * called.
 *
 * @param {() => void} end synchronous
 */
export const beforeStopping = (end) => {
	const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
	if (endings.size === 0) for (const signal of signals) process.on(signal, stop);
	endings.add(end);
	return () => {
		endings.delete(end);
		if (endings.size === 0) for (const signal of signals) process.off(signal, stop);
	};
};

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, shell?: boolean }} [options] `show`
 * passes the output on instead of keeping it
 * @returns {Promise<{ code: number, output: string }>} never rejects for a program that failed
 */
export const run = async (command, args, options = {}) =>
	await new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: options.cwd,
			env: options.env ?? process.env,
			shell: options.shell ?? false,
			stdio: options.show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
		});
		const settled = beforeStopping(() => child.kill('SIGTERM'));
		let output = '';
		child.stdout?.on('data', (chunk) => (output += chunk));
		child.stderr?.on('data', (chunk) => (output += chunk));
		child.on('error', (error) => {
			settled();
			resolve({ code: 127, output: `${output}${error.message}` });
		});
		child.on('close', (code) => {
			settled();
			resolve({ code: code ?? 1, output });
		});
	});
