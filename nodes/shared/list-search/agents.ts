// The live list of the Agent field.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { omitUndefined, textOf } from '../http/response/json';
import { listAgents } from '../mistral/agents';
import { listing } from './list-search';

/** Searches by name. */
export async function searchAgents(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	return await listing(this, async (client) => {
		const page = await listAgents(client, filter?.trim() ?? '', textOf(paginationToken));
		const results = page.entries.map(({ id, name, model, description }) => ({
			name: model ? `${name} (${model})` : name,
			value: id,
			...(description ? { description } : {}),
		}));
		return omitUndefined({ results, paginationToken: page.nextPageToken });
	});
}
