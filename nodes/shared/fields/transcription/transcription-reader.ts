// Reads the options of a transcription as people filled them in.
import type { TranscriptionOptions } from '../../mistral/transcriptions/transcription-fields';
import { Failure } from '../../errors/failure';
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
		additional: readAdditional(options.additionalFields, operation),
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

function readAdditional(value: unknown, operation: string): Record<string, unknown> {
	const given = typeof value === 'string' ? parse(value.trim() || '{}') : (value ?? {});
	if (typeof given !== 'object' || given === null || Array.isArray(given)) {
		throw new Failure({
			stage: `${operation}.additional-fields`,
			message: 'Additional Body Fields is not a JSON object',
			hint: 'Write it like {"name": "value"}.',
		});
	}
	const taken = Object.keys(given).find((name) => RESERVED.includes(name));
	if (taken !== undefined) {
		throw new Failure({
			stage: `${operation}.additional-fields`,
			message: `Additional Body Fields must not contain "${taken}"`,
			hint: 'Use Recording From and the option Stream Live Text for that.',
		});
	}
	return given as Record<string, unknown>;
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
