// The duration of an audio file in seconds, from its headers and frames.

import { adtsDurationSeconds } from './containers/adts';
import { aiffDurationSeconds } from './containers/aiff';
import { amrDurationSeconds } from './containers/amr';
import { flacDurationSeconds } from './containers/flac';
import type { AudioFormatId } from './formats';
import { matroskaDurationSeconds } from './containers/matroska';
import { mp3DurationSeconds } from './containers/mp3-stream';
import { mp4DurationSeconds } from './containers/mp4';
import { oggDurationSeconds } from './containers/ogg';
import { MISTRAL_PCM, pcmDurationSeconds, type PcmLayout } from './pcm/pcm';
import { sniffAudioFormat, SNIFF_BYTES } from './sniff';
import { wavDurationSeconds } from './containers/wav';

/**
 * Undefined when the duration cannot be read, for example because the bytes are not audio. Headerless
 * PCM is only measured when `format` says so.
 */
export function audioDurationSeconds(
	bytes: Uint8Array,
	format: AudioFormatId | undefined = sniffAudioFormat(bytes.subarray(0, SNIFF_BYTES)),
	pcm: PcmLayout = MISTRAL_PCM,
): number | undefined {
	const readers: Partial<Record<AudioFormatId, (bytes: Uint8Array) => number | undefined>> = {
		wav: wavDurationSeconds,
		mp3: mp3DurationSeconds,
		ogg: oggDurationSeconds,
		flac: flacDurationSeconds,
		m4a: mp4DurationSeconds,
		mp4: mp4DurationSeconds,
		'3gp': mp4DurationSeconds,
		webm: matroskaDurationSeconds,
		matroska: matroskaDurationSeconds,
		aac: adtsDurationSeconds,
		aiff: aiffDurationSeconds,
		amr: amrDurationSeconds,
		pcm: (samples) => pcmDurationSeconds(samples, pcm),
	};
	try {
		return format && readers[format]?.(bytes);
	} catch {
		// The duration is optional: failing to read it must not lose the audio.
		return undefined;
	}
}
