// What a reply of the Conversations API says, in one shape whichever way it travelled.
import { asRecord, type JsonRecord, recordsOf, textOf } from '../../http/response/json';
import type { WireChunk, WireConversation, WireInput, WireOutput, WireUsage } from '../wire';

/** A page the answer rests on. */
export interface Source {
	readonly title: string;
	readonly url: string;
	readonly description?: string;
}

/** A tool that was used for the answer, Mistral's own or one of the workflow. */
export interface ToolUse {
	readonly name: string;
	/** What really ran, where that is not `name`: `web_fetch` under `web_search`. */
	readonly function?: string;
	readonly arguments: unknown;
	/** What one of the workflow's tools returned. */
	readonly result?: string;
	readonly failed?: boolean;
}

/** A call the model waits for. */
export interface FunctionCall {
	readonly id: string;
	readonly name: string;
	/** JSON, as the model wrote it: it may be broken. */
	readonly arguments: string;
}

/** A picture or document that a tool made; fetched through the Files API. */
export interface GeneratedFile {
	readonly id: string;
	readonly name: string;
	/** An extension or a MIME type; empty when unknown. */
	readonly type: string;
}

export interface Answer {
	/** As the model wrote it, markdown included. */
	readonly text: string;
	/** In order of first mention, each address once. */
	readonly sources: readonly Source[];
	/** Empty where there is no conversation, as with chat completions. */
	readonly conversationId: string;
	readonly toolUses: readonly ToolUse[];
	readonly calls: readonly FunctionCall[];
	readonly files: readonly GeneratedFile[];
	/** The same reply as inputs of a later request, for a server that was told to keep nothing. */
	readonly replay: readonly WireInput[];
	readonly model?: string;
	readonly usage?: WireUsage;
}

/** The reply as an {@link Answer}; undefined when it is not a conversation. Unknown outputs and chunks are passed over. */
export function readAnswer(body: unknown): Answer | undefined {
	const reply = asRecord(body) as (JsonRecord & Partial<WireConversation>) | undefined;
	const conversationId = textOf(reply?.conversation_id);
	if (!reply || !conversationId || !Array.isArray(reply.outputs)) return undefined;
	const outputs = recordsOf(reply.outputs);
	const messages = outputs.filter(
		(output): output is JsonRecord & WireOutput => output.type === 'message.output',
	);
	const chunks = messages.flatMap(chunksOf);
	const model = messages.map((message) => textOf(message.model)).find(Boolean);
	const usage = asRecord(reply.usage) as WireUsage | undefined;
	return {
		text: textOfOutputs(outputs),
		sources: readSources(chunks),
		conversationId,
		toolUses: outputs.filter(({ type }) => type === 'tool.execution').map(readToolUse),
		calls: readCalls(outputs),
		files: readFiles(chunks),
		replay: outputs.flatMap(replayOf),
		...(model ? { model } : {}),
		...(usage ? { usage } : {}),
	};
}

function chunksOf({ content }: { content?: unknown }): WireChunk[] {
	if (typeof content === 'string') return [{ type: 'text', text: content }];
	return recordsOf(content).filter(
		(chunk): chunk is JsonRecord & WireChunk => typeof chunk.type === 'string',
	);
}

/** What was said before a search and what came of it are paragraphs of their own. */
function textOfOutputs(outputs: readonly JsonRecord[]): string {
	let text = '';
	let isApart = false;
	for (const output of outputs) {
		if (output.type === 'message.output') {
			const words = messageText(output.content);
			text += (isApart ? gapBetween(text, words) : '') + words;
			isApart &&= words === '';
		} else isApart = true;
	}
	return text;
}

/** What has to stand between two messages that something else came between: nothing where white space does. */
export const gapBetween = (before: string, after: string): string =>
	/\S$/.test(before) && /^\S/.test(after) ? '\n\n' : '';

/** Without a separator: references interrupt sentences, the full stop is often a chunk of its own. */
function textOfChunks(chunks: readonly WireChunk[]): string {
	return chunks.map(({ type, text }) => (type === 'text' ? (textOf(text) ?? '') : '')).join('');
}

/** The words of a message, be they plain or in chunks. */
export function messageText(content: unknown): string {
	return textOfChunks(chunksOf({ content }));
}

function readSources(chunks: readonly WireChunk[]): Source[] {
	const byUrl = new Map<string, Source>();
	for (const { type, title, url, description } of chunks) {
		if (type !== 'tool_reference' || !url || byUrl.has(url)) continue;
		byUrl.set(url, { title: title ?? url, url, ...(description ? { description } : {}) });
	}
	return [...byUrl.values()];
}

function readFiles(chunks: readonly WireChunk[]): GeneratedFile[] {
	return chunks.flatMap(({ type, file_id, file_name, file_type }) =>
		type === 'tool_file' && typeof file_id === 'string'
			? [{ id: file_id, name: textOf(file_name) ?? '', type: textOf(file_type) ?? '' }]
			: [],
	);
}

function readToolUse(output: JsonRecord): ToolUse {
	const name = textOf(output.name) ?? 'unknown';
	const ran = textOf(output.function);
	return {
		name,
		...(ran && ran !== name ? { function: ran } : {}),
		arguments: parsed(output.arguments),
	};
}

function readCalls(outputs: readonly JsonRecord[]): FunctionCall[] {
	return outputs.flatMap((output) => {
		const id = textOf(output.tool_call_id);
		if (output.type !== 'function.call' || !id) return [];
		return [{ id, name: textOf(output.name) ?? '', arguments: asJson(output.arguments) }];
	});
}

/** As JSON where it is JSON, otherwise as it is. */
export function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value ?? {};
	try {
		return JSON.parse(value) as unknown;
	} catch {
		return value;
	}
}

function asJson(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

/**
 * One output as inputs. Tool executions and entry ids are no valid inputs: they are told again as
 * a call with its result.
 */
function replayOf(output: JsonRecord): WireInput[] {
	const name = textOf(output.function) ?? textOf(output.name) ?? 'tool';
	switch (output.type) {
		case 'message.output': {
			const content = messageText(output.content);
			return content ? [{ type: 'message.input', role: 'assistant', content }] : [];
		}
		case 'tool.execution': {
			const id = textOf(output.id);
			if (!id) return [];
			const result = asJson(asRecord(output.info)?.result ?? output.info);
			return [
				{ type: 'function.call', tool_call_id: id, name, arguments: asJson(output.arguments) },
				{ type: 'function.result', tool_call_id: id, result },
			];
		}
		case 'function.call':
			return readCalls([output]).map((call) => ({
				type: 'function.call',
				tool_call_id: call.id,
				name: call.name,
				arguments: call.arguments,
			}));
		default:
			return [];
	}
}
