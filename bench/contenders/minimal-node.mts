// A minimal node, the baseline of the bench: reads the item, sends one request with n8n's credential, returns the response.
// Three of them in a row measure the overhead of n8n itself in a workflow of three nodes.
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/** Node type name of a node in n8n's folder of custom nodes. */
export const minimalNodeType = 'CUSTOM.minimal';

export type Step = 'transcribe' | 'answer' | 'speak';

const requestOf: Record<
	Step,
	(
		context: IExecuteFunctions,
		json: IDataObject,
	) => Promise<Pick<IHttpRequestOptions, 'url' | 'body'>>
> = {
	transcribe: async ({ helpers }) => {
		const body = new FormData();
		body.append('model', 'voxtral-mini-latest');
		body.append(
			'file',
			new File([new Uint8Array(await helpers.getBinaryDataBuffer(0, 'data'))], 'question.ogg'),
		);
		return { url: '/v1/audio/transcriptions', body };
	},
	answer: async (_, { text }) => ({
		url: '/v1/chat/completions',
		body: { model: 'mistral-small-latest', messages: [{ role: 'user', content: text }] },
	}),
	speak: async (_, { text }) => ({
		url: '/v1/audio/speech',
		body: {
			model: 'voxtral-mini-tts-latest',
			voice_id: 'gb_jane_neutral',
			response_format: 'mp3',
			input: text,
		},
	}),
};

interface Reply {
	text?: string;
	choices?: [{ message: { content: string } }];
	audio_data?: string;
}

export class Minimal implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Minimal',
		name: 'minimal',
		group: ['transform'],
		version: 1,
		description: 'One request and nothing else',
		defaults: { name: 'Minimal' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'mistralVoiceApi', required: true }],
		properties: [
			{ displayName: 'Step', name: 'step', type: 'string', default: '' },
			{ displayName: 'Address', name: 'address', type: 'string', default: '' },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const step = this.getNodeParameter('step', 0) as Step;
		const { text, choices, audio_data } = (await this.helpers.httpRequestWithAuthentication.call(
			this,
			'mistralVoiceApi',
			{
				method: 'POST',
				baseURL: this.getNodeParameter('address', 0) as string,
				...(await requestOf[step](this, this.getInputData()[0]?.json ?? {})),
			},
		)) as Reply;
		if (audio_data === undefined)
			return [[{ json: { text: text ?? choices?.[0].message.content }, pairedItem: 0 }]];
		const sound = Buffer.from(audio_data, 'base64');
		const data = await this.helpers.prepareBinaryData(sound, 'reply.mp3', 'audio/mpeg');
		return [[{ json: {}, binary: { data }, pairedItem: 0 }]];
	}
}
