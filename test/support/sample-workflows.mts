// Publishes the sample workflows in a running n8n with the credentials of a test, and reads their executions.
import { readFile } from 'node:fs/promises';
import type { Execution, OutputItem, StoredWorkflow } from '../../harness/n8n-api-types.mts';
import type { N8nApi } from '../../harness/n8n-api.mts';
import type { Telegram } from '../standin-telegram/index.mts';
import {
	triggerUrl,
	type Flow,
	type FlowNode,
	type Mistral,
	mistralCredential,
	mistralData,
	type N8nTarget,
	type Published,
} from './workflow-builder.mts';

export const readSample = async (name: string): Promise<Flow> =>
	JSON.parse(
		await readFile(new URL(`../../workflows/${name}.json`, import.meta.url), 'utf8'),
	) as Flow;

/**
 * Saves the credentials of the workflow, given by type, under names unique to it, so that tests do not share them,
 * and publishes it with them.
 */
export const publishWith = async (
	api: N8nApi,
	flow: Flow,
	data: Record<string, Record<string, unknown>>,
): Promise<StoredWorkflow> => {
	const own = (name: string) => `${name} of ${flow.name}`;
	const nodes: FlowNode[] = [];
	for (const node of flow.nodes) {
		const credentials: FlowNode['credentials'] = {};
		for (const [type, { name }] of Object.entries(node.credentials ?? {})) {
			await api.saveCredential({ name: own(name), type, data: data[type] ?? {} });
			credentials[type] = { id: null, name: own(name) };
		}
		nodes.push({ ...node, credentials });
	}
	const workflow = await api.importWorkflow({ ...flow, nodes });
	await api.publish(workflow);
	return workflow;
};

/** Gives the webhook, form or chat trigger this path and a unique webhook id. */
const under = (path: string, node: FlowNode): FlowNode => {
	const { type, parameters, webhookId } = node;
	const options = parameters.options as Record<string, unknown> | undefined;
	return {
		...node,
		...(webhookId !== undefined && {
			webhookId: type.endsWith('chatTrigger') ? path : crypto.randomUUID(),
		}),
		parameters: {
			...parameters,
			...('path' in parameters && { path }),
			...(options?.path !== undefined && { options: { ...options, path } }),
		},
	};
};

/** Publishes the sample under its own path, its credential pointing at that server. */
export const publishSample = async (
	place: N8nTarget,
	sample: string,
	path: string,
	mistral: Mistral,
): Promise<Published> => {
	const { nodes, ...rest } = await readSample(sample);
	const flow = { ...rest, name: path, nodes: nodes.map((node) => under(path, node)) };
	const data = { [mistralCredential]: mistralData(mistral) };
	const workflow = await publishWith(place.api, flow, data);
	return { workflow, url: await triggerUrl(place, flow) };
};

/** Publishes the Telegram sample, its nodes calling this Telegram instead of the real one. */
export const publishTelegram = async (
	api: N8nApi,
	{ url, token }: Pick<Telegram, 'url' | 'token'>,
	mistral: Mistral,
): Promise<StoredWorkflow> => {
	const sample = await readSample('telegram-voice-assistant');
	for (const { parameters } of sample.nodes)
		if (typeof parameters.url === 'string')
			parameters.url = parameters.url.replace('https://api.telegram.org', url);
	return await publishWith(api, sample, {
		[mistralCredential]: mistralData(mistral),
		telegramApi: { accessToken: token, baseUrl: url },
		tokenInUrlApi: { token, baseUrl: `${url}/bot{token}` },
	});
};

/** Output items of the node's last run, of its first output or another one. */
export const itemsOf = ({ data }: Execution, node: string, output = 0): OutputItem[] =>
	data.resultData.runData[node]?.at(-1)?.data?.main[output] ?? [];
