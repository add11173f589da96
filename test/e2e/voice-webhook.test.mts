// The sample voice-webhook.json over its webhook: a voice note in, a spoken answer out.
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Execution } from '../../harness/n8n-api-types.mts';
import { nextExecution } from '../../harness/n8n.mts';
import { formOf } from '../support/webhook-calls.mts';
import type { Published } from '../support/workflow-builder.mts';
import { ffprobe } from '../support/media.mts';
import { recording, sha256, uploadsTo, voiceNote } from '../support/recordings.mts';
import { useN8n } from '../support/running-n8n.mts';
import { itemsOf, publishSample } from '../support/sample-workflows.mts';

jest.setTimeout(120_000);

const question = recording('question.ogg');
const n8n = useN8n('voice in tests');
let sample: Published;

beforeAll(async () => {
	sample = await publishSample(n8n, 'voice-webhook', 'voice-in-tests', n8n.standIn);
});

const ask = async (
	body: BodyInit,
	headers: Record<string, string> = {},
	{ workflow, url } = sample,
): Promise<{ response: Response; reply: Uint8Array; execution: Execution }> => {
	const before = await n8n.api.executionIds(workflow.id);
	const response = await fetch(url, { method: 'POST', body, headers });
	const reply = new Uint8Array(await response.arrayBuffer());
	return { response, reply, execution: await nextExecution(n8n.api, workflow, before) };
};

const uploaded = () => uploadsTo(n8n.standIn).map(({ sha256: received }) => received);

describe('a voice note', () => {
	test('a voice note is answered with speech', async () => {
		const { response, reply, execution } = await ask(formOf({ data: voiceNote() }));

		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toBe('audio/mpeg');
		const probed = await ffprobe(reply);
		expect(probed).toMatchObject({ formatName: 'mp3', complaints: '' });
		expect(probed.durationSeconds).toBeGreaterThan(1);
		expect(uploaded()).toEqual([sha256(question)]);

		expect(execution.status).toBe('success');
		const heard = itemsOf(execution, 'Voxtral Transcribe')[0]?.json.text;
		expect(heard).toEqual(expect.stringMatching(/\w+ \w+/));
		const answer = itemsOf(execution, 'Mistral Agent')[0]?.json;
		expect(answer).toMatchObject({
			output: expect.stringMatching(/\w/),
			speech: expect.stringMatching(/\w/),
			conversationId: expect.stringMatching(/\w/),
		});
		expect(answer?.sources).toEqual(
			expect.arrayContaining([expect.objectContaining({ url: expect.stringMatching(/^https?:/) })]),
		);
		const asked = n8n.standIn.requests.find(({ path }) => path.endsWith('/conversations'));
		expect(JSON.stringify(asked?.json)).toContain(heard);
		expect(asked?.json).toMatchObject({ tools: [{ type: 'web_search' }] });
		const spoken = n8n.standIn.requests.find(({ path }) => path.endsWith('/audio/speech'));
		expect(spoken?.json).toMatchObject({ input: answer?.speech });
	});

	test('a voice note can be uploaded under any field name', async () => {
		const { response } = await ask(formOf({ voice_note: voiceNote('question.ogg', 'voice.oga') }));
		expect(response.status).toBe(200);
		expect(uploaded()).toEqual([sha256(question)]);
	});

	test('a voice note can be the raw request body, without a file name', async () => {
		const { response } = await ask(new Uint8Array(question), { 'content-type': 'audio/ogg' });
		expect(response.status).toBe(200);
		expect(uploaded()).toEqual([sha256(question)]);
	});
});

describe('errors appear in the execution and are never answered with audio', () => {
	const failure = ({ data }: Execution) => ({
		step: data.resultData.lastNodeExecuted,
		message: data.resultData.error?.message ?? '',
	});

	test.each([
		['a text file named .mp3', 'these are words, not sound'],
		['an empty file', ''],
	])('a request with %s', async (_what, content) => {
		const { response, execution } = await ask(
			formOf({ data: new File([content], 'note.mp3', { type: 'audio/mpeg' }) }),
		);
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(response.headers.get('content-type')).not.toMatch(/^audio/);
		expect(failure(execution)).toEqual({
			step: 'Voxtral Transcribe',
			message: expect.stringMatching(/audio|empty/i),
		});
		expect(n8n.standIn.requests.filter(({ path }) => path.includes('/speech'))).toEqual([]);
	});

	test('a request without a file', async () => {
		const { response, execution } = await ask('{}', { 'content-type': 'application/json' });
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(failure(execution)).toEqual({
			step: 'Voxtral Transcribe',
			message: expect.stringMatching(/audio|binary/i),
		});
		expect(n8n.standIn.requests).toEqual([]);
	});

	test('a wrong API key', async () => {
		const locked = await publishSample(n8n, 'voice-webhook', 'voice-with-wrong-key', {
			url: n8n.standIn.url,
			apiKey: 'not-the-key',
		});
		const { response, execution } = await ask(formOf({ data: voiceNote() }), {}, locked);
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(failure(execution)).toEqual({
			step: 'Voxtral Transcribe',
			message: expect.stringMatching(/key/i),
		});
		expect(JSON.stringify(execution.data)).not.toContain('not-the-key');
	});

	test('a base URL where no server answers', async () => {
		const lost = await publishSample(n8n, 'voice-webhook', 'voice-to-nowhere', {
			url: 'http://127.0.0.1:9',
		});
		const { response, execution } = await ask(formOf({ data: voiceNote() }), {}, lost);
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(failure(execution).step).toBe('Voxtral Transcribe');
		expect(failure(execution).message).toMatch(/no server answers/i);
	});
});
