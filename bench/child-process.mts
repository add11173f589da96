// Runs a measurement in a child process and reads the line of JSON it prints.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export async function measured<T>(args: readonly string[]): Promise<T> {
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--disable-warning=ExperimentalWarning', ...args],
		{ maxBuffer: 64 * 1024 * 1024 },
	);
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
}
