// Reads speech as it is made: audio deltas, an end that must be told, nothing after it.
import { Failure } from '../../errors/failure';
import type { HttpReply } from '../../http/request';
import { notAsDocumented } from '../../http/errors/failures';
import { TerminatedEventStream } from '../../http/response/terminated-event-stream';
import { asRecord, parseJson, textOf } from '../../http/response/json';
import { type AudioSink, damagedAudio, decodeBase64, type SpokenAudio } from './speech-audio';
import { readServerSentEvents, type ServerSentEvent } from '../../http/response/sse';
import type { WireSpeechEvent } from '../wire';

const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/** @throws Failure `cut-short` without an end, `damaged-audio` for what is no base64 or follows the end */
export async function readSpeechStream(
	reply: HttpReply,
	operation: string,
	sink: AudioSink | undefined,
): Promise<SpokenAudio> {
	sink?.begin(reply.commit);
	const events = new TerminatedEventStream(readServerSentEvents(reply.body, MAX_EVENT_CHARACTERS));
	const deltas: Buffer[] = [];
	let end: WireSpeechEvent | undefined;
	for await (const told of events) {
		// Some servers close every stream like this.
		if (end && told.data.trim() === '[DONE]') continue;
		const event = readEvent(told, operation);
		if (event.type === 'speech.audio.done') {
			end = event;
			events.end();
		}
		if (event.type !== 'speech.audio.delta') continue;
		const audio = decodeBase64(event.audio_data ?? '');
		// After the end it is unknown where the audio belongs.
		if (!audio || end) throw damagedAudio(operation);
		deltas.push(audio);
		sink?.push(audio);
	}
	if (!end) throw cutShort(operation);
	if (deltas.length === 0) throw notAsDocumented(operation);
	return { audio: Buffer.concat(deltas), ...(end.usage ? { usage: end.usage } : {}) };
}

/** vLLM names the audio field `audio`; unknown events pass by. */
function readEvent({ event, data }: ServerSentEvent, operation: string): WireSpeechEvent {
	const body = asRecord(parseJson(data));
	const type = textOf(body?.type) ?? event;
	const isError = event === 'error' || type === 'error' || type === 'speech.audio.error';
	if (isError) throw brokenOff(data, operation);
	if (!body) throw notAsDocumented(operation);
	const audio = textOf(body.audio_data) ?? textOf(body.audio);
	const usage = asRecord(body.usage);
	return {
		type,
		...(audio === undefined ? {} : { audio_data: audio }),
		...(usage ? { usage } : {}),
	};
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
