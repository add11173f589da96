// Reads the replies of chat completions, whole and streamed, into the same shape as a conversation's answer.
import { Failure } from '../../errors/failure';
import { type Answer, type FunctionCall, messageText } from '../conversations/answer';
import { notAsDocumented } from '../../http/errors/failures';
import type { OnText } from '../../http/response/streamed-text';
import { TerminatedEventStream } from '../../http/response/terminated-event-stream';
import { asRecord, type JsonRecord, numberOf, recordsOf, textOf } from '../../http/response/json';
import type { ServerSentEvent } from '../../http/response/sse';
import type { WireInput, WireUsage } from '../wire';

/** A whole reply; undefined when it is not one. */
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
	const model = textOf(reply.model);
	const usage = asRecord(reply.usage) as WireUsage | undefined;
	const said: WireInput[] = text
		? [{ type: 'message.input', role: 'assistant', content: text }]
		: [];
	const called = calls.map(
		(call): WireInput => ({
			type: 'function.call',
			tool_call_id: call.id,
			name: call.name,
			arguments: call.arguments,
		}),
	);
	return {
		text,
		sources: [],
		conversationId: '',
		toolUses: [],
		calls,
		files: [],
		replay: [...said, ...called],
		...(model ? { model } : {}),
		...(usage ? { usage } : {}),
	};
}

/**
 * Reads chunks up to `[DONE]`, or to the end of the stream after a reason to finish.
 *
 * @throws Failure when the stream carries an error, ends without either, or goes on after `[DONE]`
 */
export async function readChatStream(
	stream: AsyncIterable<ServerSentEvent>,
	operation: string,
	onText: OnText,
): Promise<Answer> {
	const events = new TerminatedEventStream(stream);
	const calls = new Map<number, FunctionCall>();
	const about: JsonRecord = {};
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
			// Where it belongs is unknown, and what was taken for the whole is not.
			if (/"choices"\s*:\s*\[\s*\{/.test(data)) throw notAsDocumented(operation);
			continue;
		}
		const chunk = asRecord(JSON.parse(data)) ?? {};
		if (chunk.error !== undefined || chunk.object === 'error') throw failed(operation, data);
		began ||= Array.isArray(chunk.choices);
		about.model ??= chunk.model;
		about.usage = chunk.usage ?? about.usage;
		const choice = recordsOf(chunk.choices)[0];
		const delta = asRecord(choice?.delta);
		const piece = messageText(delta?.content);
		text += piece;
		if (piece) onText(piece);
		recordsOf(delta?.tool_calls).forEach((call, position) => grow(calls, call, position));
		if (textOf(choice?.finish_reason)) finished = true;
	}
	if (!finished) {
		throw new Failure({
			stage: `${operation}.answer-cut-short`,
			message: 'The answer of the server ended in the middle',
			hint: 'Run the workflow again. What had arrived is in the details of the error.',
		});
	}
	return answerOf(text, [...calls.values()], about);
}

/** The first piece of a call brings id and name, the others more of its arguments. */
function grow(calls: Map<number, FunctionCall>, piece: JsonRecord, position: number): void {
	const index = numberOf(piece.index) ?? position;
	const known = calls.get(index);
	const inner = asRecord(piece.function);
	const more = textOf(inner?.arguments) ?? '';
	calls.set(
		index,
		known
			? { ...known, arguments: known.arguments + more }
			: { ...readCall(piece, index), arguments: more },
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
