// Puts a streamed answer together again: each event adds to an output, the text leaves as it comes.
import { Failure } from '../run/failure';
import type { Answer } from './answer';
import { readAnswer } from './answer';
import { notAsDocumented } from './body';
import { EventsToTheEnd } from './events-to-the-end';
import type { JsonRecord } from './shape';
import { asRecord, textOf } from './shape';
import type { ServerSentEvent } from './sse';

/** Is given the answer's text piece by piece. */
export type OnText = (piece: string) => void;

/** Is given the name of a tool of Mistral's own when its use begins. */
export type OnTool = (name: string) => void;

/**
 * Reads events up to `conversation.response.done`. Unknown event types are passed over.
 *
 * @throws Failure when the stream carries an error, ends before it is done, or goes on afterwards
 */
export async function readConversationStream(
	stream: AsyncIterable<ServerSentEvent>,
	operation: string,
	onText: OnText,
	onTool?: OnTool,
): Promise<Answer> {
	const events = new EventsToTheEnd(stream);
	const outputs = new Map<string, JsonRecord>();
	let conversationId: string | undefined;
	let answer: Answer | undefined;
	for await (const { event, data } of events) {
		const fields = asRecord(JSON.parse(data)) ?? {};
		const type = textOf(fields.type) ?? event;
		if (answer) {
			// Where it belongs is unknown, and what was taken for the whole is not.
			if (type.endsWith('.delta')) throw notAsDocumented(operation);
			continue;
		}
		if (event === 'error' || fields.object === 'error') throw brokenOff(operation, data);
		if (type === 'conversation.response.started') {
			conversationId = textOf(fields.conversation_id);
		} else if (type === 'conversation.response.error' || type === 'error') {
			throw brokenOff(operation, data);
		} else if (type === 'conversation.response.done') {
			answer = readAnswer({
				conversation_id: conversationId,
				outputs: [...outputs.values()],
				usage: fields.usage,
			});
			if (!answer) throw notAsDocumented(operation);
			events.end();
		} else {
			if (type === 'tool.execution.started') onTool?.(textOf(fields.name) ?? '');
			add(outputs, type, fields, onText);
		}
	}
	if (answer) return answer;
	throw new Failure({
		stage: `${operation}.answer-cut-short`,
		message: 'The answer of Mistral ended in the middle',
		hint: 'Run the workflow again; a proxy between n8n and Mistral may cut long answers. What had arrived is in the details of the error.',
	});
}

function brokenOff(operation: string, errorEvent: string): Failure {
	return new Failure({
		stage: `${operation}.answer-failed`,
		message: 'Mistral broke off its answer',
		hint: 'Run the workflow again; if it stays like this, see status.mistral.ai. What had arrived is in the details of the error.',
		errorEvent,
	});
}

function add(
	outputs: Map<string, JsonRecord>,
	type: string,
	fields: JsonRecord,
	onText: OnText,
): void {
	const [, kind] = /^(.+)\.(?:started|delta|done)$/.exec(type) ?? [];
	if (kind === undefined) return;
	const key = `${String(fields.output_index)} ${String(fields.id)}`;
	const output = outputs.get(key) ?? {};
	outputs.set(key, output);
	const { content, arguments: piece, ...plain } = fields;
	const set = Object.entries(plain).filter(([, value]) => value !== undefined && value !== null);
	Object.assign(output, Object.fromEntries(set), { type: kind });
	if (typeof piece === 'string') output.arguments = `${textOf(output.arguments) ?? ''}${piece}`;
	else if (piece !== undefined) output.arguments = piece;
	if (content !== undefined && kind === 'message.output') addContent(output, content, onText);
}

function addContent(output: JsonRecord, content: unknown, onText: OnText): void {
	const chunks = (output.content ??= []) as JsonRecord[];
	const whole = asRecord(content);
	const text =
		typeof content === 'string' ? content : whole?.type === 'text' ? textOf(whole.text) : undefined;
	if (text === undefined) {
		if (whole) chunks.push(whole);
		return;
	}
	chunks.push({ type: 'text', text });
	if (text) onText(text);
}
