// After the e2e tier: n8n ends and its folder goes.
import { rm } from 'node:fs/promises';

export default async function tearDown(): Promise<void> {
	const running = globalThis.runningN8n;
	if (!running) return;
	await running.n8n.stop();
	await rm(running.userFolder, { recursive: true, force: true });
}
