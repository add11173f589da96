// From the answer to the item's fields. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { Answer } from '../shared/mistral/conversations';
import { toSpeakable } from '../shared/speech/speakable';

/** `output` as written, `speech` fit to be read aloud. */
export function askOutput(answer: Answer, model: string, attempts: number): IDataObject {
	return {
		output: answer.text,
		speech: toSpeakable(answer.text),
		sources: answer.sources.map((source) => ({ ...source })),
		conversationId: answer.conversationId,
		model: answer.model ?? model,
		usage: (answer.usage ?? {}) as IDataObject,
		attempts,
	};
}
