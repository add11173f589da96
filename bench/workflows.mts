// The contenders that run in n8n, as workflows: a webhook takes a recording and responds with speech.
import type { N8n } from '../harness/n8n.mts';
import {
	type FlowNode,
	mistralCredential,
	mistralKey,
	node,
	ourNode,
	publishFlow,
	respondNode,
	type ResponseMode,
	webhookNode,
	withCredential,
} from '../test/support/workflow-builder.mts';
import { minimalNodeType, type Step } from './contenders/minimal-node.mts';
import type { Contender } from './settings.mts';

export interface Access {
	/** Base URL of the API. */
	url: string;
	/** Name of the credential with that URL. */
	name: string;
}

/** An HTTP Request node set up by hand: method, URL, API key in a header, body. */
const httpRequest = (name: string, { name: credential }: Access, parameters: object): FlowNode =>
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

export const transcribeByHand = (access: Access, options: object = {}): FlowNode =>
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

const chainByHand = (access: Access): FlowNode[] => [
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

const openAi = (name: string, { name: credential }: Access, parameters: object): FlowNode =>
	withCredential(
		node(name, '@n8n/n8n-nodes-langchain.openAi', 2.1, parameters),
		'openAiApi',
		credential,
	);

const openAiNodes = (access: Access): FlowNode[] => [
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

const ourThree = ({ name }: Access, speak: object = {}): FlowNode[] => [
	ourNode('voxtralTranscribe', name),
	ourNode('mistralAgent', name),
	ourNode('voxtralSpeak', name, speak),
];

const minimalNode = (step: Step, { name, url: address }: Access): FlowNode =>
	withCredential(node(step, minimalNodeType, 1, { step, address }), mistralCredential, name);

export type InN8n = Exclude<Contender, 'sdk'>;

/** Response mode of each contender's webhook, and the nodes after it. */
const contenders: Record<InN8n, (access: Access) => [ResponseMode, ...FlowNode[]]> = {
	chain: (access) => ['responseNode', ...chainByHand(access), respondNode()],
	openAi: (access) => ['responseNode', ...openAiNodes(access), respondNode()],
	three: (access) => ['responseNode', ...ourThree(access), respondNode()],
	threeStreaming: (access) => ['streaming', ...ourThree(access, { format: 'wav' })],
	assistant: ({ name }) => ['streaming', ourNode('voxtralAssistant', name)],
	minimal: (access) => [
		'responseNode',
		minimalNode('transcribe', access),
		minimalNode('answer', access),
		minimalNode('speak', access),
		respondNode(),
	],
	floor: () => ['responseNode', respondNode('noData')],
};

/** Publishes a contender under that path; returns its webhook URL. */
export async function publishContender(
	n8n: N8n,
	contender: InN8n,
	path: string,
	access: Access,
): Promise<string> {
	const [responseMode, ...nodes] = contenders[contender](access);
	return (await publishFlow(n8n, [webhookNode(path, responseMode), ...nodes])).url;
}

/** Publishes a workflow that sends these files through that node at each call of the returned URL. */
export async function publishForFiles(
	n8n: N8n,
	path: string,
	fileSelector: string,
	last: FlowNode,
): Promise<string> {
	const parameters = { fileSelector, options: {} };
	const read = node('Read Files', 'n8n-nodes-base.readWriteFile', 1, parameters);
	return (await publishFlow(n8n, [webhookNode(path), read, last])).url;
}

/** Creates credentials with the same API key and URL for every node type. */
export async function saveAccess(n8n: N8n, access: Access, apiKey: string): Promise<Access> {
	const { name, url } = access;
	const credentials = [
		mistralKey(name, { url, apiKey }),
		{ name, type: 'httpHeaderAuth', data: { name: 'Authorization', value: `Bearer ${apiKey}` } },
		{ name, type: 'openAiApi', data: { apiKey, url, header: false } },
	];
	for (const credential of credentials) await n8n.api.saveCredential(credential);
	return access;
}
