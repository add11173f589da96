// The n8n that the setup started, as a test file uses it.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Owner } from '../../harness/api-shapes.mts';
import { N8nApi } from '../../harness/api.mts';
import { type StandIn, type StandInOptions, startStandIn } from '../standin/index.mts';
import { mistralKey, type Place } from '../support/flows.mts';

const signIn = async (): Promise<Place> => {
	const stored = process.env.N8N_VOXTRAL_E2E;
	if (stored === undefined) throw new Error('The e2e setup did not run');
	const { url, owner } = JSON.parse(stored) as { url: string; owner: Owner };
	const api = new N8nApi(url);
	await api.signIn(owner);
	return { url, api };
};

export interface RunningN8n extends Readonly<Place> {
	readonly standIn: StandIn;
}

/** Signs in and starts a stand-in, which the credential of this name leads to; resets it before each test. */
export function useN8n(credential: string, options: StandInOptions = {}): RunningN8n {
	const running: { standIn?: StandIn } & Partial<Place> = {};
	beforeAll(async () => {
		running.standIn = await startStandIn(options);
		const { api } = Object.assign(running, await signIn());
		await api.saveCredential(mistralKey(credential, running.standIn));
	});
	beforeEach(() => running.standIn?.reset());
	afterAll(async () => await running.standIn?.close());
	return running as RunningN8n;
}
