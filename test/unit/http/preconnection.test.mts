// Preconnection: when it is used, when it is not, and what is written to it.
import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { IHttpRequestOptions } from 'n8n-workflow';
import type { HttpRequest } from '../../../nodes/shared/http/request.ts';
import type { RequestContext } from '../../../nodes/shared/http/n8n-request.ts';
import { HttpClient } from '../../../nodes/shared/http/client.ts';
import { factsOf, json, networkError, POST, QUICK, server } from './scripted-server.mts';

const SPEECH: HttpRequest = { ...POST, path: '/v1/audio/speech', accept: 'text/event-stream' };
const asIs = (body: unknown) => body;
const saying = (input: string): HttpRequest => ({ ...SPEECH, body: () => ({ input }) });

type Piped = { pipe(destination: PassThrough): unknown };
const isPiped = (body: unknown): body is Piped => typeof (body as Piped)?.pipe === 'function';

/** An n8n that asks for a late body after so many ms, or never, and answers when the body is there. */
function n8n({ asksAfterMs = 0, cancel }: { asksAfterMs?: number; cancel?: AbortSignal } = {}) {
	const sent: { options: IHttpRequestOptions; written?: string; signal: AbortSignal }[] = [];
	const answer = () => ({
		statusCode: 200,
		headers: { 'content-type': 'application/json' },
		body: new PassThrough().end('{"ok":true}'),
	});
	const helpers = {
		async httpRequestWithAuthentication(
			this: { getExecutionCancelSignal(): AbortSignal },
			_: string,
			options: IHttpRequestOptions,
		) {
			const request: (typeof sent)[number] = { options, signal: this.getExecutionCancelSignal() };
			sent.push(request);
			const { body } = options;
			if (!isPiped(body)) return answer();
			if (asksAfterMs === Infinity) return await new Promise(() => undefined);
			await new Promise((resolve) => setTimeout(resolve, asksAfterMs));
			const written = new PassThrough();
			body.pipe(written);
			request.written = Buffer.concat(await written.toArray()).toString('utf8');
			return answer();
		},
	};
	const context = {
		getCredentials: async () => ({ apiKey: 'a-key-of-some-length', baseUrl: '' }),
		...(cancel ? { getExecutionCancelSignal: () => cancel } : {}),
		helpers,
	} as unknown as RequestContext;
	return { client: new HttpClient(context, 'speak', 0, { policy: QUICK }), sent };
}

const settled = async () => await new Promise((resolve) => setTimeout(resolve, 5));

describe('a preconnection', () => {
	test.each(['Hi', 'Gr\u00fc\u00dfe \u{1F30D} \u201Cauf Wiedersehen\u201D', ''])(
		'takes %j as JSON, filled up to its Content-Length',
		async (input) => {
			const { client, sent } = n8n();
			client.preconnect(SPEECH);
			await settled();
			expect(sent).toMatchObject([{ options: { method: 'POST' } }]);
			expect(await client.json(saying(input), asIs)).toEqual({
				value: { ok: true },
				attempts: 1,
			});
			expect(sent).toHaveLength(1);
			const [{ options, written = '' } = { options: {} as IHttpRequestOptions }] = sent;
			expect(options.url).toBe('https://api.mistral.ai/v1/audio/speech');
			expect(options.timeout).toBeGreaterThan(23_000);
			expect(options.timeout).toBeLessThanOrEqual(4_000 + 20_000);
			expect(options.headers).toEqual({
				Accept: 'text/event-stream',
				'Accept-Encoding': 'identity',
				'Content-Type': 'application/json',
				'Content-Length': 4096,
			});
			expect(Buffer.byteLength(written)).toBe(4096);
			expect(written.trimEnd()).toBe(JSON.stringify({ input }));
		},
	);

	test('is used once', async () => {
		const { client, sent } = n8n();
		client.preconnect(SPEECH);
		await client.json(saying('One'), asIs);
		await client.json(saying('Two'), asIs);
		expect(sent.map(({ options }) => isPiped(options.body))).toEqual([true, false]);
	});

	test('that is still being opened is waited for', async () => {
		const { client, sent } = n8n({ asksAfterMs: 60 });
		client.preconnect(SPEECH);
		await client.json(saying('Hi'), asIs);
		expect(sent).toHaveLength(1);
	});

	test.each<[string, Partial<HttpRequest>]>([
		['another address', { path: '/v1/audio/voices' }],
		['another method', { method: 'PUT' }],
		['another kind of answer', { accept: 'application/json' }],
	])('is not for %s', async (_, other) => {
		const { client, sent } = n8n();
		client.preconnect(SPEECH);
		await client.json({ ...saying('Hi'), ...other }, asIs);
		expect(sent.map(({ options }) => isPiped(options.body))).toEqual([true, false]);
		await client.json(saying('Hi'), asIs);
		expect(sent).toHaveLength(2);
	});

	test('takes 4,096 bytes and not one more; then it is closed', async () => {
		const room = 4096 - '{"input":""}'.length;
		for (const [length, requests] of [
			[room, 1],
			[room + 1, 2],
		] as const) {
			const { client, sent } = n8n();
			client.preconnect(SPEECH);
			await client.json(saying('x'.repeat(length)), asIs);
			expect(sent).toHaveLength(requests);
			expect(sent[0]?.signal.aborted).toBe(requests === 2);
		}
	});

	test('is given up where n8n never asks for the body', async () => {
		const { client, sent } = n8n({ asksAfterMs: Infinity });
		client.preconnect(SPEECH);
		expect(await client.json(saying('Hi'), asIs)).toMatchObject({ attempts: 1 });
		expect(sent).toHaveLength(2);
		expect(sent[0]?.signal.aborted).toBe(true);
	});

	test.each([
		['broke', networkError('ECONNRESET')],
		['was answered before', json({ late: true }, 408)],
	])('that %s is replaced, which is no try', async (_, first) => {
		const { client, requests, log } = server([first, json({ ok: true })]);
		client.preconnect(SPEECH);
		await settled();
		// What was answered unasked is let go of unread.
		expect(log.destroyed).toBe(first instanceof Error ? 0 : 1);
		expect(await client.json(saying('Hi'), asIs)).toEqual({ value: { ok: true }, attempts: 1 });
		expect(requests).toHaveLength(2);
	});

	test('is closed when the execution is stopped', async () => {
		const stop = new AbortController();
		const { client, sent } = n8n({ cancel: stop.signal });
		client.preconnect(SPEECH);
		await settled();
		expect(sent[0]?.signal.aborted).toBe(false);
		stop.abort();
		expect(sent[0]?.signal.aborted).toBe(true);
	});

	test('leaves nobody listening, used or broken', async () => {
		const { signal } = new AbortController();
		const { client } = n8n({ cancel: signal });
		client.preconnect(SPEECH);
		expect(getEventListeners(signal, 'abort').length).toBeGreaterThan(0);
		await client.json(saying('Hi'), asIs);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
		const broken = server([networkError('ECONNRESET')], { cancel: signal });
		broken.client.preconnect(SPEECH);
		await settled();
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	test('is not opened after that', async () => {
		const { client, sent } = n8n({ cancel: AbortSignal.abort() });
		client.preconnect(SPEECH);
		await settled();
		expect(sent).toEqual([]);
	});

	test('leaves it to the request to say what is wrong with the credential', async () => {
		const { client } = server([json({})], { credential: { apiKey: '' } });
		client.preconnect(SPEECH);
		await settled();
		expect(await factsOf(client.json(saying('Hi'), asIs))).toMatchObject({
			stage: 'speak.no-key',
		});
	});
});
