// Joins in cooperative steps, and the runner that yields to the event loop between slices.

import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { SpeechFormat } from '../../../../nodes/shared/audio/formats.ts';
import * as join from '../../../../nodes/shared/audio/join/join.ts';
import { runCooperatively } from '../../../../nodes/shared/execution/cooperative.ts';
import { ffmpeg, tone } from '../../../support/media.mts';
import { joinAudio } from '../../../support/run-to-end.mts';

const encoders: [SpeechFormat, string[]][] = [
	['wav', ['-f', 'wav']],
	['mp3', ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3']],
	['opus', ['-c:a', 'libopus', '-f', 'ogg']],
];

describe.each(encoders)('joining %s in steps', (format, encoder) => {
	const count = 12;
	let pieces: Uint8Array[];
	beforeAll(async () => {
		const piece = await ffmpeg([...tone(5), ...encoder, 'pipe:1']);
		pieces = Array.from({ length: count }, () => piece);
	});

	test('makes the same file, with at least one step for every piece', () => {
		const steps = join.joinAudio(format, pieces, { gapMs: 120 });
		let taken = 0;
		let step = steps.next();
		for (; !step.done; step = steps.next()) taken += 1;
		// Not toEqual, which looks at millions of samples one by one.
		expect(Buffer.compare(step.value, joinAudio(format, pieces, { gapMs: 120 }))).toBe(0);
		expect(taken).toBeGreaterThanOrEqual(count);
	});
});

describe('running cooperatively', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});

	test.each([
		['just as long as a slice', 2.5, [0, 0, 1, 1, 2, 2]],
		['a little longer', 2, [0, 0, 0, 1, 1, 1]],
		['longer than a slice each', 9, [0, 1, 2, 3, 4, 5]],
		['of no length', 0, [0, 0, 0, 0, 0, 0]],
	])('steps %s: yields to the event loop after 5 ms, not before', async (_, stepMs, turns) => {
		let nowMs = 1_000_000;
		jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
		const waits = jest.spyOn(globalThis, 'setTimeout');
		const taken: number[] = [];
		function* work(): Generator<undefined, void, undefined> {
			for (let step = 0; step < turns.length; step += 1) {
				taken.push(waits.mock.calls.length);
				nowMs += stepMs;
				yield;
			}
		}
		await runCooperatively(work());
		expect(taken).toEqual(turns);
	});

	test('timers fire during long work, and the value is returned', async () => {
		let others = 0;
		const timer = setInterval(() => (others += 1), 1);
		function* work(): Generator<undefined, string, undefined> {
			for (let step = 0; step < 12; step += 1) {
				const end = performance.now() + 5;
				while (performance.now() < end);
				yield;
			}
			return 'done';
		}
		expect(await runCooperatively(work())).toBe('done');
		clearInterval(timer);
		expect(others).toBeGreaterThanOrEqual(3);
	});

	test('an error in a step rejects the promise', async () => {
		function* work(): Generator<undefined, never, undefined> {
			yield;
			throw new Error('in the second step');
		}
		await expect(runCooperatively(work())).rejects.toThrow('in the second step');
	});
});
