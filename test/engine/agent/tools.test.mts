// Mistral Agent with tools and a memory connected as sub-nodes: the tool loop and n8n's own memory nodes.
import { describe, expect, jest, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeParameters, INodeType } from 'n8n-workflow';
import { type SubNode } from '../../support/engine.mts';
import { baseNodeAsTool, hasPinnedN8n, langchainNode } from '../../support/langchain.mts';
import { startMcpServer } from '../../support/mcp-server.mts';
import { useEngineFixture } from '../../support/engine-fixture.mts';

// n8n's own nodes load slowly in jest.
jest.setTimeout(60_000);

const fixture = useEngineFixture();

const ask = async (
	subNodes: SubNode[],
	parameters: INodeParameters = {},
	items: IDataObject[] = [{ chatInput: 'Q' }],
	streaming = false,
) =>
	await fixture.engine.run({
		nodes: [{ type: 'mistralAgent', parameters: { builtInTools: [], ...parameters } }],
		items: items.map((json) => ({ json })),
		subNodes,
		streaming,
	});
type Body = {
	inputs: unknown;
	tools?: { function: { name: string; parameters: unknown } }[];
	messages?: unknown[];
	store?: boolean;
};
const bodies = () =>
	fixture.standIn.requests
		.filter(({ method }) => method === 'POST')
		.map(({ json }) => json as Body);

/** The model first calls these tools, then answers with their results. */
const callFirst = (...wanted: [name: string, args: string][]) =>
	fixture.standIn.answerWith(({ history }) => {
		const results = history.filter(
			(entry) => entry.type === 'function.result' || entry.role === 'tool',
		);
		if (results.length === 0)
			return wanted.map(([name, args]) => ({ type: 'function.call', name, arguments: args }));
		return results.map((entry) => String(entry.result ?? entry.content)).join(' | ');
	});

/** Any node as n8n offers it to an agent as a tool. */
const nodeAsTool = (
	execute: (args: IDataObject) => IDataObject | Promise<IDataObject>,
): INodeType => ({
	description: {
		displayName: 'Lookup',
		name: 'lookup',
		group: ['transform'],
		version: 1,
		description: 'Looks things up',
		defaults: { name: 'Lookup' },
		inputs: [],
		outputs: ['ai_tool'],
		properties: [{ displayName: 'City', name: 'city', type: 'string', default: '' }],
	},
	async execute() {
		return [[{ json: await execute({ city: this.getNodeParameter('city', 0) }) }]];
	},
});
const lookup = (name: string, nodeType: INodeType): SubNode => ({
	name,
	connection: 'ai_tool',
	nodeType,
	parameters: {
		city: "={{ $fromAI('city', 'Where', 'string') }}",
		toolDescription: `Looks up in ${name}`,
		descriptionType: 'manual',
	},
});

