// Voxtral Speak in a real n8n: presets, long texts, many items, live audio, the narration sample.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { postJson } from '../support/webhook-calls.mts';
import { readChunks, turnEventsIn } from '../support/n8n-stream.mts';
import {
	node,
	ourNode,
	publishFlow,
	respondNode,
	webhookNode,
} from '../support/workflow-builder.mts';
import { ffprobe } from '../support/media.mts';
import { recording } from '../support/recordings.mts';
import { useN8n } from '../support/running-n8n.mts';
import { publishSample } from '../support/sample-workflows.mts';

jest.setTimeout(180_000);

const credential = 'speak in tests';
const n8n = useN8n(credential);
const text = '={{ $json.body.text }}';
const speak = (parameters: object) => ourNode('voxtralSpeak', credential, parameters);

const audioOf = async (response: Response) => {
	const bytes = new Uint8Array(await response.arrayBuffer());
	return { type: response.headers.get('content-type'), bytes, ...(await ffprobe(bytes)) };
};

const inputs = () =>
	n8n.standIn.requests.map(({ json }) => String((json as { input?: unknown }).input));

describe('presets', () => {
	let url: string;
	beforeAll(async () => {
		({ url } = await publishFlow(n8n, [
			webhookNode('speak-presets', 'responseNode'),
			speak({ text, destination: '={{ $json.body.destination }}' }),
			respondNode(),
		]));
	});

	test.each([
		['telegramVoice', 'ogg', 'audio/ogg'],
		['whatsappVoice', 'ogg', 'audio/ogg; codecs=opus'],
		['webPlayer', 'mp3', 'audio/mpeg'],
		['phoneLine', 'wav', 'audio/wav'],
	])(
		'the file for %s has the right codec, sample rate and name',
		async (destination, formatName, type) => {
			const made = await audioOf(
				await postJson(url, { destination, text: 'Your parcel has arrived.' }),
			);
			expect(made).toMatchObject({ formatName, complaints: '' });
			expect(made.type?.replace(/;\s*/, '; ')).toBe(type);
			expect(made.durationSeconds).toBeGreaterThan(0.8);
			// 44 bytes of header, then 8,000 samples of two bytes a second.
			if (destination === 'phoneLine')
				expect((made.bytes.length - 44) / 16_000).toBeCloseTo(made.durationSeconds, 2);
		},
	);
});

test('3,000 words become one file, each word requested once', async () => {
	const { url } = await publishFlow(n8n, [
		webhookNode('speak-long', 'responseNode'),
		speak({ text }),
		respondNode(),
	]);
	// Synthesizing twenty minutes of speech takes minutes; one clip for every piece is enough here.
	const clip = recording('question.mp3');
	const body = { audio_data: clip.toString('base64') };
	n8n.standIn.inject({ status: 200, body, times: Infinity, match: { path: '/v1/audio/speech' } });
	const numbers = Array.from({ length: 300 }, (_, index) => index);
	const sentences = numbers.map((n) => `Number ${n} says that it is a rather fine day.`);
	const made = await audioOf(await postJson(url, { text: sentences.join(' ') }));
	expect(made).toMatchObject({ type: 'audio/mpeg', formatName: 'mp3', complaints: '' });
	const pieces = inputs();
	expect(pieces.length).toBeGreaterThan(15);
	const asked = pieces.join(' ').match(/\d+/g)?.map(Number) ?? [];
	expect(asked.sort((one, other) => one - other)).toEqual(numbers);
	expect(pieces.every((piece) => /^Number .*day\.$/.test(piece))).toBe(true);
	const { durationSeconds } = await ffprobe(clip);
	const pauses = made.durationSeconds - pieces.length * durationSeconds;
	expect(Math.abs(pauses / (pieces.length - 1))).toBeLessThan(0.2);
});

test('20 concurrent items are returned in order, each with its own audio', async () => {
	const { url } = await publishFlow(n8n, [
		webhookNode('speak-many', 'lastNode', { responseData: 'allEntries' }),
		node('Split Out', 'n8n-nodes-base.splitOut', 1, {
			fieldToSplitOut: 'body.texts',
			options: { destinationFieldName: 'text' },
		}),
		speak({ options: { concurrency: 20 } }),
	]);
	const texts = Array.from({ length: 20 }, (_, index) => `This is item ${index}.`);
	const items = (await (await postJson(url, { texts })).json()) as {
		spokenText: string;
		durationSeconds: number;
	}[];
	expect(items.map(({ spokenText }) => spokenText)).toEqual(texts);
	for (const { durationSeconds } of items) expect(durationSeconds).toBeGreaterThan(0.5);
});

test('a streaming webhook sends audio while it is synthesized', async () => {
	const { url } = await publishFlow(n8n, [
		webhookNode('speak-live', 'streaming'),
		speak({ text, format: 'wav' }),
	]);
	const lines = await readChunks(await postJson(url, { text: 'Good morning to you.' }));
	expect([lines[0]?.type, lines.at(-1)?.type]).toEqual(['begin', 'end']);
	const chunks = turnEventsIn(lines);
	expect(chunks.length).toBeGreaterThan(2);
	expect(chunks.map(({ seq }) => seq)).toEqual(chunks.map((_, index) => index));
	expect(chunks[0]).toMatchObject({
		type: 'audio',
		format: 'pcm_s16le',
		sampleRate: 24_000,
		channels: 1,
		data: expect.any(String),
	});
});

describe('the sample that narrates articles', () => {
	const page =
		'<html><head><title>News</title></head><body><nav>Home Contact</nav><article><h1>Rain &amp; wind</h1><p>It rained a lot.</p><p>The wind came later.</p></article><footer>Imprint</footer></body></html>';
	let server: Server;
	let url: string;
	beforeAll(async () => {
		server = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end(page));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		({ url } = await publishSample(n8n, 'narrate-article', 'narrate-in-tests', n8n.standIn));
	});
	afterAll(() => void server.close());

	test('the narration sample reads the article of a web page, without menus', async () => {
		const { port } = server.address() as AddressInfo;
		const made = await audioOf(await postJson(url, { url: `http://127.0.0.1:${port}/news` }));
		expect(made).toMatchObject({ type: 'audio/mpeg', formatName: 'mp3', complaints: '' });
		expect(inputs()).toHaveLength(1);
		expect(inputs()[0]).toMatch(/rain.*wind.*It rained a lot\..*The wind came later\./is);
		expect(inputs()[0]).not.toMatch(/Contact|Imprint|[<&]/);
	});

	test('the narration sample reads a text', async () => {
		const made = await audioOf(await postJson(url, { text: '# Hello\n\nThis is **bold**.' }));
		expect(made).toMatchObject({ type: 'audio/mpeg', formatName: 'mp3', complaints: '' });
		expect(inputs().join('')).toMatch(/^Hello\.\s+This is bold\.$/);
	});
});
