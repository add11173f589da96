// From the spoken audio to the item's fields. Pure. Never empty, so that AI agents can use the node as a tool.
import type { IDataObject } from 'n8n-workflow';
import type { FailureFacts } from '../shared/errors/failure';
import {
	type AudioFacts,
	audioOutput,
	type SpokenWords,
	speechProblemOutput,
	wordsOutput,
} from '../shared/synthesis/speech-output';

export function speakOutput(
	words: SpokenWords,
	{ attempts, usage, audioUrl, ...audio }: AudioFacts & { readonly audioUrl?: string | undefined },
): IDataObject {
	return {
		...wordsOutput(words, 'model'),
		...audioOutput(audio),
		attempts,
		...(usage ? { usage: { ...usage } } : {}),
		...(audioUrl ? { audioUrl } : {}),
	};
}

/** For "Text Instead of an Error": no audio, but the reason. */
export function unspokenOutput(words: SpokenWords, failure: FailureFacts): IDataObject {
	return {
		...wordsOutput(words, 'model'),
		...speechProblemOutput(failure),
		attempts: failure.attempts ?? 0,
	};
}
