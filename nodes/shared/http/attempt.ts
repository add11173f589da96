// One request on the wire: how it is sent, what came back, and whether it may be sent again.
import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { asFailure, Failure } from '../errors/failure';
import type { ByteStream } from './response/response-body';
import {
	Beginning,
	guardedBody,
	isJson,
	MAX_ERROR_BODY_BYTES,
	readAll,
} from './response/response-body';
import { cancelled, notAsDocumented, timedOut } from './errors/failures';
import { nowMs, onAbort, onceAfter } from './clock';
import { KeylessText } from './redaction/redact-stream';
import { privateTexts, withoutKey, withoutTexts } from './redaction/redact';
import { readErrorBody, refusalFacts, statusInside } from './errors/error-response';
import { networkCode, networkFacts } from './errors/network-errors';
import type { Line } from './preconnection';
import type { Reply, TransportRequest } from './request';
import type { Connection, TransportContext } from './n8n-request';
import { httpOptions, sendByN8n } from './n8n-request';
import type { Headers, RetryPolicy } from './retry';
import {
	backoffMs,
	inWords,
	isRetryableStatus,
	mayHeal,
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
	private broken: { readonly code: string | undefined } | undefined;

	private committed = false;

	/** Closes the connection. Letting go of an answer that has fallen silent does not: axios waits within it. */
	private readonly end: AbortController;

	private isWhole = false;

	/** It would be as large again. */
	private tooLarge = false;

	/** Refused for a reason that no wait changes. */
	private hopeless = false;

	constructor(
		private readonly context: TransportContext,
		private readonly operation: string,
		private readonly connection: Connection,
		private readonly request: TransportRequest,
		private readonly deadlineMs: number,
		/** Aborted when the execution, or what the request belongs to, is stopped. */
		private readonly cancel: AbortSignal | undefined,
		/** Opened for it before. */
		private readonly line?: Line,
	) {
		this.end = line?.end ?? new AbortController();
	}

	async run<T>(read: (reply: Reply) => Promise<T>): Promise<T> {
		if (this.cancel?.aborted) throw cancelled(this.operation);
		const ignoreCancel = onAbort(this.cancel, () => this.end.abort());
		try {
			return await this.readResponse(await this.exchange(), read);
		} finally {
			ignoreCancel();
			if (!this.isWhole) this.end.abort();
		}
	}

	private async readResponse<T>(
		response: IN8nHttpFullResponse,
		read: (reply: Reply) => Promise<T>,
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
				this.isWhole = true;
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
			this.tooLarge = thrown.facts.stage.endsWith('.body-too-large');
			return this.concealed(thrown);
		}
		const code = networkCode(thrown);
		if (code === undefined && this.status !== undefined) {
			const unreadable = thrown instanceof RangeError || thrown instanceof SyntaxError;
			if (unreadable) return notAsDocumented(this.operation);
			return this.concealed(asFailure(thrown, this.operation));
		}
		this.broken = { code };
		if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
			return timedOut(this.operation).with({ code });
		}
		return this.concealed(new Failure(networkFacts(this.operation, code, thrown)));
	}

	/** The wait before the next try in ms, or why there must be none, as far as that is worth saying. */
	nextTry(attempt: number, policy: RetryPolicy): { waitMs: number } | { because: string } {
		if (this.committed || this.cancel?.aborted) return { because: '' };
		const serverMs = this.askedPauseMs;
		if (!this.mayRepeat()) return { because: this.whyNotRepeated() };
		if (attempt >= policy.attempts)
			return { because: attempt > 1 ? `It was tried ${attempt} times.` : '' };
		const pause = `Mistral asks for a pause of ${inWords(serverMs ?? 0)}`;
		if (serverMs !== undefined && serverMs > policy.maxServerWaitMs) {
			return { because: `${pause}; this node waits ${inWords(policy.maxServerWaitMs)} at most.` };
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
	get isTurnedAway(): boolean {
		return (this.insideStatus ?? this.status) === 429 && this.mayRepeat();
	}

	get askedPauseMs(): number | undefined {
		return retryAfterMs(this.headers, Date.now());
	}

	private get succeeded(): boolean {
		return this.status !== undefined && this.status >= 200 && this.status < 300;
	}

	private mayRepeat(): boolean {
		const { repeatable } = this.request;
		if (this.hopeless || this.tooLarge || (this.broken && !mayHeal(this.broken.code))) return false;
		if (this.status === undefined) return repeatable || neverReachedServer(this.broken?.code);
		const status = this.insideStatus ?? this.status;
		if (this.succeeded && this.insideStatus === undefined) return repeatable;
		if (!isRetryableStatus(status)) return false;
		return repeatable || status === 429 || status === 503;
	}

	/** Only where another try could have helped. */
	private whyNotRepeated(): string {
		if (this.request.repeatable || (this.broken && !mayHeal(this.broken.code))) return '';
		const status = this.insideStatus ?? this.status;
		const unknown = status === undefined || status >= 500 || status === 408 || status < 300;
		return unknown
			? 'It was not sent again: Mistral may have acted on it, although no answer came.'
			: '';
	}

	private async exchange(): Promise<IN8nHttpFullResponse> {
		const remainingMs = Math.max(1, Math.ceil(this.deadlineMs - nowMs()));
		const waitMs = Math.min(this.request.firstByteMs ?? remainingMs, remainingMs);
		const { context, connection, request, end, line } = this;
		const response = line
			? line.send(JSON.stringify(request.body?.()))
			: sendByN8n(context, httpOptions(connection, request, waitMs), end.signal);
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
		read: (reply: Reply) => Promise<T>,
	): Promise<T> {
		const beginning = new Beginning(body);
		const reply: Reply = {
			status: this.status ?? 0,
			headers: this.headers,
			body: isJson(this.headers) ? beginning : body,
			commit: () => {
				this.committed = true;
			},
			telling: (onText) =>
				new KeylessText(this.connection.apiKey, (text) => {
					this.committed = true;
					onText(text);
				}),
		};
		return await read(reply).catch((thrown: unknown) => {
			this.insideStatus = statusInside(beginning.text());
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
		const facts = refusalFacts(this.operation, status, text, this.headers, this.conceal);
		this.hopeless = facts.stage.endsWith('.no-allowance');
		return new Failure(facts);
	}

	/** Sentences that may quote a server, without what the person sent. */
	private concealed(failure: Failure): Failure {
		const { errorEvent, ...facts } = failure.facts;
		const sent = this.sentTexts();
		const isReadable = errorEvent !== undefined && errorEvent.length <= MAX_ERROR_BODY_BYTES;
		const said = isReadable ? readErrorBody(errorEvent, this.conceal) : {};
		const hint = [
			...(said.message ? [`Mistral says: ${said.message.replace(/\.$/, '')}.`] : []),
			...(facts.hint ? [withoutTexts(facts.hint, sent, false)] : []),
		].join(' ');
		return new Failure({
			...facts,
			message: withoutTexts(facts.message, sent, false),
			...(hint ? { hint } : {}),
			...(said.code ? { code: said.code } : {}),
		});
	}

	/** For a server's own words. */
	private readonly conceal = (said: string): string =>
		withoutTexts(withoutKey(said, this.connection.apiKey), this.sentTexts(), true);

	private sentTexts(): string[] {
		return privateTexts(this.request.body?.());
	}
}
