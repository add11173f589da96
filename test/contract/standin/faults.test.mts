// Fault injection in the stand-in: matching, error responses, connection faults, stream faults.
import { describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { faults } from '../../standin/index.mts';
import { collect, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const json = { model: 'mistral-small-latest', inputs: 'Hello there' };
const ask = () => fixture.call('/v1/conversations', { json });
const askStream = () => fixture.call('/v1/conversations', { json: { ...json, stream: true } });

describe('matching', () => {
	test('a fault hits one request by default', async () => {
		fixture.standIn.inject(faults.rateLimited('2'));
		const hit = await ask();
		expect(hit.status).toBe(429);
		expect(hit.headers.get('retry-after')).toBe('2');
		expect(await hit.json()).toMatchObject({ type: 'rate_limited', code: '1300' });
		expect((await ask()).status).toBe(200);
	});

	test('a fault matches by method and path, with a number of times and of requests to skip', async () => {
		fixture.standIn.inject({
			...faults.serverErrorPlain(),
			match: { method: 'POST', path: /conversations/ },
			times: 2,
			skip: 1,
		});
		expect((await fixture.call('/v1/models')).status).toBe(200);
		const statuses = [];
		for (let number = 0; number < 4; number += 1) statuses.push((await ask()).status);
		expect(statuses).toEqual([200, 503, 503, 200]);
	});

	test('a fault matches by the API key of the caller', async () => {
		const match = { apiKey: 'somebody-else' };
		fixture.standIn.inject({ ...faults.serverError(503), match, times: Number.POSITIVE_INFINITY });
		expect((await ask()).status).toBe(200);
		const theirs = { headers: { authorization: 'Bearer somebody-else' } };
		expect((await fixture.call('/v1/models', theirs)).status).toBe(401);
		fixture.standIn.inject({ ...faults.serverError(503), match: { apiKey: 'stand-in-key' } });
		expect((await ask()).status).toBe(503);
	});

	test('heal removes the faults of a path, of a caller, or all', async () => {
		const aimed = [
			{ path: '/v1/conversations' },
			{ path: '/v1/models' },
			{ apiKey: 'stand-in-key', path: '/v1/files' },
		];
		const arm = () => {
			fixture.standIn.heal();
			for (const match of aimed)
				fixture.standIn.inject({ ...faults.serverError(), match, times: Number.POSITIVE_INFINITY });
		};
		const statuses = async () => [
			(await ask()).status,
			(await fixture.call('/v1/models')).status,
			(await fixture.call('/v1/files')).status,
		];
		arm();
		expect(await statuses()).toEqual([500, 500, 500]);
		fixture.standIn.heal('/v1/models');
		expect(await statuses()).toEqual([500, 200, 500]);
		arm();
		fixture.standIn.heal({ apiKey: 'stand-in-key' });
		expect(await statuses()).toEqual([500, 500, 200]);
		fixture.standIn.heal();
		expect(await statuses()).toEqual([200, 200, 200]);
	});

	test('reset removes all faults', async () => {
		fixture.standIn.inject({ ...faults.serverError(), times: Number.POSITIVE_INFINITY });
		expect((await ask()).status).toBe(500);
		fixture.standIn.reset();
		expect((await ask()).status).toBe(200);
	});
});

describe('error responses', () => {
	test.each([
		['invalidKey', faults.invalidKey(), 401, '{"detail":"Invalid API Key"}\n'],
		['tierNotAllowed', faults.tierNotAllowed(), 403, '"code":"1910"'],
		['noRoute', faults.noRoute(), 404, 'no Route matched'],
		[
			'unprocessable',
			faults.unprocessable(),
			422,
			'"message":{"detail":[{"type":"extra_forbidden"',
		],
		[
			'unprocessableFastApi',
			faults.unprocessableFastApi(),
			422,
			'{"detail":[{"input":1.2,"ctx":{}',
		],
		['capacityExceeded', faults.capacityExceeded(), 429, '"code":"3505"'],
		['serverErrorHtml', faults.serverErrorHtml(), 502, '<html>'],
		['htmlPage', faults.htmlPage(), 200, '<html>'],
		['emptyReply', faults.emptyReply(), 200, ''],
		['notJson', faults.notJson(), 200, '{"text":"Hel'],
		['echoKey', faults.echoKey(), 400, 'Bearer stand-in-key'],
	])('the fault %s has the documented status and body', async (_, fault, status, text) => {
		fixture.standIn.inject(fault);
		const response = await ask();
		expect(response.status).toBe(status);
		expect(await response.text()).toContain(text);
	});

	test('a fault can answer with a redirect', async () => {
		fixture.standIn.inject(faults.redirect('http://127.0.0.1:1/elsewhere'));
		const response = await fixture.call('/v1/models', { redirect: 'manual' });
		expect(response.status).toBe(307);
		expect(response.headers.get('location')).toBe('http://127.0.0.1:1/elsewhere');
	});

	test('a fault can answer with a gzip bomb', async () => {
		fixture.standIn.inject(faults.gzipBomb(5_000_000));
		const response = await ask();
		expect(Number(response.headers.get('content-length'))).toBeLessThan(20_000);
		expect((await response.text()).length).toBeGreaterThan(5_000_000);
	});

	test('a response lost after the work is done leaves the turn stored', async () => {
		fixture.standIn.inject(faults.lostAfterWork());
		await expect(ask()).rejects.toThrow();
		const stored = (await (await fixture.call('/v1/conversations')).json()) as unknown[];
		expect(stored).toHaveLength(1);
		fixture.standIn.inject(faults.resetBeforeResponse());
		await expect(ask()).rejects.toThrow();
		expect((await (await fixture.call('/v1/conversations')).json()) as unknown[]).toHaveLength(1);
	});
});

describe('connection faults', () => {
	test('a delayed response', async () => {
		fixture.standIn.inject(faults.slow(150));
		const start = performance.now();
		await (await ask()).text();
		expect(performance.now() - start).toBeGreaterThan(145);
	});

	test.each([
		['resetBeforeBody', faults.resetBeforeBody()],
		['resetBeforeResponse', faults.resetBeforeResponse()],
		['notHttp', faults.notHttp()],
	])('%s: the client gets no response', async (_, fault) => {
		fixture.standIn.inject(fault);
		await expect(ask()).rejects.toThrow();
	});

	test.each([
		['resetMidBody', faults.resetMidBody()],
		['closeMidBody', faults.closeMidBody()],
		['tooShortForLength', faults.tooShortForLength()],
	])('%s: the client gets half a response', async (_, fault) => {
		fixture.standIn.inject(fault);
		const response = await ask();
		expect(response.status).toBe(200);
		await expect(response.text()).rejects.toThrow();
	});

	test('a truncated body that ends with an orderly close', async () => {
		fixture.standIn.inject(faults.cleanCloseMidBody(30));
		expect(await (await ask()).text()).toHaveLength(30);
	});

	test.each([
		['stallAfterHeaders', faults.stallAfterHeaders(), 0],
		['stallMidBody', faults.stallMidBody(20), 20],
	])('%s: the response stalls after its headers', async (_, fault, bytes) => {
		fixture.standIn.inject(fault);
		const response = await ask();
		const reader = (response.body as ReadableStream<Uint8Array>).getReader();
		if (bytes > 0) expect((await reader.read()).value).toHaveLength(bytes);
		const next = await Promise.race([
			reader.read(),
			new Promise((resolve) => setTimeout(() => resolve('silence'), 150)),
		]);
		expect(next).toBe('silence');
		await reader.cancel();
	});

	test('a response sent byte by byte, without and with pauses', async () => {
		const whole = await (await fixture.call('/v1/audio/voices/gb_jane_neutral')).text();
		fixture.standIn.inject(faults.oneByteSlices());
		const reader = (
			(await fixture.call('/v1/audio/voices/gb_jane_neutral')).body as ReadableStream<Uint8Array>
		).getReader();
		const chunks: Uint8Array[] = [];
		for (let part = await reader.read(); !part.done; part = await reader.read())
			chunks.push(part.value);
		expect(Buffer.concat(chunks).toString()).toBe(whole);
		expect(chunks.length).toBeGreaterThan(10);
		fixture.standIn.inject({ ...faults.oneByteSlices(), sliceFirstBytes: 3 });
		const begun = await fixture.call('/v1/audio/voices/gb_jane_neutral');
		expect(await begun.text()).toBe(whole);
		fixture.standIn.inject({ sliceBytes: 50, sliceEveryMs: 20 });
		const start = performance.now();
		await (await fixture.call('/v1/audio/voices/gb_jane_neutral')).text();
		expect(performance.now() - start).toBeGreaterThan((whole.length / 50) * 20 * 0.8);
	});

	test('a response before the upload is complete, and early hints (103) before the response', async () => {
		fixture.standIn.inject({ ...faults.tooLarge(), early: true });
		const { status } = await fixture.call('/v1/files', { method: 'POST', body: new FormData() });
		expect(status).toBe(413);
		expect(fixture.standIn.requests[0]?.bodyBytes).toBe(0);
		fixture.standIn.inject(faults.earlyHints());
		expect((await fixture.call('/v1/models')).status).toBe(200);
	});

	test('an HTTP/1.0 response ends with its connection', async () => {
		fixture.standIn.inject(faults.http10());
		const socket = connect(fixture.standIn.port, '127.0.0.1');
		socket.write(
			'GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer stand-in-key\r\n\r\n',
		);
		const text = Buffer.concat((await collect(socket)) as Buffer[]).toString();
		const [head = '', body = ''] = text.split('\r\n\r\n');
		expect(head).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
		expect(head).not.toMatch(/content-length|transfer-encoding/i);
		expect(JSON.parse(body)).toMatchObject({ object: 'list' });
		fixture.standIn.inject(faults.http10());
		expect(await fixture.client.models.list()).toMatchObject({ object: 'list' });
	});
});

describe('stream faults', () => {
	test('an event can be left out', async () => {
		fixture.standIn.inject(faults.withoutEvent('conversation.response.done'));
		const text = await (await askStream()).text();
		expect(text).toContain('message.output.delta');
		expect(text).not.toContain('conversation.response.done');
	});

	test('a stream can end, reset or stall after some events', async () => {
		fixture.standIn.inject(faults.endAfterEvents(2));
		expect((await (await askStream()).text()).match(/event:/g)).toHaveLength(2);
		fixture.standIn.inject(faults.resetAfterEvents(2));
		await expect((await askStream()).text()).rejects.toThrow();
	});

	test('error events and unknown events can be inserted', async () => {
		fixture.standIn.inject(faults.errorEvent('message.output.delta'));
		expect(await (await askStream()).text()).toMatch(/event: error\ndata: \{"object":"error"/);
		fixture.standIn.inject(faults.unknownEvent());
		expect(await (await askStream()).text()).toContain('event: x.news\n');
	});

	test('line ends can be carriage returns', async () => {
		fixture.standIn.inject(faults.carriageReturns());
		const text = await (await askStream()).text();
		expect(text).toContain('\r\n\r\n');
		expect(text.replaceAll('\r\n', '')).not.toContain('\n');
		fixture.standIn.inject(faults.bareCarriageReturns());
		expect(await (await askStream()).text()).not.toContain('\n');
	});

	test('comments and unknown fields are allowed by the SSE format: the SDK reads the same answer', async () => {
		fixture.standIn.inject({ events: { noise: true }, sliceBytes: 3 });
		const events = await collect(await fixture.client.beta.conversations.startStream(json));
		const text = events
			.map(({ data }) => (data.type === 'message.output.delta' ? data.content : ''))
			.join('');
		expect(text).toContain('“Hello there”');
	});

	test('audio payloads can be invalid base64 or a byte short', async () => {
		const speak = async () => {
			const response = await fixture.call('/v1/audio/speech', {
				json: { input: 'Hi.', voice_id: 'gb_jane_neutral', response_format: 'pcm', stream: true },
			});
			return /"audio_data":"([^"]*)"/.exec(await response.text())?.[1] ?? '';
		};
		fixture.standIn.inject(faults.notBase64());
		expect(await speak()).toContain('%');
		fixture.standIn.inject(faults.oddLengthAudio());
		expect(Buffer.from(await speak(), 'base64').length % 4).toBe(3);
	});
});
