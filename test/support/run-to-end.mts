// The product's cooperative work on audio, run to the end in one go for tests that only look at the result.
import * as delivery from '../../nodes/shared/audio/delivery-preset.ts';
import * as join from '../../nodes/shared/audio/join/join.ts';
import * as mp3 from '../../nodes/shared/audio/join/mp3-join.ts';
import * as mp3Stream from '../../nodes/shared/audio/containers/mp3-stream.ts';
import * as wav from '../../nodes/shared/audio/containers/wav.ts';
import * as resampling from '../../nodes/shared/audio/pcm/resample.ts';
import type { Steps } from '../../nodes/shared/audio/steps.ts';

export function runToEnd<T>(steps: Steps<T>): T {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

const whole =
	<Args extends unknown[], T>(work: (...args: Args) => Steps<T>) =>
	(...args: Args): T =>
		runToEnd(work(...args));

export const finishAudio = whole(delivery.finishAudio);
export const joinAudio = whole(join.joinAudio);
export const joinMp3 = whole(mp3.joinMp3);
export const readMp3 = whole(mp3Stream.readMp3);
export const toPhoneWav = whole(resampling.toPhoneWav);
export const wrapPcm = whole(wav.wrapPcm);

/** Samples in memory as a source of the resampler. */
export const monoSource = (samples: Float32Array, sampleRate: number): resampling.MonoSource => ({
	frames: samples.length,
	sampleRate,
	frameWork: 1,
	read(target, start) {
		target.set(samples.subarray(Math.max(0, start), start + target.length), Math.max(0, -start));
	},
});

export const resample = (samples: Float32Array, fromRate: number, toRate: number): Float32Array => {
	const blocks = [...resampling.resample(monoSource(samples, fromRate), toRate)];
	return Float32Array.from(blocks.flatMap((block) => [...block]));
};
