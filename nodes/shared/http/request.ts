// What a request to Mistral is made of, for us and for n8n, and what a reader of its answer is given.
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import type { Headers } from './retry';
import { endedBy } from './cancel-signal';

export const CREDENTIAL_NAME = 'mistralVoiceApi';

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
	/** For all tries together; less when the item has less left, see `Transport.limitTo`. */
	readonly deadlineMs: number;
	/** The person cannot raise `deadlineMs`. */
	readonly isFixed?: boolean;
	/** Granted even when the item has no time left: for clearing up what it would leave behind. */
	readonly graceMs?: number;
	/** Until the response begins, for one try; the deadline when absent. */
	readonly firstByteMs?: number;
	/** Longest silence within a response. */
	readonly idleMs?: number;
	readonly maxBytes?: number;
}

/**
 * For small questions that a working server answers at once (lists, one agent, one voice): silence
 * is not waited out but asked again.
 */
export const BRIEF = {
	deadlineMs: 30_000,
	firstByteMs: 6_000,
	idleMs: 6_000,
	maxBytes: 16 * 1024 * 1024,
	isFixed: true,
} as const;

/** For one item that asks page after page, or one thing after the other. */
export const MANY_REQUESTS_MS = 300_000;

export interface Reply {
	readonly status: number;
	readonly headers: Headers;
	/** Guarded: see `guardedBody`. Read it once. */
	readonly body: AsyncIterable<Uint8Array>;
	/** Call once part of the reply has been passed on: from then on the request is not sent again. */
	commit(): void;
	/** `onText`, committed with its first words and never told the key. Call `end` after the last ones. */
	telling(onText: (text: string) => void): { push(text: string): void; end(): void };
}

export interface Connection {
	readonly root: string;
	readonly apiKey: string;
}

/** For n8n's helper, which is given a stream to read whatever the status, and nothing to decide. */
export function httpOptions(
	{ root }: Connection,
	{ method, path, query, body, accept }: TransportRequest,
	timeoutMs: number,
): IHttpRequestOptions {
	return {
		method,
		url: `${root}${path}`,
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

/** `end` closes the connection, at any time. */
export async function sendByN8n(
	context: TransportContext,
	options: IHttpRequestOptions,
	end: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	return (await context.helpers.httpRequestWithAuthentication.call(
		endedBy(context, end),
		CREDENTIAL_NAME,
		options,
	)) as IN8nHttpFullResponse;
}
