// From the spoken audio to the item's fields. Pure. Never empty, so that AI agents can use the node as a tool.
import type { IDataObject } from 'n8n-workflow';
import type { StoredAudio } from '../shared/audio/n8n-binary';
import type { PcmLayout } from '../shared/audio/pcm/pcm';
import type { WireUsage } from '../shared/mistral/wire';
import type { FailureFacts } from '../shared/errors/failure';
import type { Destination } from '../shared/audio/delivery-preset';
import type { PreparedText } from '../shared/synthesis/text-preparation';

export interface SpokenFacts {
	readonly script: PreparedText;
	/** Slug or id, or `recording`. */
	readonly voice: string;
	readonly model: string;
	readonly destination: Destination;
}

export interface AudioFacts {
	readonly stored: StoredAudio;
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
	/** Layout of headerless samples. */
	readonly pcm?: PcmLayout | undefined;
	readonly audioUrl?: string | undefined;
}

function textFacts({ script, voice, model, destination }: SpokenFacts): IDataObject {
	const { spokenText, pieces, language } = script;
	return {
		spokenText,
		characters: [...spokenText].length,
		pieces: pieces.length,
		...(language ? { spokenLanguage: language } : {}),
		voice,
		model,
		destination,
	};
}

export function speakOutput(facts: SpokenFacts, audio: AudioFacts): IDataObject {
	const { stored, attempts, usage, pcm, audioUrl } = audio;
	return {
		...textFacts(facts),
		format: stored.format.id,
		mimeType: stored.mimeType,
		fileName: stored.fileName,
		bytes: stored.bytes,
		durationSeconds: stored.durationSeconds ?? null,
		...(pcm
			? { sampleType: pcm.sampleType, sampleRate: pcm.sampleRate, channels: pcm.channels }
			: {}),
		attempts,
		...(usage ? { usage: { ...usage } } : {}),
		...(audioUrl ? { audioUrl } : {}),
	};
}

/** For "Text Instead of an Error": no audio, the reason, and no key that n8n would take for a failed item. */
export function unspokenOutput(
	facts: SpokenFacts,
	{ message, hint, stage, attempts }: FailureFacts,
): IDataObject {
	return {
		...textFacts(facts),
		speechFailed: true,
		speechProblem: { message, stage, ...(hint ? { hint } : {}) },
		attempts: attempts ?? 0,
	};
}
