// The live lists of Voice fields.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listing } from './list-search';
import { omitUndefined, textOf } from '../http/response/json';
import { listVoices, type VoiceType } from '../mistral/voices';
import type { WireVoice } from '../mistral/wire';

const MAX_SEARCHED_PAGES = 20;

/** A list search by name, language, slug or id; with search text it reads up to {@link MAX_SEARCHED_PAGES} pages. */
function voiceSearch(type: VoiceType, valueOf: (voice: WireVoice) => string) {
	return async function search(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: unknown,
	): Promise<INodeListSearchResult> {
		const wanted = filter?.trim().toLowerCase() ?? '';
		return await listing(this, async (client) => {
			let page = await listVoices(client, textOf(paginationToken), type);
			const voices = [...page.entries];
			for (let pages = 1; wanted && page.nextPageToken && pages < MAX_SEARCHED_PAGES; pages++) {
				page = await listVoices(client, page.nextPageToken, type);
				voices.push(...page.entries);
			}
			const fitting = voices.filter((voice) => matchesVoice(voice, wanted));
			const results = fitting.map((voice) => ({ name: label(voice), value: valueOf(voice) }));
			return omitUndefined({ results, paginationToken: page.nextPageToken });
		});
	};
}

/** For text to speech: returns slugs, which read better in a workflow than ids. */
export const searchVoices = voiceSearch('all', ({ slug, id }) => slug ?? id);

/** For operations on a voice, whose endpoints accept ids only. */
export const searchVoiceIds = voiceSearch('all', ({ id }) => id);

/** Voices of the account itself, which can be changed. */
export const searchOwnVoices = voiceSearch('custom', ({ id }) => id);

export function matchesVoice(voice: WireVoice, wanted: string): boolean {
	return `${label(voice)} ${voice.slug ?? ''} ${voice.id}`.toLowerCase().includes(wanted);
}

function label({ name, languages, type }: WireVoice): string {
	const facts = (languages ?? []).map(languageLabel).filter((language) => language !== '');
	if (type === 'custom') facts.push('your own');
	return facts.length > 0 ? `${name} (${facts.join(', ')})` : name;
}

/** `en_gb` as "British English", where the runtime knows the name. */
function languageLabel(tag: string): string {
	try {
		const locale = tag.replace('_', '-');
		return new Intl.DisplayNames(['en'], { type: 'language' }).of(locale) ?? tag;
	} catch {
		return tag;
	}
}
