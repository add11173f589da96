// The one HTTP door to Mistral: address, key, retries, deadline and scrubbing, for every request.
import { sleep } from 'n8n-workflow';
import { Failure } from '../errors/failure';
import { apiRoot } from './base-url';
import { Attempt } from './attempt';
import { cancelled, notAsDocumented, timedOut, withFixedAdvice } from './errors/failures';
import { isJson, readAll } from './response/response-body';
import { nowMs, onAbort } from './clock';
import { redactKey } from './redaction/redact';
import { redactKeyDeep } from './redaction/redact-stream';
import { Preconnection } from './preconnection';
import type { HttpReply, HttpRequest } from './request';
import type { ApiCredential, RequestContext } from './n8n-request';
import { CREDENTIAL_NAME, cancelSignal } from './n8n-request';
import type { RetryPolicy } from './retry';
import { DEFAULT_RETRY, RetryBudget } from './retry';
import { limiterOf, Admission } from './limiter/admission';

/** What came of it, and how many requests it took. */
export interface WithAttempts<T> {
	readonly value: T;
	readonly attempts: number;
}

/** Sends requests for one item of one operation. */
export class HttpClient {
	/** The key is empty until it was read. */
	private credential: { connection?: Promise<ApiCredential>; apiKey: string } = { apiKey: '' };

	private readonly cancel: AbortSignal | undefined;

	/** Opened for a request that is still to come. */
	private preconnection: Preconnection | undefined;

	/** When the item is out of time, on the clock of `nowMs`. */
	private limitMs = Infinity;

	private limitIsTimeout = false;

	/** `stop`: what ends its requests besides a stopped execution. */
	constructor(
		private readonly context: RequestContext,
		readonly operation: string,
		private readonly itemIndex: number,
		private readonly budget: RetryBudget = new RetryBudget(),
		private readonly policy: RetryPolicy = DEFAULT_RETRY,
		stop?: AbortSignal,
	) {
		const signals = [cancelSignal(context), stop].filter((signal) => signal !== undefined);
		this.cancel = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
	}

	/** Reads the credential while the settings of the item are read; when that fails, `send` says so. */
	prefetchCredential(): void {
		this.connect().catch(() => undefined);
	}

	/**
	 * Connects for the next request like this one, whose body is not known yet: the handshakes of a
	 * new connection cost as much as two answers of the network.
	 */
	preconnect(request: Omit<HttpRequest, 'body'>): void {
		this.preconnection = new Preconnection(this.context, this.connect(), request, this.cancel);
	}

	/** The same door for one stage of an operation that is made of several. */
	forStage(operation: string, stop?: AbortSignal): HttpClient {
		const { context, itemIndex, budget, policy } = this;
		const stage = new HttpClient(context, operation, itemIndex, budget, policy, stop);
		stage.credential = this.credential;
		stage.limitMs = this.limitMs;
		stage.limitIsTimeout = this.limitIsTimeout;
		return stage;
	}

	/**
	 * Whatever this item still sends has to be over in `ms`, counted from now. `isTimeout`: the person
	 * can raise it as "Timeout".
	 */
	limitTo(ms: number, isTimeout: boolean): void {
		this.limitMs = nowMs() + ms;
		this.limitIsTimeout = isTimeout;
	}

	/** A JSON reply, shaped by `read`, which throws or returns undefined when the shape is not as documented. */
	async json<T>(
		request: HttpRequest,
		read: (body: unknown) => T | undefined,
	): Promise<WithAttempts<T>> {
		return await this.send(request, async ({ headers, body }) => {
			const bytes = await readAll(body);
			const value = isJson(headers) ? this.parseJson(bytes) : undefined;
			const shaped = value === undefined ? undefined : read(value);
			if (shaped === undefined) throw notAsDocumented(this.operation);
			return shaped;
		});
	}

