// Accessibility of the microphone page: contrast, names and roles, small screens, reduced motion.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { watched } from './launch.mts';
import { launchWithMicrophone, TalkPage } from './talk-page.mts';

jest.setTimeout(120_000);

const file = new URL('../../workflows/talk.html', import.meta.url).href;

const reply = [
	{ type: 'transcript', text: 'How is the weather?' },
	{ type: 'text', delta: 'It is **sunny**, see [the forecast](https://example.com).' },
	{ type: 'sources', sources: [{ title: 'Forecast', url: 'https://example.com/f' }] },
	{ type: 'error', stage: 'talk.quota', message: 'It could not be spoken.' },
].map((event) => `${JSON.stringify({ type: 'item', content: JSON.stringify(event) })}\n`);

let browser: Browser;
let server: Server;

beforeAll(async () => {
	browser = await launchWithMicrophone();
	server = createServer((request, response) => {
		response.setHeader('access-control-allow-origin', '*');
		request
			.resume()
			.on('end', () => response.end(`{"type":"begin"}\n${reply.join('')}{"type":"end"}\n`));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	await browser.close();
	server.close();
});

/** The page with a whole turn, an error and the settings visible. */
const full = async (options: Parameters<typeof TalkPage.open>[2]): Promise<TalkPage> => {
	const { port } = server.address() as AddressInfo;
	const talk = await TalkPage.open(
		browser,
		`${file}?webhook=http://127.0.0.1:${port}/webhook/talk`,
		options,
	);
	await talk.page.getByLabel('Or type your question').fill('How is the weather?');
	await talk.page.keyboard.press('Enter');
	await talk.page.locator('.turn[data-done-ms]').waitFor();
	await talk.page.getByRole('button', { name: 'Settings' }).click();
	await talk.page.getByLabel('Webhook address').fill('http://:');
	await talk.page.keyboard.press('Enter');
	await talk.problem.waitFor();
	return talk;
};

interface Text {
	text: string;
	contrast: number;
}

/** Every visible text with its contrast to the background (WCAG 2.2, 1.4.3). */
const contrasts = async (page: Page): Promise<Text[]> =>
	await page.evaluate(() => {
		const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
		if (!canvas) throw new Error('No canvas');
		const rgba = (color: string): number[] => {
			canvas.clearRect(0, 0, 1, 1);
			canvas.fillStyle = color;
			canvas.fillRect(0, 0, 1, 1);
			return [...canvas.getImageData(0, 0, 1, 1).data];
		};
		const luminance = (color: number[]): number => {
			const [red = 0, green = 0, blue = 0] = color.map((part) => {
				const value = part / 255;
				return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const behind = (element: Element | null): number[] => {
			if (!element) return [255, 255, 255, 255];
			const color = rgba(getComputedStyle(element).backgroundColor);
			return color[3] === 255 ? color : behind(element.parentElement);
		};
		const isSeen = (element: Element): boolean =>
			element.checkVisibility({ visibilityProperty: true }) &&
			element.getBoundingClientRect().width > 1;
		const found: Text[] = [];
		const judge = (element: Element, text: string, color: string): void => {
			const [one, other] = [luminance(rgba(color)), luminance(behind(element))];
			const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
			found.push({ text: text.trim(), contrast: Math.round(contrast * 100) / 100 });
		};
		for (const element of document.body.querySelectorAll('*')) {
			if (element.closest('script') || !isSeen(element)) continue;
			const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
			const text = own.map(({ textContent }) => textContent ?? '').join('');
			if (text.trim() !== '') judge(element, text, getComputedStyle(element).color);
			if (element instanceof HTMLInputElement)
				judge(element, element.placeholder, getComputedStyle(element, '::placeholder').color);
			if (element.id === 'orb') judge(element, 'the microphone', getComputedStyle(element).color);
		}
		return found;
	});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
	test('every text has sufficient contrast', async () => {
		const talk = await full({ colorScheme });
		await watched(talk.page, `contrast-${colorScheme}`, async () => {
			const texts = await contrasts(talk.page);
			expect(texts.length).toBeGreaterThan(20);
			expect(texts.map(({ text }) => text)).toEqual(
				expect.arrayContaining(['Settings', 'sunny', 'Forecast', 'the microphone', 'You']),
			);
			expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
		});
		await talk.page.context().close();
	});
});

test('every control has a name and a role, in visual order', async () => {
	const talk = await full({});
	const { page } = talk;
	const names: string[] = [];
	for (const control of await page.locator('button:visible, input:visible, a:visible').all()) {
		const name = await control.evaluate(
			(element) =>
				element.getAttribute('aria-label') ??
				((element as HTMLInputElement).labels?.[0]?.textContent || element.textContent) ??
				'',
		);
		names.push(name.trim());
	}
	expect(names.length).toBeGreaterThan(7);
	expect(names.filter((name) => name === '')).toEqual([]);
	expect(await page.getByRole('status').count()).toBe(1);
	expect(await page.getByRole('alert').count()).toBe(1);
	expect(await page.getByRole('main').count()).toBe(1);
	expect(await page.getByRole('list', { name: 'Sources' }).count()).toBe(1);
	expect(await page.getByRole('button', { name: 'Settings' }).getAttribute('aria-expanded')).toBe(
		'true',
	);
	expect(await page.locator('html').getAttribute('lang')).toBe('en');
	await page.context().close();
});

test.each([
	['a phone', { width: 320, height: 640 }],
	['a phone held sideways', { width: 667, height: 375 }],
])('on %s nothing is cut off and the talk button is in reach', async (_what, viewport) => {
	const talk = await full({ viewport, hasTouch: true });
	await watched(talk.page, `small-${viewport.width}`, async () => {
		const width = await talk.page.evaluate(() => document.documentElement.scrollWidth);
		expect(width).toBeLessThanOrEqual(viewport.width);
		const box = await talk.orb.boundingBox();
		expect(box?.width).toBeGreaterThanOrEqual(48);
		expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
		await talk.orb.tap();
		await talk.reaches('listening');
	});
	await talk.page.context().close();
});

test('prefers-reduced-motion switches off animations', async () => {
	const talk = await full({ reducedMotion: 'reduce' });
	await talk.orb.click();
	await talk.reaches('listening');
	const moving = await talk.page.evaluate(() => ({
		running: document.getAnimations().length,
		ring: getComputedStyle(document.querySelector('#orb') as Element, '::before').transform,
	}));
	expect(moving).toEqual({ running: 0, ring: 'none' });
	await talk.page.context().close();
});
