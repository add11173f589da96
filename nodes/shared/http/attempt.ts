// One request on the wire: how it is sent, what came back, and whether it may be sent again.
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { asFailure, Failure } from '../errors/failure';
import type { ByteStream } from './response/response-body';
import {
	BodyHead,
	guardedBody,
	isJson,
	MAX_ERROR_BODY_BYTES,
	readAll,
} from './response/response-body';
import { cancelled, notAsDocumented, timedOut } from './errors/failures';
import { nowMs, onAbort, onceAfter } from './clock';
import { StreamRedactor } from './redaction/redact-stream';
import { privateTexts, redactKey, redactTexts } from './redaction/redact';
import { readErrorBody, refusalFacts, statusOfErrorBody } from './errors/error-response';
import { networkCode, networkFacts } from './errors/network-errors';
import type { Preconnection } from './preconnection';
import type { HttpReply, HttpRequest } from './request';
import type { ApiCredential, RequestContext } from './n8n-request';
import { httpOptions, sendThroughN8n } from './n8n-request';
import type { Headers, RetryPolicy } from './retry';
import {
	backoffMs,
	durationText,
	isRetryableStatus,
	isTransient,
	neverReachedServer,
	retryAfterMs,
} from './retry';

const MEBIBYTE = 1024 * 1024;

/** One request on the wire and what is known about it. */
export class Attempt {
	private status: number | undefined;

	private headers: Headers = {};

	/** Of an error that came with status 200. */
	private insideStatus: number | undefined;

	/** No answer, and why. */
	private networkFailure: { readonly code: string | undefined } | undefined;

	private committed = false;

	/** Closes the connection. Letting go of an answer that has fallen silent does not: axios waits within it. */
	private readonly abort: AbortController;

	private isComplete = false;

	/** It would be as large again. */
	private isBodyTooLarge = false;

	/** Refused for a reason that no wait changes. */
	private isNonRetryable = false;

	constructor(
		private readonly context: RequestContext,
		private readonly operation: string,
		private readonly connection: ApiCredential,
		private readonly request: HttpRequest,
		private readonly deadlineMs: number,
		/** Aborted when the execution, or what the request belongs to, is stopped. */
		private readonly cancel: AbortSignal | undefined,
		/** Opened for it before. */
		private readonly preconnection?: Preconnection,
	) {
		this.abort = preconnection?.end ?? new AbortController();
	}

	async run<T>(read: (reply: HttpReply) => Promise<T>): Promise<T> {
		if (this.cancel?.aborted) throw cancelled(this.operation);
		const ignoreCancel = onAbort(this.cancel, () => this.abort.abort());
		try {
			return await this.readResponse(await this.exchange(), read);
		} finally {
			ignoreCancel();
			if (!this.isComplete) this.abort.abort();
		}
	}

	private async readResponse<T>(
		response: IN8nHttpFullResponse,
		read: (reply: HttpReply) => Promise<T>,
	): Promise<T> {
		this.status = response.statusCode;
		this.headers = response.headers as Headers;
		const stream = response.body as unknown as ByteStream;
		const body = guardedBody(stream, {
			operation: this.operation,
			idleMs: this.request.idleMs ?? 60_000,
			deadlineMs: this.deadlineMs,
			maxBytes: this.succeeded ? (this.request.maxBytes ?? 64 * MEBIBYTE) : MAX_ERROR_BODY_BYTES,
			cancel: this.cancel,
			onEnd: () => {
				this.isComplete = true;
			},
		});
		try {
			if (!this.succeeded) throw await this.refusal(body);
			return await this.readReply(body, read);
		} finally {
			// A reader that gave up in the middle has closed neither the reply nor the watch over it.
			stream.destroy?.();
			void body.return(undefined).catch(() => undefined);
		}
	}

