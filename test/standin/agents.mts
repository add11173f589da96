// The agents endpoints: both lists, create, read, new versions, delete.
import { demand, type JsonObject } from './checks.mts';
import { createAgentBody, updateAgentBody } from './conversation-schemas.mts';
import { invalid, notFound, plainError } from './errors.mts';
import {
	metadataFilter,
	param,
	wholeNumber,
	type Answer,
	type Exchange,
	type Route,
} from './exchange.mts';
import { newId, now } from './ids.mts';
import { modelFor } from './models.mts';

interface AgentVersion {
	object: 'agent';
	id: string;
	name: string;
	model: string;
	version: number;
	versions: number[];
	created_at: string;
	updated_at: string;
	deployment_chat: boolean;
	source: string;
	instructions: string | null;
	description: string | null;
	tools: JsonObject[] | null;
	completion_args: JsonObject;
	handoffs: string[] | null;
	metadata: JsonObject | null;
	guardrails: JsonObject[] | null;
	owner_id: string;
	version_message: string | null;
}

export interface Agent {
	current: number;
	/** By version number. */
	history: AgentVersion[];
}

/** The requested version, or the current one; throws 404. */
export function findAgent(agents: Map<string, Agent>, id: string, version: unknown): AgentVersion {
	const agent = agents.get(id);
	const number = version === undefined || version === null ? agent?.current : Number(version);
	const found = number === undefined ? undefined : agent?.history[number];
	if (!agent || !found) throw notFound('Agent', id);
	return { ...found, versions: agent.history.map((entry) => entry.version) };
}

const agentOf = (exchange: Exchange): AgentVersion =>
	findAgent(exchange.world.agents, param(exchange, 'id'), exchange.query.get('agent_version'));

function create(exchange: Exchange): Answer {
	const { world } = exchange;
	const body = demand(exchange.json, createAgentBody, world.quirks.lenientUnknownKeys);
	modelFor(String(body['model']), 'completion_chat');
	const at = now();
	const agent: AgentVersion = {
		object: 'agent',
		id: newId('ag'),
		name: String(body['name']),
		model: String(body['model']),
		version: 0,
		versions: [0],
		created_at: at,
		updated_at: at,
		deployment_chat: false,
		source: 'api',
		instructions: null,
		description: null,
		tools: [],
		completion_args: {},
		handoffs: null,
		metadata: null,
		guardrails: null,
		owner_id: '00000000-0000-4000-8000-00000000a001',
		version_message: null,
		...settings(body),
	};
	world.agents.set(agent.id, { current: 0, history: [agent] });
	return { json: agent };
}

/** The fields set by the body; null and unknown keys change nothing. */
function settings(body: JsonObject): Partial<AgentVersion> {
	const names = [
		'name',
		'model',
		'instructions',
		'description',
		'tools',
		'completion_args',
		'handoffs',
		'metadata',
		'guardrails',
		'version_message',
		'deployment_chat',
	];
	return Object.fromEntries(
		names.filter((name) => (body[name] ?? null) !== null).map((name) => [name, body[name]]),
	);
}

function update(exchange: Exchange): Answer {
	const { world } = exchange;
	const current = findAgent(world.agents, param(exchange, 'id'), undefined);
	const body = demand(exchange.json, updateAgentBody, world.quirks.lenientUnknownKeys);
	if (typeof body['model'] === 'string') modelFor(body['model'], 'completion_chat');
	const agent = world.agents.get(current.id) as Agent;
	const version = agent.history.length;
	agent.history.push({ ...current, ...settings(body), version, updated_at: now() });
	agent.current = version;
	return { json: findAgent(world.agents, current.id, version) };
}

function selectVersion(exchange: Exchange): Answer {
	const { world, query } = exchange;
	const id = param(exchange, 'id');
	const version = query.get('version');
	if (version === null) throw invalid(['query', 'version'], 'Field required', null);
	const found = findAgent(world.agents, id, version);
	(world.agents.get(id) as Agent).current = found.version;
	return { json: found };
}

function remove(exchange: Exchange): Answer {
	exchange.world.agents.delete(agentOf(exchange).id);
	return { status: 204 };
}

function matching({ query, world }: Exchange): AgentVersion[] {
	const fits = metadataFilter(query);
	const name = query.get('name');
	const id = query.get('id');
	const search = query.get('search')?.toLowerCase();
	const sources = query.getAll('sources');
	const deployed = query.get('deployment_chat');
	return [...world.agents.keys()]
		.map((key) => findAgent(world.agents, key, undefined))
		.filter((agent) => fits(agent.metadata))
		.filter((agent) => name === null || agent.name === name)
		.filter((agent) => id === null || agent.id === id)
		.filter((agent) => search === undefined || agent.name.toLowerCase().includes(search))
		.filter((agent) => sources.length === 0 || sources.includes(agent.source))
		.filter((agent) => deployed === null || String(agent.deployment_chat) === deployed);
}

function listPlain(exchange: Exchange): Answer {
	const page = wholeNumber(exchange.query, 'page', 0, { min: 0, max: 1_000_000 });
	const size = wholeNumber(exchange.query, 'page_size', 20, { min: 1, max: 1000 });
	return { json: matching(exchange).slice(page * size, (page + 1) * size) };
}

function listPages(exchange: Exchange): Answer {
	const { query, world } = exchange;
	if (world.quirks.agentPagesMissing) throw plainError(404, 'Not Found');
	const size = wholeNumber(query, 'page_size', 20, { min: 1, max: 1000 });
	const token = query.get('page_token');
	const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
	if (!Number.isInteger(start)) throw invalid(['query', 'page_token'], 'Invalid page token', token);
	const found = matching(exchange);
	const next = start + size;
	return {
		json: {
			object: 'list',
			data: found.slice(start, next),
			next_page_token: next < found.length ? Buffer.from(String(next)).toString('base64url') : null,
		},
	};
}

const path = '/v1/agents';
export const agentRoutes: Route[] = [
	{ method: 'GET', path, handle: listPlain },
	{ method: 'GET', path: `${path}/pages`, handle: listPages },
	{ method: 'POST', path, body: 'json', handle: create },
	{ method: 'GET', path: `${path}/:id`, handle: (exchange) => ({ json: agentOf(exchange) }) },
	{ method: 'PATCH', path: `${path}/:id`, body: 'json', handle: update },
	{ method: 'PATCH', path: `${path}/:id/version`, handle: selectVersion },
	{ method: 'DELETE', path: `${path}/:id`, handle: remove },
];
