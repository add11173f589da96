// The live list of the Agent field.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { textOf } from '../http/response/json';
import { listAgents } from '../mistral/agents';
import { listing } from './list-search';

/** List search of the Agent field, by name. */
export async function searchAgents(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	return await listing(this, async (client) => {
		const page = await listAgents(client, filter?.trim() ?? '', textOf(paginationToken));
		const results = page.agents.map(({ id, name, model, description }) => ({
			name: model ? `${name} (${model})` : name,
			value: id,
			...(description ? { description } : {}),
		}));
		return { results, ...(page.nextPageToken ? { paginationToken: page.nextPageToken } : {}) };
	});
}
