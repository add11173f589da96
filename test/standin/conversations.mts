// The conversations endpoints: start, append, restart, and reading back.
import { completeEntry, outputsFor, usageOf, userQuestions, type Entry } from './assistant.mts';
import { demand, isObject, type JsonObject } from './checks.mts';
import { appendBody, restartBody, startBody } from './conversation-schemas.mts';
import { streamedTurn } from './conversation-stream.mts';
import { findAgent } from './agents.mts';
import { invalid, invalidArguments, notFound } from './errors.mts';
import {
	metadataFilter,
	param,
	wholeNumber,
	type Answer,
	type Exchange,
	type Route,
} from './exchange.mts';
import { newId, now } from './ids.mts';
import { waitUntil, writtenAfterMs } from './latency.mts';
import { modelFor } from './models.mts';
import { chatLimits } from './rate-limits.mts';

export interface Conversation {
	id: string;
	createdAt: string;
	updatedAt: string;
	name: string | null;
	description: string | null;
	metadata: JsonObject | null;
	model: string;
	agentId: string | null;
	agentVersion: number | null;
	instructions: string | null;
	tools: JsonObject[];
	completionArgs: JsonObject;
	entries: Entry[];
}

const newConversationId = () => newId('conv');

function start(exchange: Exchange): Promise<Answer> {
	const { world } = exchange;
	const body = demand(exchange.json, startBody, world.quirks.lenientUnknownKeys);
	const model = body['model'] ?? undefined;
	const agentId = body['agent_id'] ?? undefined;
	if ((model === undefined) === (agentId === undefined)) {
		throw invalid([], 'Exactly one of model and agent_id must be given', null);
	}
	if (agentId === undefined && (body['agent_version'] ?? undefined) !== undefined) {
		throw invalid(['agent_version'], 'agent_version needs agent_id', body['agent_version']);
	}
	const agent =
		agentId === undefined
			? undefined
			: findAgent(world.agents, String(agentId), body['agent_version']);
	const at = now();
	const conversation: Conversation = {
		id: newConversationId(),
		createdAt: at,
		updatedAt: at,
		name: stringOrNull(body['name']),
		description: stringOrNull(body['description']),
		metadata: isObject(body['metadata']) ? body['metadata'] : null,
		model: agent?.model ?? String(model),
		agentId: agent?.id ?? null,
		agentVersion: agent?.version ?? null,
		instructions: agent ? agent.instructions : stringOrNull(body['instructions']),
		tools: agent ? (agent.tools ?? []) : objects(body['tools']),
		completionArgs: {
			...agent?.completion_args,
			...(isObject(body['completion_args']) ? body['completion_args'] : {}),
		},
		entries: [],
	};
	modelFor(conversation.model, 'completion_chat');
	return takeTurn(exchange, body, conversation);
}

function append(exchange: Exchange): Promise<Answer> {
	const known = conversationOf(exchange);
	const { quirks } = exchange.world;
	const body = demand(exchange.json, appendBody, quirks.lenientUnknownKeys);
	const id = quirks.newConversationIdOnAppend ? newConversationId() : known.id;
	return takeTurn(exchange, body, { ...known, id, entries: [...known.entries] });
}

function restart(exchange: Exchange): Promise<Answer> {
	const known = conversationOf(exchange);
	const body = demand(exchange.json, restartBody, exchange.world.quirks.lenientUnknownKeys);
	const from = known.entries.findIndex(({ id }) => id === body['from_entry_id']);
	if (from === -1) throw notFound('Entry', String(body['from_entry_id']));
	const at = now();
	return takeTurn(exchange, body, {
		...known,
		id: newConversationId(),
		createdAt: at,
		updatedAt: at,
		metadata: isObject(body['metadata']) ? body['metadata'] : known.metadata,
		entries: known.entries.slice(0, from + 1),
	});
}

/** Answers the new inputs; `conversation` is a draft, stored only if the request has `store`. */
async function takeTurn(
	exchange: Exchange,
	body: JsonObject,
	conversation: Conversation,
): Promise<Answer> {
	const { world, receivedAtMs, signal } = exchange;
	const { quirks, profile } = world;
	const inputs = toEntries(body['inputs']);
	const args = {
		...conversation.completionArgs,
		...(isObject(body['completion_args']) ? body['completion_args'] : {}),
	};
	const builtIn = conversation.tools.some(({ type }) => type !== 'function');
	if (args['tool_choice'] === 'any' && builtIn && !quirks.toolChoiceAnyWithBuiltInTools) {
		throw invalidArguments('tool_choice any is not supported with built-in tools');
	}
	const confirmed = confirmCalls(conversation.entries, body['tool_confirmations']);
	checkResults(conversation.entries, inputs, confirmed);
	const history = [...conversation.entries, ...inputs];
	const outputs = (
		await outputsFor(
			{
				endpoint: 'conversations',
				request: body,
				question: userQuestions(inputs).at(-1) ?? '',
				history,
				tools: args['tool_choice'] === 'none' ? [] : conversation.tools.map(toolName),
				stream: body['stream'] === true,
			},
			world.script,
			quirks,
		)
	).map((output) => completeEntry(output, conversation.model, conversation.agentId));
	const prompt = [conversation.instructions ?? '', JSON.stringify(history)].join('\n');
	const usage = usageOf(prompt, outputs);
	conversation.entries = [...history, ...outputs];
	conversation.updatedAt = now();
	if (body['store'] !== false) world.conversations.set(conversation.id, conversation);
	const headers = chatLimits(usage.total_tokens);
	if (body['stream'] === true) {
		return { events: streamedTurn(conversation.id, outputs, usage, exchange), headers };
	}
	await waitUntil(receivedAtMs + writtenAfterMs(profile, usage.completion_tokens), signal);
	return {
		json: {
			object: 'conversation.response',
			conversation_id: conversation.id,
			outputs,
			usage,
			guardrails: null,
		},
		headers,
	};
}

