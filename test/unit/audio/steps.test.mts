import { beforeAll, describe, expect, test } from '@jest/globals';
import type { SpeechFormat } from '../../../nodes/shared/audio/formats.ts';
import { joinAudio, joinSteps } from '../../../nodes/shared/audio/join.ts';
import { inSlices } from '../../../nodes/shared/run/slices.ts';
import { ffmpeg, tone } from '../../support/media.mts';

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

	test('makes the same file, and stops at least once for every piece', () => {
		const steps = joinSteps(format, pieces, { gapMs: 120 });
		let taken = 0;
		let step = steps.next();
		for (; !step.done; step = steps.next()) taken += 1;
		// Not toEqual, which looks at millions of samples one by one.
		expect(Buffer.compare(step.value, joinAudio(format, pieces, { gapMs: 120 }))).toBe(0);
		expect(taken).toBeGreaterThanOrEqual(count);
	});
});

describe('slices', () => {
	test('others have their turn while long work goes on, and the value arrives', async () => {
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
		expect(await inSlices(work())).toBe('done');
		clearInterval(timer);
		expect(others).toBeGreaterThanOrEqual(3);
	});

	test('what goes wrong in a step goes on to whoever waits', async () => {
		function* work(): Generator<undefined, never, undefined> {
			yield;
			throw new Error('in the second step');
		}
		await expect(inSlices(work())).rejects.toThrow('in the second step');
	});
});
