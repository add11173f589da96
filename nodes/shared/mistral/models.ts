// The account's models, for the lists people pick from.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listing } from '../list-search/list-search';
import { BRIEF } from '../http/request';
import { asRecord, recordsOf } from '../http/json';
import { Transport } from '../http/client';
import type { WireModel } from './wire';

type Capability = keyof NonNullable<WireModel['capabilities']>;

/** GET /v1/models, as documented: every alias is an entry of its own. */
export async function listModels(
	transport: Transport,
	deadlineMs: number = BRIEF.deadlineMs,
): Promise<WireModel[]> {
	const { value } = await transport.json(
		{ method: 'GET', path: '/v1/models', repeatable: true, ...BRIEF, deadlineMs },
		(body) => {
			const data = asRecord(body)?.data;
			if (!Array.isArray(data)) return undefined;
			return recordsOf(data).filter(
				(entry): entry is WireModel & Record<string, unknown> => typeof entry.id === 'string',
			);
		},
	);
	return value;
}

/** A list search over the models that can do one job, moving aliases (`…-latest`) first. */
export function modelSearch(capability: Capability) {
	return async function searchModels(
		this: ILoadOptionsFunctions,
		filter?: string,
	): Promise<INodeListSearchResult> {
		return await listing(this, async (transport) => {
			const models = await listModels(transport);
			const fitting = models.filter((model) => model.capabilities?.[capability] === true);
			const wanted = filter?.trim().toLowerCase() ?? '';
			const results = fitting
				.filter(({ id }) => id.toLowerCase().includes(wanted))
				.sort((a, b) => rank(a.id) - rank(b.id) || a.id.localeCompare(b.id))
				.map(({ id, name, deprecation }) => ({
					name: label(id, name, deprecation),
					value: id,
				}));
			return { results };
		});
	};
}

function rank(id: string): number {
	return id.endsWith('-latest') ? 0 : 1;
}

function label(id: string, name: string | null | undefined, deprecation: unknown): string {
	if (deprecation) return `${id} (retiring)`;
	return name && name !== id ? `${id} (now ${name})` : id;
}
