// The HTTP client in n8n's engine: retries, Retry-After, retry budget, timeouts, concurrency, redaction of the API key.
import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { faults } from '../../standin/index.mts';
import { KEY, recording, sha256, useEngineFixture } from '../../support/engine-fixture.mts';

const fixture = useEngineFixture('filesystem');

const speakNode = (more: object = {}) => ({
	type: 'voxtralSpeak',
	parameters: { text: 'Good morning.', format: 'wav', ...more },
});
const askNode = (more: object = {}) => ({
	type: 'mistralAgent',
	parameters: { prompt: 'Hi', ...more },
});
const voice = async () =>
	await fixture.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });

describe('retried', () => {
	test.each([
		['429 without Retry-After', () => faults.rateLimited()],
		['429 with Retry-After', () => faults.rateLimitedForMs(20)],
		['500', () => faults.serverError(500)],
		['an HTML 502', () => faults.serverErrorHtml(502)],
		['a plain 503', () => faults.serverErrorPlain(503)],
		['a reset before the answer', () => faults.resetBeforeResponse()],
		['a reset within the answer', () => faults.resetMidBody()],
		['an answer cut short', () => faults.tooShortForLength()],
		['an answer that is half JSON', () => faults.notJson()],
		['an empty answer', () => faults.emptyReply()],
		['a web page with status 200', () => faults.htmlPage()],
		['an error with status 200', () => faults.errorInside200()],
	])('%s is retried', async (_, fault) => {
		const { engine, standIn } = fixture;
		standIn.inject({ ...fault(), match: { path: '/v1/audio/speech' } });
		const { items, error } = await engine.run({ nodes: [speakNode()] });
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ attempts: 2, mimeType: 'audio/wav' });
		expect(standIn.requests).toHaveLength(2);
	});

	test('a retried upload is sent again from its first byte', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({
			...faults.serverError(500),
			match: { path: '/v1/audio/transcriptions' },
			times: 2,
		});
		const { items } = await engine.run({
			nodes: [{ type: 'voxtralTranscribe' }],
			items: [await voice()],
		});
		expect(items[0]?.json).toMatchObject({
			attempts: 3,
			text: 'What is the weather in Paris today?',
		});
		const sums = standIn.requests.map(({ form }) => form?.files[0]?.sha256);
		expect(sums).toEqual(Array(3).fill(sha256(recording('question.ogg'))));
	});

	test('four attempts are made, then the last error is reported with their number', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({
			...faults.rateLimitedForMs(5),
			match: { path: '/v1/audio/speech' },
			times: 9,
		});
		const { items } = await engine.run({
			nodes: [{ ...speakNode(), onError: 'continueRegularOutput' }],
		});
		expect(items[0]?.json.details).toMatchObject({
			stage: 'speak.rate-limited',
			attempts: 4,
			status: 429,
		});
		expect(standIn.requests).toHaveLength(4);
	});
});

