// Output fields of a voice, and the filters of Get Many Voices. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { WireVoice } from '../shared/mistral/wire';

export function voiceOutput(voice: WireVoice): IDataObject {
	return {
		id: voice.id,
		name: voice.name,
		slug: voice.slug ?? null,
		type: voice.type ?? null,
		languages: voice.languages ?? [],
		gender: voice.gender ?? null,
		age: voice.age ?? null,
		tags: voice.tags ?? [],
		description: voice.description ?? null,
		createdAt: voice.created_at ?? null,
	};
}

export interface VoiceFilter {
	/** Prefix of a language code: `en` finds `en_gb`. */
	readonly language?: string | undefined;
	readonly gender?: string | undefined;
	/** Part of name, slug, description or a tag. */
	readonly search?: string | undefined;
}

/** Filters on the client, since the deprecated list endpoint, the only one on some servers, has no filters. */
export function fitsFilter(voice: WireVoice, { language, gender, search }: VoiceFilter): boolean {
	const wantedLanguage = language?.trim().toLowerCase().replace(/-/g, '_') ?? '';
	const languages = (voice.languages ?? []).map((tag) => tag.toLowerCase().replace(/-/g, '_'));
	if (
		wantedLanguage !== '' &&
		!languages.some((tag) => tag === wantedLanguage || tag.startsWith(`${wantedLanguage}_`))
	) {
		return false;
	}
	if (gender && voice.gender !== gender) return false;
	const wanted = search?.trim().toLowerCase() ?? '';
	const texts = [voice.name, voice.slug ?? '', voice.description ?? '', ...(voice.tags ?? [])];
	return texts.join('\n').toLowerCase().includes(wanted);
}
