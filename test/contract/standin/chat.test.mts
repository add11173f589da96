// The chat completions endpoint of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import { collect, knownRecording, recording, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const model = 'mistral-small-latest';
const messages = [{ role: 'user' as const, content: 'Is it cold in Oslo?' }];

describe('chat through the SDK', () => {
	test('a chat completion has an answer and usage', async () => {
		const response = await fixture.client.chat.complete({ model, messages });
		expect(response.choices[0]).toMatchObject({ index: 0, finishReason: 'stop' });
		expect(response.choices[0]?.message?.content).toContain('Is it cold in Oslo?');
		expect(response.usage.totalTokens).toBe(
			Number(response.usage.promptTokens) + Number(response.usage.completionTokens),
		);
	});

	test('streamed chunks add up to the whole answer', async () => {
		const whole = await fixture.client.chat.complete({ model, messages });
		const events = await collect(await fixture.client.chat.stream({ model, messages }));
		const text = events.map(({ data }) => data.choices[0]?.delta.content ?? '').join('');
		expect(text).toBe(whole.choices[0]?.message?.content);
		expect(events.at(-1)?.data).toMatchObject({
			choices: [{ finishReason: 'stop' }],
			usage: { totalTokens: expect.any(Number) },
		});
	});

	test('the stream has data lines without event names and ends with [DONE]', async () => {
		const response = await fixture.call('/v1/chat/completions', {
			json: { model, messages, stream: true },
		});
		const text = await response.text();
		expect(text).not.toContain('event:');
		expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
	});

	test('a function is called and its result answered', async () => {
		fixture.standIn.behave({ functionCall: { name: 'look_up', arguments: { city: 'Oslo' } } });
		const tools = [
			{ type: 'function' as const, function: { name: 'look_up', parameters: { type: 'object' } } },
		];
		const response = await fixture.client.chat.complete({ model, messages, tools });
		expect(response.choices[0]).toMatchObject({
			finishReason: 'tool_calls',
			message: { toolCalls: [{ function: { name: 'look_up', arguments: '{"city":"Oslo"}' } }] },
		});
		const call = response.choices[0]?.message?.toolCalls?.[0];
		const next = await fixture.client.chat.complete({
			model,
			tools,
			messages: [
				...messages,
				{ role: 'assistant', toolCalls: call ? [call] : [] },
				{
					role: 'tool',
					toolCallId: call?.id ?? '',
					name: 'look_up',
					content: 'Minus two degrees.',
				},
			],
		});
		expect(next.choices[0]?.message?.content).toContain('Minus two degrees.');
	});

	test('audio content is accepted by audio models only', async () => {
		const audio = (await recording('question.mp3')).toString('base64');
		const { text } = await knownRecording('question.mp3');
		const ask = (id: string) =>
			fixture.client.chat.complete({
				model: id,
				messages: [{ role: 'user', content: [{ type: 'input_audio', inputAudio: audio }] }],
			});
		const response = await ask('voxtral-small-latest');
		expect(response.choices[0]?.message?.content).toContain(text);
		await expect(ask(model)).rejects.toMatchObject({ statusCode: 400 });
	});

	test('with reasoning the content is a list of chunks', async () => {
		fixture.standIn.behave({ reasoningChunks: true });
		const response = await fixture.client.chat.complete({
			model,
			messages,
			reasoningEffort: 'high',
		});
		expect(
			(response.choices[0]?.message?.content as { type: string }[]).map(({ type }) => type),
		).toEqual(['thinking', 'text']);
	});
});
