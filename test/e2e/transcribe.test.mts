// Recordings through a real n8n, as they come in from outside; and the minutes sample behind its form.
import { createHash, type Hash, randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { WorkflowJson } from '../../harness/api-shapes.mts';
import { webhookReady } from '../../harness/n8n.mts';
import { startStandIn, type StandIn } from '../standin/index.mts';
import { wavHeader } from '../support/media.mts';
import { credentialType, signIn } from './running-n8n.mts';

jest.setTimeout(180_000);

const mebibyte = 1024 * 1024;
const recording = async (name: string) =>
	await readFile(new URL(`../recordings/${name}`, import.meta.url));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const credential = 'transcribe-in-tests';

let n8n: Awaited<ReturnType<typeof signIn>>;
let standIn: StandIn;

beforeAll(async () => {
	n8n = await signIn();
	standIn = await startStandIn();
	const data = { baseUrl: standIn.url, apiKey: 'stand-in-key' };
	await n8n.api.saveCredential({ name: credential, type: credentialType, data });
});
beforeEach(() => standIn.reset());
afterAll(async () => await standIn.close());

const uploads = () => standIn.requests.flatMap(({ form }) => form?.files ?? []);

describe('a webhook', () => {
	const path = 'transcribe-in-tests';
	beforeAll(async () => {
		const workflow = await n8n.api.importWorkflow({
			name: path,
			nodes: [
				{
					id: randomUUID(),
					name: 'Webhook',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					position: [0, 0],
					webhookId: randomUUID(),
					parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
				},
				{
					id: randomUUID(),
					name: 'Voxtral Transcribe',
					type: 'n8n-nodes-voxtral.voxtralTranscribe',
					typeVersion: 1,
					position: [200, 0],
					parameters: { options: { keepInput: false } },
					credentials: { [credentialType]: { id: null, name: credential } },
				},
			],
			connections: {
				Webhook: { main: [[{ node: 'Voxtral Transcribe', type: 'main', index: 0 }]] },
			},
			settings: { executionOrder: 'v1' },
		} as unknown as WorkflowJson);
		await n8n.api.publish(workflow);
		await webhookReady(n8n, path);
	});

	const post = async (body: BodyInit, headers: Record<string, string> = {}) => {
		const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
		const response = await fetch(`${n8n.url}/webhook/${path}`, init);
		return { status: response.status, json: (await response.json()) as Record<string, unknown> };
	};

	test("brings Telegram's .oga", async () => {
		const note = await recording('question-de.ogg');
		const form = new FormData();
		form.append('voice', new File([new Uint8Array(note)], 'file_17.oga', { type: 'audio/ogg' }));
		const { status, json } = await post(form);
		expect(status).toBe(200);
		expect(json).toMatchObject({ text: 'Wie wird das Wetter heute in Berlin?', spoken: true });
		expect(uploads()).toMatchObject([
			{ sha256: sha256(note), fileName: 'file_17.ogg', contentType: 'audio/ogg' },
		]);
	});

	test.each(['audio/mpeg', 'application/octet-stream'])(
		'brings a nameless body as %s',
		async (type) => {
			const note = await recording('question.mp3');
			const { json } = await post(new Uint8Array(note), { 'content-type': type });
			expect(json.text).toBe('What is the weather in Paris today?');
			expect(uploads()).toMatchObject([{ sha256: sha256(note), contentType: 'audio/mpeg' }]);
			expect(uploads()[0]?.fileName).toMatch(/\.mp3$/);
		},
	);

	test('brings a WAV of 100 MB, byte for byte', async () => {
		const hash = createHash('sha256');
		const { json, status } = await post(bigWav(100 * mebibyte, hash) as unknown as BodyInit, {
			'content-type': 'audio/wav',
		});
		expect(status).toBe(200);
		expect(json.text).toMatch(/wav audio, 3276\.\d seconds, 16 kHz, mono/);
		expect(uploads()).toMatchObject([{ sha256: hash.digest('hex'), bytes: 100 * mebibyte }]);
	});
});

/** Mono speech quality, so that it lasts as long as a real one; noise, so that every byte counts. */
async function* bigWav(bytes: number, hash: Hash): AsyncGenerator<Uint8Array> {
	const header = wavHeader(bytes, 16_000, 1);
	for (let sent = 0; sent < bytes; ) {
		const piece = sent === 0 ? header : randomBytes(Math.min(mebibyte, bytes - sent));
		hash.update(piece);
		sent += piece.length;
		yield piece;
	}
}

test('the minutes sample: a form takes the recording, shows minutes and hands out subtitles', async () => {
	const path = 'minutes-in-tests';
	const file = new URL('../../workflows/meeting-minutes.json', import.meta.url);
	const sample = JSON.parse(await readFile(file, 'utf8')) as Omit<WorkflowJson, 'nodes'> & {
		nodes: (WorkflowJson['nodes'][number] & { parameters: Record<string, unknown> })[];
	};
	const nodes = sample.nodes.map((node) => ({
		...node,
		...(node.credentials && { credentials: { [credentialType]: { id: null, name: credential } } }),
		...('webhookId' in node && { webhookId: randomUUID() }),
		...(node.name === 'Form' && {
			parameters: { ...node.parameters, options: { ...(node.parameters.options as object), path } },
		}),
	}));
	await n8n.api.publish(await n8n.api.importWorkflow({ ...sample, name: path, nodes }));
	await until(async () => (await fetch(`${n8n.url}/form/${path}`)).ok);

	standIn.answerWith(() => 'The train to Lyon is twenty minutes late.');
	const note = await recording('dialogue.ogg');
	const form = new FormData();
	form.append('field-0', new File([new Uint8Array(note)], 'Meeting.ogg', { type: 'audio/ogg' }));
	const submitted = await fetch(`${n8n.url}/form/${path}`, { method: 'POST', body: form });
	const { formWaitingUrl } = (await submitted.json()) as { formWaitingUrl: string };
	// As the page does it: asking where the run is, and going on once it waits with the next page.
	const waiting = new URL(formWaitingUrl);
	const status = new URL(waiting);
	status.pathname += '/n8n-execution-status';
	await until(async () => (await (await fetch(status)).text()).trim() === 'form-waiting');
	const page = await (await fetch(waiting)).text();
	expect(page).toContain('The train to Lyon is twenty minutes late.');
	const packed = /JSON\.parse\(decodeURIComponent\("([^"]+)"\)\)/.exec(page)?.[1] ?? '';
	const files = JSON.parse(decodeURIComponent(packed)) as {
		fileName: string;
		data: { data: number[] };
	}[];
	expect(files).toMatchObject([{ fileName: 'Meeting.srt' }]);
	const subtitles = Buffer.from(files[0]?.data.data ?? []).toString();
	expect(subtitles).toMatch(/^1\n00:00:00,\d\d0 --> 00:00:0\d,\d\d0\nSpeaker 1: Good morning\./);
	expect(uploads()).toMatchObject([{ sha256: sha256(note) }]);
	const asked = standIn.requests.find(({ path: route }) => route.endsWith('/conversations'));
	expect(JSON.stringify(asked?.json)).toContain('Speaker 2: No, it is twenty minutes late.');
});

async function until(done: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
	for (const endMs = Date.now() + limitMs; Date.now() < endMs; await pause(200))
		if (await done()) return;
	throw new Error(`not there within ${limitMs / 1000} s`);
}
