// One request on the wire: how it is sent, what came back, and whether it may be sent again.
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { asFailure, Failure } from '../errors/failure';
import type { Budget } from './budget';
import { onAbort } from './clock';
import { readErrorBody, refusalFacts, statusOfErrorBody } from './errors/error-response';
import { cancelled, notAsDocumented } from './errors/failures';
import { networkCode, networkFacts } from './errors/network-errors';
import type { ApiCredential, RequestContext } from './n8n-request';
import { httpOptions, sendThroughN8n } from './n8n-request';
import type { Preconnection } from './preconnection';
import type { KeyRedactor } from './redaction/key-redactor';
import { privateTexts, redactPrivateTexts } from './redaction/private-texts';
import { StreamRedactor } from './redaction/stream-redactor';
import type { HttpReply, HttpRequest } from './request';
import type { ByteStream } from './response/response-body';
import {
	BodyHead,
	guardedBody,
	isJson,
	MAX_ERROR_BODY_BYTES,
	readAll,
} from './response/response-body';
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
const DEFAULT_IDLE_MS = 60_000;

/** The wait before the next attempt, or why there is none, as far as that is worth saying. */
export type NextAttempt = { readonly waitMs: number } | { readonly because: string };

/** One request on the wire and what is known about it. */
export class Attempt {
	/** Closes the connection. Letting go of a silent answer does not: axios goes on waiting for it. */
	private readonly connection: AbortController;

	private status: number | undefined;

	private headers: Headers = {};

	/** Of an error that came with status 200. */
	private statusInBody: number | undefined;

	/** There was no answer. */
	private networkFailure: { readonly code: string | undefined } | undefined;

	private isCommitted = false;

	private isComplete = false;

	/** What the person sent, once it has to be taken out of a failure. */
	private privateTexts: readonly string[] | undefined;

	/** Another attempt would end the same way. */
	private isNonRetryable = false;

	constructor(
		private readonly context: RequestContext,
		private readonly operation: string,
		private readonly credential: ApiCredential,
		private readonly redactor: KeyRedactor,
		private readonly request: HttpRequest,
		private readonly budget: Budget,
		/** Opened ahead for this request. */
		private readonly preconnection?: Preconnection,
	) {
		this.connection = preconnection?.abort ?? new AbortController();
	}

	/** What `read` makes of a 2xx reply, or the failure a person will read, whatever layer it came from. */
	async run<T>(
		read: (reply: HttpReply) => Promise<T>,
	): Promise<{ readonly value: T } | { readonly failure: Failure }> {
		const ignoreAbort = onAbort(this.budget.signal, () => this.connection.abort());
		try {
			this.budget.check(this.operation);
			return { value: await this.readResponse(await this.exchange(), read) };
		} catch (thrown) {
			return { failure: this.explain(thrown) };
		} finally {
			ignoreAbort();
			if (!this.isComplete) this.connection.abort();
		}
	}

	/** Whether and when the request may be sent again, after so many attempts. */
	next(attempts: number, policy: RetryPolicy): NextAttempt {
		const { serverPauseMs, budget } = this;
		if (this.isCommitted || budget.signal?.aborted) return { because: '' };
		if (!this.isRetryable()) return { because: this.whyNotRepeated() };
		if (attempts >= policy.attempts)
			return { because: attempts > 1 ? `It was tried ${attempts} times.` : '' };
		const pause = `Mistral asks for a pause of ${durationText(serverPauseMs ?? 0)}`;
		if (serverPauseMs !== undefined && serverPauseMs > policy.maxServerWaitMs) {
			const most = durationText(policy.maxServerWaitMs);
			return { because: `${pause}; this node waits ${most} at most.` };
		}
		if (budget.remainingMs <= 1) return { because: '' };
		const waitMs = serverPauseMs ?? backoffMs(attempts, policy, Math.random);
		if (waitMs < budget.remainingMs) return { waitMs };
		return {
			because:
				serverPauseMs === undefined
					? 'The time of "Timeout" was over before another try.'
					: `${pause}, which is more than "Timeout" leaves.`,
		};
	}

	/** Rejected by a rate limit that passes: other requests are rejected as well, and waiting helps. */
	get isRateLimited(): boolean {
		return this.effectiveStatus === 429 && this.isRetryable();
	}

	/** What `Retry-After` asks for. */
	get serverPauseMs(): number | undefined {
		return retryAfterMs(this.headers, Date.now());
	}

	private get effectiveStatus(): number | undefined {
		return this.statusInBody ?? this.status;
	}

	private get isSuccess(): boolean {
		return this.status !== undefined && this.status >= 200 && this.status < 300;
	}

	private isRetryable(): boolean {
		const { networkFailure, effectiveStatus: status } = this;
		const { repeatable } = this.request;
		if (this.isNonRetryable || (networkFailure && !isTransient(networkFailure.code))) return false;
		if (status === undefined) return repeatable || neverReachedServer(networkFailure?.code);
		if (this.isSuccess && this.statusInBody === undefined) return repeatable;
		if (!isRetryableStatus(status)) return false;
		return repeatable || status === 429 || status === 503;
	}

