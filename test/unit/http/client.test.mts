// The HTTP client from base URL and API key to the last attempt, against a scripted server.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import type { HttpRequest } from '../../../nodes/shared/http/request.ts';
import { refusalFacts } from '../../../nodes/shared/http/errors/error-response.ts';
import { RetryBudget } from '../../../nodes/shared/http/retry.ts';
import { readAll } from '../../../nodes/shared/http/response/response-body.ts';
import type { Answer } from './scripted-server.mts';
import { factsOf, GET, json, KEY, networkError, POST, QUICK, server } from './scripted-server.mts';

afterEach(() => {
	jest.restoreAllMocks();
});

const NOT_AGAIN = 'It was not sent again: Mistral may have acted on it, although no answer came.';
const asIs = (body: unknown) => body;
const tries = async (answers: readonly Answer[], request: HttpRequest) => {
	const { client, requests } = server(answers);
	const outcome = await client.json(request, asIs).catch((thrown: unknown) => thrown);
	const { facts, ...sent } = outcome as { facts?: Record<string, unknown>; attempts?: number };
	return { requests: requests.length, ...(facts ?? sent) };
};

describe('a request', () => {
	test('is one request, as n8n has to send it', async () => {
		const { client, requests, log, context } = server([json({ ok: true })]);
		const request = {
			...POST,
			path: '/v1/x',
			body: () => ({ input: 'Hi' }),
			query: { a: ['1', '2'] },
		};
		expect(await client.json(request, asIs)).toEqual({ value: { ok: true }, attempts: 1 });
		expect(requests).toEqual([
			{
				method: 'POST',
				url: 'https://api.mistral.ai/v1/x',
				qs: { a: ['1', '2'] },
				arrayFormat: 'repeat',
				body: { input: 'Hi' },
				headers: { Accept: 'application/json', 'Accept-Encoding': 'identity' },
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				sendCredentialsOnCrossOriginRedirect: false,
				timeout: expect.any(Number),
			},
		]);
		expect(requests[0]?.timeout).toBeGreaterThan(15_000);
		expect(requests[0]?.timeout).toBeLessThanOrEqual(20_000);
		const [sender, credential] = log.receiver as [typeof context, string];
		expect([sender.helpers, credential]).toEqual([context.helpers, 'mistralVoiceApi']);
		expect(log.destroyed).toBeGreaterThan(0);
	});

	test('leaves out what was not asked for, and sends the Accept header it is given', async () => {
		const { client, requests } = server([json({})]);
		await client.json({ ...GET, accept: 'audio/*', firstByteMs: 500 }, asIs);
		expect(requests[0]).not.toHaveProperty('qs');
		expect(requests[0]).not.toHaveProperty('arrayFormat');
		expect(requests[0]).not.toHaveProperty('body');
		expect(requests[0]).toMatchObject({ headers: { Accept: 'audio/*' }, timeout: 500 });
	});

	test('the credential of this item is read once, and its edges are forgiven', async () => {
		const credential = {
			apiKey: ` ${KEY}\n`,
			baseUrl: ' http://10.0.0.5:8000/v1/ ',
			allowHttp: true,
		};
		const { client, requests, log } = server([json({})], { credential });
		await client.json(GET, asIs);
		await client.json(GET, asIs);
		expect(log.credentialsRead).toEqual([['mistralVoiceApi', 7]]);
		expect(requests.map(({ url }) => url)).toEqual(Array(2).fill('http://10.0.0.5:8000/v1/models'));
	});

	test.each([
		[{}, 'no-key', 'has no API Key'],
		[{ apiKey: '  ', baseUrl: '' }, 'no-key', 'has no API Key'],
		[{ apiKey: KEY, baseUrl: 'ftp://x' }, 'wrong-base-url', 'https://'],
		[{ apiKey: KEY, baseUrl: 'http://10.0.0.5', allowHttp: 'true' }, 'wrong-base-url', 'http://'],
	])('%j is refused before anything is sent', async (credential, reason, words) => {
		const { client, requests } = server([json({})], { credential });
		const facts = await factsOf(client.json(GET, asIs));
		expect(facts).toMatchObject({
			stage: `speak.${reason}`,
			message: expect.stringContaining(words),
			hint: expect.stringMatching(/\w/),
		});
		expect(requests).toHaveLength(0);
	});

	test('no Base URL means that of Mistral', async () => {
		const { client, requests } = server([json({})], { credential: { apiKey: KEY } });
		await client.json(GET, asIs);
		expect(requests[0]?.url).toBe('https://api.mistral.ai/v1/models');
	});
});

