// The HTTP client of one item: address, API key, budget, concurrency limit, retries and redaction for every request.
import { Failure } from '../errors/failure';
import { Attempt, type NextAttempt } from './attempt';
import { apiRoot } from './base-url';
import { Budget } from './budget';
import { notAsDocumented } from './errors/failures';
import { Admission, limiterOf } from './limiter/admission';
import type { ApiCredential, RequestContext } from './n8n-request';
import { cancelSignal, CREDENTIAL_NAME } from './n8n-request';
import { Preconnection } from './preconnection';
import { KeyRedactor } from './redaction/key-redactor';
import type { HttpReply, HttpRequest } from './request';
import { parseJson } from './response/json';
import { isJson, readAll } from './response/response-body';
import type { RetryPolicy } from './retry';
import { DEFAULT_RETRY, RetryBudget } from './retry';

/** A value and how many requests it took. */
export interface WithAttempts<T> {
	readonly value: T;
	readonly attempts: number;
}

export interface HttpClientOptions {
	/** Ends with the execution when absent. */
	readonly budget?: Budget;
	/** Retries left to all items of the run. */
	readonly retryBudget?: RetryBudget;
	readonly policy?: RetryPolicy;
}

/** Read once, shared by the stages of an item. */
interface CredentialCache {
	credential?: Promise<ApiCredential>;
	/** Redacts nothing until the key was read. */
	redactor: KeyRedactor;
}

/** Sends requests for one item of one operation. */
export class HttpClient {
	readonly budget: Budget;

	private readonly retryBudget: RetryBudget;

	private readonly policy: RetryPolicy;

	private cache: CredentialCache = { redactor: new KeyRedactor('') };

	/** For a request that is still to come. */
	private preconnection: Preconnection | undefined;

	constructor(
		private readonly context: RequestContext,
		readonly operation: string,
		private readonly itemIndex: number,
		{ budget, retryBudget, policy }: HttpClientOptions = {},
	) {
		this.budget = budget ?? Budget.until(cancelSignal(context));
		this.retryBudget = retryBudget ?? new RetryBudget();
		this.policy = policy ?? DEFAULT_RETRY;
	}

	/** Reads the credential while the settings of the item are read; when that fails, `send` says so. */
	prefetchCredential(): void {
		this.credential().catch(() => undefined);
	}

	/**
	 * Opens a connection for the next request like this one, whose body is not known yet: the
	 * handshakes cost as much as two round trips.
	 */
	preconnect(request: Omit<HttpRequest, 'body'>): void {
		const budget = this.budgetOf(request);
		this.preconnection = new Preconnection(this.context, this.credential(), request, budget);
	}

	/** The same client for one stage of an operation, within a budget of its own. */
	forStage(operation: string, budget = this.budget): HttpClient {
		const { context, itemIndex, retryBudget, policy } = this;
		const stage = new HttpClient(context, operation, itemIndex, { budget, retryBudget, policy });
		stage.cache = this.cache;
		return stage;
	}

	/** For what several items share: a request that ends with the execution, not with this item. */
	forExecution(): HttpClient {
		return this.forStage(this.operation, Budget.until(cancelSignal(this.context)));
	}

	/** A JSON reply, read by `read`, which throws or returns undefined when it is not as documented. */
	async json<T>(
		request: HttpRequest,
		read: (body: unknown) => T | undefined,
	): Promise<WithAttempts<T>> {
		return await this.send(request, async ({ headers, body }) => {
			const text = (await readAll(body)).toString('utf8');
			const value = isJson(headers) ? parseJson(this.cache.redactor.redactWhole(text)) : undefined;
			const result = value === undefined ? undefined : read(value);
			if (result === undefined) throw notAsDocumented(this.operation);
			return result;
		});
	}

