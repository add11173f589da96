// The n8n that the setup started, for tests that sit before a screen.
import { readFile } from 'node:fs/promises';
import type { Owner, WorkflowJson } from '../../harness/api-shapes.mts';
import { N8nApi } from '../../harness/api.mts';
import { webhookReady } from '../../harness/n8n.mts';

export const runningN8n = (): { url: string; owner: Owner } => {
	const stored = process.env.N8N_VOXTRAL_E2E;
	if (stored === undefined) throw new Error('The setup of the browser tests did not run');
	return JSON.parse(stored) as { url: string; owner: Owner };
};

export type Node = WorkflowJson['nodes'][number] & { parameters: Record<string, unknown> } & Record<
		string,
		unknown
	>;

export interface Credential {
	name: string;
	data: { baseUrl: string; apiKey: string };
}

const credentialType = 'mistralVoiceApi';

const withCredential = (node: Node, name: string): Node =>
	node.type.startsWith('n8n-nodes-voxtral.')
		? { ...node, credentials: { [credentialType]: { id: null, name } } }
		: node;

/** Publishes the workflow under a webhook path of its own and with that credential; returns the webhook's address. */
export const publish = async (
	workflow: Omit<WorkflowJson, 'nodes'> & { nodes: Node[] },
	name: string,
	credential: Credential,
): Promise<string> => {
	const path = `${name}-${crypto.randomUUID().slice(0, 8)}`;
	const { url, owner } = runningN8n();
	const api = new N8nApi(url);
	await api.signIn(owner);
	await api.saveCredential({ ...credential, type: credentialType });
	const nodes = workflow.nodes.map((node) =>
		node.type === 'n8n-nodes-base.webhook'
			? {
					...node,
					webhookId: crypto.randomUUID(),
					parameters: { ...node.parameters, path },
				}
			: withCredential(node, credential.name),
	);
	await api.publish(await api.importWorkflow({ ...workflow, name, nodes }));
	await webhookReady({ url }, path);
	return `${url}/webhook/${path}`;
};

export const readSample = async (
	name: string,
): Promise<Omit<WorkflowJson, 'nodes'> & { nodes: Node[] }> =>
	JSON.parse(await readFile(new URL(`../../workflows/${name}`, import.meta.url), 'utf8')) as Omit<
		WorkflowJson,
		'nodes'
	> & { nodes: Node[] };
