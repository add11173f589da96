// Launches Chromium for a test file, with pages that save a screenshot when a test fails.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium, noChromium } from './chromium.mjs';

const quiet = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export const launch = async (flags: readonly string[] = []): Promise<Browser> => {
	const executablePath = findChromium();
	if (executablePath === undefined) throw new Error(noChromium);
	return await chromium.launch({ executablePath, headless: true, args: [...quiet, ...flags] });
};

export const newPage = async (
	browser: Browser,
	options: BrowserContextOptions = {},
): Promise<Page> => {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
	context.setDefaultTimeout(45_000);
	return await context.newPage();
};

const failures = fileURLToPath(new URL('../../.cache/browser/', import.meta.url));

/** Runs `work`; on failure saves a screenshot to `.cache/browser`. */
export const watched = async (
	page: Page,
	name: string,
	work: () => Promise<void>,
): Promise<void> => {
	try {
		await work();
	} catch (error) {
		await mkdir(failures, { recursive: true });
		await page.screenshot({ path: join(failures, `${name}.png`) }).catch(() => undefined);
		throw error;
	}
};
