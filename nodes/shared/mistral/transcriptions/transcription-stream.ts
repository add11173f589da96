// Reads a transcription event stream: text deltas, then the whole transcription in the last event (mistral-api 2.4).
import { Failure } from '../../errors/failure';
import { asRecord, type JsonRecord, parseJson, recordsOf, textOf } from '../../http/response/json';
import type { ServerSentEvent } from '../../http/response/sse';
import type { WireSegment, WireTranscription } from '../wire';

/**
 * Hands each text delta to `onText` and returns the transcription of the last event, read by `readWhole`.
 *
 * @throws Failure `stream-broken` for an error event, `stream-cut` when the last event is missing
 */
export async function readTranscriptionStream(
	events: AsyncIterable<ServerSentEvent>,
	operation: string,
	readWhole: (body: unknown) => WireTranscription | undefined,
	onText: (text: string) => void,
): Promise<WireTranscription> {
	let text = '';
	const segments: WireSegment[] = [];
	for await (const { event, data } of events) {
		// A self-hosted vLLM server ends the stream without an event that holds the transcription.
		if (data === '[DONE]') return { text, segments };
		const body = asRecord(parseJson(data)) ?? {};
		const type = textOf(body.type) ?? event;
		if (event === 'error' || type === 'error' || body.error !== undefined)
			throw broken(operation, data);
		if (type === 'transcription.segment') segments.push(body as JsonRecord & WireSegment);
		if (type === 'transcription.done') {
			const whole = readWhole(body);
			if (whole) {
				// A server that sends no deltas has the text in the last event only.
				if (text === '' && whole.text !== '') onText(whole.text);
				// Segments may have been sent as separate events instead.
				return whole.segments?.length ? whole : { ...whole, segments };
			}
		}
		const delta = type === 'transcription.text.delta' ? textOf(body.text) : chunkText(body);
		if (!delta) continue;
		text += delta;
		onText(delta);
	}
	throw new Failure({
		stage: `${operation}.stream-cut`,
		message: 'The live text ended before the transcription was complete',
		hint: 'Run the workflow again, or switch off "Stream Live Text" in the options.',
	});
}

/** vLLM streams chunks like those of chat completions (mistral-api 8.1). */
function chunkText({ choices }: JsonRecord): string | undefined {
	return textOf(asRecord(recordsOf(choices)[0]?.delta)?.content);
}

function broken(operation: string, errorEvent: string): Failure {
	return new Failure({
		stage: `${operation}.stream-broken`,
		message: 'Mistral stopped in the middle of the transcription',
		hint: 'Run the workflow again.',
		errorEvent,
	});
}
