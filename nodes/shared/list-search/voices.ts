// Lists of voices that people pick from in the editor.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listing } from './list-search';
import { textOf } from '../http/response/json';
import { listVoices, type VoiceType } from '../mistral/voices';
import type { WireVoice } from '../mistral/wire';

const MAX_SEARCHED_PAGES = 20;

/** List searches of Voice fields: by name, language, slug or id. A search looks through all pages. */
function voiceSearch(type: VoiceType, valueOf: (voice: WireVoice) => string) {
	return async function search(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: unknown,
	): Promise<INodeListSearchResult> {
		const wanted = filter?.trim().toLowerCase() ?? '';
		return await listing(this, async (client) => {
			let page = await listVoices(client, textOf(paginationToken), type);
			const voices = [...page.voices];
			for (let pages = 1; wanted && page.nextPageToken && pages < MAX_SEARCHED_PAGES; pages++) {
				page = await listVoices(client, page.nextPageToken, type);
				voices.push(...page.voices);
			}
			const fitting = voices.filter((voice) => matchesVoice(voice, wanted));
			return {
				results: fitting.map((voice) => ({ name: label(voice), value: valueOf(voice) })),
				...(page.nextPageToken ? { paginationToken: page.nextPageToken } : {}),
			};
		});
	};
}

/** For speaking: slugs read better in a workflow than ids. */
export const searchVoices = voiceSearch('all', ({ slug, id }) => slug ?? id);

/** For everything done to a voice, which takes ids. */
export const searchVoiceIds = voiceSearch('all', ({ id }) => id);

/** Voices that can be changed: those of the account itself. */
export const searchOwnVoices = voiceSearch('custom', ({ id }) => id);

export function matchesVoice(voice: WireVoice, wanted: string): boolean {
	return `${label(voice)} ${voice.slug ?? ''} ${voice.id}`.toLowerCase().includes(wanted);
}

function label({ name, languages, type }: WireVoice): string {
	const where = (languages ?? []).map(languageLabel).join(', ');
	const own = type === 'custom' ? ', your own' : '';
	return where || own ? `${name} (${(where + own).replace(/^, /, '')})` : name;
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
