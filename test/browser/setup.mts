// Before the browser tier: a Chromium has to be there, and one real n8n serves all its files.
import startN8n from '../e2e/setup.mts';
import { findChromium, noChromium } from './chromium.mjs';

export default async function setUp(): Promise<void> {
	if (findChromium() === undefined) throw new Error(noChromium);
	// Already there when somebody who works on these tests keeps one running.
	if (process.env.N8N_VOXTRAL_E2E === undefined) await startN8n();
}
