// Progress messages on the terminal: what runs, how long it may take, time elapsed.

const terminal = process.stdout.isTTY === true;

/** @param {number} ms */
export const readableDuration = (ms) => {
	const seconds = Math.round(ms / 1000);
	if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/**
 * Prints `what` and the expected time, then the elapsed time until the work ends: every second
 * on a terminal, every 15 s elsewhere.
 *
 * @template Result
 * @param {string} what as in "Fetching n8n 2.41.1"
 * @param {string} expectation as in "about 5 minutes, once"
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export const during = async (what, expectation, work) => {
	const startedMs = Date.now();
	const head = `  ${what} (${expectation})`;
	const elapsed = () => readableDuration(Date.now() - startedMs);
	if (!terminal) console.log(`${head} ...`);
	const redraw = () => {
		if (terminal) process.stdout.write(`\r\x1b[2K${head} ... ${elapsed()}`);
		else console.log(`    still at it, ${elapsed()}`);
	};
	if (terminal) redraw();
	const timer = setInterval(redraw, terminal ? 1000 : 15_000);
	try {
		const result = await work();
		if (terminal) process.stdout.write(`\r\x1b[2K  ${what}: done in ${elapsed()}\n`);
		else console.log(`    done in ${elapsed()}`);
		return result;
	} catch (error) {
		if (terminal) process.stdout.write('\n');
		throw error;
	} finally {
		clearInterval(timer);
	}
};
