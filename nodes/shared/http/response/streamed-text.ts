// A reply whose text is passed on while it arrives: an event stream, or the whole answer where a proxy or server does not stream.
import { notAsDocumented } from '../errors/failures';
import type { HttpReply } from '../request';
import { isEventStream, readJson } from './response-body';
import { readServerSentEvents, type ServerSentEvent } from './sse';

/** Is given the text of an answer piece by piece. */
export type OnText = (piece: string) => void;

export interface StreamedTextReader<T> {
	readonly operation: string;
	readonly maxEventCharacters: number;
	readonly onText: OnText;
	/** What the events come to; gives each piece of text to `onText`. */
	stream(events: AsyncIterable<ServerSentEvent>, onText: OnText): Promise<T>;
	/** The same from a whole JSON body; undefined when it is not as documented. */
	whole(body: unknown): T | undefined;
	textOf(value: T): string;
}

/** Text reaches `onText` without the API key, and commits the request with its first piece. */
export async function readStreamedText<T>(
	reply: HttpReply,
	reader: StreamedTextReader<T>,
): Promise<T> {
	const sink = reply.redactingSink(reader.onText);
	const pass = (piece: string) => sink.push(piece);
	if (isEventStream(reply.headers)) {
		const events = readServerSentEvents(reply.body, reader.maxEventCharacters);
		const value = await reader.stream(events, pass);
		sink.end();
		return value;
	}
	const value = reader.whole(await readJson(reply));
	if (value === undefined) throw notAsDocumented(reader.operation);
	pass(reader.textOf(value));
	sink.end();
	return value;
}
