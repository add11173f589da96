// Global setup of the browser tier: requires Chromium and starts one n8n for all test files.
import startN8n from '../e2e/setup.mts';
import { findChromium, noChromium } from './chromium.mjs';

export default async function setUp(): Promise<void> {
	if (findChromium() === undefined) throw new Error(noChromium);
	// Already set when a developer keeps an n8n running.
	if (process.env.N8N_VOXTRAL_E2E === undefined) await startN8n();
}
