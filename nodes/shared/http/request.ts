// What a request to Mistral is made of, for us and for n8n, and what a reader of its answer is given.
import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import type { Headers } from './retry';

export interface HttpRequest {
	readonly method: IHttpRequestMethods;
	/** From `/v1` or `/v2` on. */
	readonly path: string;
	readonly query?: IDataObject;
	/** Made anew for each attempt, so that a streamed upload starts from its first byte. */
	readonly body?: () => IDataObject | FormData;
	readonly accept?: string;
	/**
	 * Whether Mistral may get the request twice. `false`: it is sent again only when the first one
	 * surely was not acted on (never connected, or rejected with 429 or 503).
	 */
	readonly repeatable: boolean;
	/** For all attempts together, where that is less than the budget of the item. */
	readonly timeoutMs?: number;
	/** `timeoutMs` is no option that a person could raise. */
	readonly isFixed?: boolean;
	/** Granted even when the budget of the item is over: for cleaning up what it would leave behind. */
	readonly cleanupDeadlineMs?: number;
	/** Time to first byte, for one attempt; the whole budget when absent. */
	readonly firstByteMs?: number;
	/** Idle timeout: longest silence within a response body. */
	readonly idleMs?: number;
	readonly maxBytes?: number;
}

/**
 * For small questions that a working server answers at once (lists, one agent, one voice): silence
 * is not waited out but asked again.
 */
export const METADATA_REQUEST = {
	timeoutMs: 30_000,
	firstByteMs: 6_000,
	idleMs: 6_000,
	maxBytes: 16 * 1024 * 1024,
	isFixed: true,
} as const;

export interface HttpReply {
	readonly status: number;
	readonly headers: Headers;
	/** Guarded: see `guardedBody`. Read it once. */
	readonly body: AsyncIterable<Uint8Array>;
	/** Call once part of the reply has been passed on: from then on the request is not sent again. */
	commit(): void;
	/** Passes text on to `onText` without the API key, and commits with the first piece. Call `end` after the last one. */
	redactingSink(onText: (text: string) => void): { push(text: string): void; end(): void };
}
