// The rows of docs/faults.md: every fault that is injected. The operations: operations.mts.
import { type Fault, faults } from '../../standin/index.mts';

export interface FaultRow {
	readonly name: string;
	readonly fault: Fault;
	/** Never ends by itself: tested with a short Timeout. */
	readonly endless?: true;
	/** Costs seconds of CPU time: injected once only, into two operations at a time, and not into streams. */
	readonly heavy?: true;
	/** Faults of streams only: made from the event types of the operation. */
	readonly of?: (stream: Stream) => Fault;
}

/** Event types of a stream. */
export interface Stream {
	readonly delta: string;
	readonly done: string;
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toUTCString();
const row = (name: string, fault: Fault): FaultRow => ({ name, fault });
const endless = (name: string, fault: Fault): FaultRow => ({ name, fault, endless: true });
const status = (code: number, body: unknown = { message: `status ${code}` }): Fault => ({
	status: code,
	body,
});

/** `here` is the stand-in's own address, `elsewhere` the address of another host. */
export const faultRows = (here: string, elsewhere: string): FaultRow[] => [
	row('slow by 50 ms', faults.slow(50)),
	row('first 100 bytes one by one', { ...faults.oneByteSlices(), sliceFirstBytes: 100 }),
	row('answer in chunks, without a length', { framing: 'chunked' }),
	row('early hints (103) first', faults.earlyHints()),
	row('answer by HTTP/1.0', faults.http10()),
	row('headers twice', { headers: { 'x-kong-request-id': ['one', 'two'] } }),
	row('400 kB a second', { sliceBytes: 4_000, sliceEveryMs: 10 }),
	endless('drip of 5 bytes a second', faults.drip(5)),
	endless('no answer at all', faults.hang()),
	endless('silence after the headers', faults.stallAfterHeaders()),
	endless('silence in the middle', faults.stallMidBody()),
	row('reset before the request is read', faults.resetBeforeBody()),
	row('reset before the answer', faults.resetBeforeResponse()),
	row('work done, answer lost', faults.lostAfterWork()),
	row('reset after the headers', { reset: 'after-headers' }),
	row('reset in the middle', faults.resetMidBody()),
	row('half close in the middle', faults.closeMidBody()),
	row('half close that looks like an end', faults.cleanCloseMidBody()),
	row('shorter than its length says', faults.tooShortForLength()),
	row('longer than its length says', faults.tooLongForLength()),
	row('HTTP/1.0, cut short', { http10: true, closeAfterBytes: 20 }),
	row('not HTTP', faults.notHttp()),
	row('400', status(400)),
	row('400, plain text', status(400, 'no')),
	row('401', faults.invalidKey()),
	row('402', faults.paymentRequired()),
	row('403, not in the plan', faults.tierNotAllowed()),
	row('403, moderated', faults.moderated()),
	row('404, no such route', faults.noRoute()),
	row('408', status(408)),
	row('409', status(409)),
	row('413', faults.tooLarge()),
	row('413 before the upload is read', { ...faults.tooLarge(), early: true }),
	row('418', status(418)),
	row('422, wrapped', faults.unprocessable()),
	row('422, FastAPI', faults.unprocessableFastApi()),
	row('425', status(425)),
	row('429', faults.rateLimited()),
	row('429, Retry-After: 1', faults.rateLimited('1')),
	row('429, Retry-After: 0.05', faults.rateLimited('0.05')),
	row('429, Retry-After: -1', faults.rateLimited('-1')),
	row('429, Retry-After: 1e9', faults.rateLimited('1e9')),
	row('429, Retry-After: 61', faults.rateLimited('61')),
	row('429, Retry-After: 60, Timeout shorter', faults.rateLimited('60')),
	row('429, Retry-After: soon', faults.rateLimited('soon')),
	row('429, Retry-After a date gone by', faults.rateLimited(inDays(-1))),
	row('429, Retry-After a date to come', faults.rateLimited(inDays(1))),
	row('429, Retry-After-Ms: 20', faults.rateLimitedForMs(20)),
	row('429, no allowance at all', faults.noAllowance()),
	row('429, capacity exceeded', faults.capacityExceeded()),
	row('500', faults.serverError(500)),
	row('501', faults.serverError(501)),
	row('502 as a web page', faults.serverErrorHtml(502)),
	row('503 as plain text', faults.serverErrorPlain(503)),
	row('504', faults.serverError(504)),
	row('529', faults.serverError(529)),
	row('200 with a web page', faults.htmlPage()),
	row('200 with an error', faults.errorInside200()),
	row('200 with an error of status 400', {
		status: 200,
		body: { object: 'error', message: 'no', raw_status_code: 400 },
	}),
	row("200 with FastAPI's error", { status: 200, body: { detail: 'broken' } }),
	row('200 with nothing', faults.emptyReply()),
	row('200 with half JSON', faults.notJson()),
	row('200 with other JSON', { status: 200, body: { hello: 'world' } }),
	row('200 with null', { status: 200, body: 'null', contentType: 'application/json' }),
	row('200 of another type', { contentType: 'text/plain' }),
	row('204', faults.noContent()),
	row('redirect to the same host', faults.redirect(`${here}/v1/models`)),
	row('redirect to another host', faults.redirect(`${elsewhere}/v1/models`)),
	row('redirect in a circle', faults.redirect('?again')),
	row('redirect with 301', faults.redirect(`${elsewhere}/v1/models`, 301)),
	{ name: 'gzip bomb of 65 MiB', fault: faults.gzipBomb(65 * 1024 ** 2), heavy: true },
	{ name: 'JSON of 65 MiB', fault: faults.hugeJson(65 * 1024 ** 2), heavy: true },
	row('400 that quotes the key', faults.echoKey(400)),
	row('500 that quotes the key', faults.echoKey(500)),
	row('200 that quotes the key', faults.echoKey(200)),
	row('400 that quotes the key in base64', faults.echoPackedKey(400)),
];

const ofStream = (name: string, of: (stream: Stream) => Fault): FaultRow => ({
	name,
	fault: {},
	of,
});

/** Rows of streamed operations only. */
export const streamRows: readonly FaultRow[] = [
	ofStream('stream without its end', ({ done }) => faults.withoutEvent(done)),
	ofStream('stream that ends after two events', () => faults.endAfterEvents(2)),
	ofStream('stream that is reset after two events', () => faults.resetAfterEvents(2)),
	{ ...ofStream('stream that falls silent', () => faults.stallAfterEvents(2)), endless: true },
	ofStream('end twice', ({ done }) => ({ events: { duplicate: [done] } })),
	ofStream('open connection after the end', () => faults.openAtTheEnd()),
	ofStream('more after the end', ({ delta }) => faults.lateEvent(delta)),
	ofStream('events in reverse order', () => ({ events: { reverse: true } })),
	ofStream('an error among the events', ({ done }) => faults.errorEvent(done)),
	ofStream('an error as the first event', ({ delta }) => faults.errorEvent(delta)),
	ofStream('unknown events', ({ done }) => faults.unknownEvent(done)),
	ofStream('CRLF', () => faults.carriageReturns()),
	ofStream('CR', () => faults.bareCarriageReturns()),
	ofStream('comments, BOM, several data lines, split characters', () => faults.noisyStream()),
	ofStream('no empty line at the end', () => ({ events: { unterminated: true } })),
	ofStream('audio that is no base64', () => faults.notBase64()),
	ofStream('half a sample of audio', () => faults.oddLengthAudio()),
];

/** A base URL under which no request reaches the API: wrong host, port, protocol or certificate. */
export interface BaseUrlFault {
	readonly name: string;
	readonly address: string;
	/** The expected cell for every operation. */
	readonly comesTo: string;
}

export interface FaultyAddresses {
	readonly closedPort: string;
	readonly selfSigned: string;
	readonly expired: string;
	readonly wrongName: string;
	readonly plain: string;
}

export const baseUrlFaults = (to: FaultyAddresses): BaseUrlFault[] => [
	{
		name: 'name that does not exist',
		address: 'https://nobody.invalid',
		comesTo: 'unreachable, 4',
	},
	{ name: 'connection refused', address: to.closedPort, comesTo: 'unreachable, 4' },
	{ name: 'certificate signed by nobody', address: to.selfSigned, comesTo: 'certificate, 1' },
	{ name: 'certificate expired', address: to.expired, comesTo: 'certificate, 1' },
	{ name: 'certificate of another name', address: to.wrongName, comesTo: 'certificate, 1' },
	{ name: 'https where only http is spoken', address: to.plain, comesTo: 'certificate, 1' },
];
