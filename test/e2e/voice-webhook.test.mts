// The sample workflow over its real webhook: a voice note in, a spoken answer out.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Execution } from '../../harness/api-shapes.mts';
import { nextExecution } from '../../harness/n8n.mts';
import { startStandIn, type StandIn } from '../standin/index.mts';
import { ffprobe } from '../support/media.mts';
import { publishSample, signIn } from './running-n8n.mts';

jest.setTimeout(120_000);

const question = new URL('../recordings/question.ogg', import.meta.url);

let n8n: Awaited<ReturnType<typeof signIn>>;
let standIn: StandIn;
let sample: Awaited<ReturnType<typeof publishSample>>;

beforeAll(async () => {
	n8n = await signIn();
	standIn = await startStandIn();
	sample = await publishSample(n8n, 'voice-in-tests', {
		baseUrl: standIn.url,
		apiKey: 'stand-in-key',
	});
});
beforeEach(() => standIn.reset());
afterAll(async () => await standIn.close());

const ask = async (
	body: BodyInit,
	headers: Record<string, string> = {},
	{ workflow, webhook } = sample,
): Promise<{ response: Response; reply: Uint8Array; execution: Execution }> => {
	const before = await n8n.api.executionIds(workflow.id);
	const response = await fetch(webhook, { method: 'POST', body, headers });
	const reply = new Uint8Array(await response.arrayBuffer());
	return { response, reply, execution: await nextExecution(n8n.api, workflow, before) };
};

const form = (
	content: Uint8Array | string,
	name: string,
	type: string,
	field = 'data',
): FormData => {
	const data = new FormData();
	const part = typeof content === 'string' ? content : new Uint8Array(content);
	data.append(field, new File([part], name, { type }));
	return data;
};

const firstItem = ({ data }: Execution, node: string) =>
	data.resultData.runData[node]?.[0]?.data?.main[0]?.[0];

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const uploads = () => standIn.requests.flatMap(({ form: received }) => received?.files ?? []);

describe('a voice note', () => {
	test('comes back as a spoken answer', async () => {
		const note = await readFile(question);
		const { response, reply, execution } = await ask(form(note, 'question.ogg', 'audio/ogg'));

		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toBe('audio/mpeg');
		const probed = await ffprobe(reply);
		expect(probed).toMatchObject({ formatName: 'mp3', complaints: '' });
		expect(probed.durationSeconds).toBeGreaterThan(1);
		expect(uploads().map(({ sha256: received }) => received)).toEqual([sha256(note)]);

		expect(execution.status).toBe('success');
		const heard = firstItem(execution, 'Voxtral Transcribe')?.json.text;
		expect(heard).toEqual(expect.stringMatching(/\w+ \w+/));
		const answer = firstItem(execution, 'Mistral Agent')?.json;
		expect(answer).toMatchObject({
			output: expect.stringMatching(/\w/),
			speech: expect.stringMatching(/\w/),
			conversationId: expect.stringMatching(/\w/),
		});
		expect(answer?.sources).toEqual(
			expect.arrayContaining([expect.objectContaining({ url: expect.stringMatching(/^https?:/) })]),
		);
		const asked = standIn.requests.find(({ path }) => path.endsWith('/conversations'));
		expect(JSON.stringify(asked?.json)).toContain(heard);
		expect(asked?.json).toMatchObject({ tools: [{ type: 'web_search' }] });
		const spoken = standIn.requests.find(({ path }) => path.endsWith('/audio/speech'));
		expect(spoken?.json).toMatchObject({ input: answer?.speech });
	});

	test('may come under another field name', async () => {
		const note = await readFile(question);
		const { response } = await ask(form(note, 'voice.oga', 'audio/ogg', 'voice_note'));
		expect(response.status).toBe(200);
		expect(uploads().map(({ sha256: received }) => received)).toEqual([sha256(note)]);
	});

	test('may come as the plain body, without a file name', async () => {
		const note = await readFile(question);
		const { response } = await ask(new Uint8Array(note), { 'content-type': 'audio/ogg' });
		expect(response.status).toBe(200);
		expect(uploads().map(({ sha256: received }) => received)).toEqual([sha256(note)]);
	});
});

describe('bad input is named in the execution and never answered with audio', () => {
	const failure = ({ data }: Execution) => ({
		step: data.resultData.lastNodeExecuted,
		message: data.resultData.error?.message ?? '',
	});

	test.each([
		['a text file named .mp3', 'these are words, not sound', 'note.mp3', 'audio/mpeg'],
		['an empty file', '', 'note.mp3', 'audio/mpeg'],
	])('%s', async (_what, content, name, type) => {
		const { response, execution } = await ask(form(content, name, type));
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(response.headers.get('content-type')).not.toMatch(/^audio/);
		expect(failure(execution)).toEqual({
			step: 'Voxtral Transcribe',
			message: expect.stringMatching(/audio|empty/i),
		});
		expect(standIn.requests.filter(({ path }) => path.includes('/speech'))).toEqual([]);
	});

	test('no file at all', async () => {
		const { response, execution } = await ask('{}', { 'content-type': 'application/json' });
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(failure(execution)).toEqual({
			step: 'Voxtral Transcribe',
			message: expect.stringMatching(/audio|binary/i),
		});
		expect(standIn.requests).toEqual([]);
	});

	test('a wrong key', async () => {
		const locked = await publishSample(n8n, 'voice-with-wrong-key', {
			baseUrl: standIn.url,
			apiKey: 'not-the-key',
		});
		const note = await readFile(question);
		const { response, execution } = await ask(form(note, 'q.ogg', 'audio/ogg'), {}, locked);
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(failure(execution)).toEqual({
			step: 'Voxtral Transcribe',
			message: expect.stringMatching(/key/i),
		});
		expect(JSON.stringify(execution.data)).not.toContain('not-the-key');
	});

	test('an address where nobody answers', async () => {
		const lost = await publishSample(n8n, 'voice-to-nowhere', {
			baseUrl: 'http://127.0.0.1:9',
			apiKey: 'stand-in-key',
		});
		const note = await readFile(question);
		const { response, execution } = await ask(form(note, 'q.ogg', 'audio/ogg'), {}, lost);
		expect(response.status).toBeGreaterThanOrEqual(400);
		expect(failure(execution).step).toBe('Voxtral Transcribe');
		expect(failure(execution).message).toMatch(/no server answers/i);
	});
});
