// Mistral Agent, Ask, in n8n's engine: memory, streaming, request bodies, output items, saved agents.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ExecuteContext } from 'n8n-core';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { faults, type StandIn, startStandIn } from '../../standin/index.mts';
import { type Engine, type NodeRun, type RunOptions, startEngine } from '../../support/engine.mts';

let standIn: StandIn;
let engine: Engine;
beforeAll(async () => {
	standIn = await startStandIn();
	engine = await startEngine({ apiKey: 'stand-in-key', baseUrl: standIn.url });
}, 30_000);
beforeEach(() => standIn.reset());
afterAll(async () => {
	await engine.close();
	await standIn.close();
});

/** Runs the Ask operation, one question for each item. */
const ask = async (
	parameters: INodeParameters,
	items: IDataObject[] = [{ chatInput: 'And you?' }],
	more: Partial<RunOptions> & Partial<NodeRun> = {},
) => {
	const { onError, ...options } = more;
	const node: NodeRun = { type: 'mistralAgent', parameters, ...(onError ? { onError } : {}) };
	return await engine.run({ nodes: [node], items: items.map((json) => ({ json })), ...options });
};
const output = (item: INodeExecutionData | undefined) => String(item?.json.output);
const api = async (method: string, path: string, body?: object) => {
	const response = await fetch(`${standIn.url}/v1${path}`, {
		method,
		headers: { authorization: 'Bearer stand-in-key', 'content-type': 'application/json' },
		...(body ? { body: JSON.stringify(body) } : {}),
	});
	const text = await response.text();
	standIn.requests.pop();
	return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
};
const calls = () =>
	standIn.requests.map(
		({ method, path }) => `${method} ${path.replace(/conv_\w+/, 'ID').replace(/ag_\w+/, 'AG')}`,
	);
const START = 'POST /v1/conversations';
const APPEND = 'POST /v1/conversations/ID';
const LIST = 'GET /v1/conversations';
const HISTORY = 'GET /v1/conversations/ID/history';
const posted = () =>
	standIn.requests
		.filter(({ method }) => method === 'POST')
		.map(({ json }) => json as Record<string, unknown>);

const session = { memory: 'session' };
const telegram = (text: string, id = 42) => ({ text, message: { chat: { id } } });

