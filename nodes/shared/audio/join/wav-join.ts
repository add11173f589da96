// Joins WAV files into one with correct sizes.

import { AudioError } from '../audio-error';
import type { JoinPlan } from './pauses';
import type { PcmLayout } from '../pcm/pcm';
import { joinedBytes, writeJoined } from './pcm-join';
import type { Steps } from '../steps';
import { blankWav, readWav } from '../containers/wav';

/**
 * Joins WAV files of one layout: exactly the samples and the silence of `plan`.
 * @throws {AudioError} `unreadable`, `mismatched`, `cannot-join` (compressed audio), `too-large`
 */
export function* joinWav(
	files: readonly Uint8Array[],
	plan: (samples: readonly Uint8Array[], layout: PcmLayout) => Steps<JoinPlan>,
): Steps<Uint8Array> {
	const wavs = files.map(readWav);
	const [first] = wavs;
	if (!first) throw new AudioError('unreadable', 'There is no sound to join.');
	const { sampleType, sampleRate, channels } = first;
	if (!sampleType) {
		throw new AudioError(
			'cannot-join',
			'These WAV files hold coded sound, which cannot be joined.',
		);
	}
	const differing = wavs.findIndex(
		(wav) =>
			wav.sampleType !== sampleType || wav.sampleRate !== sampleRate || wav.channels !== channels,
	);
	if (differing > 0) {
		const piece = `Piece ${differing + 1} of ${files.length}`;
		throw new AudioError('mismatched', `${piece} was recorded differently from the first one.`);
	}
	const layout = { sampleType, sampleRate, channels };
	const planned = yield* plan(
		wavs.map(({ data }) => data),
		layout,
	);
	const dataBytes = joinedBytes(planned, layout);
	const { file, dataOffset } = blankWav(first.formatChunk, dataBytes, first.blockBytes);
	yield* writeJoined(file, dataOffset, planned, layout);
	return file;
}
