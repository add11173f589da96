// From a finished turn to the item's fields. Pure. Never empty, so that AI agents can use the node as a tool.
import type { IDataObject } from 'n8n-workflow';
import type { StoredAudio } from '../shared/audio/n8n-binary';
import type { PcmLayout } from '../shared/audio/pcm/pcm';
import type { ToolLoopResult } from '../shared/mistral/tools/tool-loop';
import type { WireUsage } from '../shared/mistral/wire';
import type { FailureFacts } from '../shared/errors/failure';
import { toSpeakable } from '../shared/text/speakable';
import type { TurnTimings } from './pipeline/turn-timings';
import type { Heard } from './pipeline/stt';

/** An answer that Mistral gave, or the one that asks to say it again. */
export type Answered = ToolLoopResult | { readonly text: string };

export interface SpokenFacts {
	readonly spokenText: string;
	readonly pieces: number;
	readonly language: string | undefined;
	readonly voice: string;
	readonly model: string;
	readonly destination: string;
}

export interface AudioFacts {
	readonly stored: StoredAudio;
	readonly pcm?: PcmLayout | undefined;
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
}

export interface TalkFacts {
	readonly heard: Heard;
	readonly answered: Answered;
	/** As asked for, where the reply does not name it. */
	readonly model: string;
	readonly spoken: SpokenFacts;
	/** Or why there is none. */
	readonly audio: AudioFacts | FailureFacts;
	readonly timings: TurnTimings;
}

/** `text` is what was asked, `output` the answer as written, `speech` the same fit to be read aloud. */
export function talkOutput(facts: TalkFacts): IDataObject {
	const { heard, answered, audio, timings } = facts;
	const turn = 'attempts' in answered ? answered : undefined;
	const attempts = heard.attempts + (turn?.attempts ?? 0) + (audio.attempts ?? 0);
	return {
		text: heard.text,
		language: heard.language ?? null,
		spoken: heard.isSpoken,
		output: answered.text,
		speech: toSpeakable(answered.text),
		sources: (turn?.sources ?? []).map((source) => ({ ...source })),
		toolCalls: (turn?.toolUses ?? []).map((use) => ({ ...use }) as IDataObject),
		conversationId: turn?.conversationId ?? '',
		model: turn?.model ?? facts.model,
		...speechFacts(facts.spoken),
		...('stored' in audio ? audioFacts(audio) : unspoken(audio)),
		timings: { ...timings },
		usage: usageFacts(heard, turn, audio),
		attempts,
	};
}

function speechFacts(spoken: SpokenFacts): IDataObject {
	const { spokenText, pieces, language, voice, model, destination } = spoken;
	return {
		spokenText,
		characters: [...spokenText].length,
		pieces,
		...(language ? { spokenLanguage: language } : {}),
		voice,
		speakingModel: model,
		destination,
	};
}

function audioFacts({ stored, pcm }: AudioFacts): IDataObject {
	return {
		format: stored.format.id,
		mimeType: stored.mimeType,
		fileName: stored.fileName,
		bytes: stored.bytes,
		durationSeconds: stored.durationSeconds ?? null,
		...(pcm
			? { sampleType: pcm.sampleType, sampleRate: pcm.sampleRate, channels: pcm.channels }
			: {}),
	};
}

function unspoken({ message, stage, hint }: FailureFacts): IDataObject {
	return { speechFailed: true, speechProblem: { message, stage, ...(hint ? { hint } : {}) } };
}

function usageFacts(
	heard: Heard,
	turn: ToolLoopResult | undefined,
	audio: AudioFacts | FailureFacts,
): IDataObject {
	const speech = 'stored' in audio ? audio.usage : undefined;
	return {
		...(heard.usage ? { transcription: { ...heard.usage } as IDataObject } : {}),
		...(turn?.usage ? { answer: { ...turn.usage } as IDataObject } : {}),
		...(speech ? { speech: { ...speech } as IDataObject } : {}),
	};
}
