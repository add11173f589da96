// From the spoken audio to the item's fields. Pure. Never empty, so that AI agents can use the node as a tool.
import type { IDataObject } from 'n8n-workflow';
import type { StoredAudio } from '../shared/audio/binary';
import type { SpeechRequest } from '../shared/mistral/speech';

export function speakOutput(
	{ text, voice, model }: SpeechRequest,
	{ format, fileName, bytes, durationSeconds }: StoredAudio,
	attempts: number,
): IDataObject {
	return {
		spokenText: text,
		characters: [...text].length,
		voice,
		model,
		format: format.id,
		mimeType: format.mimeType,
		fileName,
		bytes,
		durationSeconds: durationSeconds ?? null,
		attempts,
	};
}
