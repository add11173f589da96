// Fixture of the e2e and browser tests: the n8n their setup started, and a stand-in for its credential.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Owner } from '../../harness/n8n-api-types.mts';
import { N8nApi } from '../../harness/n8n-api.mts';
import { type StandIn, type StandInOptions, startStandIn } from '../standin/index.mts';
import { mistralKey, type N8nTarget } from './workflow-builder.mts';

/** `session` is the owner's sign-in, for {@link N8nApi}. */
export const runningN8n = (): { url: string; owner: Owner; session: string } => {
	const stored = process.env.N8N_VOXTRAL_E2E;
	if (stored === undefined) throw new Error('The setup of this tier did not run');
	return JSON.parse(stored) as { url: string; owner: Owner; session: string };
};

export interface RunningN8n extends Readonly<N8nTarget> {
	readonly standIn: StandIn;
}

/** Starts a stand-in, points the credential of this name at it, and resets it before each test. */
export function useN8n(credential: string, options: StandInOptions = {}): RunningN8n {
	const running: { standIn?: StandIn } & Partial<N8nTarget> = {};
	beforeAll(async () => {
		const standIn = await startStandIn(options);
		const { url, session } = runningN8n();
		const api = new N8nApi(url, session);
		Object.assign(running, { url, api, standIn });
		await api.saveCredential(mistralKey(credential, standIn));
	});
	beforeEach(() => running.standIn?.reset());
	afterAll(async () => await running.standIn?.close());
	return running as RunningN8n;
}
