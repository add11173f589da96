// Mistral Agent in a real n8n: session memory, streaming, tools, the chat sample.
import { describe, expect, jest, test } from '@jest/globals';
import { latencyProfiles } from '../standin/index.mts';
import { postChat, postJson } from '../support/webhook-calls.mts';
import { itemsIn, readChunks, textIn } from '../support/n8n-stream.mts';
import { node, ourNode, publishFlow, to, webhookNode } from '../support/workflow-builder.mts';
import { useN8n } from '../support/running-n8n.mts';
import { publishSample } from '../support/sample-workflows.mts';

jest.setTimeout(120_000);

const credential = 'agent in tests';
/** Slow enough to tell streamed words from words sent together. */
const profile = {
	...latencyProfiles.cloud,
	name: 'unhurried',
	firstTokenMs: 100,
	tokensPerSecond: 30,
};
const n8n = useN8n(credential, { profile });

const prompt = '={{ $json.body.text }}';
const agent = (parameters: object) =>
	ourNode('mistralAgent', credential, { prompt, ...parameters });
/** Connects a webhook, the agent, and a tool of this name as its sub-node. */
const withTool = (name: string) => ({
	Webhook: to('Mistral Agent'),
	[name]: to('Mistral Agent', 'ai_tool'),
});

describe('over a webhook', () => {
	test('session memory: the second turn remembers the first, another session does not', async () => {
		const { url } = await publishFlow(n8n, [
			webhookNode('agent-session'),
			agent({ memory: 'session' }),
		]);
		const ask = async (sessionId: string, text: string) =>
			(await (await postJson(url, { sessionId, text })).json()) as {
				output: string;
				conversationId: string;
			};
		const first = await ask('ada', 'My name is Ada.');
		const second = await ask('ada', 'What is my name?');
		expect(second.output).toContain('My name is Ada.');
		expect(second.conversationId).toBe(first.conversationId);
		expect((await ask('bob', 'What is my name?')).output).not.toContain('Ada');
	});

	test('a streaming webhook sends words one by one, the first long before the last is generated', async () => {
		const { url } = await publishFlow(n8n, [webhookNode('agent-stream', 'streaming'), agent({})]);
		const chunks = await readChunks(
			await postJson(url, { text: 'What is new in the world of small robots?' }),
		);
		const items = itemsIn(chunks);
		expect(textIn(chunks)).toMatch(/^This is the .*small robots.*that one\.$/);
		expect(items.length).toBeGreaterThan(20);
		const tokens = items.reduce((sum, { content = '' }) => sum + Math.ceil(content.length / 4), 0);
		const makingMs = (tokens / profile.tokensPerSecond) * 1000;
		const spreadMs = (items.at(-1)?.atMs ?? 0) - (items[0]?.atMs ?? 0);
		expect(spreadMs).toBeGreaterThan(makingMs * 0.6);
		expect(new Set(items.map(({ atMs }) => Math.round(atMs / 20))).size).toBeGreaterThan(10);
	});

	test("n8n's Code Tool answers a tool call", async () => {
		n8n.standIn.answerWith(({ history }) =>
			history.at(-1)?.type === 'function.result'
				? `It says ${String(history.at(-1)?.result)}`
				: [{ type: 'function.call', name: 'Shout', arguments: '{"input":"hello"}' }],
		);
		const tool = node('Shout', '@n8n/n8n-nodes-langchain.toolCode', 1.3, {
			description: 'Makes a text loud',
			jsCode: 'return query.toUpperCase()',
		});
		const nodes = [webhookNode('agent-tool'), agent({ builtInTools: [] }), tool];
		const { url } = await publishFlow(n8n, nodes, withTool('Shout'));
		const answer = (await (await postJson(url, { text: 'Say it loud' })).json()) as Record<
			string,
			unknown
		>;
		expect(answer.output).toBe('It says HELLO');
		expect(answer.toolCalls).toMatchObject([{ name: 'Shout', result: 'HELLO' }]);
	});
});

describe('the sample chat-with-sources.json', () => {
	test('the chat sample streams an answer from a web search with its links and remembers the chat', async () => {
		const { url } = await publishSample(n8n, 'chat-with-sources', 'agent-chat', n8n.standIn);
		const ask = async (chatInput: string) =>
			await readChunks(await postChat(url, 'chat-1', chatInput));
		const first = await ask('My name is Ada.');
		expect(first.map(({ type }) => type)).toEqual(expect.arrayContaining(['begin', 'item', 'end']));
		expect(textIn(first)).toMatch(/\n\n1\. \[Made-up page 1\]\(<https:\/\/example\.com/);
		expect(textIn(await ask('What is my name?'))).toContain(
			'Before that you asked: “My name is Ada.”',
		);
	});
});

test('an agent can be a tool of another agent', async () => {
	n8n.standIn.answerWith(({ history, question }) => {
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
	const colleague = {
		...ourNode('mistralAgentTool', credential, {
			toolDescription: 'Knows everything',
			descriptionType: 'manual',
			prompt: "={{ $fromAI('question', 'What to ask', 'string') }}",
		}),
		name: 'Colleague',
	};
	const nodes = [webhookNode('agent-of-agent'), agent({ builtInTools: [] }), colleague];
	const { url } = await publishFlow(n8n, nodes, withTool('Colleague'));
	const answer = (await (await postJson(url, { text: 'Hm?' })).json()) as { output: string };
	expect(answer.output).toMatch(/^I was told: .*The colleague says 42\./);
	expect(answer.output).toContain('"conversationId"');
});
