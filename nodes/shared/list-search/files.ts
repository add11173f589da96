// The live list of the File field.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { omitUndefined } from '../http/response/json';
import { FILES_PAGE_SIZE, listAudioFiles } from '../mistral/files';
import type { WireFile } from '../mistral/wire';
import { listing } from './list-search';

/** Searches the audio files of the account, newest first within a page. */
export async function searchAudioFiles(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const page = Number(paginationToken ?? 0);
	return await listing(this, async (client) => {
		const files = await listAudioFiles(client, page, filter?.trim() ?? '');
		const results = [...files]
			.sort((a, b) => (b.created_at ?? 0) - (a.created_at ?? 0))
			.map((file) => ({ name: label(file), value: file.id }));
		const isLast = files.length !== FILES_PAGE_SIZE;
		return omitUndefined({ results, paginationToken: isLast ? undefined : String(page + 1) });
	});
}

function label({ id, filename, bytes, created_at: createdAt }: WireFile): string {
	const facts = [
		...(createdAt ? [new Date(createdAt * 1000).toISOString().slice(0, 10)] : []),
		...(bytes ? [`${(bytes / 1_000_000).toFixed(1)} MB`] : []),
	];
	return facts.length > 0 ? `${filename ?? id} (${facts.join(', ')})` : (filename ?? id);
}
