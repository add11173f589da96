// The account's voices, for the list people pick from.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { Failure } from '../run/failure';
import { listing } from './listing';
import type { JsonRecord } from './shape';
import { asRecord, numberOf, recordsOf, textOf } from './shape';
import type { Transport } from './transport';
import type { WireVoice } from './wire';

const PAGE_SIZE = 50;
const MAX_SEARCHED_PAGES = 20;
/** Marks a page token of the older list, so that paging goes on where it began. */
const OLDER_LIST = 'v1:';

interface VoicePage {
	readonly voices: WireVoice[];
	readonly nextPageToken?: string;
}

/**
 * One page of voices, preset and custom. Asks `/v2/audio/voices`; servers without it (404) are
 * asked through `/v1/audio/voices`, deprecated since 2026-09-07.
 */
export async function listVoices(transport: Transport, pageToken?: string): Promise<VoicePage> {
	if (pageToken?.startsWith(OLDER_LIST)) {
		return await olderPage(transport, Number(pageToken.slice(OLDER_LIST.length)) || 0);
	}
	return await newerPage(transport, pageToken).catch(async (thrown: unknown) => {
		const missing = thrown instanceof Failure && thrown.facts.status === 404;
		if (missing && pageToken === undefined) return await olderPage(transport, 0);
		throw thrown;
	});
}

async function newerPage(
	transport: Transport,
	pageToken: string | undefined,
): Promise<VoicePage> {
	const { value } = await transport.json(
		{
			method: 'GET',
			path: '/v2/audio/voices',
			query: { page_size: PAGE_SIZE, ...(pageToken ? { page_token: pageToken } : {}) },
			repeatable: true,
			deadlineMs: 30_000,
		},
		(body) => {
			const page = asRecord(body);
			if (!Array.isArray(page?.data)) return undefined;
			const next = textOf(page.next_page_token);
			return { voices: readVoices(page.data), ...(next ? { nextPageToken: next } : {}) };
		},
	);
	return value;
}

async function olderPage(transport: Transport, offset: number): Promise<VoicePage> {
	const { value } = await transport.json(
		{
			method: 'GET',
			path: '/v1/audio/voices',
			query: { limit: PAGE_SIZE, offset, type: 'all' },
			repeatable: true,
			deadlineMs: 30_000,
		},
		(body) => {
			const page = asRecord(body);
			if (!Array.isArray(page?.items)) return undefined;
			const voices = readVoices(page.items);
			const end = offset + voices.length;
			const more = voices.length > 0 && end < (numberOf(page.total) ?? 0);
			return { voices, ...(more ? { nextPageToken: `${OLDER_LIST}${end}` } : {}) };
		},
	);
	return value;
}

function readVoices(data: unknown): WireVoice[] {
	return recordsOf(data).filter(
		(entry): entry is WireVoice & JsonRecord =>
			typeof entry.id === 'string' && typeof entry.name === 'string',
	);
}

/** List search of the Voice field: by name, language, slug or id. A search looks through all pages. */
export async function searchVoices(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';
	return await listing(this, async (transport) => {
		let page = await listVoices(transport, textOf(paginationToken));
		const voices = [...page.voices];
		for (let pages = 1; wanted && page.nextPageToken && pages < MAX_SEARCHED_PAGES; pages++) {
			page = await listVoices(transport, page.nextPageToken);
			voices.push(...page.voices);
		}
		const fitting = voices.filter((voice) => matches(voice, wanted));
		const results = fitting.map((voice) => ({ name: label(voice), value: voice.slug ?? voice.id }));
		return {
			results,
			...(page.nextPageToken ? { paginationToken: page.nextPageToken } : {}),
		};
	});
}

function matches(voice: WireVoice, wanted: string): boolean {
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
