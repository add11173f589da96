// POST /v1/audio/transcriptions: one recording up, its words back.
import type { AudioInput } from '../audio/binary';
import { Failure } from '../run/failure';
import { voxtralFamily } from './family';
import type { JsonRecord } from './shape';
import { asRecord, recordsOf, textOf } from './shape';
import type { Sent, Transport } from './transport';
import type { WireSegment, WireTranscription } from './wire';

export interface TranscriptionRequest {
	readonly audio: AudioInput;
	readonly model: string;
	/** Two letters (ISO 639-1); detected when absent. */
	readonly language?: string;
	readonly diarize: boolean;
	readonly timestamps: boolean;
	/** For all tries together, upload included. */
	readonly timeoutMs: number;
}

export interface TranscriptionPlan {
	/** The text fields of the form, repeated names allowed, in the SDK's order. */
	readonly fields: readonly (readonly [name: string, value: string])[];
	/** What was left out and why, for the person. */
	readonly notice?: string;
}

/**
 * The form fields for what was asked. Diarization needs segment timestamps, so they come along;
 * family 2 answers `language` together with timestamps by 200 and an empty text, so there the
 * language is left out and said so (mistral-api 2.2).
 */
export function planTranscription(
	request: Pick<TranscriptionRequest, 'model' | 'language' | 'diarize' | 'timestamps'>,
): TranscriptionPlan {
	const { model, language, diarize } = request;
	const segments = request.timestamps || diarize;
	const dropLanguage = language !== undefined && segments && voxtralFamily(model) === 2;
	const fields: [string, string][] = [['model', model]];
	if (diarize) fields.push(['diarize', 'true']);
	if (language && !dropLanguage) fields.push(['language', language]);
	if (segments) fields.push(['timestamp_granularities', 'segment']);
	return {
		fields,
		...(dropLanguage
			? {
					notice:
						'Language was left out: this model returns no text when a language is set together with timestamps or speakers. It detects the language itself.',
				}
			: {}),
	};
}

/** @throws Failure also when the answer is not a transcription */
export async function transcribe(
	transport: Transport,
	{ audio, timeoutMs }: TranscriptionRequest,
	{ fields }: TranscriptionPlan,
): Promise<Sent<WireTranscription>> {
	return await transport.json(
		{
			method: 'POST',
			path: '/v1/audio/transcriptions',
			body: () => uploadForm(fields, audio),
			// Transcribing twice costs a second time but changes nothing.
			repeatable: true,
			deadlineMs: timeoutMs,
		},
		readTranscription,
	);
}

/**
 * The form with the recording as its last part. The file part reads the recording while it is
 * being sent and never holds it whole: axios takes size, name, type and stream from the `File`.
 */
function uploadForm(fields: TranscriptionPlan['fields'], audio: AudioInput): FormData {
	const form = new FormData();
	for (const [name, value] of fields) form.append(name, value);
	const file = Object.defineProperties(
		new File([], audio.uploadName, { type: audio.uploadMimeType }),
		{ size: { value: audio.bytes }, stream: { value: () => audio.read() } },
	);
	// A third argument would make the form copy the file and lose the stream.
	form.append('file', file);
	return form;
}

function readTranscription(body: unknown): WireTranscription | undefined {
	const reply = asRecord(body);
	const text = textOf(reply?.text);
	if (!reply || text === undefined) return undefined;
	return { ...(reply as JsonRecord & WireTranscription), text, segments: readSegments(reply) };
}

function readSegments(reply: JsonRecord): WireSegment[] {
	return recordsOf(reply.segments).filter(
		(entry): entry is JsonRecord & WireSegment => typeof entry.text === 'string',
	);
}

/** `de-DE`, `pt_BR` or `EN` as the two letters the API takes; empty means: detect. */
export function twoLetterLanguage(value: string, operation: string): string | undefined {
	const text = value.trim().toLowerCase();
	if (text === '' || text === 'auto') return undefined;
	const match = /^([a-z]{2})(?:[-_][a-z0-9]{2,8})*$/.exec(text);
	if (match?.[1]) return match[1];
	throw new Failure({
		stage: `${operation}.language`,
		message: `Language "${value.slice(0, 20)}" is not a language code`,
		hint: 'Use two letters such as en, de or fr, or leave Language empty so that it is detected.',
	});
}
