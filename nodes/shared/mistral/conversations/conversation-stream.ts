// Assembles a streamed answer: each event extends an output, and each text delta is handed on at once.
import { Failure } from '../../errors/failure';
import { type Answer, paragraphBreak, readAnswer } from './answer';
import { notAsDocumented } from '../../http/errors/failures';
import { TerminatedEventStream } from '../../http/response/terminated-event-stream';
import { asRecord, type JsonRecord, textOf } from '../../http/response/json';
import type { ServerSentEvent } from '../../http/response/sse';
import type { OnText } from '../../http/response/streamed-text';

/** Called with the name of a built-in tool when its execution begins. */
export type OnTool = (name: string) => void;

/**
 * Reads events up to `conversation.response.done`. Unknown event types are ignored.
 *
 * @throws Failure for an error event, a stream that ends before `done`, or a delta after it
 */
export async function readConversationStream(
	stream: AsyncIterable<ServerSentEvent>,
	operation: string,
	onText: OnText,
	onTool?: OnTool,
): Promise<Answer> {
	const events = new TerminatedEventStream(stream);
	const outputs = new Outputs(onText);
	let conversationId: string | undefined;
	let answer: Answer | undefined;
	for await (const { event, data } of events) {
		if (answer) {
			// A delta after the end: the answer was incomplete, and where the delta belongs is unknown.
			if (isDelta(event, data)) throw notAsDocumented(operation);
			continue;
		}
		const fields = asRecord(JSON.parse(data)) ?? {};
		const type = textOf(fields.type) ?? event;
		if (event === 'error' || fields.object === 'error') throw brokenOff(operation, data);
		if (type === 'conversation.response.started') {
			conversationId = textOf(fields.conversation_id);
		} else if (type === 'conversation.response.error' || type === 'error') {
			throw brokenOff(operation, data);
		} else if (type === 'conversation.response.done') {
			answer = readAnswer({
				conversation_id: conversationId,
				outputs: outputs.all,
				usage: fields.usage,
			});
			if (!answer) throw notAsDocumented(operation);
			events.end();
		} else {
			if (type === 'tool.execution.started') onTool?.(textOf(fields.name) ?? '');
			outputs.add(type, fields);
		}
	}
	if (answer) return answer;
	throw new Failure({
		stage: `${operation}.answer-cut-short`,
		message: 'The answer of Mistral ended in the middle',
		hint: 'Run the workflow again; a proxy between n8n and Mistral may cut long answers. What had arrived is in the details of the error.',
	});
}

/** Whether an event after the end is a delta; its data may be anything, such as `[DONE]`. */
function isDelta(event: string, data: string): boolean {
	const type = /"type"\s*:\s*"([^"]*)"/.exec(data)?.[1] ?? event;
	return type.endsWith('.delta');
}

function brokenOff(operation: string, errorEvent: string): Failure {
	return new Failure({
		stage: `${operation}.answer-failed`,
		message: 'Mistral broke off its answer',
		hint: 'Run the workflow again; if it stays like this, see status.mistral.ai. What had arrived is in the details of the error.',
		errorEvent,
	});
}

class Outputs {
	private readonly byKey = new Map<string, JsonRecord>();

	/** The message of the last text delta. */
	private latest: JsonRecord | undefined;

	private lastCharacter = '';

	/** Another output, such as a tool execution, has begun since the last text delta. */
	private isInterrupted = false;

	constructor(private readonly onText: OnText) {}

	/** In order of appearance. */
	get all(): JsonRecord[] {
		return [...this.byKey.values()];
	}

	add(type: string, fields: JsonRecord): void {
		const [, kind] = /^(.+)\.(?:started|delta|done)$/.exec(type) ?? [];
		if (kind === undefined) return;
		const key = `${String(fields.output_index)} ${String(fields.id)}`;
		const known = this.byKey.get(key);
		const output = known ?? {};
		if (!known) this.byKey.set(key, output);
		const { content, arguments: delta, ...plain } = fields;
		const defined = Object.entries(plain).filter(
			([, value]) => value !== undefined && value !== null,
		);
		Object.assign(output, Object.fromEntries(defined), { type: kind });
		if (typeof delta === 'string') output.arguments = `${textOf(output.arguments) ?? ''}${delta}`;
		else if (delta !== undefined) output.arguments = delta;
		if (kind !== 'message.output') this.isInterrupted ||= !known;
		else if (content !== undefined) this.addContent(output, content);
	}

	private addContent(output: JsonRecord, content: unknown): void {
		const chunks = (output.content ??= []) as JsonRecord[];
		const whole = asRecord(content);
		const isText = typeof content === 'string' || whole?.type === 'text';
		const text = typeof content === 'string' ? content : textOf(whole?.text);
		if (!isText || text === undefined) {
			if (whole && !isText) chunks.push(whole);
			return;
		}
		chunks.push({ type: 'text', text });
		if (text) this.handOn(output, text);
	}

	private handOn(output: JsonRecord, text: string): void {
		const isNewParagraph = this.isInterrupted && output !== this.latest;
		this.onText(isNewParagraph ? paragraphBreak(this.lastCharacter, text) + text : text);
		this.latest = output;
		this.lastCharacter = text.slice(-1);
		this.isInterrupted = false;
	}
}
