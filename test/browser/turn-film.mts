// A real turn, filmed in two browser pages at once: the workflow on n8n's canvas and the page to talk with.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { servePage } from '../../demo/page.mts';
import type { Owner } from '../../harness/n8n-api-types.mts';
import { checkout } from '../../harness/bootstrap.mjs';
import type { N8n } from '../../harness/n8n.mts';
import { latencyProfiles, startStandIn } from '../standin/index.mts';
import { readSample } from '../support/sample-workflows.mts';
import { hidingFloats } from './camera.mts';
import { byTestId, Editor } from './editor.mts';
import { post } from './editor-pictures.mts';
import type { Pane, TimedFrame } from './film.mts';
import { newPage, watched } from './launch.mts';
import { hearTheQuestion, pictured, saveCredentials } from './pictured.mts';
import { TalkPage } from './talk-page.mts';

/** Of both panes, which stand side by side, in pixels: the browser films at one device pixel for a CSS pixel. */
const height = 720;
const canvasWidth = 648;
const talkWidth = 520;

/** What n8n draws behind the last step moves while the workflow runs: a plus, and how many items came out. */
const hidingPlus = `${[
	byTestId('canvas-handle-plus-wrapper'),
	byTestId('canvas-handle-plus'),
	'[class*=_runDataLabel_]',
].join(', ')} { visibility: hidden !important; }`;

interface Recording {
	frames: TimedFrame[];
	stop: () => Promise<void>;
}

/** Every picture that the browser draws of the page, with the time at which it was drawn. */
const record = async (page: Page): Promise<Recording> => {
	const devTools = await page.context().newCDPSession(page);
	const frames: TimedFrame[] = [];
	devTools.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
		frames.push({ png: Buffer.from(data, 'base64'), atSeconds: metadata.timestamp ?? 0 });
		// The page may be closed by now.
		devTools.send('Page.screencastFrameAck', { sessionId }).catch(() => undefined);
	});
	await devTools.send('Page.startScreencast', { format: 'png' });
	return {
		frames,
		stop: async () => {
			await devTools.send('Page.stopScreencast');
			await devTools.detach();
		},
	};
};

/** The sample without the long note about setting it up, as a file that the editor can import. */
const sampleToRun = async (folder: string): Promise<string> => {
	const sample = await readSample('talk-webhook');
	const nodes = sample.nodes.filter(({ name }) => name !== 'About this workflow');
	const file = join(folder, 'talk-webhook.json');
	await writeFile(file, JSON.stringify({ ...sample, nodes }));
	return file;
};

/** The part of the page around all of these, in CSS pixels. */
const aroundAll = async (steps: Locator, width: number) => {
	const boxes = await steps.evaluateAll((elements) =>
		elements.map((element) => element.getBoundingClientRect().toJSON() as DOMRect),
	);
	const middle = (starts: number[], ends: number[]) =>
		(Math.min(...starts) + Math.max(...ends)) / 2;
	const x = middle(
		boxes.map(({ left }) => left),
		boxes.map(({ right }) => right),
	);
	const y = middle(
		boxes.map(({ top }) => top),
		boxes.map(({ bottom }) => bottom),
	);
	return { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
};

/** A question is spoken into the page to talk with, while the editor shows the workflow that answers it. */
export const turnFilm = async (browser: Browser, n8n: N8n, owner: Owner): Promise<Pane[]> => {
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-turn-'));
	const mistral = await startStandIn({ profile: latencyProfiles.cloud });
	const served = await servePage(checkout, `${n8n.url}/webhook-test/talk`, 5796);
	const editorPage = await newPage(browser, {
		viewport: { width: 1000, height: 980 },
	});
	const talk = await TalkPage.open(browser, served.url, {
		viewport: { width: talkWidth, height },
	});
	try {
		pictured(mistral);
		hearTheQuestion(mistral);
		await saveCredentials(n8n.api, {
			mistralVoiceApi: { baseUrl: mistral.url, apiKey: 'stand-in-key' },
		});
		const editor = new Editor(editorPage, n8n.url);
		await editor.signIn(owner.email, owner.password);
		const sample = await sampleToRun(folder);
		// A first turn warms up n8n and the stand-in's voice; it is not filmed.
		await editor.importWorkflow(sample);
		await editor.execute();
		await post(`${n8n.url}/webhook-test/talk`, 'data', 'question.ogg');
		await editorPage.getByText('Workflow executed successfully').waitFor();
		await editor.importWorkflow(sample);
		await editor.execute();
		await editorPage.getByText('Waiting for trigger event').first().waitFor();
		await editorPage.addStyleTag({ content: hidingFloats + hidingPlus });
		// What was imported is selected; a click beside it takes that back.
		await editor.get('canvas-wrapper').click({ position: { x: 20, y: 80 } });
		await editorPage.keyboard.press('1');
		await editorPage.waitForTimeout(1500);
		const part = await aroundAll(editorPage.locator('.vue-flow__node'), canvasWidth);
		const recordings = [await record(editorPage), await record(talk.page)];
		await talk.page.waitForTimeout(1200);
		await talk.hold(2000);
		await watched(talk.page, 'turn', async () => {
			await talk.reaches('speaking');
			await talk.page.locator('.turn[data-done-ms] .sources li').first().waitFor();
			await editor.hasRun('Voxtral Assistant');
		});
		await talk.page.waitForTimeout(3500);
		await Promise.all(recordings.map(async ({ stop }) => await stop()));
		// On a busy computer the turn is slower than it would be elsewhere: better filmed again.
		const times = await talk.page.locator('.turn .times').first().innerText();
		console.log(`  ${times.replace(/\s+/g, ' ')}`);
		const [canvas, conversation] = recordings.map(({ frames }) => frames);
		return [{ frames: canvas ?? [], part }, { frames: conversation ?? [] }];
	} finally {
		await Promise.all([editorPage.context().close(), talk.page.context().close()]);
		await Promise.all([served.close(), mistral.close()]);
		await rm(folder, { recursive: true, force: true });
	}
};
