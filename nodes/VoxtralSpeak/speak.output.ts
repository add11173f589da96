// Output fields of Speak. Pure. Never empty, so that AI agents can use the node as a tool.
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

export function speakOutput(
	words: SpokenWords,
	{ attempts, usage, audioUrl, ...audio }: AudioFacts & { readonly audioUrl?: string | undefined },
): IDataObject {
	return omitUndefined({
		...wordsOutput(words, 'model'),
		...audioOutput(audio),
		attempts,
		usage: usage && { ...usage },
		audioUrl: audioUrl || undefined,
	});
}

/** For "Text Instead of an Error": the reason in place of the audio. */
export function unspokenOutput(words: SpokenWords, failure: FailureFacts): IDataObject {
	return {
		...wordsOutput(words, 'model'),
		...speechProblemOutput(failure),
		attempts: failure.attempts ?? 0,
	};
}
