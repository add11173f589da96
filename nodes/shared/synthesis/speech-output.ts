// Output fields of text to speech: the spoken text, the audio file, or why there is none. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { StoredAudio } from '../audio/n8n-binary';
import type { PcmLayout } from '../audio/pcm/pcm';
import type { FailureFacts } from '../errors/failure';
import { omitUndefined } from '../http/response/json';
import type { WireUsage } from '../mistral/wire';

export interface SpokenWords {
	readonly spokenText: string;
	/** Number of chunks of text, each synthesized by a request of its own. */
	readonly pieces: number;
	/** ISO 639-1; undefined when it is unknown. */
	readonly language: string | undefined;
	/** Slug or id, or `recording`. */
	readonly voice: string;
	readonly model: string;
	readonly destination: string;
}

/** `modelKey`: output key of the speech model; `speakingModel` where `model` is the language model. */
export function wordsOutput(
	{ spokenText, pieces, language, voice, model, destination }: SpokenWords,
	modelKey: 'model' | 'speakingModel',
): IDataObject {
	return omitUndefined({
		spokenText,
		characters: [...spokenText].length,
		pieces,
		spokenLanguage: language || undefined,
		voice,
		[modelKey]: model,
		destination,
	});
}

export interface AudioFacts {
	readonly stored: StoredAudio;
	/** Layout of headerless samples. */
	readonly pcm?: PcmLayout | undefined;
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
}

export function audioOutput({ stored, pcm }: Pick<AudioFacts, 'stored' | 'pcm'>): IDataObject {
	const { format, mimeType, fileName, bytes, durationSeconds = null } = stored;
	const layout = pcm && {
		sampleType: pcm.sampleType,
		sampleRate: pcm.sampleRate,
		channels: pcm.channels,
	};
	return { format: format.id, mimeType, fileName, bytes, durationSeconds, ...layout };
}

/** Has no key `error`, by which n8n would treat the item as failed. */
export function speechProblemOutput({ message, stage, hint }: FailureFacts): IDataObject {
	return { speechFailed: true, speechProblem: omitUndefined({ message, stage, hint }) };
}
