// What the table of faults is made of: every fault, and every operation it is tried on.
import type { INodeExecutionData } from 'n8n-workflow';
import { type Fault, faults } from '../standin/index.mts';
import { recording } from './bench.mts';
import type { Engine, NodeRun } from './engine.mts';

export interface FaultRow {
	readonly name: string;
	readonly fault: Fault;
	/** Takes all the time there is: tried with a short Timeout. */
	readonly endless?: true;
	/** Costs this machine seconds: struck once only, one operation at a time. */
	readonly heavy?: true;
	/** Of streams only: made for the events of that operation. */
	readonly of?: (stream: Stream) => Fault;
}

/** Types of a stream's events. */
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

/** `here` is the stand-in's own address, `elsewhere` that of another host. */
export const faultRows = (here: string, elsewhere: string): FaultRow[] => [
	row('slow by 50 ms', faults.slow(50)),
	row('answer in pieces of one byte', faults.oneByteSlices()),
	row('answer in chunks, without a length', { framing: 'chunked' }),
	row('early hints (103) first', faults.earlyHints()),
	row('headers twice', { headers: { 'x-kong-request-id': ['one', 'two'] } }),
	endless('drip of 20 bytes a second', faults.drip(20)),
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
	row('429, Retry-After: 30, Timeout shorter', faults.rateLimited('30')),
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
	row('redirect with 301', faults.redirect(`${elsewhere}/v1/models`, 301)),
	{ name: 'gzip bomb of 65 MiB', fault: faults.gzipBomb(65 * 1024 ** 2), heavy: true },
	{ name: 'JSON of 65 MiB', fault: faults.hugeJson(65 * 1024 ** 2), heavy: true },
	row('400 that quotes the key', faults.echoKey(400)),
	row('500 that quotes the key', faults.echoKey(500)),
	row('200 that quotes the key', faults.echoKey(200)),
];

const ofStream = (name: string, of: (stream: Stream) => Fault): FaultRow => ({
	name,
	fault: {},
	of,
});

