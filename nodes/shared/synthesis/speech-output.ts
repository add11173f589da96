// What nodes that speak put on the item about the words, the file, or why there is none. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { StoredAudio } from '../audio/n8n-binary';
import type { PcmLayout } from '../audio/pcm/pcm';
import type { FailureFacts } from '../errors/failure';
import { omitUndefined } from '../http/response/json';
import type { WireUsage } from '../mistral/wire';

export interface SpokenWords {
	readonly spokenText: string;
	/** Of the text, each spoken by a request of its own. */
	readonly pieces: number;
	/** ISO 639-1, where it can be told. */
	readonly language: string | undefined;
	/** Slug or id, or `recording`. */
	readonly voice: string;
	readonly model: string;
	readonly destination: string;
}

/** `modelKey`: the model that speaks has another name where one that thinks is on the item as well. */
export function wordsOutput(
	{ spokenText, pieces, language, voice, model, destination }: SpokenWords,
	modelKey: 'model' | 'speakingModel',
): IDataObject {
	return {
		spokenText,
		characters: [...spokenText].length,
		pieces,
		...(language ? { spokenLanguage: language } : {}),
		voice,
		[modelKey]: model,
		destination,
	};
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

/** No key of it makes n8n take the item for a failed one. */
export function speechProblemOutput({ message, stage, hint }: FailureFacts): IDataObject {
	return { speechFailed: true, speechProblem: omitUndefined({ message, stage, hint }) };
}
