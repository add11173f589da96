// The microphone page against a real n8n: push to talk, streamed text and audio, keyboard, barge-in, error messages.
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	jest,
	test,
} from '@jest/globals';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Page as ServedPage, servePage } from '../../demo/page.mts';
import { latencyProfiles } from '../standin/index.mts';
import { type Mistral, ourNode, publishFlow, webhookNode } from '../support/workflow-builder.mts';
import { uploadsTo } from '../support/recordings.mts';
import { useN8n } from '../support/running-n8n.mts';
import { publishSample } from '../support/sample-workflows.mts';
import { watched } from './launch.mts';
import { launchWithMicrophone, TalkPage } from './talk-page.mts';

jest.setTimeout(120_000);

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const file = pathToFileURL(`${checkout}/workflows/talk.html`).href;

const answer =
	'It is **sunny** in Paris. The high is nineteen degrees, and a light wind comes from the west. Towards the evening there may be a short shower, so take a jacket with you. Tomorrow will be much the same.';

const credential = 'talk in tests';
const n8n = useN8n(credential, { profile: latencyProfiles.cloud });
let browser: Browser;
let served: ServedPage;
let talk: TalkPage | undefined;

/** A unique name, since one n8n may serve several runs of these tests. */
const fresh = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}`;

/** The three nodes in a row behind a streaming webhook. */
const threeNodes = () => [
	webhookNode(fresh('talk-three-nodes'), 'streaming', { options: { allowedOrigins: '*' } }),
	ourNode('voxtralTranscribe', credential, {
		options: { typedMessage: '={{ $json.body.text }}' },
	}),
	ourNode('mistralAgent', credential, { options: {} }),
	ourNode('voxtralSpeak', credential, { format: 'wav' }),
];

/** Webhook URLs of the published workflows. */
let webhooks: Record<'sample' | 'threeNodes' | 'wrongKey', string>;

beforeAll(async () => {
	browser = await launchWithMicrophone();
	const { standIn } = n8n;
	const sample = async (name: string, mistral: Mistral) =>
		(await publishSample(n8n, 'talk-webhook', fresh(name), mistral)).url;
	webhooks = {
		sample: await sample('talk-sample', standIn),
		threeNodes: (await publishFlow(n8n, threeNodes())).url,
		wrongKey: await sample('talk-wrong-key', { url: standIn.url, apiKey: 'not-the-key' }),
	};
	served = await servePage(checkout, webhooks.sample, 5790);
});
beforeEach(() => n8n.standIn.answerWith(() => answer));
afterEach(async () => {
	await talk?.page.context().close();
	talk = undefined;
});
afterAll(async () => {
	await browser.close();
	await served.close();
});

const at = (webhook: string): string => served.url.replace(/webhook=.*/, `webhook=${webhook}`);

const open = async (
	url: string,
	options?: Parameters<typeof TalkPage.open>[2],
): Promise<TalkPage> => {
	talk = await TalkPage.open(browser, url, options);
	return talk;
};

const shown = (name: string, work: (page: TalkPage) => Promise<void>, url = () => served.url) =>
	test(name, async () => {
		const page = await open(url());
		await watched(page.page, name.replaceAll(/\W+/g, '-'), async () => await work(page));
	});

const uploads = () => uploadsTo(n8n.standIn);

describe('a spoken question', () => {
	shown(
		'a spoken question is transcribed, answered and spoken, and audio starts before the response ends',
		async (page) => {
			await page.hold(1500);
			await page.reaches('speaking');
			await page.lastTurn.locator('.answer').filter({ hasText: 'much the same.' }).waitFor();
			await page.reaches('ready');

			const { soundAtMs = Infinity, replyEndedAtMs = 0 } = await page.observed();
			expect(soundAtMs).toBeLessThan(replyEndedAtMs);
			const asked = page.lastTurn.locator('.said');
			// The stand-in describes the recording, so that it was decoded completely.
			expect(await asked.innerText()).toMatch(/webm audio, [12]\.\d seconds/);
			expect(await asked.innerText()).not.toMatch(/damaged/);
			expect(await page.lastTurn.locator('.answer strong').innerText()).toBe('sunny');
			expect(await page.lastTurn.locator('.times').innerText()).toMatch(
				/Understood[^]*First word[^]*First sound[^]*Complete/,
			);
			expect(await page.problem.isVisible()).toBe(false);
		},
	);

	shown(
		'a spoken question is answered by a workflow of three nodes',
		async (page) => {
			await page.hold(1200);
			await page.lastTurn.locator('.answer').filter({ hasText: 'much the same.' }).waitFor();
			await page.reaches('speaking');
			await page.reaches('ready');
			const { soundAtMs = Infinity, replyEndedAtMs = 0 } = await page.observed();
			expect(soundAtMs).toBeLessThan(replyEndedAtMs);
			expect(uploads()).toHaveLength(1);
		},
		() => at(webhooks.threeNodes),
	);

	test('the page works from a file, with a tap to start and a tap to stop', async () => {
		const page = await open(`${file}?webhook=${encodeURIComponent(webhooks.sample)}`);
		await page.orb.click();
		await page.reaches('listening');
		await page.page.waitForTimeout(1000);
		await page.orb.click();
		await page.lastTurn
			.locator('.said')
			.filter({ hasText: /webm audio/ })
			.waitFor();
	});

	shown('a question can be typed', async (page) => {
		await page.page.getByLabel('Or type your question').fill('How is the weather?');
		await page.page.keyboard.press('Enter');
		await page.lastTurn.locator('.answer').filter({ hasText: 'sunny' }).waitFor();
		expect(await page.lastTurn.locator('.said').innerText()).toBe('How is the weather?');
		await page.reaches('speaking');
		expect(uploads()).toEqual([]);
	});
});

describe('keyboard', () => {
	shown('holding the space bar records a question', async (page) => {
		await page.page.keyboard.down('Space');
		await page.reaches('listening');
		expect(await page.orb.getAttribute('aria-pressed')).toBe('true');
		await page.page.waitForTimeout(800);
		await page.page.keyboard.up('Space');
		await page.reaches('thinking');
		await page.lastTurn
			.locator('.said')
			.filter({ hasText: /webm audio/ })
			.waitFor();
	});

	shown('Enter on the button starts recording, Escape discards it', async (page) => {
		await page.orb.focus();
		await page.page.keyboard.press('Enter');
		await page.reaches('listening');
		await page.page.waitForTimeout(300);
		await page.page.keyboard.press('Escape');
		await page.reaches('ready');
		expect(uploads()).toEqual([]);
		expect(await page.page.locator('.turn').count()).toBe(0);
	});
});

shown('barge-in: pressing the button while the answer plays stops it and records', async (page) => {
	await page.page.getByLabel('Or type your question').fill('How is the weather?');
	await page.page.keyboard.press('Enter');
	await page.reaches('speaking');
	await page.page.waitForTimeout(300);
	const pressedAtMs = await page.page.evaluate(() => performance.now());
	await page.hold(1200);
	const { soundAtMs = Infinity, lastSoundAtMs = Infinity } = await page.observed();
	expect(soundAtMs).toBeLessThan(pressedAtMs);
	expect(lastSoundAtMs).toBeLessThan(pressedAtMs + 500);
	await page.lastTurn
		.locator('.said')
		.filter({ hasText: /webm audio/ })
		.waitFor();
	expect(await page.page.locator('.turn').count()).toBe(2);
	await page.page.getByRole('button', { name: 'Stop' }).click();
	await page.reaches('ready');
	expect(await page.problem.isVisible()).toBe(false);
});

describe('error messages', () => {
	const problemOf = async (page: TalkPage): Promise<string> => {
		await page.problem.waitFor();
		await page.reaches('ready');
		return await page.problem.innerText();
	};

	shown(
		'a wrong API key',
		async (page) => {
			await page.hold(600);
			expect(await problemOf(page)).toMatch(/Voxtral Assistant[^]*key from console\.mistral\.ai/);
			expect(await page.page.locator('.turn').count()).toBe(0);
		},
		() => at(webhooks.wrongKey),
	);

	shown(
		'a workflow that is not published',
		async (page) => {
			await page.hold(600);
			expect(await problemOf(page)).toMatch(
				/no published workflow answers at this address[^]*Publish the workflow/,
			);
		},
		() => at(`${webhooks.sample}-nowhere`),
	);

	shown(
		'no server at the webhook address',
		async (page) => {
			await page.hold(600);
			expect(await problemOf(page)).toMatch(/Nobody answers at 127\.0\.0\.1:9[^]*Is n8n running/);
		},
		() => at('http://127.0.0.1:9/webhook/talk'),
	);

	test('a denied microphone permission, with typing still possible', async () => {
		const page = await open(served.url, { microphone: false });
		await page.orb.click();
		expect(await problemOf(page)).toMatch(/may not use the microphone[^]*allow the microphone/);
		await page.page.getByLabel('Or type your question').fill('How is the weather?');
		await page.page.keyboard.press('Enter');
		await page.lastTurn.locator('.answer').filter({ hasText: 'sunny' }).waitFor();
		expect(await page.problem.isVisible()).toBe(false);
	});

	test('a missing webhook address opens the settings, and the address is saved', async () => {
		const page = await open(file);
		const address = page.page.getByLabel('Webhook address');
		await address.waitFor();
		await page.page.getByLabel('Or type your question').fill('Hello?');
		await page.page.keyboard.press('Enter');
		expect(await problemOf(page)).toMatch(/does not know yet whom to talk to/);
		await address.fill(webhooks.sample);
		await page.page.keyboard.press('Enter');
		await address.waitFor({ state: 'hidden' });
		await page.page.reload();
		expect(await page.page.locator('#place').innerText()).toContain(new URL(webhooks.sample).host);
	});
});
