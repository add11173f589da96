// A connection opened before there is something to send: what n8n does for a request (reading the credential,
// connecting, the TLS handshake) is done while its body is still awaited. Nothing is sent until then.
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { type ByteStream } from './response/response-body';
import { onAbort, onceAfter } from './clock';
import type { HttpRequest } from './request';
import type { ApiCredential, RequestContext } from './n8n-request';
import { httpOptions, sendThroughN8n } from './n8n-request';

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
class DeferredBody {
	private destination: Destination | undefined;

	private onPipe = (): void => undefined;

	/** Resolves when it is asked for. */
	readonly wanted = new Promise<void>((resolve) => {
		this.onPipe = resolve;
	});

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

export class Preconnection {
	/** Ends it, and whatever came of it. */
	readonly end = new AbortController();

	private readonly body = new DeferredBody();

	private readonly response: Promise<IN8nHttpFullResponse>;

	/** Resolves when n8n waits for the body, or it has ended before that. */
	private readonly opened: Promise<void>;

	private readonly unwatch: () => void;

	private isUsed = false;

	/** `cancel` closes it. */
	constructor(
		context: RequestContext,
		connection: Promise<ApiCredential>,
		private readonly request: HttpRequest,
		cancel: AbortSignal | undefined,
	) {
		const close = () => this.end.abort();
		const disarm = onceAfter(Math.min(MAX_OPENING_MS, request.deadlineMs), close);
		const watches = [disarm, onceAfter(MAX_IDLE_MS, close), onAbort(cancel, close)];
		this.unwatch = () => watches.forEach((unwatch) => unwatch());
		const ended = new Promise<void>((resolve) => {
			watches.push(onAbort(this.end.signal, resolve));
		});
		this.opened = Promise.race([this.body.wanted.then(disarm), ended]);
		this.response = this.open(context, connection);
		this.response.then(
			({ body }) => this.settled(body as unknown as ByteStream),
			() => this.settled(),
		);
	}

	isFor({ method, path, accept }: HttpRequest): boolean {
		const { request } = this;
		return method === request.method && path === request.path && accept === request.accept;
	}

	/** Whether it can still be used, and for a body so long. */
	async isUsable(body: string): Promise<boolean> {
		if (Buffer.byteLength(body) > BODY_BYTES) return false;
		await this.opened;
		return !this.end.signal.aborted;
	}

	/** Once only, while it stands. */
	async send(body: string): Promise<IN8nHttpFullResponse> {
		this.isUsed = true;
		this.unwatch();
		this.body.end(body + ' '.repeat(BODY_BYTES - Buffer.byteLength(body)));
		return await this.response;
	}

	/** Broken, or answered unasked, as some servers do before they close a silent connection. */
	private settled(answer?: ByteStream): void {
		if (!this.isUsed) {
			answer?.destroy?.();
			this.end.abort();
		}
		this.unwatch();
	}

	private async open(
		context: RequestContext,
		connection: Promise<ApiCredential>,
	): Promise<IN8nHttpFullResponse> {
		const { request, end, body } = this;
		const options = httpOptions(await connection, request, MAX_IDLE_MS + request.deadlineMs);
		end.signal.throwIfAborted();
		const headers = {
			...options.headers,
			'Content-Type': 'application/json',
			'Content-Length': BODY_BYTES,
		};
		return await sendThroughN8n(context, { ...options, headers, body }, end.signal);
	}
}
