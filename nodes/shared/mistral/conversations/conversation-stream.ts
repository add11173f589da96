// Puts a streamed answer together again: each event adds to an output, the text leaves as it comes.
import { Failure } from '../../errors/failure';
import { type Answer, gapBetween, readAnswer } from './answer';
import { notAsDocumented } from '../../http/errors/failures';
import { TerminatedEventStream } from '../../http/response/terminated-event-stream';
import { asRecord, type JsonRecord, textOf } from '../../http/response/json';
import type { ServerSentEvent } from '../../http/response/sse';
import type { OnText } from '../../http/response/streamed-text';

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
	const events = new TerminatedEventStream(stream);
	const outputs = new Outputs(onText);
	let conversationId: string | undefined;
	let answer: Answer | undefined;
	for await (const { event, data } of events) {
		if (answer) {
			// Where it belongs is unknown, and what was taken for the whole is not.
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

/** Of an event behind the end, which may be anything, `[DONE]` for example. */
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

	/** The message whose words came last, and how they ended. */
	private latest: JsonRecord | undefined;

	private ending = '';

	/** Something else has begun since. */
	private isApart = false;

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
		const { content, arguments: piece, ...plain } = fields;
		const set = Object.entries(plain).filter(([, value]) => value !== undefined && value !== null);
		Object.assign(output, Object.fromEntries(set), { type: kind });
		if (typeof piece === 'string') output.arguments = `${textOf(output.arguments) ?? ''}${piece}`;
		else if (piece !== undefined) output.arguments = piece;
		if (kind !== 'message.output') this.isApart ||= !known;
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
		if (text) this.tell(output, text);
	}

	private tell(output: JsonRecord, text: string): void {
		const isNext = this.isApart && output !== this.latest;
		this.onText(isNext ? gapBetween(this.ending, text) + text : text);
		this.latest = output;
		this.ending = text.slice(-1);
		this.isApart = false;
	}
}
