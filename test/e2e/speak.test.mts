// Voxtral Speak in a real n8n: presets, long texts, many items, live audio, the narration sample.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkflowJson } from '../../harness/api-shapes.mts';
import { webhookReady } from '../../harness/n8n.mts';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { ffprobe } from '../support/media.mts';
import { credentialType, signIn } from './running-n8n.mts';

jest.setTimeout(180_000);

const credential = 'speak in tests';

let n8n: Awaited<ReturnType<typeof signIn>>;
let standIn: StandIn;

beforeAll(async () => {
	n8n = await signIn();
	standIn = await startStandIn();
	const data = { baseUrl: standIn.url, apiKey: 'stand-in-key' };
	await n8n.api.saveCredential({ name: credential, type: credentialType, data });
});
beforeEach(() => standIn.reset());
afterAll(async () => await standIn.close());

type Node = WorkflowJson['nodes'][number] & Record<string, unknown>;

/** A sample's nodes are taken as they are, all but the path of their webhook. */
type SampleNode = Node & { parameters: object };

const node = (name: string, type: string, typeVersion: number, parameters: object): Node => ({
	id: crypto.randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
});

const webhook = (path: string, parameters: object): Node => ({
	...node('Webhook', 'n8n-nodes-base.webhook', 2, {
		path,
		httpMethod: 'POST',
		options: {},
		...parameters,
	}),
	webhookId: crypto.randomUUID(),
});

const speak = (parameters: object): Node => ({
	...node('Voxtral Speak', 'n8n-nodes-voxtral.voxtralSpeak', 1, parameters),
	credentials: { [credentialType]: { id: null, name: credential } },
});

