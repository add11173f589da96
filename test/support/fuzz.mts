// Fuzz tests with a fixed seed. FUZZ_RUNS sets the number of runs.
import { expect } from '@jest/globals';

export const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 100_000);

/** CPU time, so that a busy machine does not count as slow code. */
const LIMIT_MICROSECONDS = 50_000;
/** Reading the clock costs more than most runs: so many are timed together, and one by one only when a batch is slow. */
const RUNS_TIMED_TOGETHER = 50;

/** A random source: returns the next 32-bit number. */
export type Dice = () => number;

/** A fast seeded random generator: a property testing library is too slow for this many runs. */
function xorshift(seed: number): Dice {
	let state = seed | 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
}

const cpuMicroseconds = (work: () => void): number => {
	const began = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(began);
	return user + system;
};

/** A short form of the input for failure messages: jest takes minutes to print bytes. */
const shown = (made: unknown): unknown =>
	made instanceof Uint8Array ? Buffer.from(made).toString('base64') : made;

/** Runs `judge` on generated inputs {@link fuzzRuns} times; none may take 50 ms of CPU time. */
export function fuzz<T>(make: (dice: Dice) => T, judge: (made: T, dice: Dice) => void): void {
	const dice = xorshift(0x2545f491);
	for (let run = 0; run < fuzzRuns; run += RUNS_TIMED_TOGETHER) {
		const batch = Array.from({ length: Math.min(RUNS_TIMED_TOGETHER, fuzzRuns - run) }, () => ({
			made: make(dice),
			seed: dice(),
		}));
		const tryOne = ({ made, seed }: (typeof batch)[number]) => judge(made, xorshift(seed));
		if (cpuMicroseconds(() => batch.forEach(tryOne)) <= LIMIT_MICROSECONDS) continue;
		for (const one of batch) {
			const isSlow = () => cpuMicroseconds(() => tryOne(one)) > LIMIT_MICROSECONDS;
			// A garbage collection may fall into any run, hardly into three.
			if (isSlow() && isSlow() && isSlow()) expect({ slow: shown(one.made) }).toBe('quick');
		}
	}
}

/** Texts of up to `longest` of the given fragments, now and then with a random character among them. */
export const textOf =
	(pieces: readonly string[], longest: number) =>
	(dice: Dice): string => {
		let text = '';
		for (let n = dice() % (longest + 1); n > 0; n--) {
			text +=
				dice() % 8 === 0 ? String.fromCharCode(dice() % 0x10000) : pieces[dice() % pieces.length];
		}
		return text;
	};

const TELLING_BYTES = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

/** Mutates a real file: bytes changed (mostly near its start), cut, duplicated or extended. */
export const damaged =
	(file: Uint8Array) =>
	(dice: Dice): Buffer => {
		const changed = Buffer.from(file);
		for (let n = dice() % 6; n > 0; n--) {
			const at = dice() % (dice() % 3 === 0 ? changed.length : Math.min(96, changed.length));
			const value = dice() % 2 ? TELLING_BYTES[dice() % TELLING_BYTES.length] : dice();
			changed[at] = value ?? 0;
			// Size fields are several bytes long.
			if (dice() % 4 === 0) changed.fill(value ?? 0, at, Math.min(at + 4, changed.length));
		}
		const from = dice() % changed.length;
		switch (dice() % 5) {
			case 0:
				return changed.subarray(0, from);
			case 1:
				return Buffer.concat([changed.subarray(0, from), changed.subarray(dice() % file.length)]);
			case 2:
				return Buffer.concat([
					changed.subarray(0, from % 64),
					Uint8Array.from({ length: dice() % 200 }, () => dice()),
				]);
			default:
				return changed;
		}
	};
