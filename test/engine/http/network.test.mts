// Network faults below HTTP: DNS, refused connections, TLS, slow headers; and compressed or hostile responses.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CANARY as KEY } from '../../support/canary.mts';
import { startEngine } from '../../support/engine.mts';

jest.setTimeout(60_000);

const servers: { close(): unknown }[] = [];

async function listening(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	servers.push(server);
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0));
afterAll(() => {
	jest.restoreAllMocks();
	for (const server of servers) server.close();
});

async function ask(baseUrl: string, more: object = {}, apiKey = KEY) {
	const engine = await startEngine({ apiKey, baseUrl });
	const result = await engine.run({
		nodes: [
			{
				type: 'mistralAgent',
				parameters: {
					prompt: 'My garden is full of very private tomatoes',
					options: { timeoutSeconds: 2, ...more },
				},
				onError: 'continueRegularOutput',
			},
		],
	});
	await engine.close();
	expect(JSON.stringify(result)).not.toContain(apiKey);
	const json = result.items[0]?.json;
	return { json, details: json?.details as Record<string, unknown> | undefined };
}

describe('no response', () => {
	test('a DNS failure is retried and named', async () => {
		const { json, details } = await ask('https://nobody.invalid', { timeoutSeconds: 20 });
		expect(json?.error).toMatch(/No server was found/);
		expect(details).toMatchObject({ stage: 'ask.unreachable', attempts: 4 });
	});

	test('a refused connection is retried and named', async () => {
		const { json, details } = await ask('http://127.0.0.1:9', { timeoutSeconds: 20 });
		expect(json?.error).toMatch(/No server answers/);
		expect(details).toMatchObject({ stage: 'ask.unreachable', code: 'ECONNREFUSED', attempts: 4 });
	});

	test('https to a plain http server fails without a retry', async () => {
		const address = await listening(createHttpServer((_, response) => void response.end('{}')));
		const { json, details } = await ask(`https://${address}`);
		expect(json?.error).toMatch(/does not speak https/);
		expect(details).toMatchObject({ stage: 'ask.certificate', attempts: 1 });
	});

	test('response headers that drip in time out, and the socket is closed', async () => {
		const sockets = new Set<Socket>();
		const address = await listening(
			createServer((socket) => {
				sockets.add(socket);
				socket.on('error', () => undefined);
				socket.write('HTTP/1.1 200 OK\r\n');
				const timer = setInterval(() => socket.write('X: '), 50);
				socket.on('close', () => {
					clearInterval(timer);
					sockets.delete(socket);
				});
			}),
		);
		const began = performance.now();
		const { details } = await ask(`http://${address}`, { timeoutSeconds: 1 });
		expect(details).toMatchObject({ stage: 'ask.timed-out', attempts: 1 });
		expect(performance.now() - began).toBeLessThan(8_000);
		for (let n = 0; n < 100 && sockets.size > 0; n++)
			await new Promise((resolve) => setTimeout(resolve, 20));
		expect(sockets.size).toBe(0);
	});
});

describe('a response', () => {
	const answering = async (
		status: number,
		body: string | Buffer,
		headers: Record<string, string> = {},
	) =>
		`http://${await listening(
			createHttpServer((request, response) => {
				request.resume();
				request.on('end', () => {
					response.writeHead(status, { 'content-type': 'application/json', ...headers });
					response.end(body);
				});
			}),
		)}`;

	test('an unrequested compressed response is read', async () => {
		const answer = {
			conversation_id: 'conv_1',
			outputs: [{ type: 'message.output', content: 'Hello there. '.repeat(200) }],
		};
		const packed = gzipSync(JSON.stringify(answer));
		const url = await answering(200, packed, {
			'content-encoding': 'gzip',
			'content-length': String(packed.length),
		});
		expect((await ask(url)).json).toMatchObject({ attempts: 1, conversationId: 'conv_1' });
	});

	test('a compressed response larger than its content is read', async () => {
		const answer = { conversation_id: 'c', outputs: [{ type: 'message.output', content: 'Yes.' }] };
		const plain = JSON.stringify(answer);
		const packed = gzipSync(plain, { level: 0 });
		expect(packed.length).toBeGreaterThan(plain.length);
		const url = await answering(200, packed, {
			'content-encoding': 'gzip',
			'content-length': String(packed.length),
		});
		expect((await ask(url)).json).toMatchObject({ attempts: 1, output: 'Yes.' });
	});

	test('redaction removes the text of the request from an error message', async () => {
		const url = await answering(
			400,
			JSON.stringify({ message: 'Cannot process: My garden is full of very private tomatoes' }),
		);
		const { json } = await ask(url);
		expect(JSON.stringify(json)).toContain('[your text]');
		expect(JSON.stringify(json)).not.toContain('tomatoes');
	});

	test('redaction removes a short API key', async () => {
		const url = await answering(400, JSON.stringify({ message: 'Bad header: Bearer s3cret' }));
		const { json } = await ask(url, {}, 's3cret');
		expect(JSON.stringify(json)).toContain('Bearer [key]');
	});

	test('a Retry-After longer than the timeout is named in the error', async () => {
		const url = await answering(429, '{"message":"slow down"}', { 'retry-after': '3600' });
		const { details } = await ask(url);
		expect(details).toMatchObject({
			attempts: 1,
			hint: expect.stringContaining('a pause of 60 minutes; this node waits 60 seconds at most'),
		});
		const soon = await answering(429, '{"message":"slow down"}', { 'retry-after': '30' });
		expect((await ask(soon)).details?.hint).toContain(
			'a pause of 30 seconds, which is more than "Timeout" leaves',
		);
	});
});
