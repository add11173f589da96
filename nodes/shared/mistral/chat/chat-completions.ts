// Chat completions, for OpenAI-compatible servers (vLLM, Ollama, llama.cpp): no conversations, no
// tools of Mistral's own, no sources; the whole dialogue travels with each request.
import type { IDataObject } from 'n8n-workflow';
import type { Answer } from '../conversations/answer';
import { readChat, readChatStream } from './chat-answer';
import { readStreamedText } from '../../http/response/streamed-text';
import { CountingSession, withFields } from '../conversations/chat-session';
import type { AnswerSink } from '../conversations/conversations';
import type { JsonRecord } from '../../http/response/json';
import type { WithAttempts, HttpClient } from '../../http/client';
import type { WireCompletionArgs, WireFunctionTool, WireInput } from '../wire';

const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;

export interface ChatSetup {
	readonly model: string;
	readonly instructions: string;
	readonly functions: readonly WireFunctionTool[];
	readonly completionArgs: WireCompletionArgs;
	readonly additionalFields?: JsonRecord;
}

export class ChatCompletionsSession extends CountingSession {
	constructor(
		client: HttpClient,
		private readonly setup: ChatSetup,
		sink: AnswerSink,
		history: readonly WireInput[],
	) {
		super(client, sink, history);
	}

	/** Nothing is kept at the server, so a broken request may be sent again until words were passed on. */
	protected async request(
		_: readonly WireInput[],
		withoutTools: boolean,
		{ onText }: AnswerSink,
	): Promise<WithAttempts<Answer>> {
		const { client } = this;
		const request = {
			method: 'POST' as const,
			path: '/v1/chat/completions',
			body: () => this.body(withoutTools, onText !== undefined),
			repeatable: true,
		};
		if (!onText) return await client.json(request, readChat);
		const { operation } = client;
		return await client.send(
			{ ...request, accept: 'text/event-stream' },
			async (reply) =>
				await readStreamedText(reply, {
					operation,
					maxEventCharacters: MAX_EVENT_CHARACTERS,
					onText,
					stream: async (events, pass) => await readChatStream(events, operation, pass),
					whole: readChat,
					textOf: ({ text }) => text,
				}),
		);
	}

	private body(withoutTools: boolean, stream: boolean): IDataObject {
		const { model, instructions, functions, completionArgs, additionalFields } = this.setup;
		// OpenAI's dialect calls the seed `seed`.
		const { random_seed, ...args } = completionArgs;
		const system = instructions ? [{ role: 'system', content: instructions }] : [];
		const body: JsonRecord = {
			model,
			messages: [...system, ...chatMessages(this.said)],
			...args,
			...(random_seed === undefined ? {} : { seed: random_seed }),
			...(functions.length > 0 ? { tools: [...functions] } : {}),
			...(withoutTools ? { tool_choice: 'none' } : {}),
			stream,
		};
		return withFields(body, additionalFields) as IDataObject;
	}
}

/** Entries of a conversation as chat messages; calls made together stand in one message. */
export function chatMessages(said: readonly WireInput[]): JsonRecord[] {
	const messages: JsonRecord[] = [];
	let calls: JsonRecord[] | undefined;
	for (const input of said) {
		if (input.type !== 'function.call') calls = undefined;
		if (input.type === 'message.input') {
			messages.push({ role: input.role, content: input.content });
		} else if (input.type === 'function.result') {
			messages.push({ role: 'tool', tool_call_id: input.tool_call_id, content: input.result });
		} else {
			if (!calls) {
				calls = [];
				const last = messages.at(-1);
				// What was said before the call belongs to the same message.
				if (last?.role === 'assistant' && !last.tool_calls) last.tool_calls = calls;
				else messages.push({ role: 'assistant', content: '', tool_calls: calls });
			}
			const { name, arguments: args } = input;
			calls.push({ id: input.tool_call_id, type: 'function', function: { name, arguments: args } });
		}
	}
	return messages;
}
