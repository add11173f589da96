// The Conversations API: start, continue, read back and delete.
import { type Answer, messageText, readAnswer } from './answer';
import type { OnText } from '../../http/response/streamed-text';
import { getJson } from '../get-json';
import { sendForText } from '../text-reply';
import { type OnTool, readConversationStream } from './conversation-stream';
import { deleteResource } from '../delete-resource';
import {
	asRecord,
	type JsonRecord,
	omitUndefined,
	recordsOf,
	textOf,
} from '../../http/response/json';
import type { WithAttempts, HttpClient } from '../../http/client';
import type { WireConversationAppend, WireConversationStart } from '../wire';

/** Idle timeout of a streamed answer: web search and the code interpreter send no events while they run. */
const STREAM_IDLE_MS = 120_000;
const CONVERSATIONS = '/v1/conversations';

/** Callbacks for a streamed answer; without `onText` the reply is not streamed. */
export interface AnswerSink {
	readonly onText?: OnText;
	readonly onTool?: OnTool;
}

export type StartBody = Omit<WireConversationStart, 'stream'> & JsonRecord;

/**
 * Starts a conversation. With a model it may be retried, since that leaves at most an unused
 * conversation behind; with an agent it may not, since the agent's connectors could act twice.
 */
export async function startConversation(
	client: HttpClient,
	body: StartBody,
	sink: AnswerSink,
): Promise<WithAttempts<Answer>> {
	return await exchange(client, undefined, body, body.agent_id === undefined, sink);
}

/** Continues a conversation. Not repeatable: a retry could add the turn twice. */
export async function continueConversation(
	client: HttpClient,
	conversationId: string,
	body: Omit<WireConversationAppend, 'stream'>,
	sink: AnswerSink,
): Promise<WithAttempts<Answer>> {
	return await exchange(client, conversationId, { ...body }, false, sink);
}

const pathOf = (conversationId: string) => `${CONVERSATIONS}/${encodeURIComponent(conversationId)}`;

/** Opens a connection for a streamed answer to a question that is still being transcribed. */
export function preconnectConversation(
	client: HttpClient,
	conversationId: string | undefined,
): void {
	client.preconnect({ ...requestTo(conversationId, false), ...STREAMED });
}

const STREAMED = { accept: 'text/event-stream', idleMs: STREAM_IDLE_MS };

function requestTo(conversationId: string | undefined, repeatable: boolean) {
	const path = conversationId === undefined ? CONVERSATIONS : pathOf(conversationId);
	return { method: 'POST' as const, path, repeatable };
}

async function exchange(
	client: HttpClient,
	conversationId: string | undefined,
	body: JsonRecord,
	repeatable: boolean,
	sink: AnswerSink,
): Promise<WithAttempts<Answer>> {
	const { onText, onTool } = sink;
	const request = {
		...requestTo(conversationId, repeatable),
		...(onText ? STREAMED : {}),
		body: () => ({ ...body, stream: onText !== undefined }),
	};
	return await sendForText(client, request, onText, {
		whole: readAnswer,
		stream: async (events, pass) =>
			await readConversationStream(events, client.operation, pass, onTool),
	});
}

/** A message of a stored conversation. */
export interface HistoryMessage {
	readonly role: 'user' | 'assistant';
	readonly text: string;
	/** ISO time. */
	readonly createdAt?: string;
}

export interface History {
	readonly messages: readonly HistoryMessage[];
	/** Names of the tools that ran, in order. */
	readonly tools: readonly string[];
	/** Ids of function calls without a result: Mistral accepts no further question before they have one. */
	readonly openCalls: readonly string[];
}

export async function readHistory(client: HttpClient, conversationId: string): Promise<History> {
	return await getJson(client, `${pathOf(conversationId)}/history`, (body) => {
		const entries = asRecord(body)?.entries;
		return Array.isArray(entries) ? historyOf(recordsOf(entries)) : undefined;
	});
}

/** `entries`: of a conversation, oldest first. */
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
	const role: HistoryMessage['role'] = input && entry.role !== 'assistant' ? 'user' : 'assistant';
	return [omitUndefined({ role, text, createdAt: textOf(entry.created_at) || undefined })];
}

/** Deletes a conversation with all its messages. */
export async function deleteConversation(
	client: HttpClient,
	conversationId: string,
): Promise<void> {
	await deleteResource(client, pathOf(conversationId));
}
