// The one credential of all nodes: where Mistral is and the key that opens it.
import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

// A function, because n8n computes a header given as an expression in an isolate of its own, for every request.
const withKey = async (
	{ apiKey }: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> => {
	request.headers = { ...request.headers, Authorization: `Bearer ${String(apiKey ?? '').trim()}` };
	return request;
};

export class MistralVoiceApi implements ICredentialType {
	name = 'mistralVoiceApi';

	displayName = 'Mistral Voice API';

	icon: Icon = { light: 'file:../icons/voxtral.svg', dark: 'file:../icons/voxtral.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-voxtral/n8n-nodes-voxtral#the-credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'From console.mistral.ai > API Keys',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.mistral.ai',
			description: 'Where Mistral answers; change it for a region, a proxy or a server of your own',
		},
		{
			displayName: 'Allow HTTP',
			name: 'allowHttp',
			type: 'boolean',
			default: false,
			displayOptions: { show: { baseUrl: [{ _cnd: { startsWith: 'http://' } }] } },
			description:
				'Whether the key may travel unencrypted to a server that is not on this machine; only for a network you trust',
		},
	];

	authenticate = withKey;

	test: ICredentialTestRequest = {
		request: {
			// The same rule as for every request: unencrypted only to this machine, or where it was allowed.
			baseURL:
				'={{ ($credentials.baseUrl || "https://api.mistral.ai").trim().replace(/^http:(?!\\/\\/(localhost|127(\\.\\d{1,3}){3}|\\[::1\\])(:\\d+)?(\\/|$))/i, $credentials.allowHttp ? "http:" : "https:").replace(/\\/+$/, "").replace(/\\/v1$/, "") }}',
			url: '/v1/models',
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Mistral does not accept this API Key. Copy a current one from console.mistral.ai > API Keys.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message: 'This Base URL does not lead to Mistral. Use https://api.mistral.ai.',
				},
			},
		],
	};
}