describe('what is retried', () => {
	const again = json({ ok: true });
	test.each<[string, Answer, boolean, boolean]>([
		['429', json({}, 429), true, true],
		['503', json({}, 503), true, true],
		['500', json({}, 500), true, false],
		['408', json({}, 408), true, false],
		['400', json({}, 400), false, false],
		['401', json({}, 401), false, false],
		['a redirect', json({}, 302), false, false],
		['an informational status', json({}, 199), false, false],
		['no allowance at all', json({}, 429, { 'x-ratelimit-limit-req-minute': ' 0 ' }), false, false],
		['some allowance', json({}, 429, { 'x-ratelimit-limit-req-minute': '10' }), true, true],
		['nobody there', networkError('ECONNREFUSED'), true, true],
		['a broken line', networkError('ECONNRESET'), true, false],
		['time out of the helper', networkError('ETIMEDOUT'), true, false],
		['a bad certificate', networkError('CERT_HAS_EXPIRED'), false, false],
		["n8n's own refusal", new Error('Domain not allowed'), false, false],
		['a web page', { headers: { 'content-type': 'text/html' }, body: ['<p>'] }, true, false],
		[
			'half of a text',
			{ headers: { 'content-type': 'application/json' }, body: ['{"a'] },
			true,
			false,
		],
		['a break within', { body: ['{', networkError('ECONNRESET')] }, true, false],
		['a rate limit inside a 200', json({ object: 'error', raw_status_code: 429 }), true, true],
		['trouble inside a 200', json({ object: 'error', raw_status_code: 500 }), true, false],
		['a refusal inside a 200', json({ object: 'error', raw_status_code: 400 }), false, false],
	])('%s', async (_, answer, mayRepeat, mayRepeatPost) => {
		const insideIsAnError = (body: unknown) =>
			(body as { object?: string }).object === 'error' ? undefined : body;
		const count = async (request: HttpRequest) => {
			const { client, requests } = server([answer, again]);
			await client.json(request, insideIsAnError).catch(() => undefined);
			return requests.length;
		};
		expect(await count(GET)).toBe(mayRepeat ? 2 : 1);
		expect(await count(POST)).toBe(mayRepeatPost ? 2 : 1);
	});

	const NOT_SENT_AGAIN = /It was not sent again: Mistral may have acted on it/;
	test.each<[string, Answer, boolean]>([
		['500', json({}, 500), true],
		['408', json({}, 408), true],
		['an answer nobody can read', { body: ['x'] }, true],
		['a broken line', networkError('ECONNRESET'), true],
		['400', json({}, 400), false],
		['409', json({}, 409), false],
		['a bad certificate', networkError('CERT_HAS_EXPIRED'), false],
	])(
		'the hint says why a request that is not repeatable was not sent again: %s',
		async (_, answer, told) => {
			expect(
				NOT_SENT_AGAIN.test(String((await factsOf(server([answer]).client.json(POST, asIs))).hint)),
			).toBe(told);
			expect(
				NOT_SENT_AGAIN.test(String((await factsOf(server([answer]).client.json(GET, asIs))).hint)),
			).toBe(false);
		},
	);

	test('an answer that is too large would be so again', async () => {
		const large: Answer = {
			headers: { 'content-type': 'application/json' },
			body: ['"', 'x'.repeat(99), '"'],
		};
		expect(await tries([large], { ...GET, maxBytes: 100 })).toMatchObject({
			requests: 1,
			stage: 'speak.body-too-large',
		});
		expect(await tries([large], { ...GET, maxBytes: 101 })).toMatchObject({
			requests: 1,
			attempts: 1,
		});
		expect(await tries([large], GET)).toMatchObject({ requests: 1, attempts: 1 });
	});

	test('what was passed on already is not asked for again', async () => {
		const { client, requests } = server([json({}), json({})]);
		const facts = await factsOf(
			client.send(GET, async ({ commit }) => {
				commit();
				throw networkError('ECONNRESET');
			}),
		);
		expect(requests).toHaveLength(1);
		expect(facts).toMatchObject({ stage: 'speak.connection-lost', attempts: 1 });
		expect(facts.hint).not.toMatch(/tried|sent again/);
	});
});

