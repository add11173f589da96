// First use in n8n's real editor: find the nodes, create the credential, run a sample, play its answer.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { N8nApi } from '../../harness/n8n-api.mts';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { runningN8n } from '../support/running-n8n.mts';
import { Editor } from './editor.mts';
import { launch, newPage, watched } from './launch.mts';

jest.setTimeout(180_000);

const { url, owner, session } = runningN8n();

const sample = fileURLToPath(new URL('../../workflows/voice-webhook.json', import.meta.url));
const question = new URL('../recordings/question.ogg', import.meta.url);

let browser: Browser;
let page: Page;
let editor: Editor;
let standIn: StandIn;

beforeAll(async () => {
	[browser, standIn] = await Promise.all([launch(), startStandIn()]);
	page = await newPage(browser);
	editor = new Editor(page, url);
	// A new user has no credential; earlier tests may have left theirs.
	const api = new N8nApi(url, session);
	await api.deleteCredentials();
	await watched(page, 'sign-in', async () => {
		await editor.signIn(owner.email, owner.password);
		await editor.newWorkflow();
	});
});
afterAll(async () => {
	await browser.close();
	await standIn.close();
});

/** A test that continues where the one before it ended. */
const step = (name: string, work: () => Promise<void>): void =>
	test(name, async () => await watched(page, name.replaceAll(/\W+/g, '-'), work));

const post = async (file: File): Promise<Response> => {
	const form = new FormData();
	form.append('data', file);
	for (let tries = 0; ; tries++) {
		const reply = await fetch(`${url}/webhook-test/voice`, { method: 'POST', body: form });
		// n8n starts to listen a moment after the click and responds 404 before. One successful call only: after a
		// failed execution it responds 404 from then on.
		const isRefused = reply.status >= 400 && reply.status < 500;
		if (!isRefused || tries === 300) return reply;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
};

describe('finding the nodes', () => {
	test.each([
		['voxtral', ['Voxtral Speak', 'Voxtral Transcribe', 'Mistral Agent']],
		['speech', ['Voxtral Transcribe', 'Voxtral Speak']],
		['transcribe', ['Voxtral Transcribe']],
		['mistral', ['Mistral Agent', 'Voxtral Transcribe', 'Voxtral Speak']],
	])('searching for "%s" in the node creator finds the nodes', async (words, names) => {
		await watched(page, `search-${words}`, async () => {
			expect(await editor.searchNodes(words)).toEqual(expect.arrayContaining(names));
		});
	});

	test.each(['light', 'dark'] as const)('each node has its icon in the %s theme', async (theme) => {
		await watched(page, `icons-${theme}`, async () => {
			await page.emulateMedia({ colorScheme: theme });
			await editor.searchNodes('voxtral');
			const file = (name: string) => (theme === 'dark' ? `${name}.dark.svg` : `${name}.svg`);
			for (const name of ['agent', 'speak', 'transcribe']) {
				const icon = page.locator(`img[src$="/icons/${file(name)}"]`).first();
				await icon.waitFor();
				const width = await icon.evaluate(async (image) => {
					await (image as HTMLImageElement).decode();
					return (image as HTMLImageElement).naturalWidth;
				});
				expect(width).toBeGreaterThan(0);
			}
		});
	});
});

describe('the credential', () => {
	step('a wrong API key fails the credential test in red', async () => {
		await page.emulateMedia({ colorScheme: 'light' });
		await editor.addNode('Voxtral Speak', 'Speak a text');
		await editor.openCredential();
		await editor.saveCredential({ apiKey: 'a-wrong-key', baseUrl: standIn.url });
		await page.getByText('More details').click();
		await page
			.getByText(/does not accept this API Key/)
			.first()
			.waitFor();
	});

	step('a valid API key passes the credential test in green', async () => {
		await editor.saveCredential({ apiKey: 'stand-in-key' });
		const green = editor.get('credentials-config-container-test-success');
		const saved = page.getByText('Credential saved');
		await green.or(saved).first().waitFor();
		// n8n closes a new credential that passes its test, and tests it again when it is opened.
		if (!(await green.isVisible())) {
			await editor.get('editCredential-modal').waitFor({ state: 'hidden' });
			await editor.openCredential();
		}
		await green.waitFor();
		await editor.closeCredential();
	});

	step('the live lists of voices and models can be opened and searched', async () => {
		const voices = await editor.searchList('voice', 'french');
		expect(voices.all.length).toBeGreaterThan(20);
		expect(voices.found.length).toBeGreaterThan(1);
		expect(voices.found.filter((name) => !/french/i.test(name))).toEqual([]);
		const models = await editor.searchList('model', '2603');
		expect(models.all.join()).toContain('tts');
		expect(models.found.length).toBeGreaterThan(0);
	});
});

describe('running a sample', () => {
	step('a sample imported from its file runs without changing a field', async () => {
		await editor.importWorkflow(sample);
		await editor.execute();
		const reply = await post(new File([await readFile(question)], 'question.ogg'));
		expect(reply.status === 200 ? '' : await reply.text()).toBe('');
		expect(reply.headers.get('content-type')).toBe('audio/mpeg');
		await page.getByText('Workflow executed successfully').waitFor();
	});

	step('the spoken answer plays in the output panel', async () => {
		await editor.openNode('Voxtral Speak');
		await editor.get('ndv-view-binary-data').click();
		const player = page.locator('audio').first();
		await player.waitFor();
		const heard = await player.evaluate(async (element) => {
			const audio = element as HTMLAudioElement;
			audio.muted = true;
			await audio.play();
			const end = Date.now() + 15_000;
			while (audio.currentTime < 0.2 && Date.now() < end)
				await new Promise((resolve) => setTimeout(resolve, 50));
			return { seconds: audio.duration, at: audio.currentTime };
		});
		expect(heard.at).toBeGreaterThanOrEqual(0.2);
		expect(heard.seconds).toBeGreaterThan(1);
		await editor.closeNode();
	});

	step('a failed item shows its error message and advice', async () => {
		await editor.execute();
		await post(new File(['these are words, not sound'], 'note.mp3'));
		await editor.openNode('Voxtral Transcribe');
		const panel = editor.get('output-panel');
		await panel.getByText('is a text file, not audio').first().waitFor();
		await panel.getByText('Send a recording: MP3, WAV').first().waitFor();
	});
});
