// The Agents API: list (current and deprecated endpoint), create, read, delete.
import type { HttpClient } from '../http/client';
import { asRecord, type JsonRecord, omitUndefined, recordsOf, textOf } from '../http/response/json';
import { deleteResource } from './delete-resource';
import { currentOrDeprecatedPage, getJson, type Page, readTokenPage } from './get-json';
import type { WireAgent, WireAgentCreate, WireTool } from './wire';

const PAGE_SIZE = 50;
const CREATE_TIMEOUT_MS = 30_000;
/** Begins the page tokens of the deprecated list; its page number follows. */
const DEPRECATED_LIST = 'page:';

/** One page of agents from `/v1/agents/pages`; from the deprecated `/v1/agents` on servers without it (404). */
export async function listAgents(
	client: HttpClient,
	search: string,
	pageToken?: string,
): Promise<Page<WireAgent>> {
	const filter = { page_size: PAGE_SIZE, ...(search ? { search } : {}) };
	return await currentOrDeprecatedPage(
		pageToken,
		DEPRECATED_LIST,
		async () =>
			await getJson(client, '/v1/agents/pages', readTokenPage(readAgents), {
				...filter,
				...(pageToken ? { page_token: pageToken } : {}),
			}),
		async (page) =>
			await getJson(
				client,
				'/v1/agents',
				(body) => {
					if (!Array.isArray(body)) return undefined;
					const isLast = body.length !== PAGE_SIZE;
					const nextPageToken = isLast ? undefined : `${DEPRECATED_LIST}${page + 1}`;
					return omitUndefined({ entries: readAgents(body), nextPageToken });
				},
				{ page, ...filter },
			),
	);
}

/** Only what the list shows: an agent with a tool of unknown type must not break it. */
function readAgents(data: unknown): WireAgent[] {
	return recordsOf(data).flatMap((entry) => {
		const id = textOf(entry.id);
		if (!id) return [];
		const model = textOf(entry.model) || undefined;
		const description = textOf(entry.description) || undefined;
		return [omitUndefined({ id, name: textOf(entry.name) ?? id, model, description })];
	});
}

export interface AgentDefinition {
	readonly name: string;
	readonly model: string;
	readonly instructions: string;
	readonly description: string;
	readonly tools: readonly WireTool[];
}

/** Creates an agent and returns it as Mistral stores it. Never retried: a retry could create it twice. */
export async function createAgent(
	client: HttpClient,
	{ name, model, instructions, description, tools }: AgentDefinition,
): Promise<JsonRecord> {
	const body: WireAgentCreate = omitUndefined({
		name,
		model,
		instructions: instructions || undefined,
		description: description || undefined,
		tools: tools.length > 0 ? [...tools] : undefined,
	});
	const { value } = await client.json(
		{
			method: 'POST',
			path: '/v1/agents',
			body: () => ({ ...body }),
			repeatable: false,
			timeoutMs: CREATE_TIMEOUT_MS,
			isFixed: true,
		},
		readAgent,
	);
	return value;
}

const pathOf = (id: string) => `/v1/agents/${encodeURIComponent(id)}`;

/** An agent with all its fields. */
export async function getAgent(client: HttpClient, id: string): Promise<JsonRecord> {
	return await getJson(client, pathOf(id), readAgent);
}

export async function deleteAgent(client: HttpClient, id: string): Promise<void> {
	await deleteResource(client, pathOf(id));
}

function readAgent(body: unknown): JsonRecord | undefined {
	const agent = asRecord(body);
	return textOf(agent?.id) ? agent : undefined;
}