	/** Only where another attempt could have helped. */
	private whyNotRepeated(): string {
		const { networkFailure, effectiveStatus: status } = this;
		if (this.request.repeatable || (networkFailure && !isTransient(networkFailure.code))) return '';
		const isUnknown = status === undefined || status >= 500 || status === 408 || status < 300;
		return isUnknown
			? 'It was not sent again: Mistral may have acted on it, although no answer came.'
			: '';
	}

	private async exchange(): Promise<IN8nHttpFullResponse> {
		const { context, credential, operation, request, connection, preconnection } = this;
		const budget = this.budget.narrowedTo(request.firstByteMs ?? Infinity, this.budget);
		const response = preconnection
			? preconnection.send(JSON.stringify(request.body?.()))
			: sendThroughN8n(context, httpOptions(credential, request, budget), connection.signal);
		let isWanted = true;
		response.then(
			({ body }) => {
				if (!isWanted) (body as unknown as ByteStream).destroy?.();
			},
			() => undefined,
		);
		try {
			// n8n's own timeout restarts with every byte, so a dripping server could hold it for ever.
			return await budget.race(response, operation);
		} finally {
			isWanted = false;
		}
	}

	private async readResponse<T>(
		response: IN8nHttpFullResponse,
		read: (reply: HttpReply) => Promise<T>,
	): Promise<T> {
		this.status = response.statusCode;
		this.headers = response.headers as Headers;
		const { operation, budget, request } = this;
		const stream = response.body as unknown as ByteStream;
		const body = guardedBody(stream, {
			operation,
			budget,
			idleMs: request.idleMs ?? DEFAULT_IDLE_MS,
			maxBytes: this.isSuccess ? (request.maxBytes ?? 64 * MEBIBYTE) : MAX_ERROR_BODY_BYTES,
			onEnd: () => {
				this.isComplete = true;
			},
		});
		try {
			if (!this.isSuccess) throw await this.errorResponse(body);
			return await this.readReply(body, read);
		} finally {
			// A reader that gave up in the middle has closed neither the reply nor its idle timer.
			stream.destroy?.();
			void body.return(undefined).catch(() => undefined);
		}
	}

	private async readReply<T>(
		body: AsyncIterable<Uint8Array>,
		read: (reply: HttpReply) => Promise<T>,
	): Promise<T> {
		const head = new BodyHead(body);
		const commit = () => {
			this.isCommitted = true;
		};
		const reply: HttpReply = {
			status: this.status ?? 0,
			headers: this.headers,
			body: isJson(this.headers) ? head : body,
			commit,
			redactingSink: (onText) =>
				new StreamRedactor(this.redactor, (text) => {
					commit();
					onText(text);
				}),
		};
		return await read(reply).catch((thrown: unknown) => {
			this.statusInBody = statusOfErrorBody(head.text());
			if (this.statusInBody === undefined) throw thrown;
			throw this.rejected(this.statusInBody, head.text());
		});
	}

	private async errorResponse(body: AsyncIterable<Uint8Array>): Promise<Failure> {
		const text = await readAll(body).then(
			(bytes) => bytes.toString('utf8'),
			// The status alone says what happened.
			() => '',
		);
		return this.rejected(this.status ?? 0, text);
	}

	private rejected(status: number, text: string): Failure {
		const facts = refusalFacts(this.operation, status, text, this.headers, this.redactSaid);
		this.isNonRetryable = facts.stage.endsWith('.no-allowance');
		return new Failure(facts);
	}

	private explain(thrown: unknown): Failure {
		const { operation, budget } = this;
		if (budget.signal?.aborted) return cancelled(operation);
		if (thrown instanceof Failure) {
			// An answer that is too large would be as large again.
			this.isNonRetryable ||= thrown.facts.stage.endsWith('.body-too-large');
			return this.redacted(thrown);
		}
		const code = networkCode(thrown);
		if (code === undefined && this.status !== undefined) {
			const isUnreadable = thrown instanceof RangeError || thrown instanceof SyntaxError;
			if (isUnreadable) return notAsDocumented(operation);
			return this.redacted(asFailure(thrown, operation));
		}
		this.networkFailure = { code };
		if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
			return budget.timedOut(operation).with({ code });
		}
		return this.redacted(new Failure(networkFacts(operation, code, thrown)));
	}

	/** Sentences that may quote a server, without what the person sent. */
	private redacted(failure: Failure): Failure {
		const { errorEvent, ...facts } = failure.facts;
		const isReadable = errorEvent !== undefined && errorEvent.length <= MAX_ERROR_BODY_BYTES;
		const said = isReadable ? readErrorBody(errorEvent, this.redactSaid) : {};
		const redact = (text: string) => redactPrivateTexts(text, this.sentTexts, 'runs');
		const hint = [
			...(said.message ? [`Mistral says: ${said.message.replace(/\.$/, '')}.`] : []),
			...(facts.hint ? [redact(facts.hint)] : []),
		].join(' ');
		return new Failure({
			...facts,
			message: redact(facts.message),
			...(hint ? { hint } : {}),
			...(said.code ? { code: said.code } : {}),
		});
	}

	/** For a server's own words. */
	private readonly redactSaid = (said: string): string =>
		redactPrivateTexts(this.redactor.redact(said), this.sentTexts, 'runs and whole texts');

	private get sentTexts(): readonly string[] {
		this.privateTexts ??= privateTexts(this.request.body?.());
		return this.privateTexts;
	}
}
