// Global setup of the e2e tier: one real n8n with the packed package for all test files.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n, type N8n } from '../../harness/n8n.mts';
import { owner, tarball } from '../support/n8n-setup.mts';

declare global {
	var runningN8n: { n8n: N8n; userFolder: string } | undefined;
}

export default async function setUp(): Promise<void> {
	const userFolder = await mkdtemp(join(tmpdir(), 'voxtral-e2e-'));
	const n8n = await startN8n({ userFolder, tarball: await tarball(), owner, port: 5730 });
	globalThis.runningN8n = { n8n, userFolder };
	// Read by the test files, which run in other contexts.
	process.env.N8N_VOXTRAL_E2E = JSON.stringify({ url: n8n.url, owner, session: n8n.api.session });
}
