// Global teardown of the e2e tier: stops n8n and deletes its folder.
import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
	const running = globalThis.runningN8n;
	if (!running) return;
	await running.n8n.stop();
	await rm(running.userFolder, { recursive: true, force: true });
}