function toEntries(inputs: unknown): Entry[] {
	const list = typeof inputs === 'string' ? [{ role: 'user', content: inputs }] : objects(inputs);
	return list.map((input) => ({
		created_at: now(),
		...input,
		object: 'entry',
		type: typeof input['type'] === 'string' ? input['type'] : 'message.input',
		id: typeof input['id'] === 'string' ? input['id'] : newId('msg'),
	}));
}

const pendingCalls = (entries: JsonObject[]) => {
	const answered = new Set(
		entries.filter(({ type }) => type === 'function.result').map((entry) => entry['tool_call_id']),
	);
	return entries
		.filter((entry) => entry['type'] === 'function.call' && !answered.has(entry['tool_call_id']))
		.map((entry) => String(entry['tool_call_id']));
};

/** Requires one append to hold the results of all open function calls and nothing else. */
function checkResults(before: Entry[], inputs: Entry[], confirmed: string[]): void {
	const known = [...before, ...inputs.filter(({ type }) => type === 'function.call')];
	const pending = pendingCalls(known);
	const results = inputs
		.filter(({ type }) => type === 'function.result')
		.map((entry) => String(entry['tool_call_id']));
	const stray = results.find((id) => !pending.includes(id));
	if (stray !== undefined) throw invalidArguments(`No pending function call '${stray}'`);
	const missing = pending.find((id) => !results.includes(id) && !confirmed.includes(id));
	if (missing !== undefined) throw invalidArguments(`Function call '${missing}' has no result`);
}

function confirmCalls(entries: Entry[], confirmations: unknown): string[] {
	return objects(confirmations).map((confirmation) => {
		const id = String(confirmation['tool_call_id']);
		const call = entries.find((entry) => entry['tool_call_id'] === id);
		if (call?.['confirmation_status'] !== 'pending') {
			throw invalidArguments(`Function call '${id}' waits for no confirmation`);
		}
		call['confirmation_status'] = confirmation['confirmation'] === 'allow' ? 'allowed' : 'denied';
		return id;
	});
}

export function toolName(tool: JsonObject): string {
	const inner = tool['function'];
	return isObject(inner) ? String(inner['name']) : String(tool['type']);
}

export const objects = (value: unknown): JsonObject[] =>
	Array.isArray(value) ? value.filter(isObject) : [];
const stringOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

function conversationOf(exchange: Exchange): Conversation {
	const id = param(exchange, 'id');
	const conversation = exchange.world.conversations.get(id);
	if (!conversation) throw notFound('Conversation', id);
	return conversation;
}

function shown(conversation: Conversation): JsonObject {
	const { id, createdAt, updatedAt, name, description, metadata, agentId, agentVersion } =
		conversation;
	const common = {
		object: 'conversation',
		id,
		created_at: createdAt,
		updated_at: updatedAt,
		name,
		description,
		metadata,
	};
	if (agentId !== null) return { ...common, agent_id: agentId, agent_version: agentVersion };
	const { model, instructions, tools, completionArgs } = conversation;
	return { ...common, model, instructions, tools, completion_args: completionArgs };
}

function listAll({ query, world }: Exchange): Answer {
	const page = wholeNumber(query, 'page', 0, { min: 0, max: 1_000_000 });
	const size = wholeNumber(query, 'page_size', 100, { min: 1, max: 1000 });
	const fits = metadataFilter(query);
	const found = [...world.conversations.values()].filter(({ metadata }) => fits(metadata));
	return { json: found.slice(page * size, (page + 1) * size).map(shown) };
}

function remove(exchange: Exchange): Answer {
	exchange.world.conversations.delete(conversationOf(exchange).id);
	return { status: 204 };
}

const path = '/v1/conversations';
export const conversationRoutes: Route[] = [
	{ method: 'POST', path, body: 'json', metered: true, handle: start },
	{ method: 'POST', path: `${path}/:id`, body: 'json', metered: true, handle: append },
	{ method: 'POST', path: `${path}/:id/restart`, body: 'json', metered: true, handle: restart },
	{ method: 'GET', path, handle: listAll },
	{
		method: 'GET',
		path: `${path}/:id`,
		handle: (exchange) => ({ json: shown(conversationOf(exchange)) }),
	},
	{ method: 'DELETE', path: `${path}/:id`, handle: remove },
	{
		method: 'GET',
		path: `${path}/:id/history`,
		handle: (exchange) => {
			const { id, entries } = conversationOf(exchange);
			return { json: { object: 'conversation.history', conversation_id: id, entries } };
		},
	},
	{
		method: 'GET',
		path: `${path}/:id/messages`,
		handle: (exchange) => {
			const { id, entries } = conversationOf(exchange);
			const messages = entries.filter(({ type }) => type.startsWith('message.'));
			return { json: { object: 'conversation.messages', conversation_id: id, messages } };
		},
	},
];
