// What a request to Mistral is made of, and what a reader of its answer is given.
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import type { Headers } from './retry';

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
	/** Guarded: see `guardedBody`. Read it once. */
	readonly body: AsyncIterable<Uint8Array>;
	/** Call once part of the reply has been passed on: from then on the request is not sent again. */
	commit(): void;
}

export interface Connection {
	readonly root: string;
	readonly apiKey: string;
}
