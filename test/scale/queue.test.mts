// Queue mode with Redis and PostgreSQL: main, two workers and a webhook processor, each with the packed package.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { nextExecution } from '../../harness/n8n.mts';
import type { Cluster } from '../../harness/queue-mode.mts';
import { faults, latencyProfiles, startStandIn, type StandIn } from '../standin/index.mts';
import { postChat, postForm, postJson } from '../support/webhook-calls.mts';
import { type Chunk, chunksOf, itemsIn, textIn } from '../support/n8n-stream.mts';
import {
	flowOf,
	mistralKey,
	node,
	ourNode,
	publishFlow,
	to,
	webhookNode,
	withCredential,
} from '../support/workflow-builder.mts';
import { ffprobe } from '../support/media.mts';
import { recording, sha256, uploadsTo, voiceNote } from '../support/recordings.mts';
import { publishSample } from '../support/sample-workflows.mts';
import { until } from '../support/until.mts';
import { type Ground, layGround, programs, workersOf } from './cluster.mts';

jest.setTimeout(400_000);

const credential = 'scale in tests';
/** Slow enough that a streamed word arrives before the answer is complete. */
const profile = {
	...latencyProfiles.cloud,
	name: 'unhurried',
	transcriptionMs: 50,
	firstTokenMs: 50,
	firstAudioMs: 50,
	tokensPerSecond: 40,
};

let ground: Ground;
let standIn: StandIn;
let cluster: Cluster;

const place = () => ({ url: cluster.webhook.url, api: cluster.api });
const agent = (parameters: object = {}) =>
	ourNode('mistralAgent', credential, { prompt: '={{ $json.body.text }}', ...parameters });
const asked = () => standIn.requests.filter(({ path }) => path.includes('/conversations'));

const describeQueue =
	typeof programs === 'string' ? describe.skip : (describe as typeof describe.skip);
const title =
	typeof programs === 'string' ? `SKIPPED: queue mode, because ${programs}` : 'queue mode';

/** One voice turn through webhook processor, queue and worker. */
const voiceTurn = async (name: string): Promise<void> => {
	const { url, workflow } = await publishSample(place(), 'voice-webhook', name, standIn);
	const response = await postForm(url, { data: voiceNote() });
	const reply = new Uint8Array(await response.arrayBuffer());
	expect(response.status).toBe(200);
	expect(response.headers.get('content-type')).toBe('audio/mpeg');
	expect(await ffprobe(reply)).toMatchObject({ formatName: 'mp3', complaints: '' });
	expect(uploadsTo(standIn)).toMatchObject([{ sha256: sha256(recording('question.ogg')) }]);
	const execution = await nextExecution(cluster.api, workflow, []);
	expect(execution.status).toBe('success');
	expect(await workersOf(cluster, execution.id)).toHaveLength(1);
};

