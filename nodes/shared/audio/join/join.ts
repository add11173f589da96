// Pieces of speech in, one playable file out.

import { AudioError } from '../audio-error';
import type { SpeechFormat } from '../formats';
import { mp3JoinSteps } from './mp3-join';
import { opusJoinSteps } from './opus-join';
import { type PauseRange, planEvenPauses, planGaps } from './pauses';
import { mistralPcm, type PcmLayout } from '../pcm/pcm';
import { pcmJoinSteps } from './pcm-join';
import { runToEnd, type Steps } from '../steps';
import { wavJoinSteps } from './wav-join';

export interface JoinOptions {
	/**
	 * Silence between two pieces: exact for wav and pcm, to the nearest 20 ms for opus and the nearest
	 * frame (24 ms at 24 kHz) for mp3.
	 */
	gapMs?: number;
	/**
	 * Only wav and pcm: pauses between pieces from `leastMs` to `mostMs`, with the silence that the
	 * pieces bring along counted in, added to, or cut. It takes the place of `gapMs`.
	 */
	pauses?: PauseRange;
	/** How headerless samples are laid out; float32 mono at 24 kHz unless told otherwise. */
	pcm?: PcmLayout;
}

/**
 * Joins pieces in the order given. A single piece comes back as it is, except that a streamed WAV
 * gets its sizes.
 * @throws {AudioError} `cannot-join` for several flac pieces, `unreadable`, `mismatched`, `too-large`
 */
export function joinAudio(
	format: SpeechFormat,
	pieces: readonly Uint8Array[],
	options?: JoinOptions,
): Uint8Array {
	return runToEnd(joinSteps(format, pieces, options));
}

/** The same in steps: joining an hour of speech takes long enough to be noticed by everybody else. */
export function* joinSteps(
	format: SpeechFormat,
	pieces: readonly Uint8Array[],
	{ gapMs = 0, pauses, pcm = mistralPcm }: JoinOptions = {},
): Steps<Uint8Array> {
	const [only] = pieces;
	if (!only) throw new AudioError('unreadable', 'There is no sound to join.');
	const plan = (samples: readonly Uint8Array[], layout: PcmLayout) =>
		pauses ? planEvenPauses(samples, layout, pauses) : planGaps(samples, layout, gapMs);
	if (format === 'wav') return yield* wavJoinSteps(pieces, plan);
	if (format === 'pcm') return yield* pcmJoinSteps(plan(pieces, pcm), pcm);
	if (pieces.length === 1) return only;
	if (format === 'mp3') return yield* mp3JoinSteps(pieces, gapMs);
	if (format === 'opus') return yield* opusJoinSteps(pieces, gapMs);
	throw new AudioError(
		'cannot-join',
		'FLAC files cannot be joined. Choose WAV for long texts, or MP3 for smaller files.',
	);
}