describe('attempts and backoff', () => {
	test('the last failure, with the number of attempts', async () => {
		const facts = await tries([json({ message: 'busy' }, 503)], GET);
		expect(facts).toMatchObject({
			requests: 3,
			attempts: 3,
			status: 503,
			stage: 'speak.server-trouble',
		});
		expect(facts).toHaveProperty('hint', expect.stringMatching(/\. It was tried 3 times\.$/));
	});

	test('a single allowed attempt is not mentioned', async () => {
		const { client } = server([json({}, 503)], { policy: { ...QUICK, attempts: 1 } });
		expect(String((await factsOf(client.json(GET, asIs))).hint)).not.toMatch(/tried/);
	});

	test('a success says how many attempts it took', async () => {
		expect(await tries([json({}, 500), json({}, 500), json(5)], GET)).toMatchObject({
			value: 5,
			attempts: 3,
		});
	});

	test('a longer pause than this node keeps ends it at once', async () => {
		const facts = await tries([json({}, 429, { 'retry-after': '61' })], GET);
		expect(facts).toMatchObject({ requests: 1 });
		expect(facts).toHaveProperty(
			'hint',
			expect.stringMatching(
				/Mistral asks for a pause of 61 seconds; this node waits 60 seconds at most\.$/,
			),
		);
	});

	test('a pause as long as this node keeps it, but longer than "Timeout" leaves', async () => {
		const facts = await tries([json({}, 429, { 'retry-after': '60' })], GET);
		expect(facts).toMatchObject({ requests: 1 });
		expect(facts).toHaveProperty(
			'hint',
			expect.stringMatching(
				/Mistral asks for a pause of 60 seconds, which is more than "Timeout" leaves\.$/,
			),
		);
	});

	test('our own pause is longer than "Timeout" leaves', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(1);
		const policy = { ...QUICK, baseDelayMs: 60_000, maxDelayMs: 60_000 };
		const { client, requests } = server([json({}, 500)], { policy });
		expect((await factsOf(client.json(GET, asIs))).hint).toMatch(
			/The time of "Timeout" was over before another try\.$/,
		);
		expect(requests).toHaveLength(1);
	});

	test('the pause a server asks for is kept', async () => {
		const began = performance.now();
		expect(await tries([json({}, 429, { 'retry-after-ms': '60' }), json(1)], GET)).toMatchObject({
			attempts: 2,
		});
		expect(performance.now() - began).toBeGreaterThanOrEqual(58);
	});

	test('all items of a run share what may be repeated', async () => {
		const retryBudget = new RetryBudget(1);
		const first = await factsOf(server([json({}, 500)], { retryBudget }).client.json(GET, asIs));
		expect(first).toMatchObject({
			attempts: 2,
			hint: expect.stringMatching(/No further try was made: too many requests of this run/),
		});
		for (let n = 0; n < 5; n++) await server([json(1)], { retryBudget }).client.json(GET, asIs);
		const later = server([json({}, 500), json(1)], { retryBudget });
		expect(await later.client.json(GET, asIs)).toEqual({ value: 1, attempts: 2 });
	});
});

describe('timeouts and cancellation', () => {
	const never = new Promise<never>(() => undefined);

	test('a server that stays silent is given up on, and let go when it answers late', async () => {
		let answer = () => {};
		const after = new Promise<void>((resolve) => (answer = resolve));
		const { client, log, requests } = server([{ after, body: ['late'] }]);
		const facts = await factsOf(client.json({ ...POST, firstByteMs: 20 }, asIs));
		expect(facts).toMatchObject({ stage: 'speak.timed-out', attempts: 1 });
		expect(requests[0]?.timeout).toBe(20);
		expect(log.destroyed).toBe(0);
		answer();
		await new Promise((resolve) => setImmediate(resolve));
		expect(log.destroyed).toBe(1);
	});

	test('the deadline counts when it is nearer than the first byte', async () => {
		const { client, requests } = server([{ after: never }]);
		const request = { ...GET, timeoutMs: 400, firstByteMs: 10_000 };
		const facts = await factsOf(client.json(request, asIs));
		expect(facts.stage).toBe('speak.timed-out');
		expect(facts.hint).not.toMatch(/tried|another try/);
		expect(requests).toHaveLength(1);
		expect(requests[0]?.timeout).toBeLessThanOrEqual(400);
	});

	test.each(['ECONNABORTED', 'ETIMEDOUT'])(
		"the helper's own %s is a time-out as well",
		async (code) => {
			expect(await tries([networkError(code)], POST)).toMatchObject({
				stage: 'speak.timed-out',
				code,
			});
		},
	);

	test('an answer that falls silent is given up on', async () => {
		const headers = { 'content-type': 'application/json' };
		const { client } = server([{ headers, body: ['{', never] }]);
		const facts = await factsOf(client.json({ ...POST, idleMs: 20 }, asIs));
		expect(facts).toMatchObject({ stage: 'speak.body-stalled', attempts: 1 });
	});

	test('a stopped execution sends nothing', async () => {
		const { client, requests } = server([json({})], { cancel: AbortSignal.abort() });
		expect(await factsOf(client.json(GET, asIs))).toMatchObject({ stage: 'speak.cancelled' });
		expect(requests).toHaveLength(0);
	});

	test.each<[string, Answer, object]>([
		['while nothing has come', { after: never }, {}],
		['between two attempts', json({}, 429, { 'retry-after': '10' }), {}],
	])('stopping %s ends it, and nobody listens any more', async (_, answer, more) => {
		const stop = new AbortController();
		const { client } = server([answer], { cancel: stop.signal });
		const facts = factsOf(client.json({ ...GET, ...more }, asIs));
		await new Promise((resolve) => setTimeout(resolve, 20));
		stop.abort();
		expect(await facts).toMatchObject({
			stage: 'speak.cancelled',
			message: 'The execution was stopped',
		});
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
	});

	test('stopping while a refusal is read', async () => {
		const stop = new AbortController();
		const body = [new Error('broken')];
		const after = Promise.resolve().then(() => stop.abort());
		const { client } = server([{ status: 500, body, after }], { cancel: stop.signal });
		expect(await factsOf(client.json(GET, asIs))).toMatchObject({ stage: 'speak.cancelled' });
	});

	test('nobody listens after a success either, however many requests there were', async () => {
		const stop = new AbortController();
		const { client } = server([json({}, 500), json(1)], { cancel: stop.signal });
		expect(await client.json(GET, asIs)).toEqual({ value: 1, attempts: 2 });
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
	});
});