describeQueue(title, () => {
	beforeAll(async () => {
		ground = await layGround();
		standIn = await startStandIn({ profile });
	});
	beforeEach(() => standIn.reset());
	afterAll(async () => {
		await standIn?.close();
		await ground?.leave();
	});

	describe('with recordings in the database', () => {
		beforeAll(async () => {
			cluster = await ground.start('database');
			await cluster.api.saveCredential(mistralKey(credential, standIn));
		});
		afterAll(async () => await cluster?.stop());

		test('a voice note is answered with speech, with its binary data in the database', async () => {
			await voiceTurn('scale-database');
			expect(
				Number(await ground.stores.postgres.query('select count(*) from binary_data')),
			).toBeGreaterThan(0);
		});

		test('the chat sample streams word by word from a worker and remembers the chat', async () => {
			const { url } = await publishSample(place(), 'chat-with-sources', 'scale-chat', standIn);
			const ask = async (chatInput: string) => {
				const chunks: Chunk[] = [];
				let wasUnderWay: boolean | undefined;
				for await (const chunk of chunksOf(await postChat(url, 'scale-chat', chatInput))) {
					if (chunk.type === 'item') wasUnderWay ??= asked().at(-1)?.completed === false;
					chunks.push(chunk);
				}
				return { chunks, said: textIn(chunks), wasUnderWay };
			};
			const first = await ask('My name is Ada.');
			expect(first.wasUnderWay).toBe(true);
			expect(itemsIn(first.chunks).length).toBeGreaterThan(10);
			expect(first.said).toContain('](<https://');
			expect((await ask('What is my name?')).said).toContain('My name is Ada.');
		});

		test('a session continues on another worker, and Stop in the editor cancels the execution on its worker', async () => {
			const flow = await publishFlow(place(), [
				webhookNode('scale-session'),
				agent({ memory: 'session' }),
			]);
			const held = await cluster.api.importWorkflow(
				flowOf('scale-held', [
					node('Manual Trigger', 'n8n-nodes-base.manualTrigger', 1),
					agent({ prompt: 'Wait' }),
				]),
			);
			/** An execution that waits for Mistral and keeps one of the two workers busy. */
			const holdAWorker = async () => {
				standIn.inject({ ...faults.hang(), match: { method: 'POST', path: /conversations/ } });
				const before = asked().length;
				const id = await cluster.api.runManually(held.id, 'Manual Trigger');
				const request = await until(
					() =>
						asked()
							.slice(before)
							.find(({ method }) => method === 'POST'),
					'the question is there',
				);
				return { id, request, workers: await workersOf(cluster, id) };
			};
			const stop = async ({ id, request }: Awaited<ReturnType<typeof holdAWorker>>) => {
				expect(request.closedEarly).toBe(false);
				await cluster.api.stopExecution(id);
				await until(() => request.closedEarly, 'the question is taken back');
				const { status } = await until(async () => {
					const execution = await cluster.api.execution(id);
					return execution.status === 'running' ? undefined : execution;
				}, 'the execution has ended');
				expect(status).toBe('canceled');
			};
			const turns: string[] = [];
			const ask = async (text: string) => {
				const response = await postJson(flow.url, { sessionId: 'ada', text });
				const { output } = (await response.json()) as { output: string };
				const { id } = await nextExecution(cluster.api, flow.workflow, turns);
				turns.push(id);
				return { output, workers: await workersOf(cluster, id) };
			};

			const firstHeld = await holdAWorker();
			const first = await ask('My name is Ada.');
			const secondHeld = await holdAWorker();
			await stop(firstHeld);
			const second = await ask('What is my name?');
			await stop(secondHeld);

			expect(first.workers).toEqual(secondHeld.workers);
			expect(second.workers).toEqual(firstHeld.workers);
			expect(second.workers).not.toEqual(first.workers);
			expect(second.output).toContain('My name is Ada.');
		});

		test.each([
			['Postgres Chat Memory', 'memoryPostgresChat', 1.3, 'postgres'],
			['Redis Chat Memory', 'memoryRedisChat', 1.5, 'redis'],
		])(
			"n8n's %s as a sub-node of the agent remembers a chat",
			async (name, type, version, store) => {
				const { postgres, redis } = ground.stores;
				await cluster.api.saveCredential({
					name: store,
					type: store,
					data:
						store === 'redis'
							? {
									host: '127.0.0.1',
									port: redis.port,
									database: 1,
									user: '',
									password: '',
									ssl: false,
								}
							: {
									host: '127.0.0.1',
									port: postgres.port,
									database: 'postgres',
									user: postgres.user,
									password: postgres.password,
									ssl: 'disable',
									sshTunnel: false,
								},
				});
				const memory = node(name, `@n8n/n8n-nodes-langchain.${type}`, version, {
					sessionIdType: 'customKey',
					sessionKey: '={{ $json.body.sessionId }}',
				});
				const flow = await publishFlow(
					place(),
					[webhookNode(`scale-${store}`), agent(), withCredential(memory, store, store)],
					{ Webhook: to('Mistral Agent'), [name]: to('Mistral Agent', 'ai_memory') },
				);
				const ask = async (sessionId: string, text: string) =>
					(await (await postJson(flow.url, { sessionId, text })).json()) as { output: string };
				await ask('ada', 'My name is Ada.');
				expect((await ask('ada', 'What is my name?')).output).toContain('My name is Ada.');
				expect((await ask('bob', 'What is my name?')).output).not.toContain('Ada');
			},
		);
	});

	test('a voice note is answered with speech with binary data in shared files', async () => {
		cluster = await ground.start('filesystem');
		try {
			await voiceTurn('scale-filesystem');
			const kept = await readdir(join(cluster.main.logFile, '..', '.n8n'), { recursive: true });
			expect(kept.filter((file) => file.includes('binary_data')).length).toBeGreaterThan(0);
		} finally {
			await cluster.stop();
		}
	});
});
