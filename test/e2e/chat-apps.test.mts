// The Telegram and WhatsApp samples in a real n8n: voice message in, voice message out, and no token stored.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Execution, StoredWorkflow } from '../../harness/n8n-api-types.mts';
import { nextExecution, type N8n, startN8n } from '../../harness/n8n.mts';
import { faults, startStandIn, type StandIn } from '../standin/index.mts';
import {
	type IncomingMessageContent,
	startTelegram,
	type Telegram,
} from '../standin-telegram/index.mts';
import { compareShape } from '../samples/shape.mts';
import { type WhatsApp, account, startWhatsApp } from '../standin-whatsapp/index.mts';
import { mistralData } from '../support/workflow-builder.mts';
import { ffprobe } from '../support/media.mts';
import { owner, tarball } from '../support/n8n-setup.mts';
import { recording, sha256, uploadsTo } from '../support/recordings.mts';
import { itemsOf, publishTelegram, publishWith, readSample } from '../support/sample-workflows.mts';
import { until } from '../support/until.mts';
import { bytesOf, everythingStored } from './stored-data.mts';

jest.setTimeout(300_000);

const note = recording('question.ogg');

let userFolder: string;
let n8n: N8n;
let mistral: StandIn;
let whatsApp: WhatsApp;

beforeAll(async () => {
	userFolder = await mkdtemp(join(tmpdir(), 'voxtral-chats-'));
	mistral = await startStandIn();
	whatsApp = await startWhatsApp(join(userFolder, 'trusted.pem'));
	n8n = await startN8n({
		userFolder,
		tarball: await tarball(),
		owner,
		port: 5760,
		environment: whatsApp.environment,
	});
});
beforeEach(() => mistral.reset());
afterAll(async () => {
	await n8n?.stop();
	await mistral?.close();
	await whatsApp?.close();
	await rm(userFolder, { recursive: true, force: true });
});

