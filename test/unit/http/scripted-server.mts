// An n8n context whose HTTP helper answers from a script, for tests of the client without a network.
import type { IHttpRequestOptions } from 'n8n-workflow';
import type { HttpRequest } from '../../../nodes/shared/http/request.ts';
import type { RequestContext } from '../../../nodes/shared/http/n8n-request.ts';
import type { RetryPolicy } from '../../../nodes/shared/http/retry.ts';
import { RetryBudget } from '../../../nodes/shared/http/retry.ts';
import { Budget } from '../../../nodes/shared/http/budget.ts';
import { HttpClient } from '../../../nodes/shared/http/client.ts';

export const KEY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';

/** A reply, or what the helper throws; `body` comes in pieces, an error among them breaks it there. */
export type Answer =
	| {
			readonly status?: number;
			readonly headers?: Record<string, string>;
			readonly body?: ReadonlyArray<string | Error | Promise<string>>;
			/** The reply comes only once this is settled. */
			readonly after?: Promise<unknown>;
	  }
	| Error;

export const json = (
	value: unknown,
	status = 200,
	headers: Record<string, string> = {},
): Answer => ({
	status,
	headers: { 'content-type': 'application/json', ...headers },
	body: [JSON.stringify(value)],
});

export const networkError = (code: string): Error => Object.assign(new Error(code), { code });

/** Waits as short as tests like them. */
export const QUICK: RetryPolicy = {
	attempts: 3,
	baseDelayMs: 1,
	maxDelayMs: 2,
	maxServerWaitMs: 60_000,
};

export const GET: HttpRequest = {
	method: 'GET',
	path: '/v1/models',
	repeatable: true,
	timeoutMs: 20_000,
};

export const POST: HttpRequest = { ...GET, method: 'POST', repeatable: false };

const CREDENTIAL: Record<string, unknown> = { apiKey: KEY, baseUrl: 'https://api.mistral.ai' };

/** Answers one request after the other; the last answer stays. */
export function server(
	answers: readonly Answer[],
	{
		credential = CREDENTIAL,
		cancel = undefined as AbortSignal | undefined,
		policy = QUICK,
		retryBudget = new RetryBudget(),
		budget = Budget.until(cancel),
		operation = 'speak',
	} = {},
) {
	const requests: IHttpRequestOptions[] = [];
	const log = { credentialsRead: [] as unknown[][], destroyed: 0, receiver: undefined as unknown };
	const answerNext = async () => {
		const answer = answers[Math.min(requests.length, answers.length) - 1];
		if (answer instanceof Error) throw answer;
		const { status = 200, headers = {}, body = [], after } = answer ?? {};
		await after;
		async function* pieces() {
			for (const piece of body) {
				if (piece instanceof Error) throw piece;
				yield Buffer.from(await piece);
			}
		}
		const iterator = pieces();
		return {
			statusCode: status,
			headers,
			body: {
				[Symbol.asyncIterator]: () => iterator,
				destroy: () => {
					log.destroyed++;
				},
			},
		};
	};
	const context = {
		getCredentials: async (...args: unknown[]) => {
			log.credentialsRead.push(args);
			return credential;
		},
		...(cancel ? { getExecutionCancelSignal: () => cancel } : {}),
		helpers: {
			httpRequestWithAuthentication: async function (
				this: unknown,
				credentialName: string,
				options: IHttpRequestOptions,
			) {
				log.receiver = [this, credentialName];
				requests.push(options);
				return await answerNext();
			},
		},
	} as unknown as RequestContext;
	const client = new HttpClient(context, operation, 7, { budget, retryBudget, policy });
	return { client, requests, log, context };
}

/** What was thrown, as facts. */
export const factsOf = async (work: Promise<unknown>): Promise<Record<string, unknown>> => {
	try {
		await work;
	} catch (thrown) {
		const { facts } = thrown as { facts?: Record<string, unknown> };
		if (facts) return facts;
		throw thrown;
	}
	throw new Error('nothing was thrown');
};
