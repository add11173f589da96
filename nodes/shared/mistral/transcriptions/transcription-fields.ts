// What a transcription asks for, as form fields: each Voxtral family gets only what it understands.
import { voxtralFamily } from '../model-family';

/** `none` is the quickest; `word` exists on family 2 alone. */
export type TimestampDetail = 'none' | 'segment' | 'word';

export interface TranscriptionOptions {
	readonly model: string;
	/** Two letters (ISO 639-1); detected when absent. */
	readonly language?: string;
	readonly diarize: boolean;
	readonly timestamps: TimestampDetail;
	/** Names and terms as people write them, at most {@link MAX_VOCABULARY}. */
	readonly vocabulary: readonly string[];
	readonly temperature?: number;
	/** Names with a clip of each voice, family 3 alone. */
	readonly speakerClips: readonly SpeakerClip[];
	/** Sent as they are, after and in place of everything above. */
	readonly additional: Readonly<Record<string, unknown>>;
}

export interface SpeakerClip {
	readonly name: string;
	readonly base64: string;
}

export interface TranscriptionFields {
	/** The text fields of the form in sending order; a list is its name several times. */
	readonly fields: readonly FormField[];
	/** The language that is sent. */
	readonly language?: string;
	/** Whether the segments will be single words. */
	readonly byWord: boolean;
	/** What was left out and why, for the person. */
	readonly notices: readonly string[];
}

export type FormField = readonly [name: string, value: string];

/** Family 2 refuses more (mistral-api 2.1); on family 3 terms take room from the audio. */
export const MAX_VOCABULARY = 100;

/** mistral-api 13.2: a ninth is refused. */
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
 * Diarization needs segment timestamps, so they come along, and voice samples need diarization.
 * Family 2 answers `language` together with timestamps by 200 and an empty text, so there the
 * language is left out; family 3 refuses word timestamps (mistral-api 2.2, 13.2).
 */
export function transcriptionFields(wish: TranscriptionOptions): TranscriptionFields {
	const family = voxtralFamily(wish.model);
	const clips = family === 3 ? wish.speakerClips : [];
	const diarize = wish.diarize || wish.speakerClips.length > 0;
	const byWord = wish.timestamps === 'word' && family === 2;
	const timed = wish.timestamps !== 'none' || diarize;
	const dropLanguage = wish.language !== undefined && timed && family === 2;
	const language = dropLanguage ? undefined : wish.language;
	const { vocabulary, temperature, model } = wish;
	const fields: FormField[] = [
		['model', model],
		...encodeVocabulary(vocabulary, family).map((term): FormField => ['context_bias', term]),
		...flag('diarize', diarize),
		...(language ? [['language', language] as const] : []),
		// Family 3 names the language it heard only when asked.
		...flag('return_language', family === 3 && !language),
		...speakerReferences(clips),
		...(temperature === undefined ? [] : [['temperature', String(temperature)] as const]),
		...(timed && !(byWord && !diarize) ? [['timestamp_granularities', 'segment'] as const] : []),
		...(byWord ? [['timestamp_granularities', 'word'] as const] : []),
	];
	const notices = [
		...(dropLanguage ? [NOTICES.language] : []),
		...(wish.timestamps === 'word' && !byWord ? [NOTICES.word] : []),
		...(vocabulary.length > MAX_VOCABULARY ? [NOTICES.vocabulary] : []),
		...(wish.speakerClips.length > clips.length ? [NOTICES.speakerClips] : []),
	];
	return {
		fields: withAdditional(fields, wish.additional),
		...(language ? { language } : {}),
		byWord,
		notices,
	};
}

function flag(name: string, set: boolean): FormField[] {
	return set ? [[name, 'true']] : [];
}

/** Family 2 takes tokens without spaces and commas, several words joined by `_`; family 3 takes phrases. */
function encodeVocabulary(vocabulary: readonly string[], family: 2 | 3): string[] {
	const encoded = vocabulary.map((term) =>
		family === 2 ? term.replace(/[\s,]+/g, '_').replace(/^_+|_+$/g, '') : term,
	);
	return [...new Set(encoded)].filter((term) => term !== '').slice(0, MAX_VOCABULARY);
}

/**
 * Preview: in a form, Mistral documents no encoding for this map of name to base64 clip. It goes as
 * one field of JSON, the way the live endpoint takes it; only this function knows.
 */
function speakerReferences(clips: readonly SpeakerClip[]): FormField[] {
	if (clips.length === 0) return [];
	const byName = Object.fromEntries(clips.map(({ name, base64 }) => [name, base64]));
	return [['speaker_references', JSON.stringify(byName)]];
}

/** Lists become repeated fields, objects JSON; a name that is there already is replaced. */
function withAdditional(
	fields: readonly FormField[],
	additional: TranscriptionOptions['additional'],
): FormField[] {
	const names = Object.keys(additional);
	const kept = fields.filter(([name]) => !names.includes(name));
	const more = Object.entries(additional).flatMap(([name, value]) =>
		(Array.isArray(value) ? value : [value])
			.filter((entry) => entry !== null && entry !== undefined)
			.map((entry): FormField => [name, formText(entry)]),
	);
	return [...kept, ...more];
}

function formText(value: unknown): string {
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