describe('memory by session key', () => {
	test('session memory is stored at Mistral, lasts across executions and is separate for each chat', async () => {
		await ask(session, [telegram('My name is Ada.')]);
		expect(calls()).toEqual([LIST, START, LIST]);
		expect(posted()[0]?.metadata).toEqual({
			n8n_session: '1:42',
			n8n_setup: expect.stringMatching(/^[0-9a-f]{8}$/),
		});
		const { items } = await ask(session, [telegram('What is my name?')]);
		expect(output(items[0])).toContain('My name is Ada.');
		expect(calls().slice(3)).toEqual([LIST, APPEND]);
		const other = await ask(session, [telegram('What is my name?', 7)]);
		expect(output(other.items[0])).not.toContain('Ada');
		expect(other.hints).toEqual([]);
	});

	test.each([
		['sessionId', { chatInput: 'Hi', sessionId: 'abc' }, '1:abc'],
		['chatId', { text: 'Hi', chatId: 9 }, '1:9'],
		['a webhook body', { text: 'Hi', body: { sessionId: 's' } }, '1:s'],
		['a WhatsApp message', { text: 'Hi', messages: [{ from: '49170' }] }, '1:49170'],
		['a chat id of 0', { text: 'Hi', chatId: 0 }, '1:0'],
	])('the session key is taken from %s', async (_where, json, key) => {
		const { error } = await ask(session, [json]);
		expect(error).toBeUndefined();
		expect(posted()[0]?.metadata).toMatchObject({ n8n_session: key });
	});

	test('session memory works where n8n cannot say beforehand whether a memory sub-node is connected', async () => {
		const original = ExecuteContext.prototype.getParentNodes;
		ExecuteContext.prototype.getParentNodes = () => [
			{ name: 'Start', type: 'start', typeVersion: 1, disabled: false },
		];
		try {
			await ask(session, [telegram('My name is Ada.')]);
			const { items } = await ask(session, [telegram('What is my name?')]);
			expect(output(items[0])).toContain('My name is Ada.');
		} finally {
			ExecuteContext.prototype.getParentNodes = original;
		}
	});

	test('a missing session key fails before any request is sent', async () => {
		const { error } = await ask(session, [{ text: 'Hi' }]);
		expect(error?.message).toContain('Session Key is empty');
		expect(error?.context?.stage).toBe('ask.no-session');
		expect(standIn.requests).toEqual([]);
	});

	test('items with the same session key run one after the other in one conversation', async () => {
		standIn.inject({ ...faults.slow(150), match: { method: 'POST' } });
		const { items } = await ask(
			session,
			['one', 'two', 'three'].map((word) => telegram(`Say ${word}`)),
		);
		expect(items.map(output)).toEqual([
			expect.stringContaining('Say one'),
			expect.stringMatching(/Say two.*Before that.*Say one/),
			expect.stringMatching(/Say three.*Before that.*Say two/),
		]);
		// The second list request looks for a conversation that another process started; after that the latest id is known.
		expect(calls()).toEqual([LIST, START, LIST, APPEND, APPEND]);
		expect(new Set(items.map(({ json }) => json.conversationId)).size).toBe(1);
	});

	test('concurrent executions with the same session key run one after the other in one n8n process', async () => {
		standIn.inject({ ...faults.slow(150), match: { method: 'POST' } });
		const both = await Promise.all([
			ask(session, [telegram('Say one')]),
			ask(session, [telegram('Say two')]),
		]);
		expect(calls().filter((call) => call.startsWith('POST'))).toEqual([START, APPEND]);
		const ids = both.map(({ items }) => items[0]?.json.conversationId);
		expect(ids[0]).toBe(ids[1]);
	});

	test('a hint says when two processes started the same session at the same time', async () => {
		standIn.answerWith(async ({ request }) => {
			if (request.inputs === 'Elsewhere') return undefined;
			await api('POST', '/conversations', { ...request, inputs: 'Elsewhere' });
			return undefined;
		});
		const { hints } = await ask(session, [telegram('Here')]);
		expect(hints.map(({ message }) => message)).toEqual([expect.stringContaining('began twice')]);
	});

	test('a failed turn does not block the next turn of its session', async () => {
		standIn.inject({ ...faults.tierNotAllowed(), match: { method: 'POST' } });
		const { items } = await ask(session, [telegram('one'), telegram('two')], {
			onError: 'continueRegularOutput',
		});
		expect(items[0]?.json.error).toMatch(/not part of your Mistral plan/);
		expect(output(items[1])).toContain('two');
	});

	test('the latest conversation id is used when Mistral returns a new one with each turn', async () => {
		standIn.behave({ newConversationIdOnAppend: true });
		const { items } = await ask(
			session,
			['one', 'two', 'three'].map((word) => telegram(`Say ${word}`)),
		);
		const ids = items.map(({ json }) => String(json.conversationId));
		expect(new Set(ids).size).toBe(3);
		expect(
			standIn.requests
				.filter(({ method }) => method === 'POST')
				.map(({ path }) => path)
				.slice(1),
		).toEqual([`/v1/conversations/${ids[0]}`, `/v1/conversations/${ids[1]}`]);
		const next = await ask(session, [telegram('Say four')]);
		expect(output(next.items[0])).toMatch(/Before that.*Say three/);
	});

	test('a session whose conversation was deleted starts a new conversation, with a hint, and continues there', async () => {
		await ask(session, [telegram('My name is Ada.')]);
		standIn.inject({ ...faults.notFound(), match: { method: 'POST' } });
		const { items, hints } = await ask(session, [telegram('What is my name?')]);
		expect(output(items[0])).not.toContain('Ada');
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('no longer exists'),
		]);
		const next = await ask(session, [telegram('And now?')]);
		expect(output(next.items[0])).toMatch(/Before that.*What is my name/);
	});

	test('changed instructions start a new conversation that carries the history over', async () => {
		await ask(session, [telegram('My name is Ada.')]);
		const { items } = await ask({ ...session, instructions: 'Be brief.' }, [
			telegram('What is my name?'),
		]);
		expect(calls().slice(3)).toEqual([LIST, HISTORY, START]);
		expect(posted()[1]).toMatchObject({
			instructions: expect.stringContaining('Be brief.'),
			inputs: [
				{ role: 'user', content: 'My name is Ada.' },
				{ role: 'assistant', content: expect.stringContaining('stand-in') },
				{ role: 'user', content: 'What is my name?' },
			],
		});
		expect(output(items[0])).toContain('My name is Ada.');
	});

	test('a conversation of another session key is never used, even if the server ignores the metadata filter', async () => {
		const stranger = await api('POST', '/conversations', {
			inputs: 'Secret',
			model: 'mistral-small-latest',
			stream: false,
			store: true,
			metadata: { n8n_session: '1:7' },
		});
		standIn.inject({
			match: { method: 'GET', path: '/v1/conversations' },
			body: [
				{
					id: stranger.conversation_id,
					metadata: { n8n_session: '1:7' },
					updated_at: '2099-01-01T00:00:00Z',
				},
			],
		});
		const { items } = await ask(session, [telegram('Hello')]);
		expect(items[0]?.json.conversationId).not.toBe(stranger.conversation_id);
		expect(output(items[0])).not.toContain('Secret');
	});
});

