// Everything that can go wrong on the way back, as one flat record: what is answered instead,
// and what happens to the answer on the wire. Ready-made ones: fault-catalogue.mts.
import type { ServerEvent } from './sse.mts';

export interface Fault {
	/** Which requests it hits; `path` without the base path prefix, exact or by pattern; `apiKey` of the caller. */
	match?: { method?: string; path?: string | RegExp; apiKey?: string };
	/** How many requests it hits before it is used up (default 1; Infinity for ever). */
	times?: number;
	/** How many matching requests pass untouched first. */
	skip?: number;

	/** Answer instead of the endpoint. A string or bytes are sent as they are, the rest as JSON. */
	status?: number;
	body?: unknown;
	headers?: Record<string, string | string[]>;
	contentType?: string;
	/** The endpoint still does its work (a turn is stored), only its answer is lost. */
	execute?: boolean;
	/** Answer before the request body was read. */
	early?: boolean;
	/** Bytes written to the socket as they are; then it is closed. */
	raw?: string | Uint8Array;
	redirectTo?: string;
	/** The error body quotes the Authorization header, as it came or packed. */
	echoKey?: boolean | 'base64';
	gzipBombBytes?: number;
	hugeJsonBytes?: number;

	/** Wait before the status line. */
	delayMs?: number;
	/** Never answer; the request stays open until somebody closes it. */
	hang?: boolean;
	reset?: 'before-body' | 'before-response' | 'after-headers';
	resetAfterBytes?: number;
	/** Orderly close (FIN) after so many body bytes. */
	closeAfterBytes?: number;
	stallAfterBytes?: number;
	/** `until-close` has neither a length nor chunks, so a cut looks like an end. */
	framing?: 'length' | 'chunked' | 'until-close';
	/** The answer is one of HTTP/1.0: no chunks, the connection is closed after it. */
	http10?: boolean;
	/** Added to the true Content-Length. */
	contentLengthError?: number;
	sliceBytes?: number;
	sliceEveryMs?: number;
	/** Only so much of the answer is sliced, the rest goes out as it comes. */
	sliceFirstBytes?: number;
	/** A 103 goes out first. */
	earlyHints?: boolean;

	/** What happens to the events of a stream. */
	events?: EventFault;
}

export interface EventFault {
	/** Types never sent, e.g. the `.done` of the stream. */
	drop?: string[];
	/** Types sent twice. */
	duplicate?: string[];
	/** Sent before the first event of that type (`end` = after the last event). */
	insert?: { before: string; event: ServerEvent }[];
	/** After so many events: the stream ends, is reset, or goes silent. */
	after?: { events: number; then: 'end' | 'reset' | 'stall' };
	lineEnding?: '\n' | '\r\n' | '\r';
	byteOrderMark?: boolean;
	/** A comment line and an unknown field around every event. */
	noise?: boolean;
	/** The JSON goes out pretty-printed, on several data lines. */
	multiLine?: boolean;
	/** No blank line after the last event. */
	unterminated?: boolean;
	reverse?: boolean;
	/** The first event of that type comes once more, after all others. */
	again?: string;
	/** Audio payloads: not base64 at all, or one byte short. */
	audio?: 'not-base64' | 'odd-length';
}

interface ArmedFault {
	fault: Fault;
	passLeft: number;
	hitsLeft: number;
}

/** The faults waiting for a request; the oldest one that matches is taken. */
export class FaultBox {
	#armed: ArmedFault[] = [];

	arm(fault: Fault): void {
		this.#armed.push({ fault, passLeft: fault.skip ?? 0, hitsLeft: fault.times ?? 1 });
	}

	/** Forgets those aimed at exactly this path or caller; all of them without either. */
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

/** Does the fault answer in place of the endpoint? */
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

/** The client gets no answer at all, so that without `execute` no work is done either. */
export function neverAnswers(fault: Fault): boolean {
	return fault.hang === true || fault.reset === 'before-response' || fault.raw !== undefined;
}
