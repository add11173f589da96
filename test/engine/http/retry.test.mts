// The one HTTP door under trouble: what is tried again, what is not, and what never gets out.
import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { faults } from '../../standin/index.mts';
import { KEY, recording, sha256, useBench } from '../../support/engine-fixture.mts';

const bench = useBench('filesystem');

const speakNode = (more: object = {}) => ({
	type: 'voxtralSpeak',
	parameters: { text: 'Good morning.', format: 'wav', ...more },
});
const askNode = (more: object = {}) => ({
	type: 'mistralAgent',
	parameters: { prompt: 'Hi', ...more },
});
const voice = async () =>
	await bench.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });

describe('worth another try', () => {
	test.each([
		['429 without a wish', () => faults.rateLimited()],
		['429 with a wish', () => faults.rateLimitedForMs(20)],
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
	])('%s, then it works', async (_, fault) => {
		const { engine, standIn } = bench;
		standIn.inject({ ...fault(), match: { path: '/v1/audio/speech' } });
		const { items, error } = await engine.run({ nodes: [speakNode()] });
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ attempts: 2, mimeType: 'audio/wav' });
		expect(standIn.requests).toHaveLength(2);
	});

	test('an upload starts again from its first byte', async () => {
		const { engine, standIn } = bench;
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

	test('four tries, then the last refusal with its count', async () => {
		const { engine, standIn } = bench;
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

describe('never tried again', () => {
	test.each([
		['a refusal', () => faults.moderated(), 'speak.refused'],
		['a wrong body', () => faults.unprocessable(), 'speak.rejected'],
		['a key without allowance', () => faults.noAllowance(), 'speak.no-allowance'],
		['a wait of an hour', () => faults.rateLimited('3600'), 'speak.rate-limited'],
		['a wait beyond all days', () => faults.rateLimited('1e9'), 'speak.rate-limited'],
	])('%s', async (_, fault, stage) => {
		const { engine, standIn } = bench;
		standIn.inject({ ...fault(), match: { path: '/v1/audio/speech' } });
		const { items } = await engine.run({
			nodes: [{ ...speakNode(), onError: 'continueRegularOutput' }],
		});
		expect(items[0]?.json.details).toMatchObject({ stage, attempts: 1 });
		expect(standIn.requests).toHaveLength(1);
	});

	test('a turn that Mistral may have taken: the history has it once', async () => {
		const { engine, standIn } = bench;
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

	test('but a turn that was turned away is', async () => {
		const { engine, standIn } = bench;
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

describe('time', () => {
	test.each([
		['a server that never answers', () => faults.hang()],
		['a server that stops after its headers', () => faults.stallAfterHeaders()],
		['a server that drips a byte now and then', () => faults.drip(20)],
	])('%s is left when the Timeout is over', async (_, fault) => {
		const { engine, standIn } = bench;
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

	test('a stopped execution closes its request and sends no other', async () => {
		const { engine, standIn } = bench;
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

describe('the key', () => {
	test('stays with its server: a redirect is not followed', async () => {
		const { engine, standIn } = bench;
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

	test('is in nothing a person or a database gets to see, even when the server repeats it', async () => {
		const { engine } = bench;
		for (const onError of [undefined, 'continueRegularOutput'] as const) {
			bench.standIn.inject({ ...faults.echoKey(400), match: { path: '/v1/audio/speech' } });
			const result = await engine.run({
				nodes: [{ ...speakNode(), ...(onError ? { onError } : {}) }],
			});
			const shown = inspect(result, { depth: 12, maxStringLength: null, showHidden: true });
			expect(shown).not.toContain(KEY);
			expect(shown).toContain('Unexpected header Authorization: Bearer [key]');
		}
	});
});

test('a dead API is not stormed: many items share one budget of retries', async () => {
	const { engine, standIn } = bench;
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

test('items run side by side, as many as allowed, and come back in order', async () => {
	const { engine, standIn } = bench;
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

describe('a key that a stream repeats in two pieces', () => {
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
	])('is in no chunk and no item: %s', async (_, path, fault, options) => {
		const { engine, standIn } = bench;
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
	});

	test('is in no chunk of a live transcription', async () => {
		const { engine, standIn } = bench;
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
