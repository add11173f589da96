// Fault injection: one flat record says what is sent instead of a response
// and how the response is damaged on the wire. Ready-made faults: fault-catalogue.mts.
import type { ServerEvent } from './sse.mts';

export interface Fault {
	/** Requests it applies to; `path` without the base path prefix, exact or by pattern; `apiKey` of the caller. */
	match?: { method?: string; path?: string | RegExp; apiKey?: string };
	/** How many requests it applies to (default 1; Infinity for a permanent fault). */
	times?: number;
	/** How many matching requests are skipped first. */
	skip?: number;

	/** Response instead of the endpoint's. A string or bytes are sent unchanged, the rest as JSON. */
	status?: number;
	body?: unknown;
	headers?: Record<string, string | string[]>;
	contentType?: string;
	/** The endpoint still does its work (a turn is stored), only its response is lost. */
	execute?: boolean;
	/** Respond before the request body was read. */
	early?: boolean;
	/** Raw bytes written to the socket, which is then closed. */
	raw?: string | Uint8Array;
	redirectTo?: string;
	/** The error body quotes the Authorization header, plain or base64-encoded. */
	echoKey?: boolean | 'base64';
	gzipBombBytes?: number;
	hugeJsonBytes?: number;

	/** Wait before the status line. */
	delayMs?: number;
	/** Never respond; the request stays open until the client closes it. */
	hang?: boolean;
	reset?: 'before-body' | 'before-response' | 'after-headers';
	resetAfterBytes?: number;
	/** Orderly close (FIN) after that many body bytes. */
	closeAfterBytes?: number;
	stallAfterBytes?: number;
	/** `until-close` has neither a length nor chunked encoding, so truncation looks like the end. */
	framing?: 'length' | 'chunked' | 'until-close';
	/** Responds by HTTP/1.0: no chunked encoding, the connection is closed after it. */
	http10?: boolean;
	/** Added to the true Content-Length. */
	contentLengthError?: number;
	sliceBytes?: number;
	sliceEveryMs?: number;
	/** Only that much of the response is sliced; the rest is sent at once. */
	sliceFirstBytes?: number;
	/** A 103 is sent first. */
	earlyHints?: boolean;

	/** Faults of the events of a stream. */
	events?: EventFault;
}

export interface EventFault {
	/** Types never sent, e.g. the `.done` of the stream. */
	drop?: string[];
	/** Types sent twice. */
	duplicate?: string[];
	/** Sent before the first event of that type (`end` = after the last event). */
	insert?: { before: string; event: ServerEvent }[];
	/** After that many events: the stream ends, is reset, or stalls. */
	after?: { events: number; then: 'end' | 'reset' | 'stall' };
	lineEnding?: '\n' | '\r\n' | '\r';
	byteOrderMark?: boolean;
	/** A comment line and an unknown field around every event. */
	noise?: boolean;
	/** The JSON is pretty-printed over several data lines. */
	multiLine?: boolean;
	/** The connection stays open after the last event. */
	staysOpen?: boolean;
	/** No blank line after the last event. */
	unterminated?: boolean;
	reverse?: boolean;
	/** The first event of that type is sent once more, after all others. */
	again?: string;
	/** Audio payloads: not base64 at all, or one byte short. */
	audio?: 'not-base64' | 'odd-length';
}

interface ArmedFault {
	fault: Fault;
	passLeft: number;
	hitsLeft: number;
}

/** Injected faults; the oldest one that matches a request is used. */
export class FaultBox {
	#armed: ArmedFault[] = [];

	arm(fault: Fault): void {
		this.#armed.push({ fault, passLeft: fault.skip ?? 0, hitsLeft: fault.times ?? 1 });
	}

	/** Removes the faults of exactly this path or caller; all without either. */
	clear({ path, apiKey }: { path?: string; apiKey?: string } = {}): void {
		this.#armed = this.#armed.filter(
			({ fault: { match } }) =>
				(path !== undefined && match?.path !== path) ||
				(apiKey !== undefined && match?.apiKey !== apiKey),
		);
	}

	take(method: string, path: string, apiKey?: string): Fault | undefined {
		for (const armed of this.#armed) {
			if (!matches(armed.fault, method, path, apiKey)) continue;
			if (armed.passLeft > 0) {
				armed.passLeft -= 1;
				continue;
			}
			armed.hitsLeft -= 1;
			if (armed.hitsLeft <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
			return armed.fault;
		}
		return undefined;
	}
}

function matches(
	{ match }: Fault,
	method: string,
	path: string,
	apiKey: string | undefined,
): boolean {
	if (match?.apiKey !== undefined && match.apiKey !== apiKey) return false;
	if (match?.method && match.method.toUpperCase() !== method) return false;
	if (match?.path instanceof RegExp)
		return new RegExp(match.path.source, match.path.flags.replace(/[gy]/g, '')).test(path);
	return match?.path === undefined || match.path === path;
}

/** Whether the fault responds in place of the endpoint. */
export function replacesAnswer(fault: Fault): boolean {
	return (
		fault.status !== undefined ||
		fault.body !== undefined ||
		fault.redirectTo !== undefined ||
		fault.gzipBombBytes !== undefined ||
		fault.hugeJsonBytes !== undefined ||
		(fault.echoKey ?? false) !== false
	);
}

/** Whether the client gets no response; then no work is done either, unless `execute` is set. */
export function neverAnswers(fault: Fault): boolean {
	return fault.hang === true || fault.reset === 'before-response' || fault.raw !== undefined;
}