describe('telegram-voice-assistant.json', () => {
	let telegram: Telegram;
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		telegram = await startTelegram();
		workflow = await publishTelegram(n8n.api, telegram, mistral);
		await until(() => telegram.webhook() !== undefined, 'the bot has its webhook');
	});
	beforeEach(() => {
		telegram.calls.length = 0;
	});
	afterAll(async () => await telegram?.close());

	const say = async (message: IncomingMessageContent): Promise<Execution> => {
		const before = await n8n.api.executionIds(workflow.id);
		expect((await telegram.deliver(message)).status).toBe(200);
		return await nextExecution(n8n.api, workflow, before, 120_000);
	};
	const called = () => telegram.calls.map(({ method }) => method);
	const sent = () => telegram.calls.at(-1);

	test('a voice message is answered with a voice message, followed by text and sources', async () => {
		const execution = await say({ chatId: 4711, voice: note });
		expect(execution.data.resultData.error).toBeUndefined();
		expect(called()).toEqual(['sendChatAction', 'getFile', 'sendChatAction', 'sendVoice']);
		expect(telegram.calls[0]?.fields).toEqual({ chat_id: '4711', action: 'record_audio' });
		const heard = uploadsTo(mistral);
		expect(heard).toMatchObject([{ sha256: sha256(note), contentType: 'audio/ogg' }]);

		const [spoken] = itemsOf(execution, 'Voxtral Speak');
		const [file] = sent()?.files ?? [];
		expect(file).toMatchObject({ field: 'voice', fileName: 'voice.ogg', contentType: 'audio/ogg' });
		expect(file?.sha256).toBe(sha256(await bytesOf(userFolder, spoken)));
		const probed = await ffprobe(file?.content ?? new Uint8Array());
		expect(probed).toMatchObject({ formatName: 'ogg', complaints: '' });
		expect(Math.abs(probed.durationSeconds - Number(sent()?.fields.duration))).toBeLessThan(1);
		expect(sent()?.result).toMatchObject({ voice: { mime_type: 'audio/ogg' } });

		const { stored, now } = await compareShape('telegram-voice-assistant', execution);
		expect(now).toEqual(stored);

		const [answer] = itemsOf(execution, 'Mistral Agent');
		expect(sent()?.shown?.text).toContain(answer?.json.speech);
		const sources = answer?.json.sources as { url: string; title: string }[];
		expect(sources.length).toBeGreaterThan(0);
		expect(sent()?.shown?.links).toEqual(
			sources.slice(0, 3).map(({ url, title }) => ({ url, text: title })),
		);
	});

	test('a typed message is answered with a voice message and text', async () => {
		const execution = await say({ chatId: 4712, text: 'What is the tallest tree?' });
		expect(execution.status).toBe('success');
		expect(called().at(-1)).toBe('sendVoice');
		expect(telegram.calls.find(({ method }) => method === 'getFile')?.result).toMatch(
			/Bad Request/,
		);
		expect(itemsOf(execution, 'Voxtral Transcribe')[0]?.json).toMatchObject({
			text: 'What is the tallest tree?',
			spoken: false,
		});
		const asked = mistral.requests.find(
			({ method, path }) => method === 'POST' && path.endsWith('/conversations'),
		);
		expect(JSON.stringify(asked?.json)).toContain('the tallest tree');
		expect(JSON.stringify(asked?.json)).toContain('4712');
	});

	test("a long answer is cut between words to Telegram's limit, with its sources", async () => {
		mistral.answerWith(() => [
			{
				type: 'message.output',
				content: [
					{ type: 'text', text: `Tom & Jerry say 1 < 2. ${'Many more words follow. '.repeat(36)}` },
					...[1, 2, 3, 4].map((page) => ({
						type: 'tool_reference',
						tool: 'web_search',
						title: `"Page" <${page}> & more ${'of a very long title '.repeat(8)}`,
						url: `https://example.com/?a=1&page=${page}`,
					})),
				],
			},
		]);
		await say({ chatId: 4713, text: 'Tell me all' });
		const { text = '', links = [] } = sent()?.shown ?? {};
		expect(text.length).toBeLessThanOrEqual(1024);
		expect(text.length).toBeGreaterThan(980);
		expect(text).toMatch(
			/^Tom & Jerry say 1 < 2\. .*\b(Many|more|words|follow\.)…\n\n1\. "Page" <1> & more/s,
		);
		expect(links.map(({ url }) => url)).toEqual(
			[1, 2, 3].map((page) => `https://example.com/?a=1&page=${page}`),
		);
	});

	test('when a node fails, the user gets a message', async () => {
		mistral.inject({
			...faults.unprocessable(),
			match: { path: '/v1/audio/speech' },
			times: Infinity,
		});
		const execution = await say({ chatId: 4714, text: 'Hello' });
		expect(called()).toEqual(['sendChatAction', 'getFile', 'sendChatAction', 'sendMessage']);
		expect(sent()?.shown?.text).toMatch(/^Sorry, that did not work\. \w.{10,}/);
		expect(sent()?.fields.chat_id).toBe('4714');
		expect(execution.data.resultData.runData['Voxtral Speak']).toHaveLength(1);
	});

	test('a picture is answered with a request for a voice or text message', async () => {
		await say({ chatId: 4715 });
		expect(sent()?.shown?.text).toMatch(/^Sorry, that did not work\. .*(audio|recording)/);
	});

	test('the bot token is in no execution, export, database or log', async () => {
		const executions = [await say({ chatId: 4711, voice: note })];
		// Telegram rejects the voice message: what n8n stores of a failed request must not hold the token either.
		telegram.refuseNext('sendVoice', 'VOICE_MESSAGES_FORBIDDEN');
		executions.push(await say({ chatId: 4711, voice: note }));
		expect(executions[1]?.status).toBe('error');
		expect(executions[1]?.data.resultData.error?.message).toBeTruthy();
		const exported = await n8n.api.findWorkflow(workflow.id);
		const shown = inspect([executions, exported], { depth: 40, maxStringLength: null });
		expect(shown).toContain('{token}');
		expect(shown).not.toContain(telegram.token);
		const stored = await everythingStored(userFolder);
		expect(stored).toContain('{token}/sendVoice');
		expect(stored).not.toContain(telegram.token);
	});

	test('the credential test calls the bot, and a wrong token is not repeated in its message', async () => {
		const judge = async (token: string) => {
			const data = { token, baseUrl: `${telegram.url}/bot{token}` };
			const credential = { name: `token ${token.length}`, type: 'tokenInUrlApi', data };
			const id = await n8n.api.saveCredential(credential);
			return await n8n.api.testCredential(id, credential);
		};
		expect(await judge(telegram.token)).toMatchObject({ status: 'OK' });
		const wrong = await judge('7000000001:wrong');
		expect(wrong).toMatchObject({ status: 'Error', message: expect.stringMatching(/BotFather/) });
		expect(wrong.message).not.toContain('7000000001');
	});
});

