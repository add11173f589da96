// Takes the pictures: samples on the canvas, what speaks with its result, the microphone page, the Telegram flow.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { servePage } from '../../demo/page.mts';
import { checkout, prepare } from '../../harness/bootstrap.mjs';
import { build } from '../../harness/build.mjs';
import { startN8n, type N8n } from '../../harness/n8n.mts';
import { pack } from '../../harness/pack.mjs';
import { latencyProfiles, type StandIn, startStandIn } from '../standin/index.mts';
import { Editor } from './editor.mts';
import { hang } from './gallery.mts';
import { newPage } from './launch.mts';
import { launchWithMicrophone, TalkPage } from './talk-page.mts';
import { telegramFrames } from './telegram-frames.mts';

const owner = { email: 'pictures@example.com', password: 'Voice-pictures-42' };
const question = join(checkout, 'test', 'recordings', 'question.ogg');

const source = (title: string, url: string) => ({
	type: 'tool_reference',
	tool: 'web_search',
	title,
	url,
	favicon: null,
	description: 'A page that was never searched for',
});

/** What the stand-in says in the pictures, with made-up sources. */
const answer = [
	{ type: 'tool.execution', name: 'web_search', arguments: '{"query":"weather Paris today"}' },
	{
		type: 'message.output',
		content: [
			{ type: 'text', text: 'In Paris it is **sunny** today, with a high of nineteen degrees' },
			source('Made-up weather page', 'https://example.com/weather'),
			{
				type: 'text',
				text: ' and a light wind from the west. Towards the evening there may be a short shower',
			},
			source('Made-up rain radar', 'https://example.org/radar'),
			{ type: 'text', text: ', so take a jacket along.' },
		],
	},
];

const prime = (standIn: StandIn): void => {
	standIn.answerWith(() => answer);
	// A recording made by the page is new each time; the stand-in could only describe it.
	standIn.inject({
		match: { path: '/v1/audio/transcriptions' },
		times: Infinity,
		delayMs: 400,
		status: 200,
		body: {
			model: 'voxtral-mini-2602',
			text: 'What is the weather in Paris today?',
			language: 'en',
			segments: [],
			usage: {
				prompt_audio_seconds: 2,
				prompt_tokens: 30,
				total_tokens: 40,
				completion_tokens: 10,
			},
			finish_reason: null,
		},
	});
};

const post = async (url: string): Promise<void> => {
	const note = await readFile(question);
	for (let tries = 0; tries < 50; tries++) {
		const form = new FormData();
		form.append('data', new File([new Uint8Array(note)], 'question.ogg', { type: 'audio/ogg' }));
		const reply = await fetch(url, { method: 'POST', body: form });
		await reply.arrayBuffer();
		if (reply.ok) return;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	throw new Error(`Nothing listens at ${url}`);
};

const editorPictures = async (browser: Browser, n8n: N8n): Promise<void> => {
	const page = await newPage(browser, { viewport: { width: 1400, height: 800 } });
	const editor = new Editor(page, n8n.url);
	await editor.signIn(owner.email, owner.password);
	const canvas = async (name: string) => await hang(name, [await editor.pictureOfCanvas()]);
	const run = async (file: string, path: string) => {
		await editor.importWorkflow(join(checkout, 'workflows', file));
		await editor.execute();
		await post(`${n8n.url}/webhook-test/${path}`);
		await page.getByText('Workflow executed successfully').waitFor();
	};
	/** The node with its spoken answer in the player. */
	const panel = async (node: string, name: string) => {
		await editor.openNode(node);
		await editor.get('ndv-view-binary-data').last().click();
		await page.locator('audio').last().waitFor();
		await page.waitForTimeout(500);
		await hang(name, [await editor.get('ndv').screenshot()]);
		await editor.closeNode();
	};

	await run('voice-webhook.json', 'voice');
	await canvas('canvas-voice-webhook');
	await page.emulateMedia({ colorScheme: 'dark' });
	await canvas('canvas-voice-webhook-dark');
	await page.emulateMedia({ colorScheme: 'light' });
	await panel('Voxtral Speak', 'node-speak');
	await run('talk-webhook.json', 'talk');
	await canvas('canvas-talk-webhook');
	await panel('Voxtral Assistant', 'node-assistant');
	for (const sample of [
		'telegram-voice-assistant',
		'whatsapp-voice-assistant',
		'meeting-minutes',
	]) {
		await editor.importWorkflow(join(checkout, 'workflows', `${sample}.json`));
		await canvas(`canvas-${sample}`);
	}
	await page.context().close();
};

const talkPictures = async (browser: Browser, webhook: string): Promise<void> => {
	const served = await servePage(checkout, webhook, 5795);
	try {
		const desktop = await TalkPage.open(browser, served.url, {
			viewport: { width: 900, height: 700 },
		});
		await desktop.hold(1500);
		await desktop.reaches('speaking');
		await desktop.page.locator('.turn[data-done-ms] .sources li').first().waitFor();
		await hang('talk-desktop', [await desktop.page.screenshot()]);
		await desktop.page.context().close();
		const phone = await TalkPage.open(browser, served.url, {
			viewport: { width: 390, height: 780 },
			deviceScaleFactor: 2,
			colorScheme: 'dark',
			hasTouch: true,
			isMobile: true,
		});
		await phone.orb.tap();
		await phone.reaches('listening');
		await phone.page.waitForTimeout(1200);
		await phone.orb.tap();
		await phone.reaches('speaking');
		await phone.page.locator('.turn[data-done-ms]').waitFor();
		await phone.reaches('ready');
		await phone.orb.tap();
		await phone.reaches('listening');
		await phone.page.waitForTimeout(900);
		await hang('talk-phone', [await phone.page.screenshot()], { width: 585 });
		await phone.page.context().close();
	} finally {
		await served.close();
	}
};

const main = async (): Promise<void> => {
	await build(await prepare());
	const { path: tarball } = await pack();
	const userFolder = await mkdtemp(join(tmpdir(), 'voxtral-pictures-'));
	const standIn = await startStandIn({ profile: latencyProfiles.fast });
	const n8n = await startN8n({ userFolder, tarball, owner, port: 5750 });
	const browser = await launchWithMicrophone();
	try {
		prime(standIn);
		await n8n.api.saveCredential({
			name: 'Mistral Voice account',
			type: 'mistralVoiceApi',
			data: { baseUrl: standIn.url, apiKey: 'stand-in-key' },
		});
		await editorPictures(browser, n8n);
		const sample = JSON.parse(
			await readFile(join(checkout, 'workflows', 'talk-webhook.json'), 'utf8'),
		) as Parameters<typeof n8n.api.importWorkflow>[0];
		await n8n.api.publish(await n8n.api.importWorkflow(sample));
		await new Promise((resolve) => setTimeout(resolve, 3000));
		await talkPictures(browser, `${n8n.url}/webhook/talk`);
		await hang('telegram-flow', await telegramFrames(browser, n8n, standIn, owner), {
			width: 1000,
			quality: 70,
		});
	} finally {
		await browser.close();
		await n8n.stop();
		await standIn.close();
		await rm(userFolder, { recursive: true, force: true });
	}
};

await main();
