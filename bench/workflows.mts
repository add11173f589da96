// The contenders that live in n8n, as workflows: each a webhook that takes a recording and answers with speech.
import type { WorkflowJson } from '../harness/api-shapes.mts';
import { type N8n, webhookReady } from '../harness/n8n.mts';
import type { Contender } from './settings.mts';

type Node = WorkflowJson['nodes'][number] & Record<string, unknown>;

const node = (name: string, type: string, typeVersion: number, parameters: object): Node => ({
	id: crypto.randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
});

const withCredential = (made: Node, type: string, name: string): Node => ({
	...made,
	credentials: { [type]: { id: null, name } },
});

const webhook = (responseMode: 'responseNode' | 'streaming' | 'lastNode') => (path: string) => ({
	...node('Webhook', 'n8n-nodes-base.webhook', responseMode === 'streaming' ? 2.1 : 2, {
		path,
		httpMethod: 'POST',
		responseMode,
		options: {},
	}),
	webhookId: crypto.randomUUID(),
});

const respond = (): Node =>
	node('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, { respondWith: 'binary', options: {} });

export interface Access {
	/** Address of the API. */
	url: string;
	/** Name of the credential that holds it. */
	name: string;
}

/** HTTP Request as people set it up by hand: method, address, key in a header, body. */
const httpRequest = (name: string, { name: credential }: Access, parameters: object): Node =>
	withCredential(
		node(name, 'n8n-nodes-base.httpRequest', 4.2, {
			method: 'POST',
			authentication: 'genericCredentialType',
			genericAuthType: 'httpHeaderAuth',
			sendBody: true,
			options: {},
			...parameters,
		}),
		'httpHeaderAuth',
		credential,
	);

export const transcribeByHand = (access: Access, options: object = {}): Node =>
	httpRequest('Transcribe', access, {
		url: `${access.url}/v1/audio/transcriptions`,
		contentType: 'multipart-form-data',
		bodyParameters: {
			parameters: [
				{ name: 'model', value: 'voxtral-mini-latest' },
				{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' },
			],
		},
		options,
	});

const chainByHand = (access: Access): Node[] => [
	transcribeByHand(access),
	httpRequest('Chat', access, {
		url: `${access.url}/v1/chat/completions`,
		specifyBody: 'json',
		jsonBody:
			"={{ JSON.stringify({ model: 'mistral-small-latest', messages: [{ role: 'system', content: 'Answer in a few spoken sentences.' }, { role: 'user', content: $json.text }] }) }}",
	}),
	httpRequest('Speak', access, {
		url: `${access.url}/v1/audio/speech`,
		specifyBody: 'json',
		jsonBody:
			"={{ JSON.stringify({ model: 'voxtral-mini-tts-latest', voice_id: 'gb_jane_neutral', response_format: 'mp3', input: $json.choices[0].message.content }) }}",
	}),
	node('Convert to File', 'n8n-nodes-base.convertToFile', 1.1, {
		operation: 'toBinary',
		sourceProperty: 'audio_data',
		options: { fileName: 'reply.mp3', mimeType: 'audio/mpeg' },
	}),
];

const openAi = (name: string, { name: credential }: Access, parameters: object): Node =>
	withCredential(
		node(name, '@n8n/n8n-nodes-langchain.openAi', 2.1, parameters),
		'openAiApi',
		credential,
	);

const openAiNodes = (access: Access): Node[] => [
	openAi('Transcribe', access, { resource: 'audio', operation: 'transcribe', options: {} }),
	openAi('Chat', access, {
		resource: 'text',
		operation: 'response',
		modelId: { __rl: true, mode: 'id', value: 'gpt-4o-mini' },
		responses: { values: [{ role: 'user', content: '={{ $json.text }}' }] },
		builtInTools: {},
		options: {},
	}),
	openAi('Speak', access, {
		resource: 'audio',
		operation: 'generate',
		input: '={{ $json.output[0].content[0].text }}',
		options: {},
	}),
];

export const ours = (type: string, { name }: Access, parameters: object = {}): Node =>
	withCredential(
		node(`ours ${type}`, `n8n-nodes-voxtral.${type}`, 1, parameters),
		'mistralVoiceApi',
		name,
	);

const ourThree = (access: Access, speak: object = {}): Node[] => [
	ours('voxtralTranscribe', access),
	ours('mistralAgent', access),
	ours('voxtralSpeak', access, speak),
];

export type InN8n = Exclude<Contender, 'sdk'>;

/** The nodes of each; the webhook's path is filled in later. */
const contenders: Record<InN8n, (access: Access) => [(path: string) => Node, ...Node[]]> = {
	chain: (access) => [webhook('responseNode'), ...chainByHand(access), respond()],
	openAi: (access) => [webhook('responseNode'), ...openAiNodes(access), respond()],
	three: (access) => [webhook('responseNode'), ...ourThree(access), respond()],
	threeStreaming: (access) => [webhook('streaming'), ...ourThree(access, { format: 'wav' })],
	assistant: (access) => [webhook('streaming'), ours('voxtralAssistant', access)],
	floor: () => [
		webhook('responseNode'),
		node('Respond', 'n8n-nodes-base.respondToWebhook', 1.1, { respondWith: 'noData', options: {} }),
	],
};

/** Publishes one node after the other under that path; returns the address. */
export async function publishLine(n8n: N8n, path: string, nodes: readonly Node[]): Promise<string> {
	const pairs = nodes
		.slice(1)
		.map(({ name }, index) => [
			nodes[index]?.name ?? '',
			{ main: [[{ node: name, type: 'main', index: 0 }]] },
		]);
	const workflow = {
		name: path,
		nodes: [...nodes],
		connections: Object.fromEntries(pairs) as object,
		settings: { executionOrder: 'v1' },
	};
	await n8n.api.publish(await n8n.api.importWorkflow(workflow as unknown as WorkflowJson));
	await webhookReady(n8n, path);
	return `${n8n.url}/webhook/${path}`;
}

export async function publishContender(
	n8n: N8n,
	contender: InN8n,
	path: string,
	access: Access,
): Promise<string> {
	const [trigger, ...rest] = contenders[contender](access);
	return await publishLine(n8n, path, [trigger(path), ...rest]);
}

/** A webhook that answers with what the last node gives. */
export const trigger = (path: string): Node => webhook('lastNode')(path);
export const readFiles = (selector: string): Node =>
	node('Read Files', 'n8n-nodes-base.readWriteFile', 1, { fileSelector: selector, options: {} });

/** The same key and address for every kind of node. */
export async function saveAccess(n8n: N8n, access: Access, apiKey: string): Promise<Access> {
	const { name, url } = access;
	const save = async (type: string, data: Record<string, unknown>) =>
		await n8n.api.saveCredential({ name, type, data });
	await save('mistralVoiceApi', { baseUrl: url, apiKey });
	await save('httpHeaderAuth', { name: 'Authorization', value: `Bearer ${apiKey}` });
	await save('openAiApi', { apiKey, url, header: false });
	return access;
}
