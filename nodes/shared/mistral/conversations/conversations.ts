// The Conversations API: start, continue, read back and delete.
import type { Answer } from './answer';
import { messageText, readAnswer } from './answer';
import { isEventStream, isJson, readAll } from '../../http/response/response-body';
import { notAsDocumented } from '../../http/errors/failures';
import { nowMs } from '../../http/clock';
import type { OnText, OnTool } from './conversation-stream';
import { readConversationStream } from './conversation-stream';
import { deleteResource } from '../delete-resource';
import { METADATA_REQUEST } from '../../http/request';
import type { JsonRecord } from '../../http/response/json';
import { asRecord, recordsOf, textOf } from '../../http/response/json';
import { readServerSentEvents } from '../../http/response/sse';
import type { WithAttempts, HttpClient } from '../../http/client';
import type { WireConversationAppend, WireConversationStart } from '../wire';

/** Web search and code can be silent for long before the first word. */
const STREAM_IDLE_MS = 120_000;
const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;
const CONVERSATIONS = '/v1/conversations';

/** How a request is sent and how its answer is taken. */
export interface AnswerSink {
	/** When the item is out of time, on the clock of `nowMs`. */
	readonly deadline: number;
	/** Wants the text as it comes; the answer is streamed then. */
	readonly onText?: OnText;
	/** Is told, in a streamed answer, when Mistral begins to use a tool of its own. */
	readonly onTool?: OnTool;
}

export type StartBody = Omit<WireConversationStart, 'stream'> & JsonRecord;

/**
 * Starts a conversation. It may be sent again when it breaks, since that leaves at most an unused
 * conversation behind; not so where an agent's own connectors could act twice.
 */
export async function startConversation(
	client: HttpClient,
	body: StartBody,
	delivery: AnswerSink,
): Promise<WithAttempts<Answer>> {
	return await exchange(client, CONVERSATIONS, body, body.agent_id === undefined, delivery);
}

/** Continues a conversation. Never blindly sent again: that could add the turn twice. */
export async function continueConversation(
	client: HttpClient,
	conversationId: string,
	body: Omit<WireConversationAppend, 'stream'>,
	delivery: AnswerSink,
): Promise<WithAttempts<Answer>> {
	return await exchange(client, pathOf(conversationId), { ...body }, false, delivery);
}

const pathOf = (conversationId: string) => `${CONVERSATIONS}/${encodeURIComponent(conversationId)}`;

/** What is left until `deadline`, never nothing: an overdue request fails as timed out. */
export const remainingMs = (deadline: number): number => Math.max(1, Math.ceil(deadline - nowMs()));

/** For a question that is still being understood; `conversationId` as in {@link Opening}. */
export function preconnectConversation(
	client: HttpClient,
	conversationId: string | undefined,
	delivery: AnswerSink,
): void {
	const path = conversationId === undefined ? CONVERSATIONS : pathOf(conversationId);
	client.preconnect(requestTo(path, false, delivery));
}

function requestTo(path: string, repeatable: boolean, { deadline, onText }: AnswerSink) {
	return {
		method: 'POST' as const,
		path,
		repeatable,
		deadlineMs: remainingMs(deadline),
		...(onText ? { accept: 'text/event-stream', idleMs: STREAM_IDLE_MS } : {}),
	};
}

async function exchange(
	client: HttpClient,
	path: string,
	body: JsonRecord,
	repeatable: boolean,
	delivery: AnswerSink,
): Promise<WithAttempts<Answer>> {
	const { onText, onTool } = delivery;
	const request = {
		...requestTo(path, repeatable, delivery),
		body: () => ({ ...body, stream: onText !== undefined }),
	};
	if (!onText) return await client.json(request, readAnswer);
	return await client.send(request, async (reply) => {
		const live = reply.redactingSink(onText);
		const pass = (piece: string) => live.push(piece);
		if (isEventStream(reply.headers)) {
			const events = readServerSentEvents(reply.body, MAX_EVENT_CHARACTERS);
			const answer = await readConversationStream(events, client.operation, pass, onTool);
			live.end();
			return answer;
		}
		// A proxy that gathers the stream, or a server without one, answers whole.
		const bytes = await readAll(reply.body);
		const answer = isJson(reply.headers)
			? readAnswer(JSON.parse(bytes.toString('utf8')))
			: undefined;
		if (!answer) throw notAsDocumented(client.operation);
		pass(answer.text);
		live.end();
		return answer;
	});
}

/** What somebody said in a conversation. */
export interface HistoryMessage {
	readonly role: 'user' | 'assistant';
	readonly text: string;
	/** ISO time. */
	readonly createdAt?: string;
}

export interface History {
	readonly messages: readonly HistoryMessage[];
	/** Names of the tools that were used. */
	readonly tools: readonly string[];
	/** Calls that never got a result: Mistral takes no further question before they have one. */
	readonly openCalls: readonly string[];
}

export async function readHistory(
	client: HttpClient,
	conversationId: string,
	deadlineMs: number = METADATA_REQUEST.deadlineMs,
): Promise<History> {
	const { value } = await client.json(
		{
			method: 'GET',
			path: `${pathOf(conversationId)}/history`,
			repeatable: true,
			...METADATA_REQUEST,
			deadlineMs,
		},
		(body) => {
			const entries = asRecord(body)?.entries;
			return Array.isArray(entries) ? historyOf(recordsOf(entries)) : undefined;
		},
	);
	return value;
}

/** Entries of a conversation, oldest first, as a {@link History}. */
export function historyOf(entries: readonly JsonRecord[]): History {
	const ids = (type: string) =>
		entries.filter((entry) => entry.type === type).map((entry) => textOf(entry.tool_call_id) ?? '');
	const answered = new Set(ids('function.result'));
	return {
		messages: entries.flatMap(messageOf),
		tools: entries
			.filter(({ type }) => type === 'tool.execution' || type === 'function.call')
			.map((entry) => textOf(entry.name) ?? ''),
		openCalls: ids('function.call').filter((id) => !answered.has(id)),
	};
}

function messageOf(entry: JsonRecord): HistoryMessage[] {
	const input = entry.type === 'message.input';
	if (!input && entry.type !== 'message.output') return [];
	const text = messageText(entry.content);
	if (text === '') return [];
	const createdAt = textOf(entry.created_at);
	return [
		{
			role: input && entry.role !== 'assistant' ? 'user' : 'assistant',
			text,
			...(createdAt ? { createdAt } : {}),
		},
	];
}

/** Deletes a conversation with all that was said in it. */
export async function deleteConversation(
	client: HttpClient,
	conversationId: string,
): Promise<void> {
	await deleteResource(client, pathOf(conversationId));
}