describe('memory by conversation id', () => {
	const byId = { memory: 'conversationId' };

	test('a conversation id continues that conversation', async () => {
		const first = await ask({}, [{ text: 'My name is Ada.' }]);
		const { conversationId } = first.items[0]?.json ?? {};
		const { items, hints } = await ask(byId, [{ text: 'My name?', conversationId }]);
		expect(output(items[0])).toContain('My name is Ada.');
		expect(hints).toEqual([]);
		expect(posted()[1]).toEqual({ inputs: 'My name?', store: true, stream: false });
	});

	test('a conversation id that no longer exists starts a new conversation, with a hint', async () => {
		const { items, hints } = await ask(byId, [{ text: 'Hello', conversationId: 'conv_gone' }]);
		expect(items[0]?.json.conversationId).toMatch(/^conv_/);
		expect(items[0]?.json.attempts).toBe(1);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('no longer exists'),
		]);
		expect(calls()).toEqual(['POST /v1/conversations/ID', START]);
	});

	test('a conversation with an unanswered tool call is replaced by a new one with the same history', async () => {
		standIn.answerWith(({ question }) =>
			question === 'Open' ? [{ type: 'function.call', name: 'f' }] : undefined,
		);
		const open = await api('POST', '/conversations', {
			inputs: 'Open',
			model: 'mistral-small-latest',
			stream: false,
			store: true,
		});
		const { items, hints, error } = await ask(byId, [
			{ text: 'Next', conversationId: open.conversation_id as string },
		]);
		expect(error).toBeUndefined();
		expect(output(items[0])).toMatch(/Next.*Before that.*Open/);
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('interrupted during a tool call'),
		]);
	});

	test('a turn whose response is lost is not retried', async () => {
		const first = await ask({}, [{ text: 'One' }]);
		standIn.inject({ ...faults.lostAfterWork(), match: { path: /conv_/ } });
		const { error } = await ask(byId, [
			{ text: 'Two', conversationId: first.items[0]?.json.conversationId },
		]);
		expect(error?.context?.stage).toBe('ask.connection-lost');
		expect(calls()).toEqual([START, APPEND]);
	});
});

describe('Store Nothing', () => {
	test('Store Nothing sends store: false and returns no conversation id', async () => {
		const { items } = await ask({ options: { storeNothing: true } });
		expect(posted()[0]).toMatchObject({ store: false });
		expect(items[0]?.json.conversationId).toBe('');
	});

	test('Store Nothing cannot be combined with memory at Mistral', async () => {
		const { error } = await ask({ ...session, options: { storeNothing: true } }, [telegram('Hi')]);
		expect(error?.context?.stage).toBe('ask.nothing-stored');
		expect(standIn.requests).toEqual([]);
	});
});