	/** The failure a person will read, whatever layer it came from. */
	explain(thrown: unknown): Failure {
		if (this.cancel?.aborted) return cancelled(this.operation);
		if (thrown instanceof Failure) {
			this.isBodyTooLarge = thrown.facts.stage.endsWith('.body-too-large');
			return this.redacted(thrown);
		}
		const code = networkCode(thrown);
		if (code === undefined && this.status !== undefined) {
			const unreadable = thrown instanceof RangeError || thrown instanceof SyntaxError;
			if (unreadable) return notAsDocumented(this.operation);
			return this.redacted(asFailure(thrown, this.operation));
		}
		this.networkFailure = { code };
		if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
			return timedOut(this.operation).with({ code });
		}
		return this.redacted(new Failure(networkFacts(this.operation, code, thrown)));
	}

	/** The wait before the next try in ms, or why there must be none, as far as that is worth saying. */
	nextTry(attempt: number, policy: RetryPolicy): { waitMs: number } | { because: string } {
		if (this.committed || this.cancel?.aborted) return { because: '' };
		const serverMs = this.serverPauseMs;
		if (!this.isRetryable()) return { because: this.whyNotRepeated() };
		if (attempt >= policy.attempts)
			return { because: attempt > 1 ? `It was tried ${attempt} times.` : '' };
		const pause = `Mistral asks for a pause of ${durationText(serverMs ?? 0)}`;
		if (serverMs !== undefined && serverMs > policy.maxServerWaitMs) {
			return {
				because: `${pause}; this node waits ${durationText(policy.maxServerWaitMs)} at most.`,
			};
		}
		if (nowMs() >= this.deadlineMs - 1) return { because: '' };
		const waitMs = serverMs ?? backoffMs(attempt, policy, Math.random);
		if (nowMs() + waitMs < this.deadlineMs) return { waitMs };
		return {
			because:
				serverMs === undefined
					? 'The time of "Timeout" was over before another try.'
					: `${pause}, which is more than "Timeout" leaves.`,
		};
	}

	/** Too much is under way already: others will be turned away as well, and waiting helps. */
	get isRateLimited(): boolean {
		return (this.insideStatus ?? this.status) === 429 && this.isRetryable();
	}

	get serverPauseMs(): number | undefined {
		return retryAfterMs(this.headers, Date.now());
	}

	private get succeeded(): boolean {
		return this.status !== undefined && this.status >= 200 && this.status < 300;
	}

	private isRetryable(): boolean {
		const { repeatable } = this.request;
		if (
			this.isNonRetryable ||
			this.isBodyTooLarge ||
			(this.networkFailure && !isTransient(this.networkFailure.code))
		)
			return false;
		if (this.status === undefined)
			return repeatable || neverReachedServer(this.networkFailure?.code);
		const status = this.insideStatus ?? this.status;
		if (this.succeeded && this.insideStatus === undefined) return repeatable;
		if (!isRetryableStatus(status)) return false;
		return repeatable || status === 429 || status === 503;
	}

	/** Only where another try could have helped. */
	private whyNotRepeated(): string {
		if (this.request.repeatable || (this.networkFailure && !isTransient(this.networkFailure.code)))
			return '';
		const status = this.insideStatus ?? this.status;
		const unknown = status === undefined || status >= 500 || status === 408 || status < 300;
		return unknown
			? 'It was not sent again: Mistral may have acted on it, although no answer came.'
			: '';
	}

	private async exchange(): Promise<IN8nHttpFullResponse> {
		const remainingMs = Math.max(1, Math.ceil(this.deadlineMs - nowMs()));
		const waitMs = Math.min(this.request.firstByteMs ?? remainingMs, remainingMs);
		const { context, connection, request, abort, preconnection } = this;
		const response = preconnection
			? preconnection.send(JSON.stringify(request.body?.()))
			: sendThroughN8n(context, httpOptions(connection, request, waitMs), abort.signal);
		// The helper's own time-out restarts with every byte, so a dripping server could hold it for ever.
		let wanted = true;
		let disarm = () => {};
		let ignoreCancel = () => {};
		const givenUp = new Promise<never>((_, reject) => {
			disarm = onceAfter(waitMs, () => reject(timedOut(this.operation)));
			ignoreCancel = onAbort(this.cancel, () => reject(cancelled(this.operation)));
		});
		response.then(
			({ body }) => {
				if (!wanted) (body as unknown as ByteStream).destroy?.();
			},
			() => undefined,
		);
		try {
			return await Promise.race([response, givenUp]);
		} finally {
			wanted = false;
			disarm();
			ignoreCancel();
		}
	}

	private async readReply<T>(
		body: AsyncIterable<Uint8Array>,
		read: (reply: HttpReply) => Promise<T>,
	): Promise<T> {
		const beginning = new BodyHead(body);
		const reply: HttpReply = {
			status: this.status ?? 0,
			headers: this.headers,
			body: isJson(this.headers) ? beginning : body,
			commit: () => {
				this.committed = true;
			},
			redactingSink: (onText) =>
				new StreamRedactor(this.connection.apiKey, (text) => {
					this.committed = true;
					onText(text);
				}),
		};
		return await read(reply).catch((thrown: unknown) => {
			this.insideStatus = statusOfErrorBody(beginning.text());
			if (this.insideStatus === undefined) throw thrown;
			throw this.refused(this.insideStatus, beginning.text());
		});
	}

	private async refusal(body: AsyncIterable<Uint8Array>): Promise<Failure> {
		const text = await readAll(body).then(
			(bytes) => bytes.toString('utf8'),
			// The status alone tells what happened.
			() => '',
		);
		if (this.cancel?.aborted) return cancelled(this.operation);
		return this.refused(this.status ?? 0, text);
	}

	private refused(status: number, text: string): Failure {
		const facts = refusalFacts(this.operation, status, text, this.headers, this.redact);
		this.isNonRetryable = facts.stage.endsWith('.no-allowance');
		return new Failure(facts);
	}

	/** Sentences that may quote a server, without what the person sent. */
	private redacted(failure: Failure): Failure {
		const { errorEvent, ...facts } = failure.facts;
		const sent = this.sentTexts();
		const isReadable = errorEvent !== undefined && errorEvent.length <= MAX_ERROR_BODY_BYTES;
		const said = isReadable ? readErrorBody(errorEvent, this.redact) : {};
		const hint = [
			...(said.message ? [`Mistral says: ${said.message.replace(/\.$/, '')}.`] : []),
			...(facts.hint ? [redactTexts(facts.hint, sent, false)] : []),
		].join(' ');
		return new Failure({
			...facts,
			message: redactTexts(facts.message, sent, false),
			...(hint ? { hint } : {}),
			...(said.code ? { code: said.code } : {}),
		});
	}

	/** For a server's own words. */
	private readonly redact = (said: string): string =>
		redactTexts(redactKey(said, this.connection.apiKey), this.sentTexts(), true);

	private sentTexts(): string[] {
		return privateTexts(this.request.body?.());
	}
}
