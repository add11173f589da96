// The Agents API: list (both versions), create, read, delete.
import { Failure } from '../errors/failure';
import { deleteResource } from './delete-resource';
import { METADATA_REQUEST } from '../http/request';
import { asRecord, type JsonRecord, recordsOf, textOf } from '../http/response/json';
import type { HttpClient } from '../http/client';
import type { WireAgent, WireAgentCreate, WireTool } from './wire';

const PAGE_SIZE = 50;
const CREATE_TIMEOUT_MS = 30_000;
/** Marks a page number of the older list, so that paging goes on where it began. */
const OLDER_LIST = 'page:';

interface AgentPage {
	readonly agents: WireAgent[];
	readonly nextPageToken?: string;
}

/** One page of agents from `/v1/agents/pages`; servers without it (404) are asked through the older `/v1/agents`. */
export async function listAgents(
	client: HttpClient,
	search: string,
	pageToken?: string,
): Promise<AgentPage> {
	if (pageToken?.startsWith(OLDER_LIST)) {
		return await olderPage(client, search, Number(pageToken.slice(OLDER_LIST.length)) || 0);
	}
	return await newerPage(client, search, pageToken).catch(async (thrown: unknown) => {
		const missing = thrown instanceof Failure && thrown.facts.status === 404;
		if (missing && pageToken === undefined) return await olderPage(client, search, 0);
		throw thrown;
	});
}

async function newerPage(
	client: HttpClient,
	search: string,
	pageToken: string | undefined,
): Promise<AgentPage> {
	const query = {
		page_size: PAGE_SIZE,
		...(search ? { search } : {}),
		...(pageToken ? { page_token: pageToken } : {}),
	};
	const { value } = await client.json(
		{ method: 'GET', path: '/v1/agents/pages', query, repeatable: true, ...METADATA_REQUEST },
		(body) => {
			const page = asRecord(body);
			if (!Array.isArray(page?.data)) return undefined;
			const next = textOf(page.next_page_token);
			return { agents: readAgents(page.data), ...(next ? { nextPageToken: next } : {}) };
		},
	);
	return value;
}

async function olderPage(client: HttpClient, search: string, page: number): Promise<AgentPage> {
	const query = { page, page_size: PAGE_SIZE, ...(search ? { search } : {}) };
	const { value } = await client.json(
		{ method: 'GET', path: '/v1/agents', query, repeatable: true, ...METADATA_REQUEST },
		(body) => {
			if (!Array.isArray(body)) return undefined;
			const more = body.length === PAGE_SIZE;
			return {
				agents: readAgents(body),
				...(more ? { nextPageToken: `${OLDER_LIST}${page + 1}` } : {}),
			};
		},
	);
	return value;
}

/** Only what the list shows: an agent with a tool of unknown kind must not break it. */
function readAgents(data: unknown): WireAgent[] {
	return recordsOf(data).flatMap((entry) => {
		const id = textOf(entry.id);
		if (!id) return [];
		const model = textOf(entry.model);
		const description = textOf(entry.description);
		return [
			{
				id,
				name: textOf(entry.name) ?? id,
				...(model ? { model } : {}),
				...(description ? { description } : {}),
			},
		];
	});
}

export interface AgentDefinition {
	readonly name: string;
	readonly model: string;
	readonly instructions: string;
	readonly description: string;
	readonly tools: readonly WireTool[];
}

/** An agent as Mistral keeps it, whole. Never sent twice: there would be two of it. */
export async function createAgent(
	client: HttpClient,
	{ name, model, instructions, description, tools }: AgentDefinition,
): Promise<JsonRecord> {
	const body: WireAgentCreate = {
		name,
		model,
		...(instructions ? { instructions } : {}),
		...(description ? { description } : {}),
		...(tools.length > 0 ? { tools: [...tools] } : {}),
	};
	const { value } = await client.json(
		{
			method: 'POST',
			path: '/v1/agents',
			body: () => ({ ...body }),
			repeatable: false,
			timeoutMs: CREATE_TIMEOUT_MS,
			isFixed: true,
		},
		asAgent,
	);
	return value;
}

const pathOf = (id: string) => `/v1/agents/${encodeURIComponent(id)}`;

export async function getAgent(client: HttpClient, id: string): Promise<JsonRecord> {
	const request = {
		method: 'GET' as const,
		path: pathOf(id),
		repeatable: true,
		...METADATA_REQUEST,
	};
	return (await client.json(request, asAgent)).value;
}

export async function deleteAgent(client: HttpClient, id: string): Promise<void> {
	await deleteResource(client, pathOf(id));
}

function asAgent(body: unknown): JsonRecord | undefined {
	const agent = asRecord(body);
	return textOf(agent?.id) ? agent : undefined;
}
