// Output fields of Talk from a finished turn. Pure. Never empty, so that AI agents can use the node as a tool.
import type { IDataObject } from 'n8n-workflow';
import type { FailureFacts } from '../shared/errors/failure';
import { omitUndefined } from '../shared/http/response/json';
import {
	type AudioFacts,
	audioOutput,
	type SpokenWords,
	speechProblemOutput,
	wordsOutput,
} from '../shared/synthesis/speech-output';
import { toSpeakable } from '../shared/text/speakable';
import type { Answer } from './pipeline/llm';
import type { TurnTimings } from './pipeline/turn-timings';
import type { Heard } from './pipeline/stt';

export interface TalkFacts {
	readonly heard: Heard;
	readonly answered: Answer;
	/** As requested, for a reply that does not name its model. */
	readonly model: string;
	readonly spoken: SpokenWords;
	/** The audio file, or why there is none. */
	readonly audio: AudioFacts | FailureFacts;
	readonly timings: TurnTimings;
}

/** `text`: the question. `output`: the answer as generated. `speech`: the answer without markup, for text to speech. */
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
		...wordsOutput(facts.spoken, 'speakingModel'),
		...('stored' in audio ? audioOutput(audio) : speechProblemOutput(audio)),
		timings: { ...timings },
		usage: omitUndefined({
			transcription: heard.usage,
			answer: turn?.usage,
			speech: 'stored' in audio ? audio.usage : undefined,
		}) as IDataObject,
		attempts,
	};
}
