// The Telegram flow while it runs: what a person says, which step works on it, and what comes back.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Owner } from '../../harness/n8n-api-types.mts';
import type { N8n } from '../../harness/n8n.mts';
import { readSample } from '../support/sample-workflows.mts';
import { until } from '../support/until.mts';
import { startStandIn } from '../standin/index.mts';
import { type Call, startTelegram, type Telegram } from '../standin-telegram/index.mts';
import { pictureOfCanvas } from './camera.mts';
import { Editor } from './editor.mts';
import { newPage, watched } from './launch.mts';
import { pictured, saveCredentials } from './pictured.mts';
import { storyboard } from './storyboard.mts';

/** Slow enough to be looked at. */
const leisurely = {
	name: 'leisurely',
	transcriptionMs: 4000,
	firstTokenMs: 4000,
	tokensPerSecond: 250,
	firstAudioMs: 4000,
	realTimeFactor: 0,
};

/** What people are told while that step works. */
const captions: Record<string, string> = {
	'Telegram Trigger': 'Somebody sends your bot a voice message',
	'Voxtral Transcribe': 'Voxtral Transcribe writes down what was said',
	'Mistral Agent': 'Mistral Agent looks it up and writes the answer',
	'Voxtral Speak': 'Voxtral Speak says it aloud',
};

/** The sample, as a file that leads to the stand-in instead of Telegram. */
const sampleFor = async (telegram: Telegram, folder: string): Promise<string> => {
	const sample = await readSample('telegram-voice-assistant');
	const nodes = sample.nodes.map((node) => ({
		...node,
		parameters: {
			...node.parameters,
			...(typeof node.parameters.url === 'string' && {
				url: node.parameters.url.replace('https://api.telegram.org', telegram.url),
			}),
		},
	}));
	const file = join(folder, 'telegram.json');
	await writeFile(file, JSON.stringify({ ...sample, nodes }));
	return file;
};

/** The step at work, once its mark is on the canvas. */
const working = async (page: Page, name: string): Promise<boolean> =>
	await page
		.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`)
		.locator('[class*="_running_"]')
		.first()
		.isVisible();

export interface Sent {
	seconds: number;
	text: string;
	links: { url: string; text: string }[];
}

const sentBy = ({ fields, shown }: Call): Sent => ({
	seconds: Number(fields.duration),
	text: shown?.text ?? '',
	links: shown?.links ?? [],
});

/** A voice message goes through the sample in a real n8n's editor; pictures of it, as PNG, half a second each. */
export const telegramFrames = async (
	browser: Browser,
	n8n: N8n,
	owner: Owner,
): Promise<Buffer[]> => {
	const telegram = await startTelegram();
	const mistral = await startStandIn({ profile: leisurely });
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-telegram-'));
	const page = await newPage(browser, {
		viewport: { width: 1500, height: 800 },
		deviceScaleFactor: 1.5,
	});
	try {
		pictured(mistral);
		await saveCredentials(n8n.api, {
			mistralVoiceApi: { baseUrl: mistral.url, apiKey: 'stand-in-key' },
			telegramApi: { accessToken: telegram.token, baseUrl: telegram.url },
			tokenInUrlApi: { token: telegram.token, baseUrl: `${telegram.url}/bot{token}` },
		});
		const editor = new Editor(page, n8n.url);
		await editor.signIn(owner.email, owner.password);
		await editor.importWorkflow(await sampleFor(telegram, folder));
		const picture = storyboard(await newPage(browser, { viewport: { width: 1100, height: 800 } }));
		const canvas = async () => await pictureOfCanvas(editor, { notes: false });
		const frames: Buffer[] = [];
		const show = (halfSeconds: number, frame: Buffer) => {
			for (let count = 0; count < halfSeconds; count++) frames.push(frame);
		};

		const still = await canvas();
		await editor.execute();
		await until(() => telegram.webhook() !== undefined, 'the bot has its webhook');
		const voice = await readFile(new URL('../recordings/question.ogg', import.meta.url));
		const delivered = telegram.deliver({ chatId: 4711, voice });
		show(5, await picture({ caption: captions['Telegram Trigger'], canvas: still }));
		for (const step of ['Voxtral Transcribe', 'Mistral Agent', 'Voxtral Speak']) {
			await watched(page, 'telegram-flow', async () => {
				await until(async () => await working(page, step), `${step} is at work`);
			});
			const isRecording = telegram.calls.some(({ method }) => method === 'sendChatAction');
			show(5, await picture({ caption: captions[step], canvas: await canvas(), isRecording }));
		}
		await editor.hasRun('Send voice bubble');
		await page.getByText('Workflow executed successfully').waitFor();
		await delivered;
		const call = telegram.calls.find(({ method }) => method === 'sendVoice');
		if (!call) throw new Error('The bot sent no voice message');
		const caption = 'A voice message comes back, with its words and sources';
		show(12, await picture({ caption, canvas: await canvas(), sent: sentBy(call) }));
		return frames;
	} finally {
		await page.context().close();
		await Promise.all([telegram.close(), mistral.close()]);
		await rm(folder, { recursive: true, force: true });
	}
};
