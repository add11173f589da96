// POST /v1/audio/transcriptions: speech to text, as one reply or as a stream.
import type { AudioInput } from '../../audio/n8n-binary';
import { asFailure, Failure } from '../../errors/failure';
import { deleteFile, MAX_FILE_BYTES, uploadAudioFile } from '../files';
import { multipartForm } from '../../http/multipart';
import { asRecord, type JsonRecord, numberOf, recordsOf, textOf } from '../../http/response/json';
import type { FormField } from './transcription-fields';
import { readTranscriptionStream } from './transcription-stream';
import { sendForText } from '../text-reply';
import type { WithAttempts, HttpClient } from '../../http/client';
import type { WireSegment, WireTranscription } from '../wire';

export type TranscriptionSource =
	| { readonly kind: 'recording'; readonly audio: AudioInput }
	/** Downloaded by Mistral. */
	| { readonly kind: 'url'; readonly url: string }
	/** Stored at Mistral, see the Files API. */
	| { readonly kind: 'file'; readonly id: string };

export interface TranscriptionRequest {
	readonly source: TranscriptionSource;
	readonly fields: readonly FormField[];
	/** Receives each text delta; without it the reply is not streamed. */
	readonly onText?: (text: string) => void;
}

/** Idle timeout of a streamed transcription: Mistral may process audio for long between two events. */
const STREAM_IDLE_MS = 180_000;

/** The last event holds the whole transcription, segments included. */
const MAX_EVENT_CHARACTERS = 32 * 1024 * 1024;

const STREAM: FormField = ['stream', 'true'];

/** @throws Failure with `partial`, the text streamed so far; also when the reply is not a transcription */
export async function transcribe(
	client: HttpClient,
	{ source, fields, onText }: TranscriptionRequest,
): Promise<WithAttempts<WireTranscription>> {
	const { operation } = client;
	const audio = source.kind === 'recording' ? source.audio : undefined;
	const form = [...fields, ...sourceFields(source), ...(onText ? [STREAM] : [])];
	const request = {
		method: 'POST',
		path: '/v1/audio/transcriptions',
		body: () => multipartForm(form, audio),
		// A retry is billed again but has no side effects.
		repeatable: true,
		...(onText ? { idleMs: STREAM_IDLE_MS } : {}),
	} as const;
	let partial = '';
	const record = (text: string) => {
		partial += text;
		onText?.(text);
	};
	try {
		return await sendForText(client, request, onText && record, {
			whole: readTranscription,
			stream: async (events, pass) =>
				await readTranscriptionStream(events, operation, readTranscription, pass),
			maxEventCharacters: MAX_EVENT_CHARACTERS,
		});
	} catch (thrown) {
		const failure = explained(asFailure(thrown, operation), operation);
		throw failure.with(partial ? { partial } : {});
	}
}

/** Names the remedy when audio and vocabulary exceed the context window of family 3 (mistral-api 13.2). */
function explained(failure: Failure, operation: string): Failure {
	const { status, message } = failure.facts;
	if (status !== 400 || !/context window|too long|maximum.*(length|duration)/i.test(message))
		return failure;
	return failure.with({
		stage: `${operation}.audio-too-long`,
		message: 'The recording is longer than this Model takes at once',
		hint: `Cut it into parts, shorten Vocabulary, or choose a model that takes about three hours, such as voxtral-mini-latest. ${message}.`,
	});
}

export interface StoredTranscription extends WithAttempts<WireTranscription> {
	/** Whether Mistral confirmed the deletion of the stored copy. */
	readonly deleted: boolean;
}

/** Uploads the recording, transcribes it by its file id, and deletes it, also after a failure. For large recordings. */
export async function transcribeStored(
	client: HttpClient,
	audio: AudioInput,
	request: Omit<TranscriptionRequest, 'source'>,
): Promise<StoredTranscription> {
	if (audio.bytes > MAX_FILE_BYTES) {
		throw new Failure({
			stage: `${client.operation}.too-large`,
			message: `The recording is larger than Mistral stores (${MAX_FILE_BYTES / 1024 / 1024} MB)`,
			hint: 'Switch off "Upload First", or send a compressed format such as MP3 or OGG.',
		});
	}
	const { value: file, attempts } = await uploadAudioFile(client, audio);
	const source = { kind: 'file', id: file.id } as const;
	const cleanUp = async () =>
		await deleteFile(client, file.id).then(
			() => true,
			() => false,
		);
	try {
		const sent = await transcribe(client, { ...request, source });
		return { ...sent, attempts: sent.attempts + attempts - 1, deleted: await cleanUp() };
	} catch (thrown) {
		const failure = asFailure(thrown, client.operation);
		if (await cleanUp()) throw failure;
		const left =
			'The copy of the recording stays at Mistral for 30 days: deleting it did not work.';
		throw failure.with({ hint: `${failure.facts.hint ?? ''} ${left}`.trim() });
	}
}

function sourceFields(source: TranscriptionSource): FormField[] {
	if (source.kind === 'url') return [['file_url', source.url]];
	if (source.kind === 'file') return [['file_id', source.id]];
	return [];
}

/** Reads a reply of Mistral or a self-hosted vLLM server (mistral-api 2.3, 8.1); undefined when it is no transcription. */
export function readTranscription(body: unknown): WireTranscription | undefined {
	const reply = asRecord(body);
	const text = textOf(reply?.text);
	if (!reply || text === undefined) return undefined;
	const usage = asRecord(reply.usage);
	const seconds =
		numberOf(usage?.prompt_audio_seconds) ??
		numberOf(usage?.seconds) ??
		numberOf(Number(reply.duration ?? Number.NaN));
	return {
		...(reply as JsonRecord & WireTranscription),
		text,
		segments: readSegments(reply),
		usage: { ...usage, ...(seconds === undefined ? {} : { prompt_audio_seconds: seconds }) },
	};
}

function readSegments(reply: JsonRecord): WireSegment[] {
	return recordsOf(reply.segments).filter(
		(entry): entry is JsonRecord & WireSegment => typeof entry.text === 'string',
	);
}