describe('streaming', () => {
	const streaming = { streaming: true };

	test('text is streamed in chunks as it arrives, and the output item is the same as without streaming', async () => {
		const { items, chunks } = await ask({}, [{ chatInput: 'What is new?' }], streaming);
		expect(chunks.map(({ type }) => type)).toEqual([
			'begin',
			...chunks.slice(1, -1).map(() => 'item'),
			'end',
		]);
		const words = chunks
			.filter(({ type }) => type === 'item')
			.map(({ content }) => String(content));
		expect(words.length).toBeGreaterThan(10);
		expect(words.join('')).toBe(output(items[0]));
		expect(items[0]?.json).toMatchObject({
			sources: [
				{ url: 'https://example.com/stand-in/page-1' },
				{ url: 'https://example.org/stand-in/page-2' },
			],
			usage: { connectors: { web_search: 1 } },
			attempts: 1,
		});
		const whole = await ask({}, [{ chatInput: 'What is new?' }]);
		const { conversationId: _, ...same } = whole.items[0]?.json ?? {};
		expect(items[0]?.json).toMatchObject(same);
	});

	test('List Sources streams a source list at the end, which is not part of the spoken text', async () => {
		const { items, chunks } = await ask(
			{ options: { listSources: true } },
			[{ chatInput: 'What is new?' }],
			streaming,
		);
		expect(output(items[0])).toMatch(
			/one\.\n\n1\. \[Made-up page 1\]\(<https:\/\/example\.com\/stand-in\/page-1>\)\n2\. \[Made-up page 2\]/,
		);
		expect(chunks.map(({ content }) => content ?? '').join('')).toBe(output(items[0]));
		expect(items[0]?.json.speech).not.toContain('Made-up');
	});

	test('nothing is streamed with streaming switched off or without a streaming trigger', async () => {
		expect(
			(await ask({ options: { enableStreaming: false } }, undefined, streaming)).chunks,
		).toEqual([]);
		await ask({});
		expect(posted().map(({ stream }) => stream)).toEqual([false, false]);
	});

	test.each([
		[
			'an error event',
			{ conversationErrorEvent: { message: 'Internal error', code: 3000 } },
			'ask.answer-failed',
		],
		['a stream that ends abruptly', { conversationEndsAbruptly: true }, 'ask.answer-cut-short'],
	])('%s fails with the partial text and is not retried', async (_what, quirk, stage) => {
		standIn.behave(quirk);
		const { errorItems, chunks } = await ask({}, undefined, {
			...streaming,
			onError: 'continueErrorOutput',
		});
		expect(errorItems[0]?.json.details).toMatchObject({
			stage,
			partial: expect.stringMatching(/^This is/),
			attempts: 1,
		});
		expect(chunks.at(-1)?.type).toBe('end');
		expect(standIn.requests).toHaveLength(1);
	});

	test('a stream that breaks before its first text is retried', async () => {
		standIn.inject(faults.resetAfterEvents(1));
		const { items, error } = await ask({}, undefined, streaming);
		expect(error).toBeUndefined();
		expect(items[0]?.json.attempts).toBe(2);
	});

	test('unknown event types and unusual line ends in a stream are ignored', async () => {
		standIn.inject({ ...faults.unknownEvent('message.output.delta'), ...faults.oneByteSlices() });
		const { items, chunks } = await ask(
			{ builtInTools: [] },
			[{ chatInput: 'Grüß Gott, 你好?' }],
			streaming,
		);
		expect(chunks.map(({ content }) => content ?? '').join('')).toBe(output(items[0]));
		expect(output(items[0])).toContain('你好');
	});
});

