// Reads server-sent events, by the WHATWG HTML standard, 9.2.6 "Interpreting an event stream", in linear time.

/** What a line counts beside its text, so that a million empty ones are an event too large as well. */
const LINE_CHARACTERS = 8;

export interface ServerSentEvent {
	/** The `event:` field, `message` when absent. */
	readonly event: string;
	readonly data: string;
}

/**
 * Incremental parser. Push decoded text in pieces of any size; complete events come out. An event
 * not closed by an empty line is never delivered, as the standard asks.
 */
export class ServerSentEventParser {
	/** Pieces of the line under way: joined once, when its end is seen, so that long lines stay linear. */
	private line: string[] = [];

	private lineCharacters = 0;

	private skipLineFeed = false;

	private eventName = '';

	private data: string[] = [];

	private dataCharacters = 0;

	constructor(private readonly maxEventCharacters: number) {}

	/** @throws RangeError when one event grows beyond the cap */
	push(text: string): ServerSentEvent[] {
		const events: ServerSentEvent[] = [];
		let start = 0;
		if (this.skipLineFeed && text.length > 0) {
			this.skipLineFeed = false;
			if (text.startsWith('\n')) start = 1;
		}
		const lineEnd = /\r\n?|\n/g;
		lineEnd.lastIndex = start;
		for (let match = lineEnd.exec(text); match; match = lineEnd.exec(text)) {
			this.hold(text.slice(start, match.index));
			start = lineEnd.lastIndex;
			if (match[0] === '\r' && start === text.length) this.skipLineFeed = true;
			const event = this.endLine();
			if (event) events.push(event);
		}
		this.hold(text.slice(start));
		return events;
	}

	private hold(piece: string): void {
		if (piece === '') return;
		this.line.push(piece);
		this.lineCharacters += piece.length;
		if (this.lineCharacters + this.dataCharacters > this.maxEventCharacters) {
			throw new RangeError('event too large');
		}
	}

	private endLine(): ServerSentEvent | undefined {
		const line = this.line.length === 1 ? (this.line[0] ?? '') : this.line.join('');
		this.line = [];
		this.lineCharacters = 0;
		if (line === '') return this.dispatch();
		const colon = line.indexOf(':');
		if (colon === 0) return undefined;
		const field = colon < 0 ? line : line.slice(0, colon);
		const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
		if (field === 'event') this.eventName = value;
		if (field === 'data') {
			this.data.push(value);
			this.dataCharacters += value.length + LINE_CHARACTERS;
		}
		return undefined;
	}

	private dispatch(): ServerSentEvent | undefined {
		const event = this.eventName || 'message';
		const { data } = this;
		this.eventName = '';
		this.data = [];
		this.dataCharacters = 0;
		return data.length === 0 ? undefined : { event, data: data.join('\n') };
	}
}

/** Events of a byte stream. UTF-8 is decoded across chunk borders; a leading byte order mark is dropped. */
export async function* readServerSentEvents(
	bytes: AsyncIterable<Uint8Array>,
	maxEventCharacters: number,
): AsyncGenerator<ServerSentEvent> {
	const decoder = new TextDecoder();
	const parser = new ServerSentEventParser(maxEventCharacters);
	for await (const chunk of bytes) yield* parser.push(decoder.decode(chunk, { stream: true }));
}
