// A connection opened before there is something to send: what n8n does for a request (reading the credential,
// connecting, the TLS handshake) is done while its body is still awaited. Nothing is sent until then.
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { type ByteStream } from './response/response-body';
import { onAbort, onceAfter } from './clock';
import type { HttpRequest } from './request';
import type { Budget } from './budget';
import type { ApiCredential, RequestContext } from './n8n-request';
import { httpOptions, sendThroughN8n } from './n8n-request';

/** Servers close a connection that stays silent; what is written to it in that moment would be lost. */
const MAX_IDLE_MS = 4_000;

/** For n8n to come to the point of sending; one that works otherwise than known never does. */
const MAX_OPENING_MS = 500;

/**
 * `Content-Length` has to be sent before the body is known: it is filled up with spaces, which may follow
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
	/** Closes the connection. */
	readonly abort = new AbortController();

	private readonly body = new DeferredBody();

	private readonly response: Promise<IN8nHttpFullResponse>;

	/** Resolves when n8n waits for the body, or the connection was closed before that. */
	private readonly opened: Promise<void>;

	private readonly unwatch: () => void;

	private isUsed = false;

	constructor(
		context: RequestContext,
		credential: Promise<ApiCredential>,
		private readonly request: HttpRequest,
		budget: Budget,
	) {
		const close = () => this.abort.abort();
		const disarm = onceAfter(Math.min(MAX_OPENING_MS, budget.remainingMs), close);
		const watches = [disarm, onceAfter(MAX_IDLE_MS, close), onAbort(budget.signal, close)];
		this.unwatch = () => watches.forEach((unwatch) => unwatch());
		const closed = new Promise<void>((resolve) => {
			const onClosed = () => {
				this.unwatch();
				resolve();
			};
			watches.push(onAbort(this.abort.signal, onClosed));
		});
		this.opened = Promise.race([this.body.wanted.then(disarm), closed]);
		this.response = this.open(context, credential, budget);
		this.response.then(
			({ body }) => this.onSettled(body as unknown as ByteStream),
			() => this.onSettled(),
		);
	}

	isFor({ method, path, accept }: HttpRequest): boolean {
		const { request } = this;
		return method === request.method && path === request.path && accept === request.accept;
	}

	/** Whether it is still open, and for a body of this length. */
	async isUsable(body: string): Promise<boolean> {
		if (Buffer.byteLength(body) > BODY_BYTES) return false;
		await this.opened;
		return !this.abort.signal.aborted;
	}

	/** Once only, while it is usable. */
	async send(body: string): Promise<IN8nHttpFullResponse> {
		this.isUsed = true;
		this.unwatch();
		this.body.end(body + ' '.repeat(BODY_BYTES - Buffer.byteLength(body)));
		return await this.response;
	}

	/** Broken, or answered without a request, as some servers do before they close an idle connection. */
	private onSettled(answer?: ByteStream): void {
		if (!this.isUsed) {
			answer?.destroy?.();
			this.abort.abort();
		}
		this.unwatch();
	}

	private async open(
		context: RequestContext,
		credential: Promise<ApiCredential>,
		budget: Budget,
	): Promise<IN8nHttpFullResponse> {
		const { request, abort, body } = this;
		const whileIdle = budget.extendedTo(budget.remainingMs + MAX_IDLE_MS);
		const options = httpOptions(await credential, request, whileIdle);
		abort.signal.throwIfAborted();
		const headers = {
			...options.headers,
			'Content-Type': 'application/json',
			'Content-Length': BODY_BYTES,
		};
		return await sendThroughN8n(context, { ...options, headers, body }, abort.signal);
	}
}