const respond = (): Node =>
	node('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, { respondWith: 'binary', options: {} });

const publish = async (path: string, workflow: Omit<WorkflowJson, 'name'>): Promise<string> => {
	const settings = { executionOrder: 'v1' };
	await n8n.api.publish(
		await n8n.api.importWorkflow({ settings, ...workflow, name: path } as unknown as WorkflowJson),
	);
	await webhookReady(n8n, path);
	return `${n8n.url}/webhook/${path}`;
};

/** One node after the other. */
const line = async (path: string, nodes: Node[]): Promise<string> => {
	const pairs = nodes
		.slice(1)
		.map(({ name }, index) => [
			nodes[index]?.name ?? '',
			{ main: [[{ node: name, type: 'main', index: 0 }]] },
		]);
	return await publish(path, { nodes, connections: Object.fromEntries(pairs) as object });
};

const post = async (url: string, body: object): Promise<Response> =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

const audioOf = async (response: Response) => {
	const bytes = new Uint8Array(await response.arrayBuffer());
	return { type: response.headers.get('content-type'), bytes, ...(await ffprobe(bytes)) };
};

const inputs = () =>
	standIn.requests.map(({ json }) => String((json as { input?: unknown }).input));

describe('presets', () => {
	let url: string;
	beforeAll(async () => {
		const parameters = {
			text: '={{ $json.body.text }}',
			destination: '={{ $json.body.destination }}',
		};
		url = await line('speak-presets', [
			webhook('speak-presets', { responseMode: 'responseNode' }),
			speak(parameters),
			respond(),
		]);
	});

	test.each([
		['telegramVoice', 'ogg', 'audio/ogg'],
		['whatsappVoice', 'ogg', 'audio/ogg; codecs=opus'],
		['webPlayer', 'mp3', 'audio/mpeg'],
		['phoneLine', 'wav', 'audio/wav'],
	])('%s is what it says', async (destination, formatName, type) => {
		const made = await audioOf(await post(url, { destination, text: 'Your parcel has arrived.' }));
		expect(made).toMatchObject({ formatName, complaints: '' });
		expect(made.type?.replace(/;\s*/, '; ')).toBe(type);
		expect(made.durationSeconds).toBeGreaterThan(0.8);
		// 44 bytes of header, then 8,000 samples of two bytes a second.
		if (destination === 'phoneLine')
			expect((made.bytes.length - 44) / 16_000).toBeCloseTo(made.durationSeconds, 2);
	});
});

test('3,000 words are one file, every word asked for once', async () => {
	const url = await line('speak-long', [
		webhook('speak-long', { responseMode: 'responseNode' }),
		speak({ text: '={{ $json.body.text }}' }),
		respond(),
	]);
	// Twenty minutes of speech would take minutes to make; the same clip for every piece does as well here.
	const clip = await readFile(new URL('../recordings/question.mp3', import.meta.url));
	const body = { audio_data: clip.toString('base64') };
	standIn.inject({ status: 200, body, times: Infinity, match: { path: '/v1/audio/speech' } });
	const numbers = Array.from({ length: 300 }, (_, index) => index);
	const sentences = numbers.map((n) => `Number ${n} says that it is a rather fine day.`);
	const made = await audioOf(await post(url, { text: sentences.join(' ') }));
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

test('20 items at once: each its own, in order', async () => {
	const url = await line('speak-many', [
		webhook('speak-many', { responseMode: 'lastNode', responseData: 'allEntries' }),
		node('Split Out', 'n8n-nodes-base.splitOut', 1, {
			fieldToSplitOut: 'body.texts',
			options: { destinationFieldName: 'text' },
		}),
		speak({ options: { concurrency: 20 } }),
	]);
	const texts = Array.from({ length: 20 }, (_, index) => `This is item ${index}.`);
	const items = (await (await post(url, { texts })).json()) as {
		spokenText: string;
		durationSeconds: number;
	}[];
	expect(items.map(({ spokenText }) => spokenText)).toEqual(texts);
	for (const { durationSeconds } of items) expect(durationSeconds).toBeGreaterThan(0.5);
});

test('with a streaming webhook audio leaves while it is made', async () => {
	const url = await line('speak-live', [
		webhook('speak-live', { responseMode: 'streaming' }),
		speak({ text: '={{ $json.body.text }}', format: 'wav' }),
	]);
	const response = await post(url, { text: 'Good morning to you.' });
	const lines = (await response.text())
		.trim()
		.split('\n')
		.map((text) => JSON.parse(text) as { type: string; content?: string });
	expect([lines[0]?.type, lines.at(-1)?.type]).toEqual(['begin', 'end']);
	const chunks = lines
		.filter(({ type }) => type === 'item')
		.map(({ content }) => JSON.parse(content ?? '') as Record<string, unknown>);
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
		const file = new URL('../../workflows/narrate-article.json', import.meta.url);
		const sample = JSON.parse(await readFile(file, 'utf8')) as Omit<WorkflowJson, 'nodes'> & {
			nodes: SampleNode[];
		};
		const nodes = sample.nodes.map((entry) => ({
			...entry,
			...(entry.credentials && {
				credentials: { [credentialType]: { id: null, name: credential } },
			}),
			...(entry.type === 'n8n-nodes-base.webhook' && {
				webhookId: crypto.randomUUID(),
				parameters: { ...entry.parameters, path: 'narrate-in-tests' },
			}),
		}));
		url = await publish('narrate-in-tests', { ...sample, nodes });
	});
	afterAll(() => void server.close());

	test('reads a page: the article, without menus', async () => {
		const { port } = server.address() as AddressInfo;
		const made = await audioOf(await post(url, { url: `http://127.0.0.1:${port}/news` }));
		expect(made).toMatchObject({ type: 'audio/mpeg', formatName: 'mp3', complaints: '' });
		expect(inputs()).toHaveLength(1);
		expect(inputs()[0]).toMatch(/rain.*wind.*It rained a lot\..*The wind came later\./is);
		expect(inputs()[0]).not.toMatch(/Contact|Imprint|[<&]/);
	});

	test('reads a text', async () => {
		const made = await audioOf(await post(url, { text: '# Hello\n\nThis is **bold**.' }));
		expect(made).toMatchObject({ type: 'audio/mpeg', formatName: 'mp3', complaints: '' });
		expect(inputs().join('')).toMatch(/^Hello\.\s+This is bold\.$/);
	});
});
