// The n8n that the setup started, for tests that sit before a screen.
import type { Owner } from '../../harness/api-shapes.mts';

export const runningN8n = (): { url: string; owner: Owner } => {
	const stored = process.env.N8N_VOXTRAL_E2E;
	if (stored === undefined) throw new Error('The setup of the browser tests did not run');
	return JSON.parse(stored) as { url: string; owner: Owner };
};
