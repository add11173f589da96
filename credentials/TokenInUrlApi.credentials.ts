// A secret that belongs into the address itself, as Telegram's bot token does: kept by n8n, put in only while sending.
import type {
	ICredentialDataDecryptedObject,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

const PLACE = '{token}';
const TELEGRAM = `https://api.telegram.org/bot${PLACE}`;

/** n8n's HTTP Request node speaks of `uri`, everything newer of `url`. */
type Addressed = IHttpRequestOptions & { uri?: string };

/** Colons stay as they are: Telegram's tokens have one. */
const inPath = (token: string) => encodeURIComponent(token).replaceAll('%3A', ':');

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '');

/**
 * The request with the token in its address. n8n shows and stores the options it gave, so those are
 * left alone. @throws when the address is not below Base URL: the token goes nowhere else
 */
async function withToken(
	credentials: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const asked: Addressed = options;
	const base = (textOf(credentials.baseUrl) || TELEGRAM).replace(/\/+$/, '');
	const filled = base.replace(PLACE, inPath(textOf(credentials.token)));
	const wanted = `${asked.baseURL ?? ''}${asked.uri ?? asked.url}`;
	// After a 401, n8n brings the request back with the token already in it.
	const start = [base, filled].find((known) => wanted.startsWith(known));
	const path = wanted.slice(start?.length);
	if (start === undefined || !/^[/?]/.test(path)) {
		throw new Error(`This credential is only for addresses that begin with ${base}/`);
	}
	const address = `${filled}${path}`;
	const sent: Addressed = { ...asked, [asked.uri === undefined ? 'url' : 'uri']: address };
	delete sent.baseURL;
	return sent;
}

export class TokenInUrlApi implements ICredentialType {
	name = 'tokenInUrlApi';

	displayName = 'Token in URL API';

	icon: Icon = { light: 'file:../icons/token.svg', dark: 'file:../icons/token.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-voxtral/n8n-nodes-voxtral#the-credential-token-in-url';

	// The fields below already tie the token to one address.
	hideDomainRestrictionFields = true;

	properties: INodeProperties[] = [
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'For a Telegram bot: the token that BotFather gave you',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: TELEGRAM,
			required: true,
			description:
				'How addresses begin, with {token} where the token belongs. It is sent nowhere else. The default is for Telegram.',
		},
	];

	authenticate = withToken;

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim().replace(/\\/+$/, "") }}',
			url: '/getMe',
			disableFollowRedirect: true,
		},
		rules: [
			...[401, 404].map((value) => ({
				type: 'responseCode' as const,
				properties: {
					value,
					message:
						'The bot does not answer to this Token. Copy it from BotFather once more. (Only tokens of Telegram bots can be tested.)',
				},
			})),
		],
	};
}
