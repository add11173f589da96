// A strict stand-in of the three OpenAI endpoints that n8n's OpenAI nodes call in a voice turn, with the same latencies.
import busboy from 'busboy';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokensIn, waitUntil, writtenAfterMs } from '../test/standin/latency.mts';
import { type CannedSpeech, secondsOf } from './canned-speech.mts';
import { apiKey, type Setting } from './settings.mts';

const question = 'What are the opening hours of the library today?';

class Refusal extends Error {}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}

/** Reads name and value of each field, and the bytes of the file. */
async function formOf(request: IncomingMessage): Promise<{ fields: string[]; fileBytes: number }> {
	const parser = busboy({ headers: request.headers });
	const fields: string[] = [];
	let fileBytes = 0;
	parser.on('field', (name, value) => fields.push(`${name}=${value}`));
	parser.on('file', (_name, stream) =>
		stream.on('data', (chunk: Buffer) => (fileBytes += chunk.length)),
	);
	request.pipe(parser);
	await once(parser, 'close');
	return { fields, fileBytes };
}

const allow = (body: Record<string, unknown>, ...keys: string[]): void => {
	const stray = Object.keys(body).find((key) => !keys.includes(key));
	if (stray !== undefined) throw new Refusal(`Unknown parameter: ${stray}`);
};

interface Reply {
	contentType: string;
	bytes: Buffer;
}

const asJson = (value: unknown): Reply => ({
	contentType: 'application/json',
	bytes: Buffer.from(JSON.stringify(value)),
});

export async function startOpenAi({ profile, reply }: Setting, speech: CannedSpeech) {
	const wait = async (fromMs: number, ms: number) =>
		await waitUntil(fromMs + ms, new AbortController().signal);

	const hear = async (request: IncomingMessage): Promise<Reply> => {
		const { fields, fileBytes } = await formOf(request);
		if (fileBytes === 0 || fields.join() !== 'model=whisper-1')
			throw new Refusal('model and file are required');
		await wait(performance.now(), profile.transcriptionMs);
		return asJson({ text: question, usage: { type: 'duration', seconds: 4 } });
	};

	const answer = async (request: IncomingMessage): Promise<Reply> => {
		const body = await bodyOf(request);
		allow(body, 'model', 'input', 'parallel_tool_calls', 'store', 'background', 'tools');
		const [message] = body.input as { content: { text: string }[] }[];
		if (message?.content[0]?.text !== question) throw new Refusal('The question did not arrive');
		const receivedAtMs = performance.now();
		await wait(receivedAtMs, writtenAfterMs(profile, tokensIn(reply.length)));
		const content = [{ type: 'output_text', annotations: [], logprobs: [], text: reply }];
		const output = [
			{ id: 'msg_1', type: 'message', status: 'completed', content, role: 'assistant' },
		];
		return asJson({ id: 'resp_1', object: 'response', status: 'completed', error: null, output });
	};

	const speak = async (request: IncomingMessage): Promise<Reply> => {
		const body = await bodyOf(request);
		allow(body, 'model', 'input', 'voice', 'response_format', 'speed');
		if (body.response_format !== 'mp3' || body.input !== reply)
			throw new Refusal('The answer did not arrive');
		const receivedAtMs = performance.now();
		const speaker = { gender: 'neutral', languages: [], variant: 0 } as const;
		const bytes = await speech.encode(reply, { ...speaker, languages: [] }, 'mp3');
		await wait(
			receivedAtMs,
			profile.firstAudioMs + secondsOf(reply) * profile.realTimeFactor * 1000,
		);
		return { contentType: 'audio/mpeg', bytes };
	};

	const routes: Record<string, (request: IncomingMessage) => Promise<Reply>> = {
		'POST /v1/audio/transcriptions': hear,
		'POST /v1/responses': answer,
		'POST /v1/audio/speech': speak,
	};

	const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		try {
			const route = routes[`${request.method} ${request.url}`];
			if (!route) throw new Refusal(`No such endpoint: ${request.method} ${request.url}`);
			if (request.headers.authorization !== `Bearer ${apiKey}`) throw new Refusal('Wrong key');
			const { contentType, bytes } = await route(request);
			response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length });
			response.end(bytes);
		} catch (thrown) {
			const message = thrown instanceof Error ? thrown.message : String(thrown);
			response.writeHead(400, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
		}
	};
	const server = createServer((request, response) => void serve(request, response));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v1`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
