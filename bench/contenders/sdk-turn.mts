// A voice turn without n8n, by Mistral's SDK: the answer is streamed, cut into sentences, and each is spoken at once.
// A small server: takes a posted recording and streams raw 16-bit samples. Argument: base URL of the API.
import { Mistral } from '@mistralai/mistralai';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiKey } from '../settings.mts';

const client = new Mistral({ apiKey, serverURL: process.argv[2] ?? '' });
const pieceCharacters = 120;
const atOnce = 8;

async function transcribe(recording: Uint8Array): Promise<string> {
	const { text } = await client.audio.transcriptions.complete({
		model: 'voxtral-mini-latest',
		file: { fileName: 'question.ogg', content: recording },
	});
	return text;
}

async function* answer(question: string): AsyncGenerator<string> {
	const events = await client.beta.conversations.startStream({
		model: 'mistral-small-latest',
		inputs: question,
		instructions: 'Answer in a few spoken sentences.',
	});
	for await (const { data } of events) {
		if (data.type === 'message.output.delta' && typeof data.content === 'string')
			yield data.content;
	}
}

/** The first piece is the first clause, later pieces are one or more whole sentences. */
async function* pieces(deltas: AsyncIterable<string>): AsyncGenerator<string> {
	let held = '';
	let isFirst = true;
	for await (const delta of deltas) {
		held += delta;
		const ends = [...held.matchAll(isFirst ? /[.!?,;:](?=\s)/g : /[.!?](?=\s)/g)];
		const end = ends.find(({ index }) => index >= (isFirst ? 25 : pieceCharacters));
		if (!end) continue;
		yield held.slice(0, end.index + 1);
		held = held.slice(end.index + 1).trimStart();
		isFirst = false;
	}
	if (held.trim() !== '') yield held;
}

/** The samples of one piece, as they arrive. */
class Piece {
	readonly #waiting: Buffer[] = [];
	#wake: () => void = () => undefined;
	#isDone = false;
	#error: Error | undefined;

	async speak(input: string): Promise<void> {
		try {
			const events = await client.audio.speech.complete({
				model: 'voxtral-mini-tts-latest',
				voiceId: 'gb_jane_neutral',
				input,
				responseFormat: 'pcm',
				stream: true,
			});
			for await (const { data } of events) {
				if (data.type !== 'speech.audio.delta') continue;
				this.#waiting.push(toInt16(Buffer.from(data.audioData, 'base64')));
				this.#wake();
			}
		} catch (thrown) {
			this.#error = thrown instanceof Error ? thrown : new Error(String(thrown));
		}
		this.#isDone = true;
		this.#wake();
	}

	async *samples(): AsyncGenerator<Buffer> {
		for (;;) {
			for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) yield next;
			if (this.#error) throw this.#error;
			if (this.#isDone) return;
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}
}

function toInt16(floats: Buffer): Buffer {
	const samples = Buffer.alloc(floats.length / 2);
	for (let at = 0; at < floats.length; at += 4) {
		const value = Math.max(-1, Math.min(1, floats.readFloatLE(at)));
		samples.writeInt16LE(Math.round(value * 32_767), at / 2);
	}
	return samples;
}

async function takeTurn(recording: Uint8Array, response: ServerResponse): Promise<void> {
	const question = await transcribe(recording);
	const queue: Piece[] = [];
	let running = 0;
	let isWritten = false;
	let wake: () => void = () => undefined;
	const writing = (async () => {
		for await (const text of pieces(answer(question))) {
			while (running >= atOnce) await new Promise((resolve) => setTimeout(resolve, 5));
			const piece = new Piece();
			running += 1;
			void piece.speak(text).then(() => (running -= 1));
			queue.push(piece);
			wake();
		}
	})().finally(() => {
		isWritten = true;
		wake();
	});
	for (let next = 0; ; next += 1) {
		while (!queue[next] && !isWritten) {
			await new Promise<void>((resolve) => {
				wake = resolve;
			});
		}
		const piece = queue[next];
		if (!piece) break;
		for await (const samples of piece.samples()) {
			if (!response.write(samples)) await once(response, 'drain');
		}
	}
	await writing;
	response.end();
}

async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	await takeTurn(Buffer.concat(chunks), response);
}

const server = createServer((request, response) => {
	answerRequest(request, response).catch((thrown: unknown) => {
		response.destroy(thrown instanceof Error ? thrown : undefined);
	});
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit(0));
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
