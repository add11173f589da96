// The voices endpoints: list (current and deprecated), read, download a sample, create, change, delete.
import type { IDataObject } from 'n8n-workflow';
import { isCutShort } from '../audio/containers/wav';
import { sniffAudioFormat, SNIFF_BYTES } from '../audio/sniff';
import type { HttpClient } from '../http/client';
import { notAsDocumented } from '../http/errors/failures';
import { METADATA_REQUEST } from '../http/request';
import {
	asRecord,
	type JsonRecord,
	numberOf,
	omitUndefined,
	recordsOf,
} from '../http/response/json';
import { readAll } from '../http/response/response-body';
import { deleteResource } from './delete-resource';
import { currentOrDeprecatedPage, getJson, type Page, readTokenPage } from './get-json';
import type { WireVoice, WireVoiceCreate, WireVoiceUpdate } from './wire';

const PAGE_SIZE = 50;
/** Uploads a clip of up to some MiB. */
const CREATE_TIMEOUT_MS = 60_000;
/** Begins the page tokens of the deprecated list; its offset follows. */
const DEPRECATED_LIST = 'v1:';

export type VoiceType = 'all' | 'custom' | 'preset';

/**
 * One page of voices, preset and custom. Asks `/v2/audio/voices`; servers without it (404) are
 * asked through `/v1/audio/voices`, deprecated since 2026-09-07.
 */
export async function listVoices(
	client: HttpClient,
	pageToken?: string,
	type: VoiceType = 'all',
): Promise<Page<WireVoice>> {
	return await currentOrDeprecatedPage(
		pageToken,
		DEPRECATED_LIST,
		async () =>
			await getJson(client, '/v2/audio/voices', readTokenPage(readVoices), {
				page_size: PAGE_SIZE,
				type,
				...(pageToken ? { page_token: pageToken } : {}),
			}),
		async (offset) =>
			await getJson(
				client,
				'/v1/audio/voices',
				(body) => {
					const page = asRecord(body);
					if (!Array.isArray(page?.items)) return undefined;
					const entries = readVoices(page.items);
					const end = offset + entries.length;
					const isLast = entries.length === 0 || end >= (numberOf(page.total) ?? 0);
					const nextPageToken = isLast ? undefined : `${DEPRECATED_LIST}${end}`;
					return omitUndefined({ entries, nextPageToken });
				},
				{ limit: PAGE_SIZE, offset, type },
			),
	);
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
	return await getJson(client, pathOf(voice), readVoice);
}

/** The sample clip of a voice, a WAV file from Mistral. @throws Failure when it is not audio or is truncated */
export async function downloadVoiceSample(
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
		async ({ body }) => {
			const clip = await readAll(body);
			const format = sniffAudioFormat(clip.subarray(0, SNIFF_BYTES));
			if (!format || (format === 'wav' && isCutShort(clip))) throw notAsDocumented(operation);
			return clip;
		},
	);
	return value;
}

/** Never retried once Mistral may have acted: a retry could create the voice twice. */
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

/** Sets the given properties and keeps the others. */
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
