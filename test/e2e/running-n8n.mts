// The n8n that the setup started, as a test file uses it.
import type { Owner, StoredWorkflow, WorkflowJson } from '../../harness/api-shapes.mts';
import { N8nApi } from '../../harness/api.mts';
import { readFile } from 'node:fs/promises';
import { webhookReady } from '../../harness/n8n.mts';

interface SignedIn {
	url: string;
	api: N8nApi;
}

export const signIn = async (): Promise<SignedIn> => {
	const stored = process.env.N8N_VOXTRAL_E2E;
	if (stored === undefined) throw new Error('The e2e setup did not run');
	const { url, owner } = JSON.parse(stored) as { url: string; owner: Owner };
	const api = new N8nApi(url);
	await api.signIn(owner);
	return { url, api };
};

export const credentialType = 'mistralVoiceApi';

type SampleNode = WorkflowJson['nodes'][number] & {
	parameters: Record<string, unknown>;
	webhookId?: string;
};

/** The sample workflow under a name, webhook path and credential of its own, so that test files do not meet. */
export const publishSample = async (
	{ url, api }: SignedIn,
	name: string,
	{ baseUrl, apiKey }: { baseUrl: string; apiKey: string },
): Promise<{ workflow: StoredWorkflow; webhook: string }> => {
	const file = new URL('../../workflows/voice-webhook.json', import.meta.url);
	const sample = JSON.parse(await readFile(file, 'utf8')) as Omit<WorkflowJson, 'nodes'> & {
		nodes: SampleNode[];
	};
	await api.saveCredential({ name, type: credentialType, data: { baseUrl, apiKey } });
	const nodes = sample.nodes.map((node) => ({
		...node,
		...(node.credentials && { credentials: { [credentialType]: { id: null, name } } }),
		...(node.type === 'n8n-nodes-base.webhook' && {
			webhookId: crypto.randomUUID(),
			parameters: { ...node.parameters, path: name },
		}),
	}));
	const workflow = await api.importWorkflow({ ...sample, name, nodes });
	await api.publish(workflow);
	await webhookReady({ url }, name);
	return { workflow, webhook: `${url}/webhook/${name}` };
};
