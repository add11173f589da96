// The live list of the Model field.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listModels } from '../mistral/models';
import type { WireModel } from '../mistral/wire';
import { listing } from './list-search';

type Capability = keyof NonNullable<WireModel['capabilities']>;

/** List search for models with a capability, `…-latest` aliases first. */
export function modelSearch(capability: Capability) {
	return async function searchModels(
		this: ILoadOptionsFunctions,
		filter?: string,
	): Promise<INodeListSearchResult> {
		return await listing(this, async (client) => {
			const models = await listModels(client);
			const fitting = models.filter((model) => model.capabilities?.[capability] === true);
			const wanted = filter?.trim().toLowerCase() ?? '';
			const results = fitting
				.filter(({ id }) => id.toLowerCase().includes(wanted))
				.sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id))
				.map((model) => ({ name: label(model), value: model.id }));
			return { results };
		});
	};
}

function rank(id: string): number {
	return id.endsWith('-latest') ? 0 : 1;
}

function label({ id, name, deprecation }: WireModel): string {
	if (deprecation) return `${id} (retiring)`;
	return name && name !== id ? `${id} (now ${name})` : id;
}
