// Ready-made faults by name; each is only data for `inject`, so any field can be added or changed.
import { fastApiBody, invalidKeyBody, noRouteBody, plainBody, validationBody } from './errors.mts';
import type { Fault } from './faults.mts';

const html =
	'<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';
const extraInput = {
	type: 'extra_forbidden',
	loc: ['body', 'speed'],
	msg: 'Extra inputs are not permitted',
	input: 1.2,
};

function refusal(status: number, message: string, type?: string, code?: string): Fault {
	return { status, body: plainBody(status, message, type, code) };
}

export const faults = {
	invalidKey: (): Fault => ({ status: 401, body: invalidKeyBody, contentType: 'application/json' }),
	paymentRequired: () => refusal(402, 'Payment required', 'payment_required'),
	tierNotAllowed: () =>
		refusal(403, 'Model not available in your tier', 'tier_not_allowed', '1910'),
	moderated: () => refusal(403, 'Content violates the usage policy', 'moderation'),
	notFound: () => refusal(404, 'Not found', 'not_found'),
	noRoute: (): Fault => ({
		status: 404,
		body: noRouteBody('00000000-0000-4000-8000-000000000000'),
	}),
	tooLarge: () => refusal(413, 'Request body too large'),
	unprocessable: (): Fault => ({ status: 422, body: validationBody([extraInput]) }),
	unprocessableFastApi: (): Fault => ({ status: 422, body: fastApiBody([extraInput]) }),
	/** `retryAfter`: seconds, an HTTP date, or an invalid value; omitted = no header. */
	rateLimited: (retryAfter?: string): Fault => ({
		...refusal(429, 'Rate limit exceeded', 'rate_limited', '1300'),
		headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
	}),
	rateLimitedForMs: (ms: number): Fault => ({
		...refusal(429, 'Rate limit exceeded', 'rate_limited', '1300'),
		headers: { 'retry-after-ms': String(ms) },
	}),
	noAllowance: (): Fault => ({
		...refusal(429, 'Rate limit exceeded', 'rate_limited', '1300'),
		headers: { 'x-ratelimit-limit-req-minute': '0' },
	}),
	capacityExceeded: () =>
		refusal(
			429,
			'Service tier capacity exceeded for this model.',
			'service_tier_capacity_exceeded',
			'3505',
		),
	serverError: (status = 500) => refusal(status, 'Internal Server Error', 'server_error'),
	serverErrorHtml: (status = 502): Fault => ({ status, body: html, contentType: 'text/html' }),
	serverErrorPlain: (status = 503): Fault => ({
		status,
		body: 'upstream connect error or disconnect/reset before headers',
	}),
	htmlPage: (): Fault => ({ status: 200, body: html, contentType: 'text/html' }),
	errorInside200: (): Fault => ({
		status: 200,
		body: plainBody(500, 'Internal error', 'server_error'),
	}),
	emptyReply: (): Fault => ({ status: 200, body: '', contentType: 'application/json' }),
	noContent: (): Fault => ({ status: 204, body: '' }),
	notJson: (): Fault => ({ status: 200, body: '{"text":"Hel', contentType: 'application/json' }),
	echoKey: (status = 400): Fault => ({ echoKey: true, status }),
	echoPackedKey: (status = 400): Fault => ({ echoKey: 'base64', status }),
	redirect: (url: string, status = 307): Fault => ({ redirectTo: url, status }),
	gzipBomb: (bytes = 256 * 1024 * 1024): Fault => ({ gzipBombBytes: bytes }),
	hugeJson: (bytes = 1024 ** 3): Fault => ({ hugeJsonBytes: bytes }),

	slow: (ms: number): Fault => ({ delayMs: ms }),
	hang: (): Fault => ({ hang: true }),
	stallAfterHeaders: (): Fault => ({ stallAfterBytes: 0 }),
	stallMidBody: (bytes = 20): Fault => ({ stallAfterBytes: bytes }),
	resetBeforeBody: (): Fault => ({ reset: 'before-body' }),
	resetBeforeResponse: (): Fault => ({ reset: 'before-response' }),
	/** The work is done and the response lost: a retry would do it twice. */
	lostAfterWork: (): Fault => ({ reset: 'before-response', execute: true }),
	resetMidBody: (bytes = 20): Fault => ({ resetAfterBytes: bytes }),
	closeMidBody: (bytes = 20): Fault => ({ closeAfterBytes: bytes }),
	/** No length and no chunked encoding: the client cannot tell truncation from the end. */
	cleanCloseMidBody: (bytes = 20): Fault => ({ closeAfterBytes: bytes, framing: 'until-close' }),
	tooShortForLength: (missing = 7): Fault => ({ contentLengthError: missing, framing: 'length' }),
	tooLongForLength: (excess = 7): Fault => ({ contentLengthError: -excess, framing: 'length' }),
	oneByteSlices: (): Fault => ({ sliceBytes: 1 }),
	/** `bytes` a time, 1000 ms / `perSecond` apart. */
	drip: (perSecond = 5): Fault => ({ sliceBytes: 1, sliceEveryMs: 1000 / perSecond }),
	http10: (): Fault => ({ http10: true }),
	notHttp: (): Fault => ({ raw: 'SSH-2.0-OpenSSH_9.6\r\n' }),
	earlyHints: (): Fault => ({ earlyHints: true }),

	withoutEvent: (...drop: string[]): Fault => ({ events: { drop } }),
	endAfterEvents: (events: number): Fault => ({ events: { after: { events, then: 'end' } } }),
	resetAfterEvents: (events: number): Fault => ({ events: { after: { events, then: 'reset' } } }),
	stallAfterEvents: (events: number): Fault => ({ events: { after: { events, then: 'stall' } } }),
	errorEvent: (
		before = 'end',
		data: unknown = plainBody(500, 'Internal error', 'server_error'),
	): Fault => ({
		events: { insert: [{ before, event: { event: 'error', data } }] },
	}),
	/** An event of an undocumented type, in the API's usual form. */
	unknownEvent: (before = 'end'): Fault => ({
		events: {
			insert: [{ before, event: { event: 'x.news', data: { type: 'x.news', value: 1 } } }],
		},
	}),
	openAtTheEnd: (): Fault => ({ events: { staysOpen: true } }),
	/** The stream continues after its final event. */
	lateEvent: (type: string): Fault => ({ events: { again: type } }),
	carriageReturns: (): Fault => ({ events: { lineEnding: '\r\n' } }),
	bareCarriageReturns: (): Fault => ({ events: { lineEnding: '\r' } }),
	noisyStream: (): Fault => ({
		events: { noise: true, byteOrderMark: true, multiLine: true },
		sliceBytes: 3,
	}),
	notBase64: (): Fault => ({ events: { audio: 'not-base64' } }),
	oddLengthAudio: (): Fault => ({ events: { audio: 'odd-length' } }),
} as const;
