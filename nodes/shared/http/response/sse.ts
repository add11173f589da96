// Reads server-sent events, by the WHATWG HTML standard, 9.2.6 "Interpreting an event stream", in linear time.

/** What each `data` line counts beside its text, so that a million empty ones are too large as well. */
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
	/** The unfinished line. */
	private line = '';

	private skipLineFeed = false;

	private eventName = '';

	private data: string[] = [];

	private dataCharacters = 0;

	constructor(private readonly maxEventCharacters: number) {}

	/** @throws RangeError when one event grows beyond the cap */
	push(text: string): ServerSentEvent[] {
		if (text === '') return [];
		const events: ServerSentEvent[] = [];
		let start = this.skipLineFeed && text.startsWith('\n') ? 1 : 0;
		this.skipLineFeed = false;
		let lineFeed = text.indexOf('\n', start);
		let carriageReturn = text.indexOf('\r', start);
		while (lineFeed >= 0 || carriageReturn >= 0) {
			const isReturn = carriageReturn >= 0 && (lineFeed < 0 || carriageReturn < lineFeed);
			const end = isReturn ? carriageReturn : lineFeed;
			this.hold(text.slice(start, end));
			const event = this.endLine();
			if (event) events.push(event);
			start = end + 1;
			if (isReturn) {
				if (start === text.length) this.skipLineFeed = true;
				else if (lineFeed === start) start += 1;
				carriageReturn = text.indexOf('\r', start);
			}
			if (lineFeed >= 0 && lineFeed < start) lineFeed = text.indexOf('\n', start);
		}
		this.hold(text.slice(start));
		return events;
	}

	private hold(piece: string): void {
		if (piece === '') return;
		this.line += piece;
		if (this.line.length + this.dataCharacters > this.maxEventCharacters) {
			throw new RangeError('event too large');
		}
	}

	private endLine(): ServerSentEvent | undefined {
		const { line } = this;
		this.line = '';
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