describe('whatsapp-voice-assistant.json', () => {
	const from = '15557654321';
	let workflow: StoredWorkflow;

	beforeAll(async () => {
		workflow = await publishWith(n8n.api, await readSample('whatsapp-voice-assistant'), {
			mistralVoiceApi: mistralData(mistral),
			whatsAppApi: { accessToken: account.accessToken, businessAccountId: account.businessId },
			whatsAppTriggerApi: { clientId: account.appId, clientSecret: account.appSecret },
		});
		await until(() => whatsApp.webhook() !== undefined, 'Meta knows where to deliver');
	});
	beforeEach(() => {
		whatsApp.calls.length = 0;
		whatsApp.messages.length = 0;
	});

	const say = async (message: { from: string; text?: string; voice?: Uint8Array }) => {
		const before = await n8n.api.executionIds(workflow.id);
		expect((await whatsApp.deliver(message)).status).toBe(200);
		return await nextExecution(n8n.api, workflow, before, 120_000);
	};

	test('a voice message is answered with a voice message of the MIME type WhatsApp requires, followed by text and sources', async () => {
		const execution = await say({ from, voice: note });
		expect(execution.data.resultData.error).toBeUndefined();
		const heard = uploadsTo(mistral);
		expect(heard).toMatchObject([{ sha256: sha256(note), contentType: 'audio/ogg' }]);

		const [voice, words] = whatsApp.messages;
		expect(voice).toMatchObject({ to: from, type: 'audio' });
		const file = whatsApp.media((voice?.audio as { id: string }).id);
		expect(file).toMatchObject({ mimeType: 'audio/ogg; codecs=opus', fileName: 'voice.ogg' });
		const [spoken] = itemsOf(execution, 'Voxtral Speak');
		expect(sha256(file?.bytes ?? new Uint8Array())).toBe(sha256(await bytesOf(userFolder, spoken)));
		expect(await ffprobe(file?.bytes ?? new Uint8Array())).toMatchObject({
			formatName: 'ogg',
			complaints: '',
		});

		const [answer] = itemsOf(execution, 'Mistral Agent');
		const { url } = (answer?.json.sources as { url: string }[])[0] ?? { url: 'none' };
		expect(words).toMatchObject({ to: from, type: 'text' });
		const { body } = words?.text as { body: string };
		expect(body).toContain(answer?.json.speech);
		expect(body).toContain(url);
		const { stored, now } = await compareShape('whatsapp-voice-assistant', execution);
		expect(now).toEqual(stored);
	});

	test('a typed message is answered without downloading a recording', async () => {
		const execution = await say({ from, text: 'What is the tallest tree?' });
		expect(execution.data.resultData.error).toBeUndefined();
		expect(whatsApp.calls.filter(({ method }) => method === 'GET')).toEqual([]);
		expect(whatsApp.messages.map(({ type }) => type)).toEqual(['audio', 'text']);
	});

	test('when a node fails, the user gets a message', async () => {
		mistral.inject({
			...faults.unprocessable(),
			match: { path: '/v1/audio/speech' },
			times: Infinity,
		});
		await say({ from, text: 'Hello' });
		expect(whatsApp.messages).toMatchObject([
			{ to: from, text: { body: expect.stringMatching(/^Sorry, that did not work\. \w.{10,}/) } },
		]);
	});

	test('access token and app secret are in no execution, database or log', async () => {
		const execution = await say({ from, voice: note });
		const shown = inspect(execution, { depth: 40, maxStringLength: null });
		expect(shown).toContain('Voxtral Speak');
		const stored = await everythingStored(userFolder);
		for (const secret of [account.accessToken, account.appSecret]) {
			expect(shown).not.toContain(secret);
			expect(stored).not.toContain(secret);
		}
	});

	test('a webhook call without a valid signature starts no execution', async () => {
		const before = await n8n.api.executionIds(workflow.id);
		await whatsApp.deliver({ from, text: 'Hello' }, 'not-the-secret');
		await say({ from, text: 'Hello again' });
		expect(await n8n.api.executionIds(workflow.id)).toHaveLength(before.length + 1);
	});
});
