// One request on the wire: how it is sent, what came back, and whether it may be sent again.
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { Failure } from '../run/failure';
import type { ByteStream } from './body';
import { guardedBody, notAsDocumented, nowMs, onceAfter, readAll, timedOut } from './body';
import { networkFacts, refusalFacts } from './errors';
import type { Headers, RetryPolicy } from './retry';
import { backoffMs, isRetryableStatus, neverReachedServer, retryAfterMs } from './retry';

export const CREDENTIAL_NAME = 'mistralVoiceApi';

const MEBIBYTE = 1024 * 1024;
const MAX_ERROR_BODY_BYTES = 64 * 1024;

export type TransportContext = IExecuteFunctions | ILoadOptionsFunctions;

export interface TransportRequest {
	readonly method: IHttpRequestMethods;
	/** From `/v1` or `/v2` on. */
	readonly path: string;
	readonly query?: IDataObject;
	/** Made anew for each try, so that a streamed upload starts from its first byte. */
	readonly body?: () => IDataObject | FormData;
	readonly accept?: string;
	/**
	 * Whether Mistral may get the request twice. `false`: it is sent again only when the first one
	 * surely was not acted on (never connected, or turned away by 429 or 503).
	 */
	readonly repeatable: boolean;
	/** For all tries together. */
	readonly deadlineMs: number;
	/** Until the response begins, for one try; the deadline when absent. */
	readonly firstByteMs?: number;
	/** Longest silence within a response. */
	readonly idleMs?: number;
	readonly maxBytes?: number;
}

export interface Reply {
	readonly status: number;
	readonly headers: Headers;
	/** Guarded: see {@link guardedBody}. Read it once. */
	readonly body: AsyncIterable<Uint8Array>;
	/** Call once part of the reply has been passed on: from then on the request is not sent again. */
	commit(): void;
}

export interface Connection {
	readonly root: string;
	readonly apiKey: string;
}

/** One request on the wire and what is known about it. */
export class Attempt {
	private status: number | undefined;

	private headers: Headers = {};

	private networkCode: string | undefined;

	private committed = false;

	constructor(
		private readonly context: TransportContext,
		private readonly operation: string,
		private readonly connection: Connection,
		private readonly request: TransportRequest,
		private readonly deadlineMs: number,
	) {}

	async run<T>(read: (reply: Reply) => Promise<T>): Promise<T> {
		if (cancelSignal(this.context)?.aborted) throw cancelled(this.operation);
		const response = await this.exchange();
		this.status = response.statusCode;
		this.headers = response.headers as Headers;
		const body = guardedBody(response.body as unknown as ByteStream, this.headers, {
			operation: this.operation,
			idleMs: this.request.idleMs ?? 60_000,
			deadlineMs: this.deadlineMs,
			maxBytes: this.succeeded ? (this.request.maxBytes ?? 64 * MEBIBYTE) : MAX_ERROR_BODY_BYTES,
		});
		if (!this.succeeded) throw await this.refusal(body);
		return await read({
			status: response.statusCode,
			headers: this.headers,
			body,
			commit: () => {
				this.committed = true;
			},
		});
	}

	/** The failure a person will read, whatever layer it came from. */
	explain(thrown: unknown): Failure {
		if (thrown instanceof Failure) return thrown;
		if (cancelSignal(this.context)?.aborted) return cancelled(this.operation);
		this.networkCode = networkCode(thrown);
		if (this.networkCode === 'ECONNABORTED' || this.networkCode === 'ETIMEDOUT') {
			return timedOut(this.operation).with({ code: this.networkCode });
		}
		if (thrown instanceof RangeError || thrown instanceof SyntaxError) {
			return notAsDocumented(this.operation);
		}
		return new Failure(networkFacts(this.operation, this.networkCode));
	}

	/** The wait before the next try in ms, or undefined when there must be none. */
	waitBeforeRetry(attempt: number, policy: RetryPolicy): number | undefined {
		if (this.committed || cancelSignal(this.context)?.aborted || !this.mayRepeat()) return undefined;
		const serverMs = retryAfterMs(this.headers, Date.now());
		if (serverMs !== undefined && serverMs > policy.maxServerWaitMs) return undefined;
		const waitMs = serverMs ?? backoffMs(attempt, policy, Math.random);
		return nowMs() + waitMs < this.deadlineMs ? waitMs : undefined;
	}

	private get succeeded(): boolean {
		return this.status !== undefined && this.status >= 200 && this.status < 300;
	}

	private mayRepeat(): boolean {
		if (this.headers['x-ratelimit-limit-req-minute']?.trim() === '0') return false;
		if (this.status === undefined) {
			return this.request.repeatable || neverReachedServer(this.networkCode);
		}
		if (this.succeeded) return this.request.repeatable;
		if (!isRetryableStatus(this.status)) return false;
		return this.request.repeatable || this.status === 429 || this.status === 503;
	}

	private async exchange(): Promise<IN8nHttpFullResponse> {
		const remainingMs = Math.max(1, Math.ceil(this.deadlineMs - nowMs()));
		const waitMs = Math.min(this.request.firstByteMs ?? remainingMs, remainingMs);
		const response = this.context.helpers.httpRequestWithAuthentication.call(
			this.context,
			CREDENTIAL_NAME,
			this.options(waitMs),
		) as Promise<IN8nHttpFullResponse>;
		// The helper's own time-out restarts with every byte, so a dripping server could hold it for ever.
		let inTime = true;
		const late = new Promise<never>((_, reject) => {
			onceAfter(waitMs, () => {
				inTime = false;
				reject(timedOut(this.operation));
			});
		});
		response.then(
			({ body }) => {
				if (!inTime) (body as unknown as ByteStream).destroy?.();
			},
			() => undefined,
		);
		return await Promise.race([response, late]);
	}

	private options(timeoutMs: number): IHttpRequestOptions {
		const { method, path, query, body, accept } = this.request;
		return {
			method,
			url: `${this.connection.root}${path}`,
			...(query ? { qs: query, arrayFormat: 'repeat' } : {}),
			...(body ? { body: body() } : {}),
			headers: { Accept: accept ?? 'application/json', 'Accept-Encoding': 'identity' },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// Followed redirects would buffer uploads in memory and could carry the key to another host.
			disableFollowRedirect: true,
			sendCredentialsOnCrossOriginRedirect: false,
			timeout: timeoutMs,
		};
	}

	private async refusal(body: AsyncIterable<Uint8Array>): Promise<Failure> {
		let text = '';
		try {
			text = (await readAll(body)).toString('utf8');
		} catch {
			// The status alone already tells what happened.
		}
		const facts = refusalFacts(this.operation, this.status ?? 0, text, this.headers);
		const seconds = Math.ceil((retryAfterMs(this.headers, Date.now()) ?? 0) / 1000);
		const wish = seconds > 0 ? ` Mistral asks for a pause of ${seconds} seconds.` : '';
		return new Failure({ ...facts, hint: `${facts.hint ?? ''}${wish}`.trim() });
	}
}

export function cancelSignal(context: TransportContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal?.() : undefined;
}

export function cancelled(operation: string): Failure {
	return new Failure({ stage: `${operation}.cancelled`, message: 'The execution was stopped' });
}

/** Node's code of a network failure, wherever n8n and axios wrapped it. */
function networkCode(thrown: unknown): string | undefined {
	let current: unknown = thrown;
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		const { code, cause, errorResponse } = current as Record<string, unknown>;
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{3,}$/.test(code)) return code;
		current = cause ?? errorResponse;
	}
	return undefined;
}
