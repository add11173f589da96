// The Files API: upload, list and delete recordings stored at Mistral (mistral-api 7).
import type { AudioInput } from '../audio/n8n-binary';
import { asFailure } from '../errors/failure';
import { isGone, deleteResource } from './delete-resource';
import { multipartForm } from '../http/multipart';
import { asRecord, recordsOf, textOf } from '../http/response/json';
import type { WithAttempts, HttpClient } from '../http/client';
import { getJson } from './get-json';
import type { WireFile } from './wire';

export const FILES_PAGE_SIZE = 100;
/** Time to wait for the reply to a deletion when the budget of the item is spent. */
const CLEAN_UP_MS = 200;
/** Mistral's limit for one file. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Uploads a recording; Mistral keeps it 30 days unless it is deleted. */
export async function uploadAudioFile(
	client: HttpClient,
	audio: AudioInput,
): Promise<WithAttempts<WireFile>> {
	return await client.json(
		{
			method: 'POST',
			path: '/v1/files',
			body: () => multipartForm([['purpose', 'audio']], audio),
			// A retry could store a second copy that nobody deletes.
			repeatable: false,
		},
		readFile,
	);
}

/** Deletes a file, also when the budget of the item is spent; a file that no longer exists counts as deleted. */
export async function deleteFile(client: HttpClient, id: string): Promise<void> {
	await deleteResource(client, `/v1/files/${encodeURIComponent(id)}`, CLEAN_UP_MS).catch(
		(thrown: unknown) => {
			if (!isGone(thrown)) throw asFailure(thrown, client.operation);
		},
	);
}

/** One page of the stored recordings, at most {@link FILES_PAGE_SIZE}; `page` counts from 0. */
export async function listAudioFiles(
	client: HttpClient,
	page: number,
	search: string,
): Promise<WireFile[]> {
	return await getJson(client, '/v1/files', readFiles, {
		page,
		page_size: FILES_PAGE_SIZE,
		purpose: 'audio',
		...(search ? { search } : {}),
	});
}

function readFile(body: unknown): WireFile | undefined {
	const file = asRecord(body);
	const id = textOf(file?.id);
	return file && id ? { ...file, id } : undefined;
}

function readFiles(body: unknown): WireFile[] | undefined {
	const data = asRecord(body)?.data;
	if (!Array.isArray(data)) return undefined;
	return recordsOf(data)
		.map(readFile)
		.filter((file) => file !== undefined);
}
