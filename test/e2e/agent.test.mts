// The agent in a real n8n: memory over a webhook, words one by one, the chat sample, a tool of n8n's own.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { WorkflowJson } from '../../harness/api-shapes.mts';
import { webhookReady } from '../../harness/n8n.mts';
import { latencyProfiles, type StandIn, startStandIn } from '../standin/index.mts';
import { credentialType, signIn } from './running-n8n.mts';

jest.setTimeout(120_000);

const credential = 'agent in tests';
/** Slow enough that words arriving one by one cannot be mistaken for words arriving together. */
const profile = {
	...latencyProfiles.cloud,
	name: 'unhurried',
	firstTokenMs: 100,
	tokensPerSecond: 30,
};

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

type Node = WorkflowJson['nodes'][number] & Record<string, unknown>;

const agent = (parameters: object): Node => ({
	id: crypto.randomUUID(),
	name: 'Mistral Agent',
	type: 'n8n-nodes-voxtral.mistralAgent',
	typeVersion: 1,
	position: [300, 0],
	parameters,
	credentials: { [credentialType]: { id: null, name: credential } },
});

const webhook = (path: string, responseMode: string): Node => ({
	id: crypto.randomUUID(),
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: crypto.randomUUID(),
	parameters: { path, httpMethod: 'POST', responseMode, options: {} },
});

const below = (type: string) => ({ [type]: [[{ node: 'Mistral Agent', type, index: 0 }]] });

const publish = async (path: string, nodes: Node[], connections: object): Promise<string> => {
	const workflow = { name: path, nodes, connections, settings: { executionOrder: 'v1' } };
	await n8n.api.publish(await n8n.api.importWorkflow(workflow as unknown as WorkflowJson));
	await webhookReady(n8n, path);
	return `${n8n.url}/webhook/${path}`;
};

const post = async (url: string, body: object): Promise<Response> =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

interface Chunk {
	type: string;
	content?: string;
	/** When the client had it. */
	atMs: number;
}

const readChunks = async (response: Response): Promise<Chunk[]> => {
	const chunks: Chunk[] = [];
	let rest = '';
	const decoder = new TextDecoder();
	for await (const bytes of response.body ?? []) {
		const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
		rest = lines.pop() ?? '';
		const atMs = performance.now();
		for (const line of lines) {
			if (line.trim()) chunks.push({ ...(JSON.parse(line) as Chunk), atMs });
		}
	}
	return chunks;
};
const words = (chunks: Chunk[]) => chunks.filter(({ type }) => type === 'item');
const said = (chunks: Chunk[]) =>
	words(chunks)
		.map(({ content }) => content)
		.join('');

const firstToAgent = { Webhook: below('main') };

describe('over a webhook', () => {
	test('two turns of a session: the second remembers the first, another session does not', async () => {
		const prompt = '={{ $json.body.text }}';
		const url = await publish(
			'agent-session',
			[webhook('agent-session', 'lastNode'), agent({ prompt, memory: 'session' })],
			firstToAgent,
		);
		const ask = async (sessionId: string, text: string) =>
			(await (await post(url, { sessionId, text })).json()) as {
				output: string;
				conversationId: string;
			};
		const first = await ask('ada', 'My name is Ada.');
		const second = await ask('ada', 'What is my name?');
		expect(second.output).toContain('My name is Ada.');
		expect(second.conversationId).toBe(first.conversationId);
		expect((await ask('bob', 'What is my name?')).output).not.toContain('Ada');
	});

	test('that streams, words arrive one by one, the first long before the last is made', async () => {
		const prompt = '={{ $json.body.text }}';
		const url = await publish(
			'agent-stream',
			[webhook('agent-stream', 'streaming'), agent({ prompt })],
			firstToAgent,
		);
		const chunks = await readChunks(
			await post(url, { text: 'What is new in the world of small robots?' }),
		);
		const items = words(chunks);
		expect(said(chunks)).toMatch(/^This is the .*small robots.*that one\.$/);
		expect(items.length).toBeGreaterThan(20);
		const tokens = items.reduce((sum, { content = '' }) => sum + Math.ceil(content.length / 4), 0);
		const makingMs = (tokens / profile.tokensPerSecond) * 1000;
		const spreadMs = (items.at(-1)?.atMs ?? 0) - (items[0]?.atMs ?? 0);
		expect(spreadMs).toBeGreaterThan(makingMs * 0.6);
		expect(new Set(items.map(({ atMs }) => Math.round(atMs / 20))).size).toBeGreaterThan(10);
	});

	test("a real Code Tool of n8n's answers a call", async () => {
		standIn.answerWith(({ history }) =>
			history.at(-1)?.type === 'function.result'
				? `It says ${String(history.at(-1)?.result)}`
				: [{ type: 'function.call', name: 'Shout', arguments: '{"input":"hello"}' }],
		);
		const tool: Node = {
			id: crypto.randomUUID(),
			name: 'Shout',
			type: '@n8n/n8n-nodes-langchain.toolCode',
			typeVersion: 1.3,
			position: [300, 200],
			parameters: { description: 'Makes a text loud', jsCode: 'return query.toUpperCase()' },
		};
		const prompt = '={{ $json.body.text }}';
		const nodes = [webhook('agent-tool', 'lastNode'), agent({ prompt, builtInTools: [] }), tool];
		const url = await publish('agent-tool', nodes, { ...firstToAgent, Shout: below('ai_tool') });
		const answer = (await (await post(url, { text: 'Say it loud' })).json()) as Record<
			string,
			unknown
		>;
		expect(answer.output).toBe('It says HELLO');
		expect(answer.toolCalls).toMatchObject([{ name: 'Shout', result: 'HELLO' }]);
	});
});

