// Reads the options of a transcription as people filled them in.
import type { TranscriptionOptions } from '../../mistral/transcriptions/transcription-fields';
import { readJsonOption } from '../additional-body-fields';
import { twoLetterLanguage } from './language';

/** The collection as n8n hands it over; expressions may give anything. */
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

/** @throws Failure for a language that is none, or additional fields that are no JSON object */
export function readTranscriptionOptions(
	model: string,
	options: StoredTranscriptionOptions,
	operation: string,
): Omit<TranscriptionOptions, 'speakerClips'> {
	const language = twoLetterLanguage(String(options.language ?? ''), operation);
	const byWord = options.timestampDetail === 'word';
	return {
		model: model.trim(),
		...(language ? { language } : {}),
		diarize: options.diarize ?? false,
		timestamps: byWord ? 'word' : options.timestamps ? 'segment' : 'none',
		vocabulary: readVocabulary(options.vocabulary),
		...(options.temperature === undefined ? {} : { temperature: options.temperature }),
		additional: readJsonOption(options.additionalFields, {
			stage: `${operation}.additional-fields`,
			reserved: RESERVED,
			insteadOfReserved: 'Use Recording From and the option Stream Live Text for that.',
		}),
	};
}

/** One entry a line; a single line is split at its commas. Lists, also of numbers, are taken as they are. */
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

/** Names by label; a bare number means the speaker of that number, empty names are passed over. */
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

/** What this node itself puts into the form, or what would change the kind of answer. */
const RESERVED = ['file', 'file_id', 'file_url', 'stream'];
