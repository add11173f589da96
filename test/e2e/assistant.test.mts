// Voxtral Assistant in a real n8n: the talk sample over its streaming webhook, typed and spoken, and a chat window.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { WorkflowJson } from '../../harness/api-shapes.mts';
import { webhookReady } from '../../harness/n8n.mts';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { recording } from '../support/bench.mts';
import { ffprobe } from '../support/media.mts';
import { credentialType, signIn } from './running-n8n.mts';

jest.setTimeout(180_000);

const credential = 'assistant in tests';
const profile = {
	name: 'slow writer',
	transcriptionMs: 50,
	firstTokenMs: 100,
	tokensPerSecond: 25,
	firstAudioMs: 50,
	realTimeFactor: 0,
};
const ANSWER =
	'It is sunny in Paris this morning, with a light wind from the west. Take a hat with you, since it will be warm by noon. In the evening clouds come in from the sea. Have a good day!';

let n8n: Awaited<ReturnType<typeof signIn>>;
let standIn: StandIn;

beforeAll(async () => {
	n8n = await signIn();
	standIn = await startStandIn({ profile });
	const data = { baseUrl: standIn.url, apiKey: 'stand-in-key' };
	await n8n.api.saveCredential({ name: credential, type: credentialType, data });
});
beforeEach(() => standIn.reset());
afterAll(async () => await standIn.close());

type Node = WorkflowJson['nodes'][number] & { parameters: Record<string, unknown> } & Record<
		string,
		unknown
	>;

const assistant = (parameters: Record<string, unknown> = {}): Node => ({
	id: crypto.randomUUID(),
	name: 'Voxtral Assistant',
	type: 'n8n-nodes-voxtral.voxtralAssistant',
	typeVersion: 1,
	position: [300, 0],
	parameters,
	credentials: { [credentialType]: { id: null, name: credential } },
});

const trigger = (type: string, typeVersion: number, parameters: Record<string, unknown>): Node => ({
	id: crypto.randomUUID(),
	name: 'Trigger',
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	webhookId: crypto.randomUUID(),
});

const publish = async (name: string, nodes: Node[]): Promise<void> => {
	const next = [{ node: 'Voxtral Assistant', type: 'main', index: 0 }];
	const connections = { [nodes[0]?.name ?? '']: { main: [next] } };
	const settings = { executionOrder: 'v1' };
	const workflow = { name, nodes, connections, settings } as unknown as WorkflowJson;
	await n8n.api.publish(await n8n.api.importWorkflow(workflow));
};

interface Chunk {
	type: string;
	content?: string;
	atMs: number;
}

/** What n8n sends, line by line, with the time each line came. */
const readLines = async (response: Response): Promise<Chunk[]> => {
	const chunks: Chunk[] = [];
	const decoder = new TextDecoder();
	let rest = '';
	for await (const bytes of response.body ?? []) {
		const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines.filter((text) => text.trim() !== ''))
			chunks.push({ ...(JSON.parse(line) as Chunk), atMs: performance.now() });
	}
	return chunks;
};

const inside = (chunks: readonly Chunk[]) =>
	chunks
		.filter(({ type }) => type === 'item')
		.map(({ content, atMs }) => ({
			...(JSON.parse(content ?? '') as {
				type: string;
				data?: string;
				text?: string;
				delta?: string;
			}),
			atMs,
		}));

const noteForm = (more: Record<string, string> = {}) => {
	const form = new FormData();
	form.set('data', new Blob([new Uint8Array(recording('question.ogg'))]), 'question.ogg');
	for (const [name, value] of Object.entries(more)) form.set(name, value);
	return form;
};

