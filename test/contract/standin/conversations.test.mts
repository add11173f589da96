// The conversations endpoints of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import type { ConversationResponse } from '@mistralai/mistralai/models/components';
import { collect, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const model = 'mistral-small-latest';
const webSearch = [{ type: 'web_search' as const }];

/** The text of the answer, joined from its chunks as clients must do. */
function answer({ outputs }: ConversationResponse): string {
	return outputs
		.flatMap((entry) => ('content' in entry ? [entry.content] : []))
		.map((content) =>
			typeof content === 'string'
				? content
				: (content as { text?: string }[]).map(({ text }) => text ?? '').join(''),
		)
		.join('');
}

describe('conversations through the SDK', () => {
	test('a question gets a text answer that says it comes from a stand-in', async () => {
		const response = await fixture.client.beta.conversations.start({
			model,
			inputs: 'What is the capital of France?',
		});
		expect(response.conversationId).toMatch(/^conv_/);
		expect(answer(response)).toBe(
			'This is the **stand-in** speaking, not Mistral. You asked: “What is the capital of France?”',
		);
		expect(response.usage.connectorTokens).toBeNull();
	});

	test.each([
		['Quel temps fait-il à Paris ?', 'et non Mistral'],
		['Wie wird das Wetter in Berlin?', 'nicht Mistral'],
		['¿Qué tiempo hace hoy en Madrid?', 'no Mistral'],
	])('the answer is in the language of the question: %s', async (inputs, phrase) => {
		const response = await fixture.client.beta.conversations.start({ model, inputs });
		expect(answer(response)).toContain(phrase);
		expect(answer(response)).toContain(inputs);
	});

	test('a web search gives a tool execution, citations inside the text and connector usage', async () => {
		const response = await fixture.client.beta.conversations.start({
			model,
			inputs: 'What is the weather in Paris?',
			tools: webSearch,
		});
		const [execution, message] = response.outputs;
		expect(execution).toMatchObject({ type: 'tool.execution', name: 'web_search' });
		const chunks = (message as { content: { type: string; url?: string }[] }).content;
		expect(chunks.map(({ type }) => type)).toEqual([
			'text',
			'tool_reference',
			'text',
			'tool_reference',
			'text',
		]);
		expect(chunks[1]?.url).toMatch(/^https:\/\/example\.com\//);
		expect(chunks[3]?.url).toMatch(/^https:\/\/example\.org\//);
		const { usage } = response;
		expect(usage.connectors).toEqual({ web_search: 1 });
		expect(usage.totalTokens).toBe(
			Number(usage.promptTokens) + Number(usage.completionTokens) + Number(usage.connectorTokens),
		);
	});

	test('an append keeps the conversation id and remembers the history', async () => {
		const { conversations } = fixture.client.beta;
		const first = await conversations.start({ model, inputs: 'Who wrote Faust?' });
		const { conversationId } = first;
		const second = await conversations.append({
			conversationId,
			conversationAppendRequest: { inputs: 'And when?' },
		});
		expect(second.conversationId).toBe(conversationId);
		expect(answer(second)).toContain(
			'You asked: “And when?” Before that you asked: “Who wrote Faust?”',
		);
	});

	test('an append can return a new conversation id', async () => {
		fixture.standIn.behave({ newConversationIdOnAppend: true });
		const { conversations } = fixture.client.beta;
		const first = await conversations.start({ model, inputs: 'One?' });
		const second = await conversations.append({
			conversationId: first.conversationId,
			conversationAppendRequest: { inputs: 'Two?' },
		});
		expect(second.conversationId).not.toBe(first.conversationId);
		const third = await conversations.append({
			conversationId: second.conversationId,
			conversationAppendRequest: { inputs: 'Three?' },
		});
		expect(answer(third)).toContain('Two?');
	});

	test('a restart creates a branch with a new conversation id', async () => {
		const { conversations } = fixture.client.beta;
		const { conversationId } = await conversations.start({ model, inputs: 'First?' });
		await conversations.append({
			conversationId,
			conversationAppendRequest: { inputs: 'Second?' },
		});
		const history = await conversations.getHistory({ conversationId });
		expect(history.entries).toHaveLength(4);
		const from = history.entries[1] as { id: string };
		const branch = await conversations.restart({
			conversationId,
			conversationRestartRequest: { inputs: 'Other?', fromEntryId: from.id },
		});
		expect(branch.conversationId).not.toBe(conversationId);
		expect(answer(branch)).toContain('Before that you asked: “First?”');
	});

	test('conversations can be listed, read and deleted', async () => {
		const { conversations } = fixture.client.beta;
		const made = await conversations.start({
			model,
			inputs: 'Hello?',
			tools: webSearch,
			metadata: { room: 'a' },
			name: 'First',
		});
		await conversations.start({ model, inputs: 'Hello?', metadata: { room: 'b' } });
		const { conversationId } = made;
		expect(await conversations.get({ conversationId })).toMatchObject({
			id: conversationId,
			name: 'First',
			model,
		});
		const { messages } = await conversations.getMessages({ conversationId });
		expect(messages.map((entry) => (entry as { type: string }).type)).toEqual([
			'message.input',
			'message.output',
		]);
		const found = await conversations.list({ metadata: { room: 'a' } });
		expect(found.map(({ id }) => id)).toEqual([conversationId]);
		expect(await conversations.list({ page: 1, pageSize: 1 })).toHaveLength(1);
		await conversations.delete({ conversationId });
		await expect(conversations.get({ conversationId })).rejects.toMatchObject({ statusCode: 404 });
	});

	test('store: false keeps no conversation', async () => {
		const { conversations } = fixture.client.beta;
		const { conversationId } = await conversations.start({ model, inputs: 'Hello?', store: false });
		await expect(
			conversations.append({ conversationId, conversationAppendRequest: { inputs: 'Again' } }),
		).rejects.toMatchObject({ statusCode: 404 });
	});
});

describe('streamed conversations through the SDK', () => {
	test('stream events arrive in order and the deltas add up to the answer', async () => {
		const events = await collect(
			await fixture.client.beta.conversations.startStream({
				model,
				inputs: 'What is the weather in Paris?',
				tools: webSearch,
			}),
		);
		expect([...new Set(events.map(({ event }) => event))]).toEqual([
			'conversation.response.started',
			'tool.execution.started',
			'tool.execution.delta',
			'tool.execution.done',
			'message.output.delta',
			'conversation.response.done',
		]);
		const contents = events.flatMap(({ data }) =>
			data.type === 'message.output.delta' ? [data.content] : [],
		);
		expect(contents.filter((content) => typeof content === 'string').join('')).toMatch(
			/^This is .* this one and that one\.$/,
		);
		expect(contents.filter((content) => typeof content === 'object')).toHaveLength(2);
	});

	test('append and restart can be streamed', async () => {
		const { conversations } = fixture.client.beta;
		const { conversationId, outputs } = await conversations.start({ model, inputs: 'One?' });
		const appended = await collect(
			await conversations.appendStream({
				conversationId,
				conversationAppendStreamRequest: { inputs: 'Two?' },
			}),
		);
		expect(appended[0]?.data).toMatchObject({ conversationId });
		const restarted = await collect(
			await conversations.restartStream({
				conversationId,
				conversationRestartStreamRequest: {
					inputs: 'Three?',
					fromEntryId: String((outputs[0] as { id?: string }).id),
				},
			}),
		);
		expect(restarted.at(-1)?.event).toBe('conversation.response.done');
		expect(restarted[0]?.data).not.toMatchObject({ conversationId });
	});

	test('the stream can be made to send an error event or end abruptly', async () => {
		const stream = async () =>
			collect(
				await fixture.client.beta.conversations.startStream({ model, inputs: 'Hello there?' }),
			);
		fixture.standIn.behave({ conversationErrorEvent: { message: 'Internal error', code: 3000 } });
		expect((await stream()).at(-1)).toMatchObject({
			event: 'conversation.response.error',
			data: { message: 'Internal error', code: 3000 },
		});
		fixture.standIn.behave({ conversationErrorEvent: undefined, conversationEndsAbruptly: true });
		expect((await stream()).at(-1)?.event).toBe('message.output.delta');
	});
});

describe('functions and scripts', () => {
	const tools = [
		{
			type: 'function' as const,
			function: { name: 'turn_on_light', parameters: { type: 'object', properties: {} } },
		},
	];

	test('a function call waits for its result', async () => {
		fixture.standIn.behave({
			functionCall: { name: 'turn_on_light', arguments: { room: 'kitchen' } },
		});
		const { conversations } = fixture.client.beta;
		const first = await conversations.start({ model, inputs: 'Light please', tools });
		const call = first.outputs[0] as { type: string; toolCallId: string; arguments: unknown };
		expect(call).toMatchObject({ type: 'function.call', name: 'turn_on_light' });
		const { conversationId } = first;
		const append = (inputs: unknown) =>
			fixture.call(`/v1/conversations/${conversationId}`, { json: { inputs } });
		expect((await append('Never mind')).status).toBe(400);
		expect(
			(await append([{ type: 'function.result', tool_call_id: 'call_no', result: 'x' }])).status,
		).toBe(400);
		const done = await append([
			{ type: 'function.result', tool_call_id: call.toolCallId, result: 'The light is on.' },
		]);
		expect(JSON.stringify(await done.json())).toContain('The light is on.');
	});

	test('an answer script gets the turn and returns the outputs', async () => {
		const seen: unknown[] = [];
		fixture.standIn.answerWith(({ question, history, tools: names, endpoint }) => {
			seen.push([endpoint, question, history.length, names]);
			return question === 'plain'
				? 'Plain **words**.'
				: [
						{ type: 'tool.execution', name: 'web_search' },
						{ type: 'message.output', content: [{ type: 'text', text: 'Scripted.' }] },
					];
		});
		const { conversations } = fixture.client.beta;
		const first = await conversations.start({ model, inputs: 'plain', tools: webSearch });
		expect(answer(first)).toBe('Plain **words**.');
		const second = await conversations.append({
			conversationId: first.conversationId,
			conversationAppendRequest: { inputs: 'more' },
		});
		expect(second.outputs.map((entry) => (entry as { type: string }).type)).toEqual([
			'tool.execution',
			'message.output',
		]);
		expect(seen).toEqual([
			['conversations', 'plain', 1, ['web_search']],
			['conversations', 'more', 3, ['web_search']],
		]);
	});
});
