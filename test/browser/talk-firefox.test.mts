// The microphone page in an installed Firefox against a real n8n; skipped with a note where there is none.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { type Page as ServedPage, servePage } from '../../demo/page.mts';
import { latencyProfiles } from '../standin/index.mts';
import { useN8n } from '../support/running-n8n.mts';
import { publishSample } from '../support/sample-workflows.mts';
import { findFirefox, type FirefoxPage, startFirefox } from './firefox.mts';
import { watchLoudspeaker } from './talk-page.mts';

jest.setTimeout(120_000);

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const path = findFirefox();

const answer =
	'It is **sunny** in Paris. The high is nineteen degrees, and a light wind comes from the west. Tomorrow will be much the same.';

const firefox = path === undefined ? undefined : await startFirefox(path, watchLoudspeaker);
/** Without an audio output device Firefox plays nothing at all. */
const hasLoudspeaker = await firefox?.page.evaluate(async () => {
	const pause = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3000));
	return await Promise.race([new AudioContext().resume().then(() => true), pause]);
});

const inFirefox = firefox
	? { describe, title: 'the microphone page in Firefox' }
	: {
			describe: describe.skip,
			title: 'SKIPPED: no Firefox was found, so the page to talk with was not tried in it',
		};
const aloud = hasLoudspeaker
	? { test, title: 'audio starts before the response ends and stops at its end' }
	: {
			test: test.skip,
			title: 'SKIPPED: Firefox finds no loudspeaker here, so what it plays was not heard',
		};
const silent = hasLoudspeaker
	? {
			test: test.skip,
			title:
				'SKIPPED: Firefox finds a loudspeaker here, so what the page says without one was not seen',
		}
	: { test, title: 'without an audio output device the page shows an error and is ready again' };

inFirefox.describe(inFirefox.title, () => {
	const n8n = useN8n('talk in Firefox', { profile: latencyProfiles.cloud });
	let served: ServedPage;
	let page: FirefoxPage;

	beforeAll(async () => {
		if (!firefox) throw new Error('There is no Firefox');
		({ page } = firefox);
		const path = `talk-firefox-${crypto.randomUUID().slice(0, 8)}`;
		const { url } = await publishSample(n8n, 'talk-webhook', path, n8n.standIn);
		served = await servePage(checkout, url, 5798);
	});
	afterAll(async () => {
		await firefox?.close();
		await served?.close();
	});

	const open = async (): Promise<void> => {
		n8n.standIn.answerWith(() => answer);
		await page.goto(served.url);
	};
	const speak = async (): Promise<void> =>
		await page.hold('#orb', async () => {
			await page.until('it listens', () => document.body.dataset.stage === 'listening');
			await new Promise((resolve) => setTimeout(resolve, 1500));
		});
	const isAnswered = async (): Promise<void> =>
		await page.until('the answer is whole', () =>
			Boolean(document.querySelector('.answer')?.textContent?.endsWith('much the same.')),
		);
	const heard = async (): Promise<string> =>
		await page.evaluate(() => document.querySelector('.said')?.textContent ?? '');

	test('a spoken question is recorded completely, transcribed and answered with text', async () => {
		await open();
		await speak();
		await isAnswered();
		// The stand-in describes the recording, so that it was decoded completely.
		expect(await heard()).toMatch(/webm audio, [12]\.\d seconds/);
		expect(await heard()).not.toMatch(/damaged/);
		expect(await page.evaluate(() => document.querySelector('.answer strong')?.textContent)).toBe(
			'sunny',
		);
	});

	test('a question can be typed', async () => {
		await open();
		await page.evaluate(() => document.getElementById('question')?.focus());
		await page.press(...'Well?', '\uE007');
		await isAnswered();
		expect(await heard()).toBe('Well?');
	});

	aloud.test(aloud.title, async () => {
		await open();
		await speak();
		await page.until('it speaks', () => document.body.dataset.stage === 'speaking');
		await page.until('it is ready', () => document.body.dataset.stage === 'ready');
		const [soundAtMs = Infinity, replyEndedAtMs = 0] = await page.evaluate(() => {
			const times = globalThis as { soundAtMs?: number; replyEndedAtMs?: number };
			return [times.soundAtMs, times.replyEndedAtMs];
		});
		expect(soundAtMs).toBeLessThan(replyEndedAtMs);
		expect(await page.evaluate(() => document.getElementById('problem')?.hidden)).toBe(true);
	});

	silent.test(silent.title, async () => {
		await open();
		await speak();
		await page.until('it shows an error', () => !document.getElementById('problem')?.hidden);
		expect(await page.evaluate(() => document.getElementById('problem')?.innerText)).toMatch(
			/plays no sound[^]*loudspeaker/,
		);
		expect(await page.evaluate(() => document.body.dataset.stage)).toBe('ready');
		expect(await page.evaluate(() => document.querySelector('.answer')?.textContent)).toContain(
			'much the same.',
		);
	});
});
