// Reads a speech event stream: audio deltas, then `speech.audio.done`, and no audio after it.
import { Failure } from '../../errors/failure';
import type { HttpReply } from '../../http/request';
import { notAsDocumented } from '../../http/errors/failures';
import { TerminatedEventStream } from '../../http/response/terminated-event-stream';
import { asRecord, omitUndefined, parseJson, textOf } from '../../http/response/json';
import { type AudioSink, damagedAudio, decodeBase64, type SpokenAudio } from './speech-audio';
import { readServerSentEvents, type ServerSentEvent } from '../../http/response/sse';
import type { WireSpeechEvent } from '../wire';

const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/** @throws Failure `body-cut-short` without `speech.audio.done`, `damaged-audio` for invalid base64 or audio after the end */
export async function readSpeechStream(
	reply: HttpReply,
	operation: string,
	sink: AudioSink | undefined,
): Promise<SpokenAudio> {
	sink?.begin(reply.commit);
	const events = new TerminatedEventStream(readServerSentEvents(reply.body, MAX_EVENT_CHARACTERS));
	const deltas: Buffer[] = [];
	let end: WireSpeechEvent | undefined;
	for await (const received of events) {
		// Some servers end every stream this way.
		if (end && received.data.trim() === '[DONE]') continue;
		const event = readEvent(received, operation);
		if (event.type === 'speech.audio.done') {
			end = event;
			events.end();
		}
		if (event.type !== 'speech.audio.delta') continue;
		const audio = decodeBase64(event.audio_data ?? '');
		// Where audio after the end belongs is unknown.
		if (!audio || end) throw damagedAudio(operation);
		deltas.push(audio);
		sink?.push(audio);
	}
	if (!end) throw cutShort(operation);
	if (deltas.length === 0) throw notAsDocumented(operation);
	return omitUndefined({ audio: Buffer.concat(deltas), usage: end.usage ?? undefined });
}

/** vLLM names the audio field `audio`. Events of unknown type are returned without audio. */
function readEvent({ event, data }: ServerSentEvent, operation: string): WireSpeechEvent {
	const body = asRecord(parseJson(data));
	const type = textOf(body?.type) ?? event;
	const isError = event === 'error' || type === 'error' || type === 'speech.audio.error';
	if (isError) throw brokenOff(data, operation);
	if (!body) throw notAsDocumented(operation);
	const audio_data = textOf(body.audio_data) ?? textOf(body.audio);
	return omitUndefined({ type, audio_data, usage: asRecord(body.usage) });
}

function brokenOff(errorEvent: string, operation: string): Failure {
	return new Failure({
		stage: `${operation}.server-trouble`,
		message: 'Mistral broke off while speaking',
		hint: 'Run the workflow again later, or see status.mistral.ai.',
		errorEvent,
	});
}

function cutShort(operation: string): Failure {
	return new Failure({
		stage: `${operation}.body-cut-short`,
		message: 'The audio ended too early',
		hint: 'Run the workflow again; a proxy between n8n and Mistral may cut long answers.',
	});
}
