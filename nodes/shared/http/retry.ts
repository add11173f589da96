// When a request is worth sending again, and how long to wait first: Retry-After, or backoff with full jitter. Pure.

export interface RetryPolicy {
	/** Requests in all, the first included. */
	readonly attempts: number;
	/** First backoff ceiling; doubles each time. */
	readonly baseDelayMs: number;
	readonly maxDelayMs: number;
	/** A server that asks for a longer wait than this is given up on at once. */
	readonly maxServerWaitMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
	attempts: 4,
	baseDelayMs: 400,
	maxDelayMs: 8_000,
	maxServerWaitMs: 60_000,
};

export type Headers = Readonly<Record<string, string | undefined>>;

/** Statuses after which a later attempt can succeed: timeouts, too early, rate limits, server errors. */
export function isRetryableStatus(status: number): boolean {
	return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Network codes after which the server cannot have acted on the request: it never had it. */
const NEVER_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'EHOSTDOWN',
]);

export function neverReachedServer(code: string | undefined): boolean {
	return code !== undefined && NEVER_SENT.has(code);
}

/** Transient: connections, name look-ups, damaged answers; not certificates, addresses or files. */
const TRANSIENT =
	/^(E(CONN|TIMEDOUT|PIPE|NOTFOUND|AI_|HOST|NET|AGAIN)|ERR_(STREAM|BAD_RESPONSE|NETWORK|SOCKET|CANCELED)|HPE_|Z_)/;

export function isTransient(code: string | undefined): boolean {
	return code !== undefined && TRANSIENT.test(code);
}

const LIMIT_A_MINUTE = /^x-ratelimit-limit-(.+-)?minute$/;
const LEFT_THIS_MONTH = /^x-ratelimit-remaining-(.+-)?month$/;

/** A limit of nothing a minute, or a month used up: no wait of a request changes that (mistral-api 1.2). */
export function hasNoAllowance(headers: Headers): boolean {
	return Object.entries(headers).some(
		([name, value]) =>
			value?.trim() === '0' && (LIMIT_A_MINUTE.test(name) || LEFT_THIS_MONTH.test(name)),
	);
}

/** `1 second`, `90 seconds`, `3 minutes` … rounded up. */
export function durationText(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	if (seconds <= 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
	if (seconds <= 7_200) return `${Math.ceil(seconds / 60)} minutes`;
	return seconds <= 172_800 ? `${Math.ceil(seconds / 3_600)} hours` : 'more than two days';
}

/**
 * The wait a server asks for, in ms: `retry-after-ms`, then `Retry-After` as seconds or as an HTTP
 * date (RFC 9110, 10.2.3). Negative and past values mean 0; what cannot be read is ignored.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
	const ms = readNumber(headers['retry-after-ms']);
	if (ms !== undefined) return Math.max(0, ms);
	const value = headers['retry-after']?.trim();
	const seconds = readNumber(value);
	if (seconds !== undefined) return Math.max(0, seconds * 1000);
	// Only a real HTTP date: Date.parse accepts far too much ("soon 1" is a date to it).
	if (!value || !/^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(value)) return undefined;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

function readNumber(value: string | undefined): number | undefined {
	const text = value?.trim();
	if (!text || !/^-?\d+(\.\d+)?(e\d+)?$/i.test(text)) return undefined;
	const number = Number(text);
	return Number.isFinite(number) ? number : undefined;
}

/** Backoff with full jitter: any wait between nothing and the ceiling, so that many clients do not return together. */
export function backoffMs(attempt: number, policy: RetryPolicy, random: () => number): number {
	const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
	return Math.round(random() * ceiling);
}

/**
 * Retry budget of a whole execution: every retry takes one token, every success gives a fifth back.
 * With an API that is down, many items then fail quickly instead of causing a retry storm.
 */
export class RetryBudget {
	private tokens: number;

	constructor(private readonly capacity = 20) {
		this.tokens = capacity;
	}

	take(): boolean {
		if (this.tokens < 1) return false;
		this.tokens -= 1;
		return true;
	}

	refund(): void {
		this.tokens = Math.min(this.capacity, this.tokens + 0.2);
	}
}
