// Builds small workflows as JSON and publishes them in a running n8n, for tests and benchmarks.
import type { CredentialData, StoredWorkflow, WorkflowJson } from '../../harness/n8n-api-types.mts';
import type { N8nApi } from '../../harness/n8n-api.mts';
import { webhookReady } from '../../harness/n8n.mts';
import { until } from './until.mts';

/** An n8n to publish to. `url` serves the webhooks: n8n itself, or a webhook processor in queue mode. */
export interface N8nTarget {
	url: string;
	api: N8nApi;
}

export type FlowNode = WorkflowJson['nodes'][number] & {
	parameters: Record<string, unknown>;
	webhookId?: string;
} & Record<string, unknown>;

export interface Flow extends WorkflowJson {
	nodes: FlowNode[];
}

export const mistralCredential = 'mistralVoiceApi';

/** The API a credential points at, mostly a stand-in. */
export interface Mistral {
	url: string;
	apiKey?: string;
}

export const mistralData = ({ url, apiKey = 'stand-in-key' }: Mistral) => ({
	baseUrl: url,
	apiKey,
});

export const mistralKey = (name: string, mistral: Mistral): CredentialData => ({
	name,
	type: mistralCredential,
	data: mistralData(mistral),
});

export const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: object = {},
): FlowNode => ({
	id: crypto.randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters: { ...parameters },
});

export const withCredential = (made: FlowNode, type: string, name: string): FlowNode => ({
	...made,
	credentials: { [type]: { id: null, name } },
});

/** A node of this package: `mistralAgent` is called “Mistral Agent”. */
export const ourNode = (type: string, credential: string, parameters: object = {}): FlowNode => {
	const name = type.replace(/[A-Z]/g, ' $&').replace(/^./, (first) => first.toUpperCase());
	return withCredential(
		node(name, `n8n-nodes-voxtral.${type}`, 1, parameters),
		mistralCredential,
		credential,
	);
};

export type ResponseMode = 'lastNode' | 'responseNode' | 'streaming';

export const webhookNode = (
	path: string,
	responseMode: ResponseMode = 'lastNode',
	more: object = {},
): FlowNode => ({
	...node('Webhook', 'n8n-nodes-base.webhook', responseMode === 'streaming' ? 2.1 : 2, {
		path,
		httpMethod: 'POST',
		responseMode,
		options: {},
		...more,
	}),
	webhookId: crypto.randomUUID(),
});

export const respondNode = (respondWith: 'binary' | 'noData' = 'binary'): FlowNode =>
	node('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, { respondWith, options: {} });

/** A connection to that node: of items (`main`), or as a sub-node (`ai_tool`). */
export const to = (name: string, type = 'main') => ({ [type]: [[{ node: name, type, index: 0 }]] });

/** Connects the nodes in a row. */
const inLine = (nodes: readonly FlowNode[]): object =>
	Object.fromEntries(nodes.slice(1).map(({ name }, index) => [nodes[index]?.name ?? '', to(name)]));

export const flowOf = (
	name: string,
	nodes: readonly FlowNode[],
	connections: object = inLine(nodes),
): Flow => ({ name, nodes: [...nodes], connections, settings: { executionOrder: 'v1' } });

export interface Published {
	workflow: StoredWorkflow;
	/** URL of its trigger: webhook, form, or chat endpoint. */
	url: string;
}

/** Path of the trigger URL by trigger type. */
const triggerPaths: Record<string, (trigger: FlowNode) => string> = {
	'n8n-nodes-base.webhook': ({ parameters }) => `webhook/${String(parameters.path)}`,
	'n8n-nodes-base.formTrigger': ({ parameters }) =>
		`form/${(parameters.options as { path: string }).path}`,
	'@n8n/n8n-nodes-langchain.chatTrigger': ({ webhookId }) => `webhook/${webhookId}/chat`,
};

/** URL of the trigger of a published workflow, once n8n serves it. */
export const triggerUrl = async (
	{ url: origin }: Pick<N8nTarget, 'url'>,
	flow: WorkflowJson,
): Promise<string> => {
	const trigger = (flow.nodes as FlowNode[]).find(({ type }) => type in triggerPaths);
	if (!trigger) throw new Error(`${flow.name} has no trigger with an address`);
	const path = triggerPaths[trigger.type]?.(trigger);
	const url = `${origin}/${path}`;
	if (trigger.type === 'n8n-nodes-base.webhook')
		await webhookReady({ url: origin }, String(trigger.parameters.path));
	else await until(async () => (await fetch(url)).status !== 404, `${flow.name} is there`);
	return url;
};

/** Publishes these nodes, the trigger first, connected in a row unless `connections` says otherwise. */
export const publishFlow = async (
	place: N8nTarget,
	nodes: readonly FlowNode[],
	connections?: object,
): Promise<Published> => {
	const [trigger] = nodes;
	const name = String(trigger?.parameters.path ?? trigger?.webhookId);
	const flow = flowOf(name, nodes, connections);
	const workflow = await place.api.importWorkflow(flow);
	await place.api.publish(workflow);
	return { workflow, url: await triggerUrl(place, flow) };
};
