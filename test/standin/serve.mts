// Serves one request: record, authenticate, read the body, run the endpoint, respond.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import {
	ApiError,
	fastApiBody,
	invalidKeyBody,
	noRouteBody,
	plainBody,
	plainError,
	validationBody,
	ValidationError,
} from './errors.mts';
import type { Answer, Exchange, Route } from './exchange.mts';
import { faultAnswer } from './fault-answers.mts';
import { neverAnswers, replacesAnswer, type Fault, type FaultBox } from './faults.mts';
import { Collector, parseForm, readBody, type Form } from './multipart.mts';
import { recordForm, startRecord, type RecordedRequest } from './recorder.mts';
import { findRoute, splitPrefix } from './router.mts';
import { formatStream } from './sse.mts';
import { Wire, type Headers } from './wire.mts';
import type { World } from './world.mts';

interface StandInState {
	world: World;
	apiKeys: Set<string>;
	requests: RecordedRequest[];
	faults: FaultBox;
}

export function serve(state: StandInState): RequestListener {
	let activeMetered = 0;
	return (request, response) => {
		void handle();

		async function handle(): Promise<void> {
			const url = new URL(request.url ?? '/', state.world.url);
			const record = startRecord(request, url);
			state.requests.push(record);
			const left = new AbortController();
			response.on('finish', () => {
				record.completed = true;
			});
			response.on('close', () => {
				record.closedEarly = !record.completed;
				left.abort();
			});
			const path = splitPrefix(url.pathname).route;
			const fault = state.faults.take(record.method, path, keyOf(request));
			const wire = new Wire(response, fault, left.signal);
			const match = findRoute(record.method, path);
			const metered = match.kind === 'found' && match.route.metered === true;
			if (metered) activeMetered += 1;
			try {
				if (fault?.reset === 'before-body') return void request.socket.resetAndDestroy();
				const run = async (): Promise<Answer> => {
					const early = fault?.early ? faultAnswer(fault, record) : undefined;
					if (early) {
						request.resume();
						return early;
					}
					const body = await receive(request, record, state.world.quirks.maxUploadBytes);
					record.bodyReceivedAtMs = performance.now();
					if (match.kind === 'unknown') throw new ApiError(404, noRouteBody(randomUUID()));
					if (match.kind === 'wrong-method')
						throw new ApiError(405, { detail: 'Method Not Allowed' });
					if (!match.route.open) authenticate(request, state);
					if (fault && neverAnswers(fault) && !fault.execute) return { status: 204 };
					const replaced = fault && replacesAnswer(fault) ? faultAnswer(fault, record) : undefined;
					if (replaced && !fault?.execute) return replaced;
					const limit = state.world.profile.maxConcurrent ?? Number.POSITIVE_INFINITY;
					if (metered && activeMetered > limit) throw rateLimited();
					const answer = await answerFrom(match.route, {
						method: record.method,
						path,
						params: match.params,
						query: url.searchParams,
						headers: request.headers,
						...body,
						receivedAtMs: performance.now(),
						signal: left.signal,
						world: state.world,
					});
					return replaced ?? answer;
				};
				const answer = await run().catch((error: unknown) => failure(error, state.world));
				await send(answer, wire, fault, record, left.signal, response);
			} catch (error) {
				if (!left.signal.aborted) response.destroy(error instanceof Error ? error : undefined);
			} finally {
				if (metered) activeMetered -= 1;
			}
		}
	};
}

async function receive(
	request: IncomingMessage,
	record: RecordedRequest,
	maxBytes: number,
): Promise<{ json: unknown; form: Form | undefined }> {
	const type = (request.headers['content-type'] ?? '').toLowerCase();
	const note = (bytes: number) => {
		record.bodyBytes = bytes;
	};
	if (type.startsWith('multipart/form-data')) {
		let sink: NodeJS.WritableStream = new Collector();
		let parsed: Promise<Form>;
		try {
			({ sink, form: parsed } = parseForm(request.headers));
		} catch (thrown) {
			parsed = Promise.reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
			parsed.catch(() => undefined);
		}
		const read = await readBody(request, sink, note).catch(() => undefined);
		if (read) record.bodySha256 = read.sha256;
		const form = await parsed.catch((error: unknown) => {
			if (error instanceof ValidationError) throw error;
			throw new ApiError(400, { detail: 'There was an error parsing the body' });
		});
		record.form = recordForm(form);
		if (record.bodyBytes > maxBytes) throw plainError(413, 'Request body too large');
		return { json: undefined, form };
	}
	const collector = new Collector();
	const read = await readBody(request, collector, note);
	record.bodySha256 = read.sha256;
	if (record.bodyBytes > maxBytes) throw plainError(413, 'Request body too large');
	if (read.bytes === 0) return { json: undefined, form: undefined };
	if (!/^application\/(?:[\w.-]+\+)?json\b/.test(type)) return { json: undefined, form: undefined };
	try {
		record.json = JSON.parse(collector.text());
	} catch {
		throw new ValidationError([
			{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} },
		]);
	}
	return { json: record.json, form: undefined };
}

