// The Files API: a recording stored at Mistral, used by its id, listed, deleted (mistral-api 7).
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { AudioInput } from '../audio/n8n-binary';
import { asFailure } from '../errors/failure';
import { isGone, remove } from './delete-resource';
import { multipartForm } from '../http/multipart';
import { listing } from '../list-search/list-search';
import { BRIEF } from '../http/request';
import { asRecord, recordsOf, textOf } from '../http/json';
import type { Sent, Transport } from '../http/client';
import type { WireFile } from './wire';

const PAGE_SIZE = 100;
/** A copy is still deleted when the item has no time left; its answer is waited for this long. */
const CLEAN_UP_MS = 200;
/** Mistral's limit for one file. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** Stores a recording; Mistral keeps it 30 days unless it is deleted. */
export async function uploadAudioFile(
	transport: Transport,
	audio: AudioInput,
	deadlineMs: number,
): Promise<Sent<WireFile>> {
	return await transport.json(
		{
			method: 'POST',
			path: '/v1/files',
			body: () => multipartForm([['purpose', 'audio']], audio),
			// A second copy would stay behind unseen, so only what surely never arrived is sent again.
			repeatable: false,
			deadlineMs,
		},
		readFile,
	);
}

/** Also when the item is out of time; gone already is what was wanted. */
export async function deleteFile(transport: Transport, id: string): Promise<void> {
	await remove(transport, `/v1/files/${encodeURIComponent(id)}`, CLEAN_UP_MS).catch(
		(thrown: unknown) => {
			if (!isGone(thrown)) throw asFailure(thrown, transport.operation);
		},
	);
}

/** A list search over the account's audio files, newest first within a page. */
export async function searchAudioFiles(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const page = Number(paginationToken ?? 0);
	return await listing(this, async (transport) => {
		const search = filter?.trim();
		const { value } = await transport.json(
			{
				method: 'GET',
				path: '/v1/files',
				query: { page, page_size: PAGE_SIZE, purpose: 'audio', ...(search ? { search } : {}) },
				repeatable: true,
				...BRIEF,
			},
			readFiles,
		);
		const results = [...value]
			.sort((a, b) => (b.created_at ?? 0) - (a.created_at ?? 0))
			.map((file) => ({ name: label(file), value: file.id }));
		return {
			results,
			...(value.length === PAGE_SIZE ? { paginationToken: String(page + 1) } : {}),
		};
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

function label({ id, filename, bytes, created_at: createdAt }: WireFile): string {
	const facts = [
		...(createdAt ? [new Date(createdAt * 1000).toISOString().slice(0, 10)] : []),
		...(bytes ? [`${(bytes / 1_000_000).toFixed(1)} MB`] : []),
	];
	return facts.length > 0 ? `${filename ?? id} (${facts.join(', ')})` : (filename ?? id);
}