describe('request and response', () => {
	test("parameters are sent under the names of Mistral's API", async () => {
		await ask({
			builtInTools: [
				'codeInterpreter',
				'documentLibrary',
				'imageGeneration',
				'webSearch',
				'webSearchPremium',
			],
			libraryIds: 'lib-1, lib-2',
			instructions: 'Be kind.',
			options: {
				language: 'fr',
				maxTokens: 40,
				persona: 'a pirate',
				reasoningEffort: 'high',
				seed: 7,
				speechSeconds: 10,
				stop: 'END\n\nSTOP',
				tellDate: false,
				temperature: 1,
				topP: 0.5,
				additionalFields: '{"name":"Test","completion_args":{"presence_penalty":1}}',
			},
		});
		expect(posted()[0]).toEqual({
			inputs: 'And you?',
			model: 'mistral-small-latest',
			instructions:
				'Be kind.\n\nSpeak as this character: a pirate.\n\nAlways answer in French, whatever the language of the question.\n\nKeep the answer to at most 25 words, about 10 seconds aloud; this overrules any other length.',
			tools: [
				{ type: 'code_interpreter' },
				{ type: 'document_library', library_ids: ['lib-1', 'lib-2'] },
				{ type: 'image_generation' },
				{ type: 'web_search_premium' },
			],
			completion_args: {
				temperature: 1,
				top_p: 0.5,
				max_tokens: 40,
				random_seed: 7,
				stop: ['END', 'STOP'],
				reasoning_effort: 'high',
				presence_penalty: 1,
			},
			store: true,
			stream: false,
			name: 'Test',
		});
	});

	const schema = {
		type: 'object',
		properties: { speech: { type: 'string' }, urgent: { type: 'boolean' } },
	};

	test('a JSON schema answer is returned as an object, and its speech field becomes the spoken text', async () => {
		standIn.answerWith(() => '{"urgent":true,"speech":"**Help** is coming."}');
		const { items } = await ask({ options: { jsonSchema: JSON.stringify(schema) } });
		expect(posted()[0]?.completion_args).toEqual({
			response_format: {
				type: 'json_schema',
				json_schema: { name: 'answer', schema, strict: true },
			},
		});
		expect(items[0]?.json).toMatchObject({
			output: { urgent: true, speech: '**Help** is coming.' },
			speech: 'Help is coming.',
		});
	});

	test('an answer that is not valid JSON fails instead of being returned as text', async () => {
		standIn.answerWith(() => '{"urgent":tr');
		const { errorItems } = await ask({ options: { jsonSchema: schema } }, undefined, {
			onError: 'continueErrorOutput',
		});
		expect(errorItems[0]?.json.details).toMatchObject({
			stage: 'ask.answer-not-json',
			partial: '{"urgent":tr',
		});
	});

	test('an invalid JSON schema fails before any request is sent', async () => {
		const { error } = await ask({ options: { jsonSchema: '{"type":' } });
		expect(error?.message).toContain('Answer as JSON is not a JSON object');
		expect(standIn.requests).toEqual([]);
	});

	test('several messages, an agent handoff and references between them become one text', async () => {
		const reference = {
			type: 'tool_reference',
			tool: 'web_search',
			title: 'A',
			url: 'https://a.example',
		};
		standIn.answerWith(() => [
			{
				type: 'agent.handoff',
				previous_agent_id: 'a',
				previous_agent_name: 'A',
				next_agent_id: 'b',
				next_agent_name: 'B',
			},
			{ type: 'message.output', content: 'One. ' },
			{
				type: 'message.output',
				content: [{ type: 'text', text: 'Two' }, reference, reference, { type: 'text', text: '.' }],
			},
		]);
		for (const streaming of [false, true]) {
			const { items } = await ask({}, undefined, { streaming });
			expect(items[0]?.json).toMatchObject({
				output: 'One. Two.',
				sources: [{ title: 'A', url: 'https://a.example' }],
			});
		}
	});

	test('files generated by a tool are downloaded into binary fields', async () => {
		const form = new FormData();
		form.append('file', new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47])], 'x.png'));
		const upload = await fetch(`${standIn.url}/v1/files`, {
			method: 'POST',
			body: form,
			headers: { authorization: 'Bearer stand-in-key' },
		});
		const { id } = (await upload.json()) as { id: string };
		const file = (file_id: string) => ({
			type: 'tool_file',
			tool: 'image_generation',
			file_id,
			file_name: 'cat',
			file_type: 'png',
		});
		standIn.answerWith(() => [
			{
				type: 'message.output',
				content: [{ type: 'text', text: 'Two cats.' }, file(id), file('lost')],
			},
		]);
		const { items, hints } = await ask({});
		expect(items[0]?.binary).toMatchObject({
			file_1: { fileName: 'cat.png', mimeType: 'image/png' },
		});
		expect([...(await engine.bytes(items[0], 'file_1'))]).toEqual([0x89, 0x50, 0x4e, 0x47]);
		expect(items[0]?.json).toMatchObject({
			output: 'Two cats.',
			files: [{ name: 'cat' }, { id: 'lost' }],
		});
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('could not be fetched'),
		]);
		const without = await ask({ options: { downloadFiles: false } });
		expect(without.items[0]?.binary).toBeUndefined();
	});
});

