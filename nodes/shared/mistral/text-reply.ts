// Requests whose reply is text: read whole, or streamed to a callback while the text is generated.
import type { HttpClient, WithAttempts } from '../http/client';
import type { HttpRequest } from '../http/request';
import { type OnText, readStreamedText } from '../http/response/streamed-text';
import type { ServerSentEvent } from '../http/response/sse';

const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;

export interface TextReplyReader<Reply> {
	/** Reads a whole JSON body; undefined when it is not as documented. */
	whole(body: unknown): Reply | undefined;
	/** Reads an event stream and hands each delta of the text to `onText`. */
	stream(events: AsyncIterable<ServerSentEvent>, onText: OnText): Promise<Reply>;
	/** Longest event of the stream; 8 Mi characters when absent. */
	readonly maxEventCharacters?: number;
}

/** Asks for a stream when `onText` is given, and for a whole JSON reply otherwise. */
export async function sendForText<Reply extends { readonly text: string }>(
	client: HttpClient,
	request: HttpRequest,
	onText: OnText | undefined,
	{ maxEventCharacters = MAX_EVENT_CHARACTERS, ...reader }: TextReplyReader<Reply>,
): Promise<WithAttempts<Reply>> {
	if (!onText) return await client.json(request, reader.whole);
	const { operation } = client;
	const streamed = { ...request, accept: 'text/event-stream' };
	const textOf = ({ text }: Reply) => text;
	const how = { ...reader, operation, maxEventCharacters, onText, textOf };
	return await client.send(streamed, async (reply) => await readStreamedText(reply, how));
}
