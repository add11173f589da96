// Retries of the HTTP client in n8n's engine: transient errors, Retry-After, repeatable requests, retry budget.
import { describe, expect, test } from '@jest/globals';
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