describe('any node as a tool', () => {
	test('a node as a tool is declared with its parameters, run with the arguments of the model, and logged under its own name', async () => {
		callFirst(['Lookup', '{"city":"Oslo"}']);
		const { items, error, run } = await ask([
			lookup(
				'Lookup',
				nodeAsTool(({ city }) => ({ weather: `snow in ${String(city)}` })),
			),
		]);
		expect(error).toBeUndefined();
		expect(bodies()[0]?.tools?.[0]?.function).toMatchObject({
			name: 'Lookup',
			parameters: {
				type: 'object',
				properties: { city: { type: 'string', description: 'Where' } },
				required: ['city'],
			},
		});
		expect(items[0]?.json).toMatchObject({
			output: expect.stringContaining('snow in Oslo'),
			toolCalls: [
				{
					name: 'Lookup',
					arguments: { city: 'Oslo' },
					result: expect.stringContaining('snow in Oslo'),
				},
			],
			attempts: 2,
		});
		expect(run.data.resultData.runData.Lookup).toHaveLength(1);
	});

	test('tool calls of one round run concurrently, and the error of a failing tool is returned to the model', async () => {
		const waiting: (() => void)[] = [];
		const together = new Promise<void>((resolve) => waiting.push(resolve));
		callFirst(['Slow', '{"city":"A"}'], ['Broken', '{"city":"B"}'], ['Missing', '{}']);
		const slow = nodeAsTool(async () => (await together, { slow: true }));
		const broken = nodeAsTool(() => {
			waiting[0]?.();
			throw new Error('the shelf is empty');
		});
		const { items, error } = await ask([lookup('Slow', slow), lookup('Broken', broken)]);
		expect(error).toBeUndefined();
		expect(bodies()[1]?.inputs).toEqual([
			expect.objectContaining({ result: expect.stringContaining('slow') }),
			expect.objectContaining({ result: expect.stringMatching(/^Error: the shelf is empty/) }),
			expect.objectContaining({ result: 'Error: there is no tool named "Missing"' }),
		]);
		expect(items[0]?.json.toolCalls).toMatchObject([
			{ name: 'Slow' },
			{ failed: true },
			{ failed: true },
		]);
	});

	test('the tool loop works with Store Nothing: the whole history is sent again', async () => {
		callFirst(['Lookup', '{"city":"Oslo"}']);
		const tool = lookup(
			'Lookup',
			nodeAsTool(() => ({ ok: true })),
		);
		const { items } = await ask([tool], { options: { storeNothing: true } });
		expect(bodies().map(({ store }) => store)).toEqual([false, false]);
		expect(bodies()[1]).toMatchObject({
			inputs: [
				{ type: 'message.input', role: 'user', content: 'Q' },
				{ type: 'function.call', name: 'Lookup' },
				{ type: 'function.result', result: expect.stringContaining('ok') },
			],
			tools: [{ function: { name: 'Lookup' } }],
		});
		expect(items[0]?.json.output).toContain('ok');
	});

	test.each([[false], [true]])(
		'the tool loop works on an OpenAI-compatible server (streamed: %s)',
		async (streaming) => {
			callFirst(['Lookup', '{"city":"Oslo"}']);
			const tool = lookup(
				'Lookup',
				nodeAsTool(({ city }) => ({ city })),
			);
			const { items } = await ask(
				[tool],
				{ options: { chatCompletions: true } },
				undefined,
				streaming,
			);
			expect(bodies()[1]?.messages?.slice(-2)).toEqual([
				expect.objectContaining({
					role: 'assistant',
					tool_calls: [expect.objectContaining({ type: 'function' })],
				}),
				expect.objectContaining({ role: 'tool', content: expect.stringContaining('Oslo') }),
			]);
			expect(items[0]?.json.output).toContain('Oslo');
		},
	);

	test('text before and after a tool call is separated by a blank line in the stream', async () => {
		fixture.standIn.answerWith(({ history }) =>
			history.at(-1)?.type === 'function.result'
				? 'It snows.'
				: [
						{ type: 'message.output', content: 'Let me see.' },
						{ type: 'function.call', name: 'Lookup', arguments: '{"city":"Oslo"}' },
					],
		);
		const { items, chunks } = await ask(
			[
				lookup(
					'Lookup',
					nodeAsTool(() => ({})),
				),
			],
			{},
			undefined,
			true,
		);
		expect(chunks.map(({ content }) => content ?? '').join('')).toBe('Let me see.\n\nIt snows.');
		expect(chunks.filter(({ type }) => type !== 'item').map(({ type }) => type)).toEqual([
			'begin',
			'end',
		]);
		expect(items[0]?.json.output).toBe('It snows.');
	});

	test('a tool behind human review is rejected before any request is sent', async () => {
		const nodeType: INodeType = {
			description: nodeAsTool(() => ({})).description,
			async supplyData() {
				const metadata = { gatedToolNodeName: 'Lookup' };
				return { response: { name: 'gated', description: '', invoke: async () => '', metadata } };
			},
		};
		const { error } = await ask([{ name: 'Review', connection: 'ai_tool', nodeType }]);
		expect(error?.context?.stage).toBe('ask.tool-needs-person');
		expect(fixture.standIn.requests).toEqual([]);
	});

	test('the tool loop uses the latest conversation id when Mistral returns a new one with each append', async () => {
		fixture.standIn.behave({ newConversationIdOnAppend: true });
		fixture.standIn.answerWith(({ history }) => {
			const results = history.filter(({ type }) => type === 'function.result').length;
			const city = String(results);
			return results === 2
				? 'Done'
				: [{ type: 'function.call', name: 'Lookup', arguments: { city } }];
		});
		const tool = lookup(
			'Lookup',
			nodeAsTool(() => ({})),
		);
		const { items, hints } = await ask([tool], { memory: 'session' }, [{ text: 'Q', chatId: 3 }]);
		const posts = fixture.standIn.requests.filter(({ method }) => method === 'POST');
		expect(items[0]?.json.output).toBe('Done');
		expect(new Set(posts.map(({ path }) => path)).size).toBe(3);
		expect(hints).toEqual([]);
	});

	test('a tool that never returns times out its own item only, and the session continues', async () => {
		callFirst(['Lookup', '{"city":"Oslo"}']);
		const hung = nodeAsTool(async () => await new Promise<never>(() => undefined));
		const { error } = await ask(
			[lookup('Lookup', hung)],
			{ memory: 'session', options: { timeoutSeconds: 1 } },
			[{ chatInput: 'Q', chatId: 1 }],
		);
		expect(error?.context?.stage).toBe('ask.timed-out');
		fixture.standIn.answerWith(undefined);
		const { items } = await ask([], { memory: 'session' }, [{ chatInput: 'Again', chatId: 1 }]);
		expect(items[0]?.json.output).toMatch(/Again.*Before that.*Q/);
	});

	test('a tool result that arrives after the timeout is not sent to the conversation', async () => {
		callFirst(['Lookup', '{"city":"Oslo"}']);
		let answered = () => {};
		const late = new Promise<void>((resolve) => (answered = resolve));
		const slow = nodeAsTool(async () => {
			await new Promise((resolve) => setTimeout(resolve, 1_900));
			setTimeout(answered, 200);
			return {};
		});
		await ask([lookup('Lookup', slow)], { options: { timeoutSeconds: 1 } });
		await late;
		expect(fixture.standIn.requests).toHaveLength(1);
	});

	test('cancelling the execution ends the tool loop and releases the session', async () => {
		callFirst(['Lookup', '{"city":"Oslo"}']);
		let cancel: (() => void) | undefined;
		const hung = nodeAsTool(async () => {
			cancel?.();
			return await new Promise<never>(() => undefined);
		});
		const begun = performance.now();
		await fixture.engine.run({
			nodes: [{ type: 'mistralAgent', parameters: { memory: 'session' } }],
			items: [{ json: { chatInput: 'Q', chatId: 2 } }],
			subNodes: [lookup('Lookup', hung)],
			onStart: (stop) => (cancel = stop),
		});
		fixture.standIn.answerWith(undefined);
		await ask([], { memory: 'session' }, [{ chatInput: 'Again', chatId: 2 }]);
		expect(performance.now() - begun).toBeLessThan(20_000);
	});

	test('the tool loop stops at Maximum Tool Rounds, with a hint', async () => {
		let asked = 0;
		fixture.standIn.answerWith(({ tools }) =>
			tools.length === 0
				? 'Enough.'
				: [{ type: 'function.call', name: 'Lookup', arguments: `{"city":"${++asked}"}` }],
		);
		const { items, hints } = await ask(
			[
				lookup(
					'Lookup',
					nodeAsTool(() => ({})),
				),
			],
			{ options: { maxToolRounds: 2 } },
		);
		expect(items[0]?.json).toMatchObject({ output: 'Enough.' });
		expect(asked).toBe(3);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('Maximum Tool Rounds'),
		]);
	});
});

