// The same tarball in the oldest and the newest n8n line it is made for, both with recordings kept in memory.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { prepare } from '../../harness/bootstrap.mjs';
import { build } from '../../harness/build.mjs';
import { run } from '../../harness/children.mjs';
import { isFetched, nodeOf, type Pin, pinnedVersion } from '../../harness/fetch-n8n.mts';
import { nextExecution, startN8n, type N8n, webhookReady } from '../../harness/n8n.mts';
import { pack } from '../../harness/pack.mjs';
import { ffprobe } from '../support/media.mts';
import { publishSample } from '../e2e/running-n8n.mts';
import { startStandIn, type StandIn } from '../standin/index.mts';
import {
	type Chunk,
	chunksOf,
	mistralCredential,
	postJson,
	publishChatSample,
	wordsOf,
} from '../support/flows.mts';

jest.setTimeout(400_000);

const question = new URL('../recordings/question.ogg', import.meta.url);
const samples = new URL('../../workflows/', import.meta.url);
const manifest = JSON.parse(
	readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { n8n: { nodes: string[] } };
/** As saved workflows name them. */
const ourNodes = manifest.n8n.nodes.map((path) => {
	const name = /(\w+)\.node\.js$/.exec(path)?.[1] ?? '';
	return `n8n-nodes-voxtral.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
});

const packed = async (): Promise<string> => {
	if (process.env.N8N_VOXTRAL_TARBALL !== undefined) return process.env.N8N_VOXTRAL_TARBALL;
	await build(await prepare());
	return (await pack()).path;
};

const releases = await Promise.all(
	(['n8n', 'n8n-1'] as Pin[]).map(async (pin) => {
		const version = await pinnedVersion(pin);
		const isHere = await isFetched(pin);
		const node = isHere ? (await run(await nodeOf(pin), ['--version'])).output.trim() : '?';
		return { pin, version, isHere, title: `n8n ${version} on Node.js ${node}` };
	}),
);

describe.each(releases)('$title', ({ pin, version, isHere }) => {
	const body = (): void => {
		let n8n: N8n;
		let standIn: StandIn;
		let userFolder: string;

		beforeAll(async () => {
			userFolder = await mkdtemp(join(tmpdir(), 'voxtral-compatibility-'));
			standIn = await startStandIn();
			n8n = await startN8n({
				pin,
				userFolder,
				tarball: await packed(),
				owner: { email: 'tests@example.com', password: 'Voice-tests-42' },
				port: 5760,
				environment: {
					N8N_DEFAULT_BINARY_DATA_MODE: 'default',
					// n8n 1.x lets community nodes be tools only where this says so.
					N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true',
					// The other one brings no build for Node.js 20.
					...(pin === 'n8n-1' && { N8N_EXPRESSION_ENGINE: 'legacy' }),
				},
			});
		});
		beforeEach(() => standIn.reset());
		afterAll(async () => {
			await n8n?.stop();
			await standIn?.close();
			await rm(userFolder, { recursive: true, force: true });
		});

		test('is the release it is said to be', async () => {
			expect(await n8n.api.version()).toBe(version);
		});

		test('loads every node, and its form for AI agents', async () => {
			const names = await n8n.api.nodeTypes();
			expect(ourNodes.length).toBeGreaterThan(2);
			expect(names).toEqual(
				expect.arrayContaining(ourNodes.flatMap((name) => [name, `${name}Tool`])),
			);
		});

		test('knows every step of every sample in the version that the sample names', async () => {
			const known = await n8n.api.nodeVersions();
			for (const name of readdirSync(samples).filter((file) => file.endsWith('.json'))) {
				const sample = JSON.parse(readFileSync(new URL(name, samples), 'utf8')) as {
					nodes: { type: string; typeVersion: number }[];
				};
				for (const { type, typeVersion } of sample.nodes)
					expect({ name, type, known: known.get(type) }).toEqual({
						name,
						type,
						known: expect.arrayContaining([typeVersion]),
					});
			}
		});

		test('tests a key', async () => {
			const credential = {
				name: 'key under test',
				type: mistralCredential,
				data: { baseUrl: standIn.url, apiKey: 'stand-in-key' },
			};
			const id = await n8n.api.saveCredential(credential);
			expect(await n8n.api.testCredential(id, credential)).toMatchObject({ status: 'OK' });
		});

		test('answers a voice note of the sample voice-webhook.json', async () => {
			const sample = await publishSample(n8n, 'voice-compatible', {
				baseUrl: standIn.url,
				apiKey: 'stand-in-key',
			});
			const note = await readFile(question);
			const form = new FormData();
			form.append('data', new File([new Uint8Array(note)], 'question.ogg', { type: 'audio/ogg' }));
			const response = await fetch(sample.webhook, { method: 'POST', body: form });
			const reply = new Uint8Array(await response.arrayBuffer());
			expect(response.status).toBe(200);
			expect(await ffprobe(reply)).toMatchObject({ formatName: 'mp3', complaints: '' });
			const uploads = standIn.requests.flatMap((request) => request.form?.files ?? []);
			expect(uploads.map(({ sha256 }) => sha256)).toEqual([
				createHash('sha256').update(note).digest('hex'),
			]);
			const execution = await nextExecution(n8n.api, sample.workflow, []);
			expect(execution.status).toBe('success');
			const spoken = execution.data.resultData.runData['Voxtral Speak']?.[0]?.data?.main[0]?.[0];
			expect(spoken?.binary?.data).toMatchObject({ mimeType: 'audio/mpeg' });
			// In memory mode a recording lies in the item itself and has no address elsewhere.
			expect(spoken?.binary?.data?.id).toBeUndefined();
		});

		test('a failed item leaves by the line Error, with what is known about it', async () => {
			const name = 'failing-compatible';
			const connectTo = (node: string) => [{ node, type: 'main', index: 0 }];
			const step = (title: string, type: string, typeVersion: number, parameters: object) => ({
				id: title,
				name: title,
				type,
				typeVersion,
				position: [0, 0] as [number, number],
				parameters,
			});
			await n8n.api.saveCredential({
				name,
				type: mistralCredential,
				data: { baseUrl: standIn.url, apiKey: 'a-wrong-key' },
			});
			const webhook = { httpMethod: 'POST', path: name, responseMode: 'lastNode' };
			const workflow = await n8n.api.importWorkflow({
				name,
				nodes: [
					{ ...step('Webhook', 'n8n-nodes-base.webhook', 2, webhook), webhookId: name },
					{
						...step('Speak', 'n8n-nodes-voxtral.voxtralSpeak', 1, { text: 'Hello.', options: {} }),
						credentials: { [mistralCredential]: { id: null, name } },
						onError: 'continueErrorOutput',
					},
					step('Good', 'n8n-nodes-base.noOp', 1, {}),
					step('Bad', 'n8n-nodes-base.noOp', 1, {}),
				],
				connections: {
					Webhook: { main: [connectTo('Speak')] },
					Speak: { main: [connectTo('Good'), connectTo('Bad')] },
				},
				settings: { executionOrder: 'v1' },
			} as never);
			await n8n.api.publish(workflow);
			await webhookReady(n8n, name);
			await postJson(`${n8n.url}/webhook/${name}`, {});
			const execution = await nextExecution(n8n.api, workflow, []);
			const { Good, Bad } = execution.data.resultData.runData;
			expect(Good).toBeUndefined();
			expect(Bad?.[0]?.data?.main[0]?.[0]?.json).toMatchObject({
				error: expect.any(String),
				details: { stage: 'speak.unauthorized', status: 401, attempts: 1 },
			});
		});

		test('streams the answer of the sample chat-with-sources.json, and remembers the chat', async () => {
			const { chat } = await publishChatSample(n8n, 'key under test');
			const ask = async (chatInput: string) => {
				const chunks: Chunk[] = [];
				const request = { action: 'sendMessage', sessionId: 'chat-1', chatInput };
				for await (const chunk of chunksOf(await postJson(chat, request))) chunks.push(chunk);
				return chunks;
			};
			const first = await ask('My name is Ada.');
			expect(first.map(({ type }) => type)).toEqual(
				expect.arrayContaining(['begin', 'item', 'end']),
			);
			expect(wordsOf(first)).toMatch(/\]\(<https:\/\/example\.com/);
			expect(wordsOf(await ask('What is my name?'))).toContain('My name is Ada.');
		});
	};

	if (isHere) body();
	else
		describe.skip(
			`SKIPPED: n8n ${version} is not in the cache; "npm test -- compatibility" fetches it (about 5 minutes and 2 GB, once)`,
			body,
		);
});
