// Chat completions, for OpenAI-compatible servers (vLLM, Ollama, llama.cpp): no conversations, no
// tools of Mistral's own, no sources; the whole dialogue travels with each request.
import type { IDataObject } from 'n8n-workflow';
import type { Answer } from '../conversations/answer';
import { readChat, readChatStream } from './chat-answer';
import { isEventStream, isJson, readAll } from '../../http/response/response-body';
import { notAsDocumented } from '../../http/errors/failures';
import type { ChatSession } from '../conversations/chat-session';
import { countAttempts, withFields } from '../conversations/chat-session';
import type { AnswerSink } from '../conversations/conversations';
import { remainingMs } from '../conversations/conversations';
import type { JsonRecord } from '../../http/response/json';
import { readServerSentEvents } from '../../http/response/sse';
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

export class ChatCompletionsSession implements ChatSession {
	attempts = 0;

	answers = 0;

	/** There are none here. */
	readonly conversationIds: ReadonlySet<string> = new Set<string>();

	private readonly said: WireInput[];

	constructor(
		private readonly client: HttpClient,
		private readonly setup: ChatSetup,
		private readonly delivery: AnswerSink,
		history: readonly WireInput[],
	) {
		this.said = [...history];
	}

	async send(
		inputs: readonly WireInput[],
		{ withoutTools = false }: { readonly withoutTools?: boolean } = {},
	): Promise<Answer> {
		this.said.push(...inputs);
		const answer = await countAttempts(
			this,
			this.client.operation,
			this.delivery,
			async (delivery) => await this.exchange(withoutTools, delivery),
		);
		this.said.push(...answer.replay);
		return answer;
	}

	/** Nothing is kept at the server, so a broken request may be sent again until words were passed on. */
	private async exchange(
		withoutTools: boolean,
		{ deadline, onText }: AnswerSink,
	): Promise<WithAttempts<Answer>> {
		const request = {
			method: 'POST' as const,
			path: '/v1/chat/completions',
			body: () => this.body(withoutTools, onText !== undefined),
			repeatable: true,
			deadlineMs: remainingMs(deadline),
		};
		if (!onText) return await this.client.json(request, readChat);
		return await this.client.send({ ...request, accept: 'text/event-stream' }, async (reply) => {
			const live = reply.redactingSink(onText);
			const pass = (piece: string) => live.push(piece);
			if (isEventStream(reply.headers)) {
				const events = readServerSentEvents(reply.body, MAX_EVENT_CHARACTERS);
				const answer = await readChatStream(events, this.client.operation, pass);
				live.end();
				return answer;
			}
			const bytes = await readAll(reply.body);
			const answer = isJson(reply.headers)
				? readChat(JSON.parse(bytes.toString('utf8')))
				: undefined;
			if (!answer) throw notAsDocumented(this.client.operation);
			pass(answer.text);
			live.end();
			return answer;
		});
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
