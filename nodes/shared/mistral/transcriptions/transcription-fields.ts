// Options of a transcription as form fields, limited to those that the model's Voxtral family accepts.
import { omitUndefined } from '../../http/response/json';
import { voxtralFamily } from '../model-family';

/** `none` is the fastest; `word` exists on family 2 only. */
export type TimestampDetail = 'none' | 'segment' | 'word';

export interface TranscriptionOptions {
	readonly model: string;
	/** ISO 639-1, two letters; detected when absent. */
	readonly language?: string;
	readonly diarize: boolean;
	readonly timestamps: TimestampDetail;
	/** Names and terms in their usual spelling; the first {@link MAX_VOCABULARY} are sent. */
	readonly vocabulary: readonly string[];
	readonly temperature?: number;
	/** Speaker names with a voice sample each, family 3 only. */
	readonly speakerClips: readonly SpeakerClip[];
	/** The user's Additional Body Fields; they override all other fields. */
	readonly additional: Readonly<Record<string, unknown>>;
}

export interface SpeakerClip {
	readonly name: string;
	readonly base64: string;
}

export interface TranscriptionFields {
	/** Text fields of the form in sending order; a list is sent as repeated fields. */
	readonly fields: readonly FormField[];
	/** The language as sent. */
	readonly language?: string;
	/** Whether each segment of the reply is a single word. */
	readonly byWord: boolean;
	/** Which options were left out and why, for the user. */
	readonly notices: readonly string[];
}

export type FormField = readonly [name: string, value: string];

/** Family 2 rejects more (mistral-api 2.1); on family 3 they share the context window with the audio. */
export const MAX_VOCABULARY = 100;

/** A ninth is rejected (mistral-api 13.2). */
export const MAX_SPEAKER_CLIPS = 8;

const NOTICES = {
	language:
		'Language was left out: this model returns no text when a language is set together with timestamps or speakers. It detects the language itself.',
	word: 'Timestamps are given by segment: this model does not time single words. The models of the Voxtral 2 family do, for example voxtral-mini-latest.',
	vocabulary: `Vocabulary was cut to its first ${MAX_VOCABULARY} entries.`,
	speakerClips:
		'The voice samples were left out: only models of the Voxtral 3 family recognise voices, for example voxtral-mini-transcribe-latest.',
} as const;

/**
 * Voice samples switch diarization on, which switches segment timestamps on. Family 2 answers `language`
 * together with timestamps with status 200 and an empty text, so the language is left out there; family 3
 * rejects word timestamps (mistral-api 2.2, 13.2).
 */
export function transcriptionFields(options: TranscriptionOptions): TranscriptionFields {
	const { vocabulary, temperature, model, timestamps, speakerClips } = options;
	const family = voxtralFamily(model);
	const clips = family === 3 ? speakerClips : [];
	const diarize = options.diarize || speakerClips.length > 0;
	const byWord = timestamps === 'word' && family === 2;
	const timed = timestamps !== 'none' || diarize;
	const dropLanguage = options.language !== undefined && timed && family === 2;
	const language = dropLanguage ? undefined : options.language;
	const fields: FormField[] = [
		['model', model],
		...encodeVocabulary(vocabulary, family).map((term): FormField => ['context_bias', term]),
		...flag('diarize', diarize),
		...(language ? [['language', language] as const] : []),
		// Family 3 returns the detected language only on request.
		...flag('return_language', family === 3 && !language),
		...speakerReferences(clips),
		...(temperature === undefined ? [] : [['temperature', String(temperature)] as const]),
		...(timed && !(byWord && !diarize) ? [['timestamp_granularities', 'segment'] as const] : []),
		...(byWord ? [['timestamp_granularities', 'word'] as const] : []),
	];
	const notices = [
		...(dropLanguage ? [NOTICES.language] : []),
		...(timestamps === 'word' && !byWord ? [NOTICES.word] : []),
		...(vocabulary.length > MAX_VOCABULARY ? [NOTICES.vocabulary] : []),
		...(speakerClips.length > clips.length ? [NOTICES.speakerClips] : []),
	];
	const form = withAdditional(fields, options.additional);
	return omitUndefined({ fields: form, language: language || undefined, byWord, notices });
}

function flag(name: string, set: boolean): FormField[] {
	return set ? [[name, 'true']] : [];
}

/** Family 2 accepts tokens without spaces and commas, so words are joined by `_`; family 3 accepts phrases. */
function encodeVocabulary(vocabulary: readonly string[], family: 2 | 3): string[] {
	const encoded = vocabulary.map((term) =>
		family === 2 ? term.replace(/[\s,]+/g, '_').replace(/^_+|_+$/g, '') : term,
	);
	return [...new Set(encoded)].filter((term) => term !== '').slice(0, MAX_VOCABULARY);
}

/**
 * Preview: Mistral documents no form encoding for this map of name to base64 clip. It is sent as one JSON
 * field, as the live endpoint accepts it.
 */
function speakerReferences(clips: readonly SpeakerClip[]): FormField[] {
	if (clips.length === 0) return [];
	const byName = Object.fromEntries(clips.map(({ name, base64 }) => [name, base64]));
	return [['speaker_references', JSON.stringify(byName)]];
}

/** Lists become repeated fields, objects become JSON; a field of the same name is replaced. */
function withAdditional(
	fields: readonly FormField[],
	additional: TranscriptionOptions['additional'],
): FormField[] {
	const names = Object.keys(additional);
	const kept = fields.filter(([name]) => !names.includes(name));
	const added = Object.entries(additional).flatMap(([name, value]) =>
		(Array.isArray(value) ? value : [value])
			.filter((entry) => entry !== null && entry !== undefined)
			.map((entry): FormField => [name, formText(entry)]),
	);
	return [...kept, ...added];
}

function formText(value: unknown): string {
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