describe('what came back', () => {
	test('a reader gets status, headers and the whole body', async () => {
		const { client, log } = server([{ status: 201, headers: { 'x-a': 'b' }, body: ['ab', 'cd'] }]);
		const { value } = await client.send(GET, async ({ status, headers, body }) => {
			expect(log.destroyed).toBe(0);
			return { status, headers, text: (await readAll(body)).toString() };
		});
		expect(value).toEqual({ status: 201, headers: { 'x-a': 'b' }, text: 'abcd' });
	});

	test('a reader that does not read leaves no socket open', async () => {
		const { client, log } = server([{ body: ['ab'] }]);
		await client.send(GET, async () => 'seen');
		expect(log.destroyed).toBeGreaterThan(0);
	});

	test.each([
		[
			'a reader that cannot count',
			new RangeError('x'),
			'unexpected-answer',
			/not a Mistral answer/,
		],
		[
			'a reader that cannot parse',
			new SyntaxError('x'),
			'unexpected-answer',
			/not a Mistral answer/,
		],
		['anything else keeps its words', new Error('Disk full'), 'unexpected', /^Disk full$/],
	])('%s', async (_, thrown, reason, message) => {
		const { client } = server([json({})]);
		const facts = await factsOf(
			client.send(POST, async () => {
				throw thrown;
			}),
		);
		expect(facts).toMatchObject({
			stage: `speak.${reason}`,
			message: expect.stringMatching(message),
		});
	});

	test('JSON is believed only where it is called so', async () => {
		const untyped: Answer = { body: ['{"a":1}'] };
		expect(await tries([untyped], POST)).toMatchObject({ stage: 'speak.unexpected-answer' });
	});

	test('an error body with status 200 is a failure like any other', async () => {
		const { client } = server([
			json({ object: 'error', message: 'Too busy', raw_status_code: 503 }),
		]);
		expect(await factsOf(client.json(GET, () => undefined))).toMatchObject({
			stage: 'speak.server-trouble',
			status: 503,
			attempts: 3,
			hint: expect.stringContaining('Too busy'),
		});
	});

	test('an error response that cannot be read is explained by its status', async () => {
		const broken: Answer = { status: 404, body: [networkError('ECONNRESET')] };
		const endless: Answer = { status: 404, body: ['x'.repeat(70_000)] };
		const facts = { stage: 'speak.not-found', status: 404, requests: 1 };
		expect(await tries([broken], GET)).toMatchObject(facts);
		expect(await tries([endless], GET)).toMatchObject(facts);
	});
});