describe('not retried', () => {
	test.each([
		['a moderation refusal', () => faults.moderated(), 'speak.refused'],
		['a 422 for an invalid body', () => faults.unprocessable(), 'speak.rejected'],
		['a 429 for a key without any quota', () => faults.noAllowance(), 'speak.no-allowance'],
		['a Retry-After of an hour', () => faults.rateLimited('3600'), 'speak.rate-limited'],
		['a Retry-After beyond any date', () => faults.rateLimited('1e9'), 'speak.rate-limited'],
	])('%s is not retried', async (_, fault, stage) => {
		const { engine, standIn } = fixture;
		standIn.inject({ ...fault(), match: { path: '/v1/audio/speech' } });
		const { items } = await engine.run({
			nodes: [{ ...speakNode(), onError: 'continueRegularOutput' }],
		});
		expect(items[0]?.json.details).toMatchObject({ stage, attempts: 1 });
		expect(standIn.requests).toHaveLength(1);
	});

	test('a conversation turn that Mistral may have received is in the history once', async () => {
		const { engine, standIn } = fixture;
		const first = await engine.run({ nodes: [askNode()] });
		const conversationId = String(first.items[0]?.json.conversationId);
		standIn.inject({
			...faults.lostAfterWork(),
			match: { path: `/v1/conversations/${conversationId}` },
		});
		const { items } = await engine.run({
			nodes: [
				{
					...askNode({ prompt: 'Once', memory: 'conversationId', conversationId }),
					onError: 'continueRegularOutput',
				},
			],
		});
		expect(items[0]?.json.details).toMatchObject({ stage: 'ask.connection-lost', attempts: 1 });
		const history = await fetch(`${standIn.url}/v1/conversations/${conversationId}/history`, {
			headers: { authorization: `Bearer ${KEY}` },
		});
		const { entries } = (await history.json()) as { entries: { content?: unknown }[] };
		expect(entries.filter(({ content }) => content === 'Once')).toHaveLength(1);
	});

	test('a conversation turn rejected with 429 is retried', async () => {
		const { engine, standIn } = fixture;
		const first = await engine.run({ nodes: [askNode()] });
		const conversationId = String(first.items[0]?.json.conversationId);
		standIn.inject({
			...faults.rateLimitedForMs(5),
			match: { path: `/v1/conversations/${conversationId}` },
		});
		const { items } = await engine.run({
			nodes: [askNode({ prompt: 'Again', memory: 'conversationId', conversationId })],
		});
		expect(items[0]?.json).toMatchObject({ attempts: 2, output: expect.stringContaining('Hi') });
	});
});

describe('timeouts', () => {
	test.each([
		['a server that never answers', () => faults.hang()],
		['a server that stops after its headers', () => faults.stallAfterHeaders()],
		['a server that drips single bytes', () => faults.drip(20)],
	])('%s is aborted when Timeout is over', async (_, fault) => {
		const { engine, standIn } = fixture;
		standIn.inject({ ...fault(), match: { path: '/v1/audio/speech' }, times: 9 });
		const began = performance.now();
		const { error } = await engine.run({ nodes: [speakNode({ options: { timeoutSeconds: 1 } })] });
		expect(error?.message).toMatch(/did not finish within the time allowed/);
		expect(error?.description).toMatch(/Timeout/);
		expect(performance.now() - began).toBeLessThan(5_000);
		for (let n = 0; n < 300 && !standIn.requests[0]?.closedEarly; n++)
			await new Promise((resolve) => setTimeout(resolve, 10));
		expect(standIn.requests.map(({ closedEarly }) => closedEarly)).toEqual([true]);
	});

	test('a cancelled execution aborts its request and sends no other', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({ ...faults.hang(), match: { path: '/v1/audio/speech' }, times: 9 });
		await engine
			.run({
				nodes: [speakNode()],
				onStart: (cancel) => {
					const timer = setInterval(() => {
						if (standIn.requests.length === 0) return;
						clearInterval(timer);
						cancel();
					}, 5);
				},
			})
			.catch(() => undefined);
		for (let n = 0; n < 100 && !standIn.requests[0]?.closedEarly; n++) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		expect(standIn.requests.map(({ closedEarly }) => closedEarly)).toEqual([true]);
	});
});

describe('the API key', () => {
	test('a redirect is not followed, so the API key never reaches another host', async () => {
		const { engine, standIn } = fixture;
		const visits: string[] = [];
		const other = createServer((request, response) => {
			visits.push(String(request.headers.authorization));
			response.end('{}');
		}).listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as AddressInfo;
		standIn.inject(faults.redirect(`http://127.0.0.1:${port}/elsewhere`));
		const { error } = await engine.run({ nodes: [speakNode()] });
		other.close();
		expect(error?.message).toMatch(/sends requests on to another address/);
		expect(visits).toEqual([]);
	});

	test('the API key is redacted in errors, execution data and logs, even when the server echoes it', async () => {
		const { engine } = fixture;
		for (const onError of [undefined, 'continueRegularOutput'] as const) {
			fixture.standIn.inject({ ...faults.echoKey(400), match: { path: '/v1/audio/speech' } });
			const result = await engine.run({
				nodes: [{ ...speakNode(), ...(onError ? { onError } : {}) }],
			});
			const shown = inspect(result, { depth: 12, maxStringLength: null, showHidden: true });
			expect(shown).not.toContain(KEY);
			expect(shown).toContain('Unexpected header Authorization: Bearer [key]');
		}
	});
});

