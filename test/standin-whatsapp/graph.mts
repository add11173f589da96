// The parts of Meta's Graph API a WhatsApp assistant uses: app webhooks, media, messages.
// https://developers.facebook.com/docs/whatsapp/cloud-api
import { createHash } from 'node:crypto';

export const account = {
	phoneId: '100200300400500',
	businessId: '500400300200100',
	accessToken: 'EAAmadeUpAccessTokenForTestsOnly0000',
	appId: '1234567890',
	appSecret: 'made-up-app-secret-for-tests-only-00',
};

const appToken = `${account.appId}|made-up-app-token`;

export class GraphError extends Error {
	readonly status: number;

	readonly code: number;

	constructor(message: string, code = 100, status = 400) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

export interface Media {
	bytes: Uint8Array;
	/** Content type with its parameters. */
	mimeType: string;
	fileName?: string;
}

export interface GraphCall {
	method: string;
	host: string;
	path: string;
	query: URLSearchParams;
	token: string | undefined;
	json: Record<string, unknown>;
	/** The uploaded file of a form. */
	file?: Media;
}

/** State of the server. */
export interface Store {
	media: Map<string, Media>;
	webhook: { url: string; fields: string[]; verifyToken: string } | undefined;
	messages: Record<string, unknown>[];
	/** Verifies the webhook URL as Meta does when an app subscribes. */
	verify: (url: string, verifyToken: string) => Promise<boolean>;
}

/** Meta accepts Ogg with Opus only, stated in the MIME type. */
const audioTypes = ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg; codecs=opus'];

const mebibyte = 1024 * 1024;

function closed(given: object, known: readonly string[]): void {
	for (const name of Object.keys(given))
		if (!known.includes(name)) throw new GraphError(`(#100) Unexpected key "${name}" on param`);
}

function sendMessage({ json }: GraphCall, store: Store) {
	const { messaging_product: product, to, type } = json;
	if (product !== 'whatsapp')
		throw new GraphError('(#100) The parameter messaging_product is required.');
	if (typeof to !== 'string' || !/^\d{5,15}$/.test(to))
		throw new GraphError('(#100) Invalid parameter: to');
	if (type !== 'audio' && type !== 'text')
		throw new GraphError(`(#100) Invalid parameter: type ${String(type)}`);
	closed(json, ['messaging_product', 'recipient_type', 'to', 'type', type]);
	const content = (json[type] ?? {}) as Record<string, unknown>;
	if (type === 'audio') {
		closed(content, ['id', 'link', 'voice']);
		if (!store.media.has(String(content.id)))
			throw new GraphError(
				`(#100) Param audio["id"] is not a valid whatsapp business account media attachment ID`,
			);
	} else {
		closed(content, ['body', 'preview_url']);
		if (typeof content.body !== 'string' || content.body === '')
			throw new GraphError('(#100) The parameter text["body"] is required.');
		if (content.body.length > 4096)
			throw new GraphError('(#100) Param text["body"] must be at most 4096 characters long.');
	}
	store.messages.push(json);
	return {
		messaging_product: 'whatsapp',
		contacts: [{ input: to, wa_id: to }],
		messages: [{ id: `wamid.made-up-${store.messages.length}` }],
	};
}

function upload({ file, json }: GraphCall, store: Store) {
	if (json.messaging_product !== 'whatsapp')
		throw new GraphError('(#100) The parameter messaging_product is required.');
	if (!file) throw new GraphError('(#100) The parameter file is required.');
	if (!audioTypes.includes(file.mimeType))
		throw new GraphError(
			`(#100) Param file must be a file with one of the following types: ${audioTypes.join(', ')}. Received file of type '${file.mimeType}'.`,
		);
	if (file.bytes.length > 16 * mebibyte)
		throw new GraphError('(#131052) Media file size too big', 131052);
	const id = String(900_000_000 + store.media.size);
	store.media.set(id, file);
	return { id };
}

async function subscribe({ json }: GraphCall, store: Store) {
	closed(json, ['object', 'callback_url', 'verify_token', 'fields', 'include_values']);
	const url = String(json.callback_url);
	const verifyToken = String(json.verify_token);
	if (!(await store.verify(url, verifyToken)))
		throw new GraphError('(#2200) Callback verification failed', 2200);
	const { fields } = json;
	store.webhook = {
		url,
		verifyToken,
		fields: typeof fields === 'string' ? (JSON.parse(fields) as string[]) : (fields as string[]),
	};
	return { success: true };
}

function subscriptions(store: Store) {
	const { webhook } = store;
	if (!webhook) return { data: [] };
	const fields = webhook.fields.map((name) => ({ name, version: 'v19.0' }));
	return {
		data: [
			{ object: 'whatsapp_business_account', callback_url: webhook.url, active: true, fields },
		],
	};
}

function mediaFacts(id: string, store: Store) {
	const media = store.media.get(id);
	if (!media)
		throw new GraphError(
			`Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
		);
	return {
		url: `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${id}`,
		mime_type: media.mimeType,
		sha256: createHash('sha256').update(media.bytes).digest('hex'),
		file_size: media.bytes.length,
		id,
		messaging_product: 'whatsapp',
	};
}

const demandToken = ({ token }: GraphCall, wanted: string): void => {
	if (token !== wanted)
		throw new GraphError('Invalid OAuth access token - Cannot parse access token', 190, 401);
};

/** The response of the Graph API; bytes for a recording. */
export async function graph(call: GraphCall, store: Store): Promise<object | Media> {
	const { method, host, path, json } = call;
	if (host === 'lookaside.fbsbx.com') {
		demandToken(call, account.accessToken);
		const media = store.media.get(call.query.get('mid') ?? '');
		if (!media) throw new GraphError('Media not found', 100, 404);
		return media;
	}
	const [, route = ''] = /^\/v\d+\.\d+(\/.*)$/.exec(path.replace(/\/{2,}/g, '/')) ?? [];
	const step = `${method} ${route}`;
	if (step === 'POST /oauth/access_token') {
		if (json.client_id !== account.appId || json.client_secret !== account.appSecret)
			throw new GraphError('Error validating client secret.', 1);
		return { access_token: appToken, token_type: 'bearer' };
	}
	if (route === `/${account.appId}/subscriptions`) {
		demandToken(call, appToken);
		if (method === 'GET') return subscriptions(store);
		if (method === 'POST') return await subscribe(call, store);
		store.webhook = undefined;
		return { success: true };
	}
	demandToken(call, account.accessToken);
	if (step === `POST /${account.phoneId}/media`) return upload(call, store);
	if (step === `POST /${account.phoneId}/messages`) return sendMessage(call, store);
	const [, id] = /^GET \/(\w+)$/.exec(step) ?? [];
	if (id) return mediaFacts(id, store);
	throw new GraphError(`Unknown path components: ${route}`, 2500);
}
