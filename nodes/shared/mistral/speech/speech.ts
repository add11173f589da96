// POST /v1/audio/speech: text to speech, as one audio file or as a stream.
import type { IDataObject } from 'n8n-workflow';
import type { SpeechFormat } from '../../audio/formats';
import { guessSampleType } from '../../audio/pcm/pcm';
import type { HttpReply } from '../../http/request';
import { isAudio, isEventStream, isJson, readAll } from '../../http/response/response-body';
import { notAsDocumented } from '../../http/errors/failures';
import { asRecord, omitUndefined, parseJson, textOf } from '../../http/response/json';
import {
	type AudioSink,
	damagedAudio,
	decodeBase64,
	readCharacterLimit,
	type SpokenAudio,
} from './speech-audio';
import { readSpeechStream } from './speech-stream';
import type { WithAttempts, HttpClient } from '../../http/client';
import type { WireSpeechRequest } from '../wire';

const MAX_AUDIO_BYTES = 256 * 1024 * 1024;

/** A saved voice by slug or id, or the base64 of an MP3 or WAV file to imitate this once. */
export type SpeechVoice = { readonly id: string } | { readonly referenceAudio: string };

export interface SpeechRequest {
	readonly text: string;
	readonly model: string;
	readonly voice: SpeechVoice;
	readonly format: SpeechFormat;
	/** 1 to 5, family 3 only. */
	readonly expressiveness?: number;
	/** Words of `text` and their phonemes, family 3 only. */
	readonly phonemeHints?: Readonly<Record<string, string[]>>;
	/** The user's Additional Body Fields, sent as they are. */
	readonly additionalFields?: IDataObject;
}

/** Synthesizes one text. With a `sink` the audio is requested as a stream and handed on as it arrives. */
export async function speak(
	client: HttpClient,
	request: SpeechRequest,
	sink?: AudioSink,
): Promise<WithAttempts<SpokenAudio>> {
	const isStreamed = sink !== undefined;
	const body = bodyOf(request, isStreamed);
	return await client.send(
		{
			...requestFor(isStreamed),
			body: () => ({ ...body }),
			// One request in ten stalls up to 11 s before its first byte; after this time a retry is faster.
			firstByteMs: Math.max(30_000, request.text.length * 20),
			maxBytes: MAX_AUDIO_BYTES,
		},
		async (reply) =>
			await readSpeech(reply, client.operation, request.format, sink).catch((thrown: unknown) => {
				sink?.abandon();
				throw thrown;
			}),
	);
}

/** Opens a connection for a speech request whose text is still being generated. */
export function preconnectSpeech(client: HttpClient, isStreamed: boolean): void {
	client.preconnect(requestFor(isStreamed));
}

function requestFor(isStreamed: boolean) {
	return {
		method: 'POST' as const,
		path: '/v1/audio/speech',
		accept: isStreamed ? 'text/event-stream, audio/*;q=0.5' : 'application/json, audio/*;q=0.5',
		repeatable: true,
	};
}

function bodyOf(
	{ text, model, voice, format, expressiveness, phonemeHints, additionalFields }: SpeechRequest,
	stream: boolean,
): IDataObject {
	const body: WireSpeechRequest = {
		input: text,
		model,
		...('id' in voice ? { voice_id: voice.id } : { ref_audio: voice.referenceAudio }),
		response_format: format,
		stream,
		...omitUndefined({ expressiveness, phoneme_hints: phonemeHints }),
	};
	return { ...body, ...additionalFields };
}

async function readSpeech(
	reply: HttpReply,
	operation: string,
	format: SpeechFormat,
	sink: AudioSink | undefined,
): Promise<SpokenAudio> {
	const spoken = isEventStream(reply.headers)
		? await readSpeechStream(reply, operation, sink)
		: { audio: await readAudio(reply, operation) };
	if (format === 'pcm' && !holdsWholeSamples(spoken.audio)) throw damagedAudio(operation);
	if (!isEventStream(reply.headers)) {
		sink?.begin(reply.commit);
		sink?.push(spoken.audio);
	}
	return omitUndefined({ ...spoken, characterLimit: readCharacterLimit(reply.headers) });
}

/** Mistral sends base64 in JSON; self-hosted servers send the audio bytes as the body. */
async function readAudio({ headers, body }: HttpReply, operation: string): Promise<Buffer> {
	const bytes = await readAll(body);
	if (isAudio(headers) && bytes.length > 0) return bytes;
	const encoded = isJson(headers)
		? textOf(asRecord(parseJson(bytes.toString('utf8')))?.audio_data)
		: undefined;
	if (encoded === undefined) throw notAsDocumented(operation);
	const audio = decodeBase64(encoded);
	if (!audio) throw damagedAudio(operation);
	return audio;
}

/** PCM samples of Mistral have four bytes (float32), those of self-hosted servers two (int16). */
function holdsWholeSamples(audio: Buffer): boolean {
	return audio.length % (guessSampleType(audio) === 'int16' ? 2 : 4) === 0;
}