describe('saved agents', () => {
	const create = async (name: string) =>
		String((await api('POST', '/agents', { name, model: 'mistral-small-latest' })).id);

	test('a saved agent is called with its id and version, without model and instructions', async () => {
		const id = await create('Librarian');
		const { items, error } = await ask({
			whoAnswers: 'agent',
			agent: { __rl: true, mode: 'list', value: id },
			options: { agentVersion: '0' },
		});
		expect(error).toBeUndefined();
		expect(output(items[0])).toContain('And you?');
		expect(posted()).toEqual([
			{ inputs: 'And you?', agent_id: id, agent_version: 0, store: true, stream: false },
		]);
	});

	test('saved agents can be created, read, listed and deleted', async () => {
		const operate = async (operation: string, parameters: INodeParameters = {}) =>
			await ask({ operation, ...parameters });
		const made = await operate('createAgent', {
			agentName: 'Librarian',
			instructions: 'Be quiet.',
			builtInTools: ['codeInterpreter', 'webSearch'],
		});
		expect(posted()).toEqual([
			{
				name: 'Librarian',
				model: 'mistral-small-latest',
				instructions: 'Be quiet.',
				tools: [{ type: 'code_interpreter' }, { type: 'web_search' }],
			},
		]);
		const id = String(made.items[0]?.json.id);
		const agent = { __rl: true, mode: 'id', value: id };
		const read = await operate('getAgent', { agent });
		expect(read.items[0]?.json).toMatchObject({ name: 'Librarian', instructions: 'Be quiet.' });
		for (let number = 1; number <= 51; number++) await create(`Other ${number}`);
		expect((await operate('listAgents')).items).toHaveLength(52);
		const found = await operate('listAgents', { agentSearch: 'libr' });
		expect(found.items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[id, { item: 0 }],
		]);
		expect((await operate('deleteAgent', { agent })).items[0]?.json).toMatchObject({
			agentId: id,
			deleted: true,
		});
		const { error } = await operate('getAgent', { agent });
		expect(error?.context?.stage).toBe('getAgent.not-found');
	});

	test('style options have no effect on a saved agent, and a hint says so', async () => {
		const agent = { __rl: true, mode: 'id', value: await create('Librarian') };
		const { hints } = await ask({ whoAnswers: 'agent', agent, options: { persona: 'a pirate' } });
		expect(hints.map(({ message }) => message)).toEqual([
			expect.stringContaining('no effect on a saved agent'),
		]);
	});

	test('a saved agent is not called again after a lost connection, since its connectors may have acted', async () => {
		const id = await create('Clerk');
		standIn.inject(faults.lostAfterWork());
		const { error } = await ask({
			whoAnswers: 'agent',
			agent: { __rl: true, mode: 'id', value: id },
		});
		expect(error?.context?.stage).toBe('ask.connection-lost');
		expect(standIn.requests).toHaveLength(1);
	});

	test('a missing agent fails before any request is sent', async () => {
		const agent = { __rl: true, mode: 'id', value: '={{ $json.nothing }}' };
		const { error } = await ask({ whoAnswers: 'agent', agent });
		expect(error?.message).toContain('No Agent is chosen');
		expect(standIn.requests).toEqual([]);
	});

	test.each([[false], [true]])(
		'the live list of saved agents is paged and searched by name (older endpoint: %s)',
		async (agentPagesMissing) => {
			for (let number = 1; number <= 52; number++) await create(`Agent ${number}`);
			standIn.behave({ agentPagesMissing });
			const first = await engine.list('mistralAgent', 'searchAgents');
			expect(first.results).toHaveLength(50);
			expect(first.results[0]).toMatchObject({ name: 'Agent 1 (mistral-small-latest)' });
			const second = await engine.list(
				'mistralAgent',
				'searchAgents',
				undefined,
				String(first.paginationToken),
			);
			expect(second.results).toHaveLength(2);
			expect(second.paginationToken).toBeUndefined();
			const found = await engine.list('mistralAgent', 'searchAgents', 'agent 51');
			expect(found.results.map(({ name }) => name)).toEqual(['Agent 51 (mistral-small-latest)']);
		},
	);
});

