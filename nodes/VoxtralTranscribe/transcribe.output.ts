// From Mistral's transcription to the item's fields. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { WireSegment, WireTranscription } from '../shared/mistral/wire';

/** `segments` times are in seconds; `speaker` is there when speakers were asked for. */
export function transcribeOutput(
	reply: WireTranscription,
	model: string,
	attempts: number,
): IDataObject {
	return {
		text: reply.text.trim(),
		language: reply.language ?? null,
		segments: (reply.segments ?? []).map(segmentOutput),
		model: reply.model ?? model,
		usage: (reply.usage ?? {}) as IDataObject,
		attempts,
	};
}

function segmentOutput({ text, start, end, speaker_id: speaker }: WireSegment): IDataObject {
	return {
		start: start ?? null,
		end: end ?? null,
		text: text.trim(),
		...(speaker ? { speaker } : {}),
	};
}
