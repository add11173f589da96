// The Conversations API: start, continue, read back and delete.
import { type Answer, messageText, readAnswer } from './answer';
import { type OnText, readStreamedText } from '../../http/response/streamed-text';
import { type OnTool, readConversationStream } from './conversation-stream';
import { deleteResource } from '../delete-resource';
import { METADATA_REQUEST } from '../../http/request';
import { asRecord, type JsonRecord, recordsOf, textOf } from '../../http/response/json';
import type { WithAttempts, HttpClient } from '../../http/client';
import type { WireConversationAppend, WireConversationStart } from '../wire';

/** Web search and code can be silent for long before the first word. */
const STREAM_IDLE_MS = 120_000;
const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;
const CONVERSATIONS = '/v1/conversations';

/** Who follows an answer while it is written; without `onText` it is asked for whole. */
export interface AnswerSink {
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
	sink: AnswerSink,
): Promise<WithAttempts<Answer>> {
	return await exchange(client, undefined, body, body.agent_id === undefined, sink);
}

/** Continues a conversation. Never blindly sent again: that could add the turn twice. */
export async function continueConversation(
	client: HttpClient,
	conversationId: string,
	body: Omit<WireConversationAppend, 'stream'>,
	sink: AnswerSink,
): Promise<WithAttempts<Answer>> {
	return await exchange(client, conversationId, { ...body }, false, sink);
}

const pathOf = (conversationId: string) => `${CONVERSATIONS}/${encodeURIComponent(conversationId)}`;

/** For a streamed answer to a question that is still being understood. */
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
	if (!onText) return await client.json(request, readAnswer);
	const { operation } = client;
	return await client.send(
		request,
		async (reply) =>
			await readStreamedText(reply, {
				operation,
				maxEventCharacters: MAX_EVENT_CHARACTERS,
				onText,
				stream: async (events, pass) =>
					await readConversationStream(events, operation, pass, onTool),
				whole: readAnswer,
				textOf: ({ text }) => text,
			}),
	);
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

export async function readHistory(client: HttpClient, conversationId: string): Promise<History> {
	const { value } = await client.json(
		{
			method: 'GET',
			path: `${pathOf(conversationId)}/history`,
			repeatable: true,
			...METADATA_REQUEST,
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
