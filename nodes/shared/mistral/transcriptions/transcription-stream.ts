// The stream of a transcription: text while it is understood, the whole of it at the end (mistral-api 2.4).
import { Failure } from '../../errors/failure';
import { asRecord, type JsonRecord, parseJson, recordsOf, textOf } from '../../http/response/json';
import type { ServerSentEvent } from '../../http/response/sse';
import type { WireSegment, WireTranscription } from '../wire';

/**
 * Hands each new stretch of text to `onText` and returns what the last event says, read by
 * `readWhole`.
 *
 * @throws Failure `stream-broken` when the server says so, `stream-cut` when the last event is missing
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
		// A self-hosted vLLM server ends this way, without an event that holds everything.
		if (data === '[DONE]') return { text, segments };
		const body = asRecord(parseJson(data)) ?? {};
		const type = textOf(body.type) ?? event;
		if (event === 'error' || type === 'error' || body.error !== undefined)
			throw broken(operation, data);
		if (type === 'transcription.segment') segments.push(body as JsonRecord & WireSegment);
		if (type === 'transcription.done') {
			const whole = readWhole(body);
			// Segments may have come as events of their own and be missing here.
			if (whole) {
				// Whoever listens gets the words even from a server that tells them at the end only.
				if (text === '' && whole.text !== '') onText(whole.text);
				return whole.segments?.length ? whole : { ...whole, segments };
			}
		}
		const piece = type === 'transcription.text.delta' ? textOf(body.text) : chunkText(body);
		if (!piece) continue;
		text += piece;
		onText(piece);
	}
	throw new Failure({
		stage: `${operation}.stream-cut`,
		message: 'The live text ended before the transcription was complete',
		hint: 'Run the workflow again, or switch off "Stream Live Text" in the options.',
	});
}

/** vLLM streams in the form of chat completions (mistral-api 8.1). */
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