	/**
	 * Sends, retries, and hands a 2xx reply to `read`, which consumes the body within the attempt:
	 * what breaks while reading counts as a failed attempt.
	 *
	 * @throws Failure with `attempts`, the API key redacted from every text
	 */
	async send<T>(
		request: HttpRequest,
		read: (reply: HttpReply) => Promise<T>,
	): Promise<WithAttempts<T>> {
		const { context, operation, policy, cache } = this;
		const budget = this.budgetOf(request);
		const credential = await this.credential(budget);
		if (budget.remainingMs === 0) throw budget.timedOut(operation).with({ attempts: 0 });
		const admission = new Admission(limiterOf(context, policy), {
			item: cache,
			operation,
			path: request.path,
			budget,
			policy,
		});
		for (let attempts = 1; ; attempts++) {
			await admission.acquire(attempts - 1).catch((thrown: Failure) => {
				throw this.redactKey(thrown);
			});
			try {
				const preconnection = await this.takePreconnection(request);
				const { redactor } = cache;
				const attempt = new Attempt(
					context,
					operation,
					credential,
					redactor,
					request,
					budget,
					preconnection,
				);
				const outcome = await attempt.run(read);
				if ('value' in outcome) {
					admission.onServed();
					this.retryBudget.refund();
					return { value: cache.redactor.redactDeep(outcome.value), attempts };
				}
				const { failure } = outcome;
				const next = attempt.isRateLimited
					? admission.onRejected(attempt, attempts, failure)
					: this.nextAttempt(attempt, attempts);
				admission.onFailed(failure);
				if ('because' in next) {
					const hint = [failure.facts.hint, next.because].filter(Boolean).join(' ');
					throw this.redactKey(failure.with({ attempts, ...(hint ? { hint } : {}) }));
				}
				// After a rejection the limiter does the waiting, for all requests of the run.
				if (!attempt.isRateLimited) {
					await budget.sleep(next.waitMs, operation).catch((thrown: Failure) => {
						throw thrown.with({ attempts });
					});
				}
			} finally {
				admission.release();
			}
		}
	}

	/** The failure without the API key in any text: servers repeat what they were sent. */
	redactKey(failure: Failure): Failure {
		const { stage, ...facts } = failure.facts;
		// Workflows branch on the stage, which is a word of this package.
		return new Failure({ stage, ...this.cache.redactor.redactTexts(facts) });
	}

	private budgetOf({ timeoutMs = Infinity, isFixed, cleanupDeadlineMs = 0 }: HttpRequest): Budget {
		const budget = this.budget.narrowedTo(timeoutMs, { isRaisable: isFixed !== true });
		return budget.extendedTo(cleanupDeadlineMs);
	}

	private async takePreconnection(request: HttpRequest): Promise<Preconnection | undefined> {
		const { preconnection } = this;
		if (!preconnection?.isFor(request)) return undefined;
		this.preconnection = undefined;
		if (await preconnection.isUsable(JSON.stringify(request.body?.()))) return preconnection;
		preconnection.abort.abort();
		return undefined;
	}

	private nextAttempt(attempt: Attempt, attempts: number): NextAttempt {
		const next = attempt.next(attempts, this.policy);
		if ('because' in next || this.retryBudget.take()) return next;
		return {
			because: 'No further try was made: too many requests of this run had to be repeated already.',
		};
	}

	private async credential(budget = this.budget): Promise<ApiCredential> {
		this.cache.credential ??= this.readCredential();
		const read = this.cache.credential;
		return await new Promise((resolve, reject) => {
			const ignoreOver = budget.onOver(this.operation, (failure) => {
				reject(failure.with({ attempts: 0 }));
			});
			read.then(resolve, reject).finally(ignoreOver);
		});
	}

	private async readCredential(): Promise<ApiCredential> {
		const stored = await this.context.getCredentials(CREDENTIAL_NAME, this.itemIndex);
		const apiKey = String(stored.apiKey ?? '').trim();
		if (apiKey === '') {
			throw new Failure({
				stage: `${this.operation}.no-key`,
				message: 'The Mistral Voice API credential has no API Key',
				hint: 'Open the credential, paste a key from console.mistral.ai > API Keys, and save.',
			});
		}
		const root = apiRoot(String(stored.baseUrl ?? ''), stored.allowHttp === true);
		if ('hint' in root) {
			throw new Failure({ stage: `${this.operation}.wrong-base-url`, ...root });
		}
		this.cache.redactor = new KeyRedactor(apiKey);
		return { root: root.url, apiKey };
	}
}
