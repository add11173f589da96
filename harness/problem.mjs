// Errors for the user of a command: one sentence that says what happened and what to do.

/** An error that is shown as its message, without a stack. */
export class Problem extends Error {
	/** @override */
	name = 'Problem';
}

/** @type {readonly [RegExp, string][]} */
const npmFailures = [
	[
		/ENOSPC|no space left/i,
		'the disk is full: free about 4 GB (or point N8N_VOXTRAL_CACHE at a bigger disk) and run it again',
	],
	[
		/EACCES|EPERM|EROFS/,
		'a folder cannot be written to: check who owns this folder and the cache folder, and run it again',
	],
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EIDLETIMEOUT|ERR_SOCKET_TIMEOUT/,
		'the npm registry cannot be reached: check the internet connection (or the proxy settings of npm) and run it again',
	],
	[
		/E404|ETARGET|notarget/,
		'the npm registry does not have one of the packages: check which registry npm is set to use',
	],
	[
		/EINTEGRITY/,
		'a downloaded package does not match its checksum: run "npm cache clean --force" and then this again',
	],
];

/**
 * Explains in one sentence why an npm command failed.
 *
 * @param {string} doing what was being done, as in "Fetching n8n"
 * @param {string} output everything npm printed
 */
export const npmProblem = (doing, output) => {
	const known = npmFailures.find(([pattern]) => pattern.test(output));
	const lastError = output
		.split('\n')
		.filter((line) => /npm (error|ERR!)/.test(line) && !/complete log/.test(line))
		.map((line) => line.replace(/^.*?npm (error|ERR!)\s*/, ''))
		.find((line) => line.length > 0 && !/^code\b/.test(line));
	const reason = known?.[1] ?? lastError?.replace(/\.+$/, '') ?? 'npm gave no reason';
	return new Problem(`${doing} failed: ${reason}.`);
};

/**
 * Prints an error: a Problem as one sentence, any other with its stack.
 *
 * @param {unknown} error
 */
export const printFailure = (error) => {
	if (error instanceof Problem) console.error(`\n${error.message}`);
	else if (error instanceof Error && /ENOSPC/.test(error.message))
		console.error('\nThe disk is full: free about 4 GB and run it again.');
	else console.error(error);
};
