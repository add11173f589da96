// The Conversations API: a question in, an answer out, with Mistral's own tools such as web search.
import { asRecord, recordsOf, textOf } from './shape';
import type { Sent, Transport } from './transport';
import type {
	WireChunk,
	WireCompletionArgs,
	WireConversation,
	WireConversationAppend,
	WireConversationStart,
	WireOutput,
	WireTool,
	WireUsage,
} from './wire';

export interface Question {
	readonly text: string;
	/** Continues this conversation; a new one is started when absent. */
	readonly conversationId?: string;
	readonly model: string;
	readonly instructions: string;
	readonly tools: readonly WireTool[];
	readonly completionArgs: WireCompletionArgs;
	/** For all tries together. */
	readonly timeoutMs: number;
}

/** A page the answer rests on. */
export interface Source {
	readonly title: string;
	readonly url: string;
	readonly description?: string;
}

export interface Answer {
	/** As the model wrote it, markdown included. */
	readonly text: string;
	/** In order of first mention, each address once. */
	readonly sources: readonly Source[];
	readonly conversationId: string;
	readonly model?: string;
	readonly usage?: WireUsage;
}

/**
 * Starts or continues a conversation. A start may be sent again when it breaks, since it leaves at
 * most an unused conversation behind; a continuation may not, since it could add the turn twice.
 */
export async function ask(transport: Transport, question: Question): Promise<Sent<Answer>> {
	const { conversationId, timeoutMs } = question;
	const path = conversationId
		? `/v1/conversations/${encodeURIComponent(conversationId)}`
		: '/v1/conversations';
	const body = conversationId ? appendBody(question) : startBody(question);
	return await transport.json(
		{
			method: 'POST',
			path,
			body: () => ({ ...body }),
			repeatable: !conversationId,
			deadlineMs: timeoutMs,
		},
		readAnswer,
	);
}

function startBody({
	text,
	model,
	instructions,
	tools,
	completionArgs,
}: Question): WireConversationStart {
	return {
		inputs: text,
		model,
		...(instructions ? { instructions } : {}),
		...(tools.length > 0 ? { tools: [...tools] } : {}),
		...whenAny(completionArgs),
		store: true,
		stream: false,
	};
}

function appendBody({ text, completionArgs }: Question): WireConversationAppend {
	return { inputs: text, ...whenAny(completionArgs), store: true, stream: false };
}

function whenAny(args: WireCompletionArgs): { completion_args?: WireCompletionArgs } {
	return Object.keys(args).length > 0 ? { completion_args: args } : {};
}

/** The reply as an {@link Answer}; undefined when it is not a conversation. Unknown outputs and chunks are passed over. */
export function readAnswer(body: unknown): Answer | undefined {
	const reply = asRecord(body) as (Record<string, unknown> & Partial<WireConversation>) | undefined;
	const conversationId = textOf(reply?.conversation_id);
	if (!reply || !conversationId || !Array.isArray(reply.outputs)) return undefined;
	const messages = recordsOf(reply.outputs).filter(
		(output): output is Record<string, unknown> & WireOutput => output.type === 'message.output',
	);
	const chunks = messages.flatMap(chunksOf);
	const model = messages.map((message) => textOf(message.model)).find(Boolean);
	const usage = asRecord(reply.usage) as WireUsage | undefined;
	return {
		// Without a separator: references interrupt sentences, the full stop is often a chunk of its own.
		text: chunks.map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join(''),
		sources: readSources(chunks),
		conversationId,
		...(model ? { model } : {}),
		...(usage ? { usage } : {}),
	};
}

function chunksOf({ content }: WireOutput): WireChunk[] {
	if (typeof content === 'string') return [{ type: 'text', text: content }];
	return recordsOf(content).filter(
		(chunk): chunk is Record<string, unknown> & WireChunk => typeof chunk.type === 'string',
	);
}

function readSources(chunks: readonly WireChunk[]): Source[] {
	const byUrl = new Map<string, Source>();
	for (const { type, title, url, description } of chunks) {
		if (type !== 'tool_reference' || !url || byUrl.has(url)) continue;
		byUrl.set(url, { title: title ?? url, url, ...(description ? { description } : {}) });
	}
	return [...byUrl.values()];
}
