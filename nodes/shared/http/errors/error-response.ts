// Error bodies of Mistral, its gateway, FastAPI and vLLM, turned into one sentence and one piece of advice.
import type { FailureFacts } from '../../errors/failure';
import type { Headers } from '../retry';
import { asRecord, parseJson } from '../response/json';
import { hasNoAllowance } from '../retry';

export interface ErrorBody {
	readonly message?: string;
	/** Mistral's `code` as text (`1500`, `3051`…), whatever type it came in. */
	readonly code?: string;
	readonly type?: string;
}

/** Takes out of a server's words what nobody may read in a message. */
export type Redact = (text: string) => string;

const MAX_MESSAGE_CHARACTERS = 300;

/**
 * Reads an error body: Mistral's own (`message` text or validation list), FastAPI's (`detail` text
 * or list), the gateway's (`message`), vLLM's (`error.message`), HTML or plain text. Never throws.
 */
export function readErrorBody(text: string, redact: Redact = (said) => said): ErrorBody {
	const body = asRecord(parseJson(text));
	if (!body) return plainText(text, redact);
	const inner = asRecord(body.error);
	const message =
		asText(body.message) ??
		validationMessages(asRecord(body.message)?.detail) ??
		asText(body.detail) ??
		validationMessages(body.detail) ??
		asText(inner?.message) ??
		asText(body.error);
	const code = asCode(body.code) ?? asCode(inner?.code);
	const type = asText(body.type) ?? asText(inner?.type);
	return {
		...(message ? { message: shorten(message, redact) } : {}),
		...(code ? { code: shorten(code, redact) } : {}),
		...(type ? { type: shorten(type, redact) } : {}),
	};
}

function plainText(text: string, redact: Redact): ErrorBody {
	const trimmed = text.trim();
	if (trimmed === '' || trimmed.startsWith('<') || trimmed.startsWith('{')) return {};
	return { message: shorten(trimmed, redact) };
}

/** FastAPI's list: where, then what. `input` (the person's own words or audio) is left out on purpose. */
function validationMessages(detail: unknown): string | undefined {
	if (!Array.isArray(detail)) return undefined;
	const messages = detail.slice(0, 3).flatMap((entry) => {
		const issue = asRecord(entry);
		const what = asText(issue?.msg);
		if (!what) return [];
		const where = Array.isArray(issue?.loc) ? issue.loc.filter((part) => part !== 'body') : [];
		return [where.length > 0 ? `${where.join('.')}: ${what}` : what];
	});
	return messages.length > 0 ? messages.join('; ') : undefined;
}