describe('advice is not padded', () => {
	const advice = (status: number) => refusalFacts('speak', status, '{}', {}).hint;
	test.each([
		['a refusal', json({}, 400), GET, advice(400)],
		['a refusal of a request that must not be sent twice', json({}, 409), POST, advice(409)],
		['trouble', json({}, 500), POST, `${advice(500)} ${NOT_AGAIN}`],
		['a redirect', json({}, 300), POST, advice(300)],
	])('%s', async (_, answer, request, hint) => {
		expect(await tries([answer], request)).toMatchObject({ requests: 1, hint });
	});

	test('one attempt, one failure, nothing about attempts', async () => {
		const { client } = server([json({}, 500)], { policy: { ...QUICK, attempts: 1 } });
		expect((await factsOf(client.json(GET, asIs))).hint).toBe(advice(500));
	});

	test('a stopped execution needs no advice', async () => {
		const stop = new AbortController();
		const { client } = server([json({}, 429, { 'retry-after': '10' })], { cancel: stop.signal });
		const facts = factsOf(client.json(GET, asIs));
		setTimeout(() => stop.abort(), 20);
		expect(await facts).toEqual({
			stage: 'speak.cancelled',
			message: 'The execution was stopped',
			attempts: 1,
		});
	});

	test('nor does one stopped while it reads', async () => {
		const stop = new AbortController();
		const { client } = server([{ body: ['a'] }], { cancel: stop.signal });
		const reading = client.send(GET, async () => {
			stop.abort();
			throw new Error('whatever follows');
		});
		expect(await factsOf(reading)).toEqual({
			stage: 'speak.cancelled',
			message: 'The execution was stopped',
			attempts: 1,
		});
	});
});

describe('redaction', () => {
	test('the key, in whatever a server says', async () => {
		const answer = json({ message: `Bad key ${KEY}`, code: KEY }, 400, {
			'mistral-correlation-id': `id-${KEY}`,
		});
		const facts = await tries([answer], GET);
		expect(facts).toMatchObject({ code: '[key]', requestId: 'id-[key]', stage: 'speak.rejected' });
		expect(JSON.stringify(facts)).not.toContain(KEY.slice(0, 12));
	});

	test('the key, in what was thrown on this side', async () => {
		const facts = await tries([new Error(`cannot send ${KEY}`)], GET);
		expect(facts).toMatchObject({ message: expect.stringMatching(/cannot send \[key\]$/) });
	});

	test('the stage stays what workflows branch on, whatever the key is', async () => {
		const { client } = server([json({}, 400)], { credential: { apiKey: 'speak' } });
		expect(await factsOf(client.json(GET, asIs))).toMatchObject({ stage: 'speak.rejected' });
	});

	test('the key, in a success', async () => {
		const { value } = await server([json({ a: `x${KEY}`, b: KEY })]).client.json(GET, asIs);
		expect(value).toEqual({ a: 'x[key]', b: '[key]' });
	});

	test('a key of eight characters is one, a shorter one could be any word', async () => {
		const answer = json({ a: 'longword', b: 'fullword' });
		const withKey = async (apiKey: string) =>
			(await server([answer], { credential: { apiKey } }).client.json(GET, asIs)).value;
		expect(await withKey('longword')).toEqual({ a: '[key]', b: 'fullword' });
		expect(await withKey('word')).toEqual({ a: 'longword', b: 'fullword' });
	});

	const secret = 'My neighbour told me that the garden is hers';
	test.each<[string, Answer]>([
		['a server', json({ message: `No: ${secret}` }, 400)],
		['a server within a success', json({ object: 'error', message: `No: ${secret}` })],
		['n8n', new Error(`No: ${secret}`)],
	])('the question, when %s repeats it', async (_, answer) => {
		const body = () => ({ inputs: secret });
		const { client } = server([answer]);
		const facts = await factsOf(client.json({ ...POST, body }, () => undefined));
		expect(`${String(facts.message)} ${String(facts.hint)}`).toContain('No: [your text]');
	});

	test('the question, in advice as well', async () => {
		const thrown = Object.assign(new Error('No'), { description: `Change ${secret}` });
		const { client } = server([json({})]);
		const facts = await factsOf(
			client.send({ ...POST, body: () => ({ inputs: secret }) }, async () => {
				throw thrown;
			}),
		);
		expect(facts).toMatchObject({
			message: 'No',
			hint: expect.stringContaining('Change [your text]'),
		});
	});

	test('a short word stays in our own sentences, and goes from those of a server', async () => {
		const body = () => ({ inputs: 'Model' });
		const answer = json({ message: 'Model?', type: 'invalid_model' }, 400);
		const facts = await tries([answer], { ...POST, body });
		expect(facts).toMatchObject({
			message: expect.stringContaining('the chosen Model'),
			hint: expect.stringContaining('[your text]?'),
		});
	});
});