describe('an OpenAI-compatible server', () => {
	const other = {
		options: { chatCompletions: true, tellDate: false, seed: 3 },
		instructions: 'Be kind.',
	};
	beforeEach(() => standIn.behave({ lenientUnknownKeys: true }));

	test.each([[false], [true]])(
		'an OpenAI-compatible server is called through chat completions (streamed: %s)',
		async (streaming) => {
			const { items, hints, chunks } = await ask(other, undefined, { streaming });
			expect(standIn.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions']);
			expect(posted()[0]).toEqual({
				model: 'mistral-small-latest',
				messages: [
					{ role: 'system', content: 'Be kind.' },
					{ role: 'user', content: 'And you?' },
				],
				seed: 3,
				stream: streaming,
			});
			expect(items[0]?.json).toMatchObject({
				output: expect.stringContaining('And you?'),
				sources: [],
				conversationId: '',
			});
			if (streaming)
				expect(chunks.map(({ content }) => content ?? '').join('')).toBe(output(items[0]));
			expect(hints.map(({ message }) => message)).toEqual([
				expect.stringContaining('Built-in Tools do not exist'),
			]);
		},
	);

	test.each([['none'], ['session']])(
		'a 404 from an OpenAI-compatible server names the option to switch on (memory: %s)',
		async (memory) => {
			standIn.inject({ status: 404, body: { detail: 'Not Found' } });
			const { error } = await ask({ memory }, [telegram('Hi')]);
			expect(error?.description).toContain('switch on "OpenAI-Compatible Server"');
		},
	);

	test('an OpenAI-compatible server cannot be combined with memory at Mistral', async () => {
		const { error } = await ask({ ...other, ...session }, [telegram('Hi')]);
		expect(error?.context?.stage).toBe('ask.no-memory-there');
	});
});

describe('Get History and Delete Conversation', () => {
	const operate = async (
		operation: string,
		parameters: INodeParameters = {},
		json: IDataObject = telegram('x'),
	) => await ask({ operation, ...parameters }, [json]);

	test('the history can be read by session key or conversation id', async () => {
		const { items } = await ask(session, [telegram('My name is Ada.')]);
		const id = String(items[0]?.json.conversationId);
		const bySession = await operate('getHistory');
		const byId = await operate(
			'getHistory',
			{ conversationBy: 'conversationId' },
			{ conversationId: id },
		);
		expect(bySession.items[0]?.json).toMatchObject({
			found: true,
			conversationId: id,
			messages: [{ role: 'user', text: 'My name is Ada.' }, { role: 'assistant' }],
			transcript: expect.stringMatching(/^User: My name is Ada\.\nAgent: /),
			tools: ['web_search'],
			message: { chat: { id: 42 } },
		});
		expect(byId.items[0]?.json).toMatchObject({ messages: bySession.items[0]?.json.messages });
	});

	test('deleting by session key deletes every conversation of the session and no other', async () => {
		await ask(session, [telegram('My name is Ada.')]);
		await ask({ ...session, instructions: 'Other' }, [telegram('Hi')]);
		await ask(session, [telegram('I am somebody else.', 7)]);
		expect((await operate('deleteConversation')).items[0]?.json).toMatchObject({ deleted: 2 });
		expect((await operate('getHistory')).items[0]?.json).toMatchObject({
			found: false,
			messages: [],
		});
		expect((await operate('deleteConversation')).items[0]?.json).toMatchObject({ deleted: 0 });
		expect(output((await ask(session, [telegram('My name?')])).items[0])).not.toContain('Ada');
		expect(output((await ask(session, [telegram('Who am I?', 7)])).items[0])).toContain(
			'somebody else',
		);
	});

	test('a conversation that does not exist is not an error, a missing conversation id is', async () => {
		const gone = { conversationBy: 'conversationId', conversationId: 'conv_gone' };
		expect((await operate('getHistory', gone)).items[0]?.json).toMatchObject({ found: false });
		expect((await operate('deleteConversation', gone)).items[0]?.json).toMatchObject({
			deleted: 0,
		});
		const { error } = await operate('deleteConversation', { ...gone, conversationId: '' });
		expect(error?.context?.stage).toBe('deleteConversation.no-conversation');
	});
});
