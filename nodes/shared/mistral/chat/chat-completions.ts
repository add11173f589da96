// Chat completions, for OpenAI-compatible servers (vLLM, Ollama, llama.cpp): no stored conversations, no
// built-in tools, no sources; each request holds the whole dialogue.
import type { IDataObject } from 'n8n-workflow';
import type { Answer } from '../conversations/answer';
import { readChat, readChatStream } from './chat-answer';
import { CountingSession, withFields } from '../conversations/chat-session';
import type { AnswerSink } from '../conversations/conversations';
import type { JsonRecord } from '../../http/response/json';
import type { WithAttempts, HttpClient } from '../../http/client';
import { sendForText } from '../text-reply';
import type { WireCompletionArgs, WireFunctionTool, WireInput } from '../wire';

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

	/** The server stores nothing, so a failed request may be retried until text was handed on. */
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
		return await sendForText(client, request, onText, {
			whole: readChat,
			stream: async (events, pass) => await readChatStream(events, client.operation, pass),
		});
	}

	private body(withoutTools: boolean, stream: boolean): IDataObject {
		const { model, instructions, functions, completionArgs, additionalFields } = this.setup;
		// OpenAI's API names the seed `seed`.
		const { random_seed, ...args } = completionArgs;
		const system = instructions ? [{ role: 'system', content: instructions }] : [];
		const body: JsonRecord = {
			model,
			messages: [...system, ...chatMessages(this.transcript)],
			...args,
			...(random_seed === undefined ? {} : { seed: random_seed }),
			...(functions.length > 0 ? { tools: [...functions] } : {}),
			...(withoutTools ? { tool_choice: 'none' } : {}),
			stream,
		};
		return withFields(body, additionalFields) as IDataObject;
	}
}

/** Entries of a conversation as chat messages; parallel calls share one message. */
export function chatMessages(inputs: readonly WireInput[]): JsonRecord[] {
	const messages: JsonRecord[] = [];
	let calls: JsonRecord[] | undefined;
	for (const input of inputs) {
		if (input.type !== 'function.call') calls = undefined;
		if (input.type === 'message.input') {
			messages.push({ role: input.role, content: input.content });
		} else if (input.type === 'function.result') {
			messages.push({ role: 'tool', tool_call_id: input.tool_call_id, content: input.result });
		} else {
			if (!calls) {
				calls = [];
				const last = messages.at(-1);
				// Text before the call belongs to the same message.
				if (last?.role === 'assistant' && !last.tool_calls) last.tool_calls = calls;
				else messages.push({ role: 'assistant', content: '', tool_calls: calls });
			}
			const { name, arguments: args } = input;
			calls.push({ id: input.tool_call_id, type: 'function', function: { name, arguments: args } });
		}
	}
	return messages;
}