describe('the sample chat-with-sources.json', () => {
	test('streams a searched answer with its links into the chat, and remembers the chat', async () => {
		const file = new URL('../../workflows/chat-with-sources.json', import.meta.url);
		const sample = JSON.parse(await readFile(file, 'utf8')) as { nodes: Node[] };
		const webhookId = crypto.randomUUID();
		const nodes = sample.nodes.map((node) => ({
			...node,
			...(node.credentials
				? { credentials: { [credentialType]: { id: null, name: credential } } }
				: {}),
			...(node.webhookId ? { webhookId } : {}),
		}));
		const workflow = await n8n.api.importWorkflow({ ...sample, nodes } as unknown as WorkflowJson);
		await n8n.api.publish(workflow);
		const url = `${n8n.url}/webhook/${webhookId}/chat`;
		for (let tries = 0; tries < 100 && !(await fetch(url)).ok; tries++) {
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
		const ask = async (chatInput: string) =>
			await readChunks(await post(url, { action: 'sendMessage', sessionId: 'chat-1', chatInput }));
		const first = await ask('My name is Ada.');
		expect(first.map(({ type }) => type)).toEqual(expect.arrayContaining(['begin', 'item', 'end']));
		expect(said(first)).toMatch(/\n\n1\. \[Made-up page 1\]\(<https:\/\/example\.com/);
		expect(said(await ask('What is my name?'))).toContain(
			'Before that you asked: “My name is Ada.”',
		);
	});
});

test('an agent can itself be the tool of another one', async () => {
	standIn.answerWith(({ history, question }) => {
		if (question === 'ask your colleague') return 'The colleague says 42.';
		const result = history.at(-1)?.result;
		return typeof result === 'string'
			? `I was told: ${result}`
			: [
					{
						type: 'function.call',
						name: 'Colleague',
						arguments: '{"question":"ask your colleague"}',
					},
				];
	});
	const colleague: Node = {
		...agent({
			toolDescription: 'Knows everything',
			descriptionType: 'manual',
			prompt: "={{ $fromAI('question', 'What to ask', 'string') }}",
		}),
		name: 'Colleague',
		type: 'n8n-nodes-voxtral.mistralAgentTool',
	};
	const main = agent({ prompt: '={{ $json.body.text }}', builtInTools: [] });
	const nodes = [webhook('agent-of-agent', 'lastNode'), main, colleague];
	const connections = { ...firstToAgent, Colleague: below('ai_tool') };
	const url = await publish('agent-of-agent', nodes, connections);
	const answer = (await (await post(url, { text: 'Hm?' })).json()) as { output: string };
	expect(answer.output).toMatch(/^I was told: .*The colleague says 42\./);
	expect(answer.output).toContain('"conversationId"');
});
