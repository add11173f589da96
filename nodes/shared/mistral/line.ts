// A connection opened before there is something to send: what n8n does for a request (reading the credential,
// connecting, the TLS handshake) is done while its body is still awaited. Nothing is sent until then.
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { type ByteStream, nowMs, onAbort, onceAfter } from './body';
import type { Connection, TransportContext, TransportRequest } from './request';
import { httpOptions, sendByN8n } from './request';

/** Servers close a connection that stays silent; what is written to it in that moment would be lost. */
const MAX_IDLE_MS = 4_000;

/** For n8n to come to the point of sending; one that works otherwise than known never does. */
const MAX_OPENING_MS = 500;

/**
 * The length has to be told before the body is known: it is filled up with spaces, which may follow
 * any JSON (RFC 8259, section 2). So much leaves within the first round trip of a connection.
 */
const BODY_BYTES = 4_096;

interface Destination {
	end(data: string): void;
}

/** As much of Node's `Readable` as axios, and `pipeline` within it, ask of a body. */
class LateBody {
	private destination: Destination | undefined;

	constructor(private readonly onPipe: () => void) {}

	pipe = (destination: Destination): Destination => {
		this.destination = destination;
		this.onPipe();
		return destination;
	};

	on = (): this => this;

	once = (): this => this;

	removeListener = (): this => this;

	destroy = (): this => this;

	end(data: string): void {
		this.destination?.end(data);
	}
}

export class Line {
	/** Ends it, and whatever came of it. */
	readonly end = new AbortController();

	private readonly untilMs = nowMs() + MAX_IDLE_MS;

	private readonly body: LateBody;

	private readonly response: Promise<IN8nHttpFullResponse>;

	/** Whether n8n came to wait for the body. */
	private readonly opened: Promise<boolean>;

	private readonly unwatch: () => void;

	private isUsed = false;

	/** `cancel` closes it. */
	constructor(
		context: TransportContext,
		connection: Promise<Connection>,
		private readonly request: TransportRequest,
		cancel: AbortSignal | undefined,
	) {
		let onPipe = () => {};
		const piped = new Promise<boolean>((resolve) => (onPipe = () => resolve(true)));
		this.body = new LateBody(onPipe);
		const close = () => this.end.abort();
		const watches = [onAbort(cancel, close), onceAfter(MAX_IDLE_MS, close)];
		this.unwatch = () => watches.forEach((unwatch) => unwatch());
		this.response = this.open(context, connection);
		const over = this.response.then(
			({ body }) => this.isOver(body as unknown as ByteStream),
			() => this.isOver(),
		);
		const late = new Promise<boolean>((resolve) => {
			watches.push(onceAfter(MAX_OPENING_MS, () => resolve(false)));
		});
		this.opened = Promise.race([piped, over, late]);
	}

	isFor({ method, path, accept }: TransportRequest): boolean {
		const { request } = this;
		return method === request.method && path === request.path && accept === request.accept;
	}

	/** Whether it can still be used, and for a body so long. */
	async stands(body: string): Promise<boolean> {
		return (
			Buffer.byteLength(body) <= BODY_BYTES &&
			(await this.opened) &&
			!this.end.signal.aborted &&
			nowMs() < this.untilMs
		);
	}

	/** Once only, while it stands. */
	async send(body: string): Promise<IN8nHttpFullResponse> {
		this.isUsed = true;
		this.unwatch();
		this.body.end(body + ' '.repeat(BODY_BYTES - Buffer.byteLength(body)));
		return await this.response;
	}

	/** Broken, or answered unasked, as some servers do before they close a silent connection. */
	private isOver(answer?: ByteStream): false {
		if (this.isUsed) return false;
		answer?.destroy?.();
		this.end.abort();
		this.unwatch();
		return false;
	}

	private async open(
		context: TransportContext,
		connection: Promise<Connection>,
	): Promise<IN8nHttpFullResponse> {
		const { request, end, body } = this;
		const options = httpOptions(await connection, request, MAX_IDLE_MS + request.deadlineMs);
		end.signal.throwIfAborted();
		const headers = {
			...options.headers,
			'Content-Type': 'application/json',
			'Content-Length': BODY_BYTES,
		};
		return await sendByN8n(context, { ...options, headers, body }, end.signal);
	}
}
