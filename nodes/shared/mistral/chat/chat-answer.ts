// Reads replies of chat completions, whole and streamed, as an Answer like that of the Conversations API.
import { Failure } from '../../errors/failure';
import { type Answer, callInput, type FunctionCall, messageText } from '../conversations/answer';
import { notAsDocumented } from '../../http/errors/failures';
import type { OnText } from '../../http/response/streamed-text';
import { TerminatedEventStream } from '../../http/response/terminated-event-stream';
import {
	asRecord,
	type JsonRecord,
	numberOf,
	omitUndefined,
	recordsOf,
	textOf,
} from '../../http/response/json';
import type { ServerSentEvent } from '../../http/response/sse';
import type { WireInput, WireUsage } from '../wire';

/** Reads a whole reply; undefined when it is not a chat completion. */
export function readChat(body: unknown): Answer | undefined {
	const reply = asRecord(body);
	const message = asRecord(recordsOf(reply?.choices)[0]?.message);
	if (!reply || !message) return undefined;
	const calls = recordsOf(message.tool_calls).map((call, index) => readCall(call, index));
	return answerOf(messageText(message.content), calls, reply);
}

function readCall(call: JsonRecord, index: number): FunctionCall {
	const inner = asRecord(call.function);
	const given = inner?.arguments;
	return {
		id: textOf(call.id) ?? `call_${index}`,
		name: textOf(inner?.name) ?? '',
		arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
	};
}

function answerOf(text: string, calls: readonly FunctionCall[], reply: JsonRecord): Answer {
	const message: WireInput = { type: 'message.input', role: 'assistant', content: text };
	return omitUndefined({
		text,
		sources: [],
		conversationId: '',
		toolUses: [],
		calls,
		files: [],
		replay: [...(text ? [message] : []), ...calls.map(callInput)],
		model: textOf(reply.model) || undefined,
		usage: asRecord(reply.usage) as WireUsage | undefined,
	});
}

/**
 * Reads chunks up to `[DONE]`, or to the end of the stream after a `finish_reason`.
 *
 * @throws Failure for an error chunk, a stream that ends without either, or text after `[DONE]`
 */
export async function readChatStream(
	stream: AsyncIterable<ServerSentEvent>,
	operation: string,
	onText: OnText,
): Promise<Answer> {
	const events = new TerminatedEventStream(stream);
	const calls = new Map<number, FunctionCall>();
	const facts: JsonRecord = {};
	let text = '';
	let began = false;
	let finished = false;
	let closed = false;
	for await (const { data } of events) {
		if (data.trim() === '[DONE]') {
			if (!began) break;
			finished = true;
			closed = true;
			events.end();
			continue;
		}
		if (closed) {
			// A delta after the end: the answer was incomplete, and where the delta belongs is unknown.
			if (/"choices"\s*:\s*\[\s*\{/.test(data)) throw notAsDocumented(operation);
			continue;
		}
		const chunk = asRecord(JSON.parse(data)) ?? {};
		if (chunk.error !== undefined || chunk.object === 'error') throw failed(operation, data);
		began ||= Array.isArray(chunk.choices);
		facts.model ??= chunk.model;
		facts.usage = chunk.usage ?? facts.usage;
		const choice = recordsOf(chunk.choices)[0];
		const delta = asRecord(choice?.delta);
		const textDelta = messageText(delta?.content);
		text += textDelta;
		if (textDelta) onText(textDelta);
		recordsOf(delta?.tool_calls).forEach((call, position) => addCallDelta(calls, call, position));
		if (textOf(choice?.finish_reason)) finished = true;
	}
	if (!finished) {
		throw new Failure({
			stage: `${operation}.answer-cut-short`,
			message: 'The answer of the server ended in the middle',
			hint: 'Run the workflow again. What had arrived is in the details of the error.',
		});
	}
	return answerOf(text, [...calls.values()], facts);
}

/** The first delta of a call holds id and name, the others extend its arguments. */
function addCallDelta(calls: Map<number, FunctionCall>, delta: JsonRecord, position: number): void {
	const index = numberOf(delta.index) ?? position;
	const known = calls.get(index);
	const inner = asRecord(delta.function);
	const more = textOf(inner?.arguments) ?? '';
	calls.set(
		index,
		known
			? { ...known, arguments: known.arguments + more }
			: { ...readCall(delta, index), arguments: more },
	);
}

function failed(operation: string, errorEvent: string): Failure {
	return new Failure({
		stage: `${operation}.answer-failed`,
		message: 'The server broke off its answer',
		hint: 'What had arrived is in the details of the error.',
		errorEvent,
	});
}