/** What only streams can suffer. */
export const streamRows: readonly FaultRow[] = [
	ofStream('stream without its end', ({ done }) => faults.withoutEvent(done)),
	ofStream('stream that ends after two events', () => faults.endAfterEvents(2)),
	ofStream('stream that is reset after two events', () => faults.resetAfterEvents(2)),
	{ ...ofStream('stream that falls silent', () => faults.stallAfterEvents(2)), endless: true },
	ofStream('end twice', ({ done }) => ({ events: { duplicate: [done] } })),
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

/** What came of it, in a form that can be compared. */
export type Outcome =
	| { readonly value: unknown; readonly attempts?: number; readonly shown: unknown }
	| { readonly failed: FailedOutcome; readonly shown: unknown };

export interface FailedOutcome {
	readonly stage: string;
	readonly message: string;
	readonly hint: string;
	readonly attempts: number | undefined;
	readonly item: number | undefined;
}

export interface TriedOperation {
	readonly name: string;
	/** Begins every stage of its failures. */
	readonly stage: string;
	/** Where its requests go; the conversation is one that exists. */
	readonly path: (conversationId: string) => string;
	readonly stream?: Stream;
	/** The longest it may take when `timeoutSeconds` is its Timeout. */
	readonly deadlineSeconds?: number;
	run(engine: Engine, conversationId: string, timeoutSeconds: number): Promise<Outcome>;
}

async function runNode(
	engine: Engine,
	node: NodeRun,
	items?: INodeExecutionData[],
	streaming = false,
): Promise<Outcome> {
	const result = await engine.run({
		nodes: [{ ...node, onError: 'continueRegularOutput' }],
		...(items ? { items } : {}),
		streaming,
	});
	const [item] = result.items;
	const details = item?.json.details as Record<string, unknown> | undefined;
	if (item === undefined || result.items.length !== 1) {
		return { value: result.error?.message ?? 'not one item', shown: result };
	}
	const shown = result;
	if (details) {
		return {
			shown,
			failed: {
				stage: String(details.stage),
				message: String(item.json.error),
				hint: String(details.hint ?? ''),
				attempts: details.attempts as number | undefined,
				item: (item.pairedItem as { item: number }).item,
			},
		};
	}
	// A conversation that goes on costs more tokens each time.
	const { attempts, conversationId: _id, usage: _usage, ...json } = item.json;
	const audio = item.binary ? (await engine.bytes(item)).toString('base64') : undefined;
	return { value: { json, audio }, attempts: attempts as number, shown };
}

async function runList(engine: Engine, type: string, method: string): Promise<Outcome> {
	try {
		const value = await engine.list(type, method);
		return { value, shown: value };
	} catch (thrown) {
		const error = thrown as Error & { description?: string; context?: Record<string, unknown> };
		return {
			shown: error,
			failed: {
				stage: String(error.context?.stage),
				message: error.message,
				hint: error.description ?? '',
				attempts: error.context?.attempts as number | undefined,
				item: 0,
			},
		};
	}
}

/** Every way to Mistral that the nodes have. A new operation gets its line here. */
export const triedOperations: readonly TriedOperation[] = [
	{
		name: 'Transcribe',
		stage: 'transcribe',
		path: () => '/v1/audio/transcriptions',
		run: async (engine, _, timeoutSeconds) =>
			await runNode(
				engine,
				{ type: 'voxtralTranscribe', parameters: { options: { timeoutSeconds } } },
				[await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' })],
			),
	},
	{
		name: 'Ask, new conversation',
		stage: 'ask',
		path: () => '/v1/conversations',
		run: async (engine, _, timeoutSeconds) =>
			await runNode(engine, {
				type: 'mistralAgent',
				parameters: { prompt: 'Tell me something', options: { timeoutSeconds } },
			}),
	},
	{
		name: 'Ask, further turn',
		stage: 'ask',
		path: (conversationId) => `/v1/conversations/${conversationId}`,
		run: async (engine, conversationId, timeoutSeconds) =>
			await runNode(engine, {
				type: 'mistralAgent',
				parameters: {
					prompt: 'And then',
					memory: 'conversationId',
					conversationId,
					options: { timeoutSeconds },
				},
			}),
	},
	{
		name: 'Speak',
		stage: 'speak',
		path: () => '/v1/audio/speech',
		run: async (engine, _, timeoutSeconds) =>
			await runNode(engine, {
				type: 'voxtralSpeak',
				parameters: { text: 'Hello.', options: { timeoutSeconds } },
			}),
	},
	{
		name: 'Model list',
		stage: 'list',
		path: () => '/v1/models',
		deadlineSeconds: 30,
		run: async (engine) => await runList(engine, 'voxtralSpeak', 'searchSpeechModels'),
	},
	{
		name: 'Voice list',
		stage: 'list',
		path: () => '/v2/audio/voices',
		deadlineSeconds: 30,
		run: async (engine) => await runList(engine, 'voxtralSpeak', 'searchVoices'),
	},
	{
		name: 'Transcribe, live',
		stage: 'transcribe',
		path: () => '/v1/audio/transcriptions',
		stream: { delta: 'transcription.text.delta', done: 'transcription.done' },
		run: async (engine, _, timeoutSeconds) =>
			await runNode(
				engine,
				{
					type: 'voxtralTranscribe',
					parameters: { options: { timeoutSeconds, streamText: true } },
				},
				[await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' })],
				true,
			),
	},
	{
		name: 'Ask, live',
		stage: 'ask',
		path: () => '/v1/conversations',
		stream: { delta: 'message.output.delta', done: 'conversation.response.done' },
		run: async (engine, _, timeoutSeconds) =>
			await runNode(
				engine,
				{
					type: 'mistralAgent',
					parameters: { prompt: 'Tell me something', options: { timeoutSeconds } },
				},
				undefined,
				true,
			),
	},
	{
		name: 'Speak, live',
		stage: 'speak',
		path: () => '/v1/audio/speech',
		stream: { delta: 'speech.audio.delta', done: 'speech.audio.done' },
		run: async (engine, _, timeoutSeconds) =>
			await runNode(
				engine,
				{
					type: 'voxtralSpeak',
					parameters: { text: 'Hello.', format: 'pcm', options: { timeoutSeconds } },
				},
				undefined,
				true,
			),
	},
];
