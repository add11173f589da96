// n8n's editor: the samples on the canvas, and each node with its result.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { Owner } from '../../harness/n8n-api-types.mts';
import { checkout } from '../../harness/bootstrap.mjs';
import type { N8n } from '../../harness/n8n.mts';
import type { StandIn } from '../standin/index.mts';
import { pictureOfCanvas, pictureOfPanel } from './camera.mts';
import { Editor } from './editor.mts';
import { savePicture } from './picture-files.mts';
import { newPage } from './launch.mts';
import { hearTheQuestion } from './pictured.mts';

/** Sends a recording to a workflow that has been told to listen for one; it begins to a moment later. */
export const post = async (url: string, field: string, recording: string): Promise<void> => {
	const note = await readFile(join(checkout, 'test', 'recordings', recording));
	for (let tries = 0; tries < 50; tries++) {
		const form = new FormData();
		form.append(field, new File([new Uint8Array(note)], recording, { type: 'audio/ogg' }));
		const reply = await fetch(url, { method: 'POST', body: form });
		await reply.arrayBuffer();
		if (reply.ok) return;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	throw new Error(`Nothing listens at ${url}`);
};

export const editorPictures = async (
	browser: Browser,
	n8n: N8n,
	standIn: StandIn,
	owner: Owner,
): Promise<void> => {
	const page = await newPage(browser, {
		viewport: { width: 1500, height: 800 },
		deviceScaleFactor: 1.5,
	});
	const editor = new Editor(page, n8n.url);
	await editor.signIn(owner.email, owner.password);
	const open = async (sample: string) =>
		await editor.importWorkflow(join(checkout, 'workflows', `${sample}.json`));
	const canvas = async (sample: string, name = sample) =>
		await savePicture(`canvas-${name}`, [await pictureOfCanvas(editor)], { width: 1600 });
	/** The node with what it gave: its fields from that one on, or its file in a player. */
	const panel = async (node: string, name: string, height: number, from?: string) => {
		await editor.openNode(node);
		await (from === undefined ? editor.viewFile() : editor.viewFields(from));
		await savePicture(name, [await pictureOfPanel(editor, height)], { width: 1300 });
		await editor.closeNode();
	};

	await editor.openCommunityNodes();
	const dialog = await editor.openInstallDialog('n8n-nodes-voxtral');
	await editor.acceptRisks(dialog);
	await savePicture('install-dialog', [await dialog.locator('.el-dialog').screenshot()], {
		width: 780,
	});

	await open('meeting-minutes');
	await canvas('meeting-minutes');
	await editor.execute();
	await post(`${n8n.url}/form-test/meeting-minutes`, 'field-0', 'dialogue.ogg');
	await editor.hasRun('Mistral Agent');
	await panel('Voxtral Transcribe', 'node-transcribe', 560, 'text');

	hearTheQuestion(standIn);
	await open('voice-webhook');
	await editor.execute();
	await post(`${n8n.url}/webhook-test/voice`, 'data', 'question.ogg');
	await page.getByText('Workflow executed successfully').waitFor();
	await canvas('voice-webhook');
	await page.emulateMedia({ colorScheme: 'dark' });
	await canvas('voice-webhook', 'voice-webhook-dark');
	await page.emulateMedia({ colorScheme: 'light' });
	await panel('Mistral Agent', 'node-agent', 625, 'output');
	await panel('Voxtral Speak', 'node-speak', 474);

	await open('talk-webhook');
	await editor.execute();
	await post(`${n8n.url}/webhook-test/talk`, 'data', 'question.ogg');
	await page.getByText('Workflow executed successfully').waitFor();
	await canvas('talk-webhook');
	await panel('Voxtral Assistant', 'node-assistant', 582, 'text');

	for (const sample of [
		'telegram-voice-assistant',
		'whatsapp-voice-assistant',
		'chat-with-sources',
		'mix-integrations',
		'narrate-article',
	]) {
		await open(sample);
		await canvas(sample);
	}
	await page.context().close();
};