test('all items of a run share one retry budget', async () => {
	const { engine, standIn } = fixture;
	standIn.inject({
		...faults.serverError(500),
		match: { path: '/v1/audio/speech' },
		times: Infinity,
	});
	const { items } = await engine.run({
		nodes: [{ ...speakNode({ options: { concurrency: 20 } }), onError: 'continueRegularOutput' }],
		items: Array.from({ length: 40 }, () => ({ json: {} })),
	});
	expect(items).toHaveLength(40);
	expect(standIn.requests.length).toBeLessThanOrEqual(60);
});

test('items run concurrently up to the limit and are returned in order', async () => {
	const { engine, standIn } = fixture;
	standIn.inject({ delayMs: 150, match: { path: '/v1/conversations' }, times: Infinity });
	const { items } = await engine.run({
		nodes: [askNode({ prompt: '={{ $json.n }}', options: { concurrency: 5 } })],
		items: Array.from({ length: 10 }, (_, n) => ({ json: { n: `number ${n}` } })),
	});
	expect(items.map(({ json }) => json.n)).toEqual(
		Array.from({ length: 10 }, (_, n) => `number ${n}`),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
		Array.from({ length: 10 }, (_, item) => ({ item })),
	);
	const began = standIn.requests.map(({ receivedAtMs }) => receivedAtMs).sort((a, b) => a - b);
	const inFlight = began.map(
		(at) => began.filter((other) => other > at - 150 && other <= at).length,
	);
	expect(Math.max(...inFlight)).toBeLessThanOrEqual(5);
	expect(Math.max(...inFlight)).toBeGreaterThan(1);
});

describe('an API key split over two stream events', () => {
	const halves = [KEY.slice(0, 7), KEY.slice(7)];
	const repeated = (before: string, event: string | undefined, data: (text: string) => object) => ({
		events: {
			insert: [' It is ', ...halves, '!'].map((text) => ({
				before,
				event: { ...(event ? { event } : {}), data: data(text) },
			})),
		},
	});

	test.each([
		[
			'a conversation',
			'/v1/conversations',
			repeated('conversation.response.done', 'message.output.delta', (content) => ({
				type: 'message.output.delta',
				output_index: 0,
				content_index: 0,
				content,
			})),
			{},
		],
		[
			'an OpenAI-compatible server',
			'/v1/chat/completions',
			repeated('[DONE]', undefined, (content) => ({ choices: [{ index: 0, delta: { content } }] })),
			{ chatCompletions: true },
		],
	])(
		'an API key split over two events is redacted in the stream and the item: %s',
		async (_, path, fault, options) => {
			const { engine, standIn } = fixture;
			standIn.answerWith(() => 'Well.');
			standIn.inject({ ...fault, match: { path } });
			const { items, chunks, error, run } = await engine.run({
				nodes: [askNode({ builtInTools: [], options })],
				streaming: true,
			});
			expect(error).toBeUndefined();
			expect(items[0]?.json.output).toBe('Well. It is [key]!');
			expect(chunks.map(({ content }) => content ?? '').join('')).toBe('Well. It is [key]!');
			expect(inspect(run.data.resultData, { depth: 20 })).not.toContain(KEY);
		},
	);

	test('an API key split over two events is redacted in a live transcription', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({
			...repeated('transcription.done', 'transcription.text.delta', (text) => ({
				type: 'transcription.text.delta',
				text,
			})),
			match: { path: '/v1/audio/transcriptions' },
		});
		const { chunks } = await engine.run({
			nodes: [{ type: 'voxtralTranscribe', parameters: { options: { streamText: true } } }],
			items: [await voice()],
			streaming: true,
		});
		const live = chunks.map(({ content }) => content ?? '').join('');
		expect(live).toContain('It is [key]!');
	});
});