function keyOf({ headers }: IncomingMessage): string | undefined {
	const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
	const header = headers['x-api-key'];
	return bearer ?? (typeof header === 'string' ? header : undefined);
}

function authenticate(request: IncomingMessage, { apiKeys, world }: StandInState): void {
	const key = keyOf(request);
	if (key !== undefined && apiKeys.has(key)) return;
	if (key === undefined && world.quirks.gatewayAnswersMissingKey) {
		throw new ApiError(401, { message: 'No API key found in request', request_id: randomUUID() });
	}
	throw new ApiError(401, invalidKeyBody);
}

async function answerFrom(route: Route, exchange: Exchange): Promise<Answer> {
	if (route.body === 'json' && exchange.json === undefined) {
		throw new ValidationError([
			{ type: 'missing', loc: ['body'], msg: 'Field required', input: null },
		]);
	}
	return await route.handle(exchange);
}

function rateLimited(): ApiError {
	const body = plainBody(429, 'Rate limit exceeded', 'rate_limited', '1300');
	return new ApiError(429, body, { 'retry-after': '1' });
}

function failure(error: unknown, world: World): Answer {
	if (error instanceof ValidationError) {
		const toBody = world.quirks.fastApiValidation ? fastApiBody : validationBody;
		return { status: 422, json: toBody(error.problems) };
	}
	if (error instanceof ApiError) {
		const { status, body, headers } = error;
		if (typeof body !== 'string') return { status, json: body, headers };
		return { status, bytes: Buffer.from(body), contentType: 'application/json', headers };
	}
	const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
	return {
		status: 500,
		json: plainBody(500, `The stand-in itself failed: ${reason}`, 'server_error'),
	};
}

async function send(
	answer: Answer,
	wire: Wire,
	fault: Fault | undefined,
	record: RecordedRequest,
	signal: AbortSignal,
	response: ServerResponse,
): Promise<void> {
	if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
	if (signal.aborted) return;
	if (fault?.hang) return await wire.stall();
	if (fault?.reset === 'before-response') return await wire.reset();
	if (fault?.raw !== undefined) return void response.socket?.end(fault.raw);
	const status = 'status' in answer && answer.status ? answer.status : 200;
	record.status = status;
	const headers: Headers = {
		...commonHeaders(),
		...('headers' in answer ? answer.headers : undefined),
		...fault?.headers,
	};
	if ('events' in answer) {
		headers['content-type'] = 'text/event-stream; charset=utf-8';
		headers['cache-control'] = 'no-cache';
		await wire.begin(200, headers);
		for await (const step of formatStream(answer.events, fault?.events)) {
			if (!wire.open) return;
			record.sentAtMs.push(performance.now());
			await wire.write(Buffer.from(step.text));
			if (step.then === 'reset') return await wire.reset();
			if (step.then === 'stall') return await wire.stall();
		}
		return await wire.end();
	}
	if (!('json' in answer) && !('bytes' in answer)) {
		await wire.begin(status, headers);
		return await wire.end();
	}
	const bytes = 'bytes' in answer ? answer.bytes : Buffer.from(JSON.stringify(answer.json));
	headers['content-type'] ??= 'bytes' in answer ? answer.contentType : 'application/json';
	await wire.begin(status, headers, bytes.length);
	record.sentAtMs.push(performance.now());
	await wire.write(bytes);
	await wire.end();
}

function commonHeaders(): Headers {
	const id = randomUUID();
	return {
		'mistral-correlation-id': id,
		'x-kong-request-id': id,
		'x-envoy-upstream-service-time': '1',
	};
}
