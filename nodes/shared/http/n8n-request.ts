// One HTTP request through n8n's helper: credential, options, streamed response, and an abort signal of its own.
import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import type { Budget } from './budget';
import { MAX_TIMER_MS } from './clock';
import type { HttpRequest } from './request';

export const CREDENTIAL_NAME = 'mistralVoiceApi';

export type RequestContext = IExecuteFunctions | ILoadOptionsFunctions;

export interface ApiCredential {
	readonly root: string;
	readonly apiKey: string;
}

/** For n8n's helper, which is given a stream to read whatever the status, and nothing to decide. */
export function httpOptions(
	{ root }: ApiCredential,
	{ method, path, query, body, accept }: HttpRequest,
	budget: Budget,
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
		timeout: Math.min(Math.max(1, Math.ceil(budget.remainingMs)), MAX_TIMER_MS),
	};
}

/** `end` closes the connection, at any time. */
export async function sendThroughN8n(
	context: RequestContext,
	options: IHttpRequestOptions,
	end: AbortSignal,
): Promise<IN8nHttpFullResponse> {
	return (await context.helpers.httpRequestWithAuthentication.call(
		withAbortSignal(context, end),
		CREDENTIAL_NAME,
		options,
	)) as IN8nHttpFullResponse;
}

export function cancelSignal(context: RequestContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal?.() : undefined;
}

/** n8n ends a request with the signal of the context that sends it: the same context, with a signal of one's own. */
export function withAbortSignal(context: RequestContext, signal: AbortSignal): RequestContext {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as RequestContext;
}