describe('the talk sample', () => {
	const url = () => `${n8n.url}/webhook/assistant-talk`;
	beforeAll(async () => {
		const file = new URL('../../workflows/talk-webhook.json', import.meta.url);
		const sample = JSON.parse(await readFile(file, 'utf8')) as Omit<WorkflowJson, 'nodes'> & {
			nodes: Node[];
		};
		const nodes = sample.nodes.map((node) => ({
			...node,
			...(node.credentials
				? { credentials: { [credentialType]: { id: null, name: credential } } }
				: {}),
			...(node.type === 'n8n-nodes-base.webhook'
				? {
						webhookId: crypto.randomUUID(),
						parameters: { ...node.parameters, path: 'assistant-talk' },
					}
				: {}),
		}));
		const workflow = { ...sample, name: 'assistant-talk', nodes } as unknown as WorkflowJson;
		await n8n.api.publish(await n8n.api.importWorkflow(workflow));
		await webhookReady(n8n, 'assistant-talk');
	});

	test('is heard long before the answer is written to its end', async () => {
		standIn.answerWith(() => ANSWER);
		const chunks = await readLines(await fetch(url(), { method: 'POST', body: noteForm() }));
		const told = inside(chunks);
		expect(told[0]).toMatchObject({
			type: 'transcript',
			text: 'What is the weather in Paris today?',
		});
		expect(
			told
				.filter(({ type }) => type === 'text')
				.map(({ delta }) => delta)
				.join(''),
		).toBe(ANSWER);
		expect(told.at(-1)?.type).toBe('done');
		const first = told.find(({ type }) => type === 'audio');
		const lastText = told.findLast(({ type }) => type === 'text');
		expect(first?.atMs).toBeLessThan(lastText?.atMs ?? 0);
		const began = chunks[0]?.atMs ?? 0;
		const whole = (chunks.at(-1)?.atMs ?? 0) - began;
		expect((first?.atMs ?? 0) - began).toBeLessThan(whole * 0.7);
		const samples = Buffer.concat(
			told.flatMap(({ type, data }) =>
				type === 'audio' ? [Buffer.from(data ?? '', 'base64')] : [],
			),
		);
		expect(samples.length / 2 / 24_000).toBeGreaterThan(5);
	});

	test('remembers who talks by the sessionId sent along, spoken or typed', async () => {
		standIn.answerWith(({ question, history }) => {
			const before = history.filter(({ role }) => role === 'user').length - 1;
			return `You said ${question.length} letters, and ${before} things before.`;
		});
		const say = async (body: FormData | string) => {
			const headers: Record<string, string> =
				typeof body === 'string' ? { 'Content-Type': 'application/json' } : {};
			const told = inside(await readLines(await fetch(url(), { method: 'POST', body, headers })));
			return told.map(({ delta }) => delta ?? '').join('');
		};
		const sessionId = crypto.randomUUID();
		expect(await say(noteForm({ sessionId }))).toMatch(/and 0 things/);
		expect(await say(JSON.stringify({ sessionId, text: 'Hello' }))).toMatch(/and 1 things/);
		expect(await say(JSON.stringify({ text: 'Hello' }))).toMatch(/and 0 things/);
	});

	test('a caller who goes leaves n8n well, and the next one is served', async () => {
		standIn.answerWith(() => ANSWER);
		const left = new AbortController();
		const response = await fetch(url(), {
			method: 'POST',
			body: noteForm(),
			signal: left.signal,
		});
		await response.body?.getReader().read();
		left.abort();
		const chunks = await readLines(await fetch(url(), { method: 'POST', body: noteForm() }));
		expect(inside(chunks).at(-1)?.type).toBe('done');
	});
});

test('a webhook that answers at the end gets one file', async () => {
	standIn.answerWith(() => ANSWER);
	await publish('assistant-file', [
		trigger('n8n-nodes-base.webhook', 2, {
			path: 'assistant-file',
			httpMethod: 'POST',
			responseMode: 'lastNode',
			responseData: 'firstEntryBinary',
			responseBinaryPropertyName: 'data',
			options: {},
		}),
		assistant(),
	]);
	await webhookReady(n8n, 'assistant-file');
	const response = await fetch(`${n8n.url}/webhook/assistant-file`, {
		method: 'POST',
		body: noteForm(),
	});
	expect(response.headers.get('content-type')).toContain('audio/mpeg');
	const probed = await ffprobe(new Uint8Array(await response.arrayBuffer()));
	expect(probed).toMatchObject({ formatName: 'mp3', complaints: '' });
	expect(probed.durationSeconds).toBeGreaterThan(5);
});

test('a chat window gets the words alone', async () => {
	standIn.answerWith(() => ANSWER);
	const chat = trigger('@n8n/n8n-nodes-langchain.chatTrigger', 1.3, {
		public: true,
		mode: 'webhook',
		options: { responseMode: 'streaming' },
	});
	await publish('assistant-chat', [chat, assistant()]);
	const url = `${n8n.url}/webhook/${String(chat.webhookId)}/chat`;
	for (let tries = 0; tries < 100 && (await fetch(url)).status === 404; tries++)
		await new Promise((resolve) => setTimeout(resolve, 200));
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId: 'chat-1', chatInput: 'Hello' }),
	});
	const chunks = (await readLines(response)).filter(({ type }) => type === 'item');
	expect(chunks.map(({ content }) => content).join('')).toBe(ANSWER);
});