if (!hasPinnedN8n)
	console.warn(
		'SKIPPED: tests with the nodes of n8n itself, since it is not in the cache; run node harness/fetch-n8n.mts',
	);
const withN8n = hasPinnedN8n ? describe : describe.skip;

withN8n("n8n's own tools", () => {
	test('the Calculator tool is called and logged', async () => {
		const nodeType = langchainNode('tools/ToolCalculator/ToolCalculator');
		callFirst(['Calculator', '{"input":"2345*67"}']);
		const { items, run } = await ask([{ name: 'Calculator', connection: 'ai_tool', nodeType }]);
		expect(bodies()[0]?.tools?.[0]?.function).toMatchObject({
			name: 'Calculator',
			parameters: { type: 'object', properties: { input: { type: 'string' } } },
		});
		expect(items[0]?.json.output).toBe('157115');
		expect(run.data.resultData.runData.Calculator).toHaveLength(1);
	});

	test('the HTTP Request tool is called with an argument of the model', async () => {
		const server = createServer((request, response) => {
			response
				.writeHead(200, { 'content-type': 'application/json' })
				.end(JSON.stringify({ asked: request.url }));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		callFirst(['Fetch', '{"page":"rain"}']);
		const { items } = await ask([
			{
				name: 'Fetch',
				connection: 'ai_tool',
				nodeType: baseNodeAsTool('HttpRequest/HttpRequest', 4.2),
				typeVersion: 4.2,
				parameters: {
					toolDescription: 'Fetches',
					url: `=${url}/{{ $fromAI('page', 'Which page', 'string') }}`,
				},
			},
		]);
		server.close();
		expect(items[0]?.json.output).toContain('/rain');
	});

	test('the MCP Client tool offers all tools of its server', async () => {
		const server = await startMcpServer();
		const nodeType = langchainNode('mcp/McpClientTool/McpClientTool');
		fixture.standIn.answerWith(({ history, tools }) =>
			history.at(-1)?.type === 'function.result'
				? String(history.at(-1)?.result)
				: [{ type: 'function.call', name: tools[0], arguments: '{"city":"Oslo"}' }],
		);
		const { items, error } = await ask([
			{
				name: 'MCP',
				connection: 'ai_tool',
				nodeType,
				typeVersion: 1.2,
				parameters: {
					endpointUrl: server.url,
					serverTransport: 'httpStreamable',
					authentication: 'none',
					include: 'all',
				},
			},
		]);
		await server.close();
		expect(error).toBeUndefined();
		expect(bodies()[0]?.tools?.[0]?.function).toMatchObject({
			name: expect.stringContaining('weather'),
			parameters: {
				properties: { city: { type: 'string', description: 'Where' } },
				required: ['city'],
			},
		});
		expect(items[0]?.json.output).toContain('Rain in Oslo');
	});
});

withN8n("n8n's own Simple Memory", () => {
	const memory = (): SubNode => ({
		name: 'Simple Memory',
		connection: 'ai_memory',
		nodeType: langchainNode('memory/MemoryBufferWindow/MemoryBufferWindow'),
		typeVersion: 1.3,
		parameters: {
			sessionIdType: 'customKey',
			sessionKey: '={{ $json.who }}',
			contextWindowLength: 5,
		},
	});

	test('Simple Memory provides and stores the history, separate for each session key', async () => {
		const sub = [memory()];
		await ask(sub, {}, [{ text: 'My name is Ada.', who: 'a' }]);
		const { items, error } = await ask(sub, {}, [
			{ text: 'What is my name?', who: 'a' },
			{ text: 'What is my name?', who: 'b' },
		]);
		expect(error).toBeUndefined();
		expect(bodies()[1]?.inputs).toEqual([
			{ type: 'message.input', role: 'user', content: 'My name is Ada.' },
			{ type: 'message.input', role: 'assistant', content: expect.stringContaining('stand-in') },
			{ type: 'message.input', role: 'user', content: 'What is my name?' },
		]);
		expect(items[0]?.json.output).toContain('My name is Ada.');
		expect(bodies()[2]?.inputs).toBe('What is my name?');
	});

	test('Simple Memory keeps the order of items and replaces memory at Mistral', async () => {
		const { items } = await ask(
			[memory()],
			{ memory: 'session' },
			['one', 'two', 'three'].map((word) => ({ text: `Say ${word}`, who: 'c', chatId: 1 })),
		);
		expect(items[2]?.json.output).toMatch(/Say three.*Before that.*Say two/);
		expect(fixture.standIn.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
	});

	test('Simple Memory does not make one execution wait for another', async () => {
		let second = () => {};
		const secondAsked = new Promise<void>((resolve) => (second = resolve));
		fixture.standIn.answerWith(async ({ question }) => {
			if (question === 'two') second();
			await secondAsked;
			return undefined;
		});
		const one = ask([memory()], {}, [{ text: 'one', who: 'f' }]);
		const two = ask([memory()], {}, [{ text: 'two', who: 'g' }]);
		expect((await one).items[0]?.json.output).toContain('one');
		expect((await two).items[0]?.json.output).toContain('two');
	});

	test('Simple Memory works with an OpenAI-compatible server', async () => {
		const sub = [memory()];
		const chat = { options: { chatCompletions: true } };
		await ask(sub, chat, [{ text: 'My name is Ada.', who: 'd' }]);
		const { items } = await ask(sub, chat, [{ text: 'What is my name?', who: 'd' }]);
		expect(items[0]?.json.output).toContain('My name is Ada.');
	});

	test('a memory that fails to store a turn gives a hint, and the answer is returned', async () => {
		const nodeType = langchainNode('memory/MemoryBufferWindow/MemoryBufferWindow');
		const full: INodeType = {
			description: nodeType.description,
			async supplyData() {
				const saveContext = async () => await Promise.reject(new Error('disk full'));
				return {
					response: { loadMemoryVariables: async () => ({ chat_history: [] }), saveContext },
				};
			},
		};
		const { items, hints } = await ask([{ ...memory(), nodeType: full }], {}, [
			{ text: 'Hi', who: 'e' },
		]);
		expect(items[0]?.json.output).toContain('Hi');
		expect(hints.map(({ message }) => message)).toEqual([expect.stringContaining('disk full')]);
	});
});
