// Small workflows as JSON, and what comes out of their webhooks: for tests inside a running n8n.
import { readFile } from 'node:fs/promises';
import type { StoredWorkflow, WorkflowJson } from '../../harness/api-shapes.mts';
import type { N8nApi } from '../../harness/api.mts';
import { webhookReady } from '../../harness/n8n.mts';

/** `url` is where webhooks are answered: n8n itself, or a webhook processor. */
export interface Place {
	url: string;
	api: N8nApi;
}

export type FlowNode = WorkflowJson['nodes'][number] & Record<string, unknown>;

export const mistralCredential = 'mistralVoiceApi';

const node = (name: string, type: string, typeVersion: number, parameters: object): FlowNode => ({
	id: crypto.randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
});

export const webhookNode = (path: string, responseMode = 'lastNode'): FlowNode => ({
	...node('Webhook', 'n8n-nodes-base.webhook', 2, {
		path,
		httpMethod: 'POST',
		responseMode,
		options: {},
	}),
	webhookId: crypto.randomUUID(),
});

export const manualTrigger = (): FlowNode =>
	node('Manual Trigger', 'n8n-nodes-base.manualTrigger', 1, {});

export const agentNode = (credential: string, parameters: object): FlowNode => ({
	...node('Mistral Agent', 'n8n-nodes-voxtral.mistralAgent', 1, parameters),
	credentials: { [mistralCredential]: { id: null, name: credential } },
});

/** A node of n8n's that hangs below the agent, with a credential of its own. */
export const subNode = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
	credentials: FlowNode['credentials'] = {},
): FlowNode => ({ ...node(name, type, typeVersion, parameters), credentials });

/** From any node to the agent. */
export const toAgent = (type = 'main') => ({
	[type]: [[{ node: 'Mistral Agent', type, index: 0 }]],
});

const flowOf = (name: string, nodes: FlowNode[], connections: object): WorkflowJson =>
	({ name, nodes, connections, settings: { executionOrder: 'v1' } }) as unknown as WorkflowJson;

/** Imports only: for what is started in the editor. */
export const importFlow = async (
	{ api }: Pick<Place, 'api'>,
	name: string,
	nodes: FlowNode[],
	connections: object,
): Promise<StoredWorkflow> => await api.importWorkflow(flowOf(name, nodes, connections));

/** Imports and publishes; returns the address of its webhook once it is there. */
export const publishFlow = async (
	{ url, api }: Place,
	path: string,
	nodes: FlowNode[],
	connections: object,
): Promise<{ workflow: StoredWorkflow; webhook: string }> => {
	const workflow = await api.importWorkflow(flowOf(path, nodes, connections));
	await api.publish(workflow);
	await webhookReady({ url }, path);
	return { workflow, webhook: `${url}/webhook/${path}` };
};

/** The sample chat with a credential of this name; returns the address that its chat window posts to. */
export const publishChatSample = async (
	{ url, api }: Place,
	credential: string,
): Promise<{ workflow: StoredWorkflow; chat: string }> => {
	const file = new URL('../../workflows/chat-with-sources.json', import.meta.url);
	const sample = JSON.parse(await readFile(file, 'utf8')) as { nodes: FlowNode[] };
	const webhookId = crypto.randomUUID();
	const nodes = sample.nodes.map((given) => ({
		...given,
		...(given.credentials && {
			credentials: { [mistralCredential]: { id: null, name: credential } },
		}),
		...(given.webhookId !== undefined && { webhookId }),
	}));
	const workflow = await api.importWorkflow({ ...sample, nodes } as unknown as WorkflowJson);
	await api.publish(workflow);
	const chat = `${url}/webhook/${webhookId}/chat`;
	for (let tries = 0; tries < 150 && !(await fetch(chat)).ok; tries++)
		await new Promise((resolve) => setTimeout(resolve, 200));
	return { workflow, chat };
};

export const postJson = async (url: string, body: object): Promise<Response> =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

export interface Chunk {
	type: string;
	content?: string;
}

/** n8n's streaming answer, one chunk a line, as it arrives. */
export async function* chunksOf(response: Response): AsyncGenerator<Chunk> {
	let rest = '';
	const decoder = new TextDecoder();
	for await (const bytes of response.body ?? []) {
		const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) if (line.trim()) yield JSON.parse(line) as Chunk;
	}
}

export const wordsOf = (chunks: readonly Chunk[]): string =>
	chunks.map(({ type, content = '' }) => (type === 'item' ? content : '')).join('');
