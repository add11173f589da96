// The voices endpoints: list (both versions), read, hear, create, change, delete.
import type { IDataObject } from 'n8n-workflow';
import { sniffAudioFormat, SNIFF_BYTES } from '../audio/sniff';
import { isCutShort } from '../audio/containers/wav';
import { Failure } from '../errors/failure';
import { type HttpReply, METADATA_REQUEST } from '../http/request';
import { readAll } from '../http/response/response-body';
import { notAsDocumented } from '../http/errors/failures';
import { deleteResource } from './delete-resource';
import { asRecord, type JsonRecord, numberOf, recordsOf, textOf } from '../http/response/json';
import type { HttpClient } from '../http/client';
import type { WireVoice, WireVoiceCreate, WireVoiceUpdate } from './wire';

const PAGE_SIZE = 50;
/** Uploads a clip of up to some MiB. */
const CREATE_TIMEOUT_MS = 60_000;
/** Marks a page token of the older list, so that paging goes on where it began. */
const OLDER_LIST = 'v1:';

export interface VoicePage {
	readonly voices: WireVoice[];
	readonly nextPageToken?: string;
}

export type VoiceType = 'all' | 'custom' | 'preset';

/**
 * One page of voices, preset and custom. Asks `/v2/audio/voices`; servers without it (404) are
 * asked through `/v1/audio/voices`, deprecated since 2026-09-07.
 */
export async function listVoices(
	client: HttpClient,
	pageToken?: string,
	type: VoiceType = 'all',
): Promise<VoicePage> {
	if (pageToken?.startsWith(OLDER_LIST)) {
		return await olderPage(client, Number(pageToken.slice(OLDER_LIST.length)) || 0, type);
	}
	return await newerPage(client, pageToken, type).catch(async (thrown: unknown) => {
		const missing = thrown instanceof Failure && thrown.facts.status === 404;
		if (missing && pageToken === undefined) return await olderPage(client, 0, type);
		throw thrown;
	});
}

async function newerPage(
	client: HttpClient,
	pageToken: string | undefined,
	type: VoiceType,
): Promise<VoicePage> {
	const { value } = await client.json(
		{
			method: 'GET',
			path: '/v2/audio/voices',
			query: { page_size: PAGE_SIZE, type, ...(pageToken ? { page_token: pageToken } : {}) },
			repeatable: true,
			...METADATA_REQUEST,
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

async function olderPage(client: HttpClient, offset: number, type: VoiceType): Promise<VoicePage> {
	const { value } = await client.json(
		{
			method: 'GET',
			path: '/v1/audio/voices',
			query: { limit: PAGE_SIZE, offset, type },
			repeatable: true,
			...METADATA_REQUEST,
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
	return recordsOf(data).filter(isVoice);
}

function isVoice(entry: JsonRecord): entry is WireVoice & JsonRecord {
	return typeof entry.id === 'string' && typeof entry.name === 'string';
}

function readVoice(body: unknown): WireVoice | undefined {
	const entry = asRecord(body);
	return entry && isVoice(entry) ? entry : undefined;
}

const pathOf = (voice: string): string => `/v1/audio/voices/${encodeURIComponent(voice)}`;

export async function getVoice(client: HttpClient, voice: string): Promise<WireVoice> {
	const request = {
		method: 'GET',
		path: pathOf(voice),
		repeatable: true,
		...METADATA_REQUEST,
	} as const;
	return (await client.json(request, readVoice)).value;
}

/** A clip in which the voice speaks: a WAV file. */
export async function hearVoice(
	client: HttpClient,
	voice: string,
	operation: string,
): Promise<Buffer> {
	const { value } = await client.send(
		{
			method: 'GET',
			path: `${pathOf(voice)}/sample`,
			accept: 'audio/*',
			repeatable: true,
			...METADATA_REQUEST,
		},
		async ({ body }: HttpReply) => {
			const clip = await readAll(body);
			const format = sniffAudioFormat(clip.subarray(0, SNIFF_BYTES));
			if (!format || (format === 'wav' && isCutShort(clip))) throw notAsDocumented(operation);
			return clip;
		},
	);
	return value;
}

/** Not repeated once Mistral may have acted: the account would have the voice twice. */
export async function createVoice(client: HttpClient, voice: WireVoiceCreate): Promise<WireVoice> {
	const { value } = await client.json(
		{
			method: 'POST',
			path: '/v1/audio/voices',
			body: () => ({ ...voice }) as IDataObject,
			repeatable: false,
			timeoutMs: CREATE_TIMEOUT_MS,
			isFixed: true,
		},
		readVoice,
	);
	return value;
}

export async function updateVoice(
	client: HttpClient,
	voice: string,
	changes: WireVoiceUpdate,
): Promise<WireVoice> {
	const { value } = await client.json(
		{
			method: 'PATCH',
			path: pathOf(voice),
			body: () => ({ ...changes }) as IDataObject,
			repeatable: true,
			...METADATA_REQUEST,
		},
		readVoice,
	);
	return value;
}

export async function deleteVoice(client: HttpClient, voice: string): Promise<void> {
	await deleteResource(client, pathOf(voice));
}
