// Joins pieces of speech into one playable file, without re-encoding.

import { AudioError } from '../audio-error';
import type { SpeechFormat } from '../formats';
import { joinMp3 } from './mp3-join';
import { joinOpus } from './opus-join';
import { type JoinPlan, type PauseRange, planEvenPauses, planGaps } from './pauses';
import { MISTRAL_PCM, type PcmLayout } from '../pcm/pcm';
import { joinPcm } from './pcm-join';
import type { Steps } from '../steps';
import { joinWav } from './wav-join';

export interface JoinOptions {
	/**
	 * Silence between two pieces: exact for wav and pcm, to the nearest 20 ms for opus and the nearest
	 * frame (24 ms at 24 kHz) for mp3.
	 */
	gapMs?: number;
	/**
	 * Only wav and pcm, in place of `gapMs`: pauses between pieces from `leastMs` to `mostMs`, with the
	 * silence at the ends of the pieces counted in, extended, or cut.
	 */
	pauses?: PauseRange;
	/** Layout of headerless samples; the default is float32 mono at 24 kHz. */
	pcm?: PcmLayout;
}

/**
 * Joins pieces in the order given. A single piece comes back as it is, except that WAV and MP3, which
 * say nothing of their length when they were streamed, get true sizes and a true index.
 * @throws {AudioError} `cannot-join` for several flac pieces, `unreadable`, `mismatched`, `too-large`
 */
export function* joinAudio(
	format: SpeechFormat,
	pieces: readonly Uint8Array[],
	{ gapMs = 0, pauses, pcm = MISTRAL_PCM }: JoinOptions = {},
): Steps<Uint8Array> {
	const [only] = pieces;
	if (!only) throw new AudioError('unreadable', 'There is no sound to join.');
	function* plan(samples: readonly Uint8Array[], layout: PcmLayout): Steps<JoinPlan> {
		return pauses
			? yield* planEvenPauses(samples, layout, pauses)
			: planGaps(samples, layout, gapMs);
	}
	if (format === 'wav') return yield* joinWav(pieces, plan);
	if (format === 'pcm') return yield* joinPcm(yield* plan(pieces, pcm), pcm);
	if (format === 'mp3') return yield* joinMp3(pieces, gapMs);
	if (pieces.length === 1) return only;
	if (format === 'opus') return yield* joinOpus(pieces, gapMs);
	throw new AudioError(
		'cannot-join',
		'FLAC files cannot be joined. Choose WAV for long texts, or MP3 for smaller files.',
	);
}
