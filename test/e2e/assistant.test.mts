// Voxtral Assistant in a real n8n: the talk sample over its streaming webhook, a webhook without streaming, a chat.
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { formOf, postChat, postForm, postJson } from '../support/webhook-calls.mts';
import { readChunks, turnEventsIn, textIn } from '../support/n8n-stream.mts';
import { node, ourNode, publishFlow, webhookNode } from '../support/workflow-builder.mts';
import { ffprobe } from '../support/media.mts';
import { voiceNote } from '../support/recordings.mts';
import { useN8n } from '../support/running-n8n.mts';
import { publishSample } from '../support/sample-workflows.mts';

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

const n8n = useN8n(credential, { profile });
const note = { data: voiceNote() };

describe('the talk sample', () => {
	let url: string;
	beforeAll(async () => {
		({ url } = await publishSample(n8n, 'talk-webhook', 'assistant-talk', n8n.standIn));
	});

	test('audio is sent long before the answer is complete', async () => {
		n8n.standIn.answerWith(() => ANSWER);
		const chunks = await readChunks(await postForm(url, note));
		const events = turnEventsIn(chunks);
		expect(events[0]).toMatchObject({
			type: 'transcript',
			text: 'What is the weather in Paris today?',
		});
		expect(
			events
				.filter(({ type }) => type === 'text')
				.map(({ delta }) => delta)
				.join(''),
		).toBe(ANSWER);
		expect(events.at(-1)?.type).toBe('done');
		const first = events.find(({ type }) => type === 'audio');
		const lastText = events.findLast(({ type }) => type === 'text');
		expect(first?.atMs).toBeLessThan(lastText?.atMs ?? 0);
		const began = chunks[0]?.atMs ?? 0;
		const whole = (chunks.at(-1)?.atMs ?? 0) - began;
		expect((first?.atMs ?? 0) - began).toBeLessThan(whole * 0.7);
		const samples = Buffer.concat(
			events.flatMap(({ type, data }) =>
				type === 'audio' ? [Buffer.from(data ?? '', 'base64')] : [],
			),
		);
		expect(samples.length / 2 / 24_000).toBeGreaterThan(5);
	});

	test('the sessionId of the request is the session key, spoken or typed', async () => {
		n8n.standIn.answerWith(({ question, history }) => {
			const before = history.filter(({ role }) => role === 'user').length - 1;
			return `You said ${question.length} letters, and ${before} things before.`;
		});
		const say = async (response: Promise<Response>) =>
			turnEventsIn(await readChunks(await response))
				.map(({ delta }) => delta ?? '')
				.join('');
		const sessionId = crypto.randomUUID();
		expect(await say(postForm(url, { ...note, sessionId }))).toMatch(/and 0 things/);
		expect(await say(postJson(url, { sessionId, text: 'Hello' }))).toMatch(/and 1 things/);
		expect(await say(postJson(url, { text: 'Hello' }))).toMatch(/and 0 things/);
	});

	test('a caller who disconnects does no harm, and the next one is served', async () => {
		n8n.standIn.answerWith(() => ANSWER);
		const left = new AbortController();
		const response = await fetch(url, {
			method: 'POST',
			body: formOf(note),
			signal: left.signal,
		});
		await response.body?.getReader().read();
		left.abort();
		const chunks = await readChunks(await postForm(url, note));
		expect(turnEventsIn(chunks).at(-1)?.type).toBe('done');
	});
});

test('a webhook without streaming gets one audio file', async () => {
	n8n.standIn.answerWith(() => ANSWER);
	const { url } = await publishFlow(n8n, [
		webhookNode('assistant-file', 'lastNode', {
			responseData: 'firstEntryBinary',
			responseBinaryPropertyName: 'data',
		}),
		ourNode('voxtralAssistant', credential),
	]);
	const response = await postForm(url, note);
	expect(response.headers.get('content-type')).toContain('audio/mpeg');
	const probed = await ffprobe(new Uint8Array(await response.arrayBuffer()));
	expect(probed).toMatchObject({ formatName: 'mp3', complaints: '' });
	expect(probed.durationSeconds).toBeGreaterThan(5);
});

test('a chat gets the text only', async () => {
	n8n.standIn.answerWith(() => ANSWER);
	const chat = node('Chat', '@n8n/n8n-nodes-langchain.chatTrigger', 1.3, {
		public: true,
		mode: 'webhook',
		options: { responseMode: 'streaming' },
	});
	const { url } = await publishFlow(n8n, [
		{ ...chat, webhookId: 'assistant-chat' },
		ourNode('voxtralAssistant', credential),
	]);
	const chunks = await readChunks(await postChat(url, 'chat-1', 'Hello'));
	expect(textIn(chunks)).toBe(ANSWER);
});