	/**
	 * Sends, retries, and hands a 2xx reply to `read`, which consumes the body within the try: what
	 * breaks while reading counts as a broken try.
	 *
	 * @throws Failure with `attempts`, the API key scrubbed from every text
	 */
	async send<T>(
		request: HttpRequest,
		read: (reply: HttpReply) => Promise<T>,
	): Promise<WithAttempts<T>> {
		const connection = await this.connect();
		const { deadlineMs, isRaisable } = this.deadlineOf(request);
		if (deadlineMs <= nowMs()) throw timedOut(this.operation, isRaisable).with({ attempts: 0 });
		const { context, operation, cancel, policy, credential: item } = this;
		const limiter = limiterOf(context, policy);
		const { path } = request;
		const of = { limiter, item, operation, path, deadlineMs, isRaisable, policy, cancel };
		const turn = new Admission(of);
		for (let attempt = 1; ; attempt++) {
			await turn.acquire(attempt - 1).catch((thrown: Failure) => {
				throw this.redactKey(thrown);
			});
			const line = await this.takePreconnection(request);
			const once = new Attempt(context, operation, connection, request, deadlineMs, cancel, line);
			try {
				const value = redactKeyDeep(await once.run(read), connection.apiKey);
				turn.onServed();
				this.budget.refund();
				return { value, attempts: attempt };
			} catch (thrown) {
				const explained = once.explain(thrown);
				const failure = isRaisable ? explained : withFixedAdvice(explained);
				const next = once.isRateLimited
					? turn.onRejected(once, attempt, failure)
					: this.nextTry(once, attempt);
				turn.onFailed(failure);
				if ('because' in next) {
					const hint = [failure.facts.hint, next.because].filter(Boolean).join(' ');
					throw this.redactKey(failure.with({ attempts: attempt, ...(hint ? { hint } : {}) }));
				}
				// After a refusal the gate does the waiting, for all.
				if (!once.isRateLimited) await this.pause(next.waitMs, attempt);
			} finally {
				turn.release();
			}
		}
	}

	private async takePreconnection(request: HttpRequest): Promise<Preconnection | undefined> {
		const { preconnection } = this;
		if (!preconnection?.isFor(request)) return undefined;
		this.preconnection = undefined;
		if (await preconnection.isUsable(JSON.stringify(request.body?.()))) return preconnection;
		preconnection.end.abort();
		return undefined;
	}

	private deadlineOf({ deadlineMs, isFixed, cleanupDeadlineMs }: HttpRequest) {
		const now = nowMs();
		const own = now + deadlineMs;
		const isLimited = this.limitMs < own;
		return {
			deadlineMs: Math.max(
				Math.min(own, this.limitMs),
				cleanupDeadlineMs === undefined ? 0 : now + cleanupDeadlineMs,
			),
			isRaisable: isLimited ? this.limitIsTimeout : isFixed !== true,
		};
	}

	/** The failure with the key taken out of every text: servers repeat what they were sent. */
	redactKey(failure: Failure): Failure {
		const facts: Record<string, unknown> = { ...failure.facts };
		for (const [name, value] of Object.entries(facts)) {
			// The stage is our own word, and workflows branch on it.
			if (typeof value === 'string' && name !== 'stage')
				facts[name] = redactKey(value, this.credential.apiKey);
		}
		return new Failure(facts as unknown as Failure['facts']);
	}

	private nextTry(once: Attempt, attempt: number): ReturnType<Attempt['nextTry']> {
		const next = once.nextTry(attempt, this.policy);
		if ('because' in next || this.budget.take()) return next;
		return {
			because: 'No further try was made: too many requests of this run had to be repeated already.',
		};
	}

	private async connect(): Promise<ApiCredential> {
		this.credential.connection ??= this.readCredential();
		return await this.credential.connection;
	}

	private async readCredential(): Promise<ApiCredential> {
		const credential = await this.context.getCredentials(CREDENTIAL_NAME, this.itemIndex);
		const apiKey = String(credential.apiKey ?? '').trim();
		if (apiKey === '') {
			throw new Failure({
				stage: `${this.operation}.no-key`,
				message: 'The Mistral Voice API credential has no API Key',
				hint: 'Open the credential, paste a key from console.mistral.ai > API Keys, and save.',
			});
		}
		const root = apiRoot(String(credential.baseUrl ?? ''), credential.allowHttp === true);
		if ('hint' in root) {
			throw new Failure({ stage: `${this.operation}.wrong-base-url`, ...root });
		}
		this.credential.apiKey = apiKey;
		return { root: root.url, apiKey };
	}

	private async pause(ms: number, attempts: number): Promise<void> {
		const { cancel } = this;
		let ignoreCancel = () => {};
		const interrupted = new Promise<never>((_, reject) => {
			const stop = () => reject(cancelled(this.operation).with({ attempts }));
			ignoreCancel = onAbort(cancel, stop);
		});
		try {
			// Older n8n knows no second argument: there the timer runs out by itself.
			const slept = sleep(ms, cancel);
			slept.catch(() => undefined);
			await Promise.race([interrupted, slept]);
		} finally {
			ignoreCancel();
		}
	}

	/** The value of a JSON text, should it repeat the key: without it. Undefined when it is no JSON. */
	private parseJson(bytes: Buffer): unknown {
		try {
			const text = bytes.toString('utf8');
			const { apiKey } = this.credential;
			const told = apiKey.length >= 8 && text.includes(apiKey);
			return JSON.parse(told ? text.split(apiKey).join('[key]') : text) as unknown;
		} catch {
			return undefined;
		}
	}
}