function asText(value: unknown): string | undefined {
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function asCode(value: unknown): string | undefined {
	return typeof value === 'number' ? String(value) : asText(value);
}

/** Redacted before it is cut: half a key would no longer be recognised. */
function shorten(text: string, redact: Redact): string {
	const sentence = redact(text.replace(/\s+/g, ' ').trim());
	return sentence.length <= MAX_MESSAGE_CHARACTERS
		? sentence
		: `${sentence.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
}

type Explanation = Pick<FailureFacts, 'message' | 'hint'> & { readonly reason: string };

/** What an error response means to the person at the screen. First match wins. */
function explain(
	status: number,
	{ message, code, type }: ErrorBody,
	headers: Headers,
): Explanation {
	const said = message ? `Mistral says: ${message.replace(/\.$/, '')}.` : undefined;
	if (status === 401) {
		return {
			reason: 'unauthorized',
			message: 'Mistral does not accept the API Key of this credential',
			hint: 'Open the Mistral Voice API credential, paste a current key from console.mistral.ai > API Keys, and save. New keys can take a few minutes to work.',
		};
	}
	if (status === 402) {
		return {
			reason: 'payment-required',
			message: 'Mistral asks for payment before it answers',
			hint: 'Check the plan and the billing page of your workspace at console.mistral.ai.',
		};
	}
	if (code === '1910' || type === 'tier_not_allowed') {
		return {
			reason: 'model-not-in-plan',
			message: 'The chosen Model is not part of your Mistral plan',
			hint: 'Pick another model in the Model field, or upgrade the plan at console.mistral.ai.',
		};
	}
	if (status === 403) {
		return {
			reason: 'refused',
			message: 'Mistral refused this request',
			hint: `${said ?? 'No reason was given.'} Mistral refuses texts and voices that break its usage policy; change the text, or check what the key may do.`,
		};
	}
	if (code === '1500' || type === 'invalid_model') {
		return {
			reason: 'unknown-model',
			message: 'Mistral does not know the chosen Model, or it cannot do this job',
			hint: `${said ?? ''} Pick one in the Model field with "From List": it shows the models that fit.`.trim(),
		};
	}
	if (
		code === '1902' ||
		type === 'invalid_voice' ||
		/\bvoice\b.*(not found|not supported)/i.test(message ?? '')
	) {
		return {
			reason: 'unknown-voice',
			message: 'Mistral does not know the chosen Voice, or the Model cannot speak with it',
			hint: `${said ?? ''} Pick one in the Voice field with "From List": it shows the voices of your account.`.trim(),
		};
	}
	if (status === 404 && /no route matched/i.test(message ?? '')) {
		return {
			reason: 'wrong-base-url',
			message: 'The Base URL of the credential leads to a server without this function',
			hint: 'Set Base URL in the Mistral Voice API credential to https://api.mistral.ai, without a path.',
		};
	}
	if (status === 404) {
		return {
			reason: 'not-found',
			message: 'Mistral cannot find what was asked for',
			hint:
				said ??
				'It may have been deleted or belong to another API key. If every request ends like this, check Base URL in the credential.',
		};
	}
	if (status === 413) {
		return {
			reason: 'too-large',
			message: 'The audio is larger than Mistral accepts in one request',
			hint: 'Send a shorter recording or a compressed format such as MP3 or OGG.',
		};
	}
	// The second is what OpenAI-compatible servers say when an account has nothing left.
	const isUsedUp = hasNoAllowance(headers) || [code, type].includes('insufficient_quota');
	if (status === 429 && isUsedUp) {
		return {
			reason: 'no-allowance',
			message: 'This API key has no allowance for the chosen Model',
			hint: 'Waiting will not change that. Pick another model, or activate a plan at console.mistral.ai.',
		};
	}
	if (status === 429) {
		return {
			reason: 'rate-limited',
			message: 'Mistral is receiving more requests from your account than it allows',
			hint: 'Lower "Items at Once" in the options, wait a minute, or raise the limit at console.mistral.ai.',
		};
	}
	if (status >= 500 || status === 408 || status === 425) {
		return {
			reason: 'server-trouble',
			message: 'Mistral could not answer just now',
			hint: `${said ?? ''} Run the workflow again later, or see status.mistral.ai.`.trim(),
		};
	}
	if (status >= 300 && status < 400) {
		return {
			reason: 'redirected',
			message: 'The Base URL of the credential sends requests on to another address',
			hint: 'Redirects are not followed, so that your API key stays with the server you named. Set Base URL to the final address.',
		};
	}
	return {
		reason: 'rejected',
		message: message
			? `Mistral rejected the request: ${message.replace(/\.$/, '')}`
			: 'Mistral rejected the request',
		hint: 'Check the fields named here, and the Options that were set.',
	};
}

/** The facts of an error response: HTTP `status`, its body and headers. */
export function refusalFacts(
	operation: string,
	status: number,
	bodyText: string,
	headers: Headers,
	redact: Redact = (said) => said,
): FailureFacts {
	const body = readErrorBody(bodyText, redact);
	const { reason, ...sentences } = explain(status, body, headers);
	const requestId = headers['mistral-correlation-id'] ?? headers['x-kong-request-id'];
	return {
		stage: `${operation}.${reason}`,
		...sentences,
		status,
		...(body.code ? { code: body.code } : {}),
		...(requestId ? { requestId: shorten(requestId, redact) } : {}),
	};
}

/** The status of an error that arrived as a success: its own, or 500. Undefined when `text` is no error. */
export function statusOfErrorBody(text: string): number | undefined {
	const body = asRecord(parseJson(text));
	if (!body) return undefined;
	const isError = body.object === 'error' || asRecord(body.error) !== undefined || 'detail' in body;
	if (!isError) return undefined;
	const status = Number(body.raw_status_code ?? asRecord(body.error)?.code);
	return Number.isInteger(status) && status >= 400 && status < 600 ? status : 500;
}
