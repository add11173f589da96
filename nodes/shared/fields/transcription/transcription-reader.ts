// Reads the options of a transcription: language, timestamps, vocabulary, speaker names.
import { omitUndefined } from '../../http/response/json';
import type {
	TimestampDetail,
	TranscriptionOptions,
} from '../../mistral/transcriptions/transcription-fields';
import { readJsonOption } from '../additional-body-fields';
import { twoLetterLanguage } from './language';

/** The options as n8n stores them; expressions may return any type. */
export interface StoredTranscriptionOptions {
	additionalFields?: unknown;
	diarize?: boolean;
	language?: unknown;
	speakerNames?: { speakers?: { label?: unknown; name?: unknown }[] };
	temperature?: number;
	timestampDetail?: string;
	timestamps?: boolean;
	vocabulary?: unknown;
}

/** @throws Failure for an invalid language code, or additional fields that are not a JSON object */
export function readTranscriptionOptions(
	model: string,
	options: StoredTranscriptionOptions,
	operation: string,
): Omit<TranscriptionOptions, 'speakerClips'> {
	const byWord = options.timestampDetail === 'word';
	return omitUndefined({
		model: model.trim(),
		language: twoLetterLanguage(String(options.language ?? ''), operation),
		diarize: options.diarize ?? false,
		timestamps: (byWord ? 'word' : options.timestamps ? 'segment' : 'none') as TimestampDetail,
		vocabulary: readVocabulary(options.vocabulary),
		temperature: options.temperature,
		additional: readJsonOption(options.additionalFields, {
			stage: `${operation}.additional-fields`,
			reserved: RESERVED,
			insteadOfReserved: 'Use Recording From and the option Stream Live Text for that.',
		}),
	});
}

/** One term per line; a single line is split at commas. A list may hold texts and numbers. Duplicates are dropped. */
export function readVocabulary(value: unknown): string[] {
	const entries = Array.isArray(value) ? value : splitText(String(value ?? ''));
	const terms = entries
		.filter((entry) => typeof entry === 'string' || typeof entry === 'number')
		.map((entry) =>
			String(entry)
				.replace(/[\s\p{Cc}]+/gu, ' ')
				.trim(),
		);
	return [...new Set(terms)].filter((term) => term !== '');
}

function splitText(text: string): string[] {
	const lines = text.trim().split(/[\r\n]+/);
	return lines.length > 1 ? lines : text.split(/[,;，、]/);
}

/** Speaker names by label such as `speaker_1`, also given as a bare number; rows without a name are ignored. */
export function readSpeakerNames({
	speakerNames,
}: StoredTranscriptionOptions): Record<string, string> {
	const entries = (speakerNames?.speakers ?? []).map(({ label, name }) => {
		const speaker = String(label ?? '').trim();
		return [
			/^\d+$/.test(speaker) ? `speaker_${speaker}` : speaker,
			String(name ?? '').trim(),
		] as const;
	});
	return Object.fromEntries(entries.filter(([label, name]) => label !== '' && name !== ''));
}

/** Form fields that the node sends itself, or that would change the type of the reply. */
const RESERVED = ['file', 'file_id', 'file_url', 'stream'];
