// A local stand-in of WhatsApp's Cloud API under Meta's host names, which delivers messages to an app's webhook.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { makeCertificate } from '../support/make-certificate.mts';
import { account, graph, type GraphCall, GraphError, type Media, type Store } from './graph.mts';
import { startHttpsProxy } from '../support/https-proxy.mts';

export { account } from './graph.mts';

const hosts = ['graph.facebook.com', 'lookaside.fbsbx.com'];

export interface WhatsApp {
	/** Environment variables that route Meta's hosts here. */
	environment: Record<string, string>;
	calls: GraphCall[];
	/** Messages the business sent, as received. */
	messages: Record<string, unknown>[];
	media(id: string): Media | undefined;
	webhook(): Store['webhook'];
	/** Other hosts the program requested. */
	strangers: readonly string[];
	/** Sends a user's text or voice message to the webhook, signed with the app secret or `secret`. */
	deliver(
		message: { from: string; text?: string; voice?: Uint8Array },
		secret?: string,
	): Promise<Response>;
	close(): Promise<void>;
}

/** The first file of a form, with all parameters of its content type, which parsers tend to drop. */
function fileOf(body: Buffer, type: string): { file?: Media; json: Record<string, unknown> } {
	const [, boundary = ''] = /boundary=("?)([^";]+)\1/.exec(type)?.slice(1) ?? [];
	const json: Record<string, unknown> = {};
	let file: Media | undefined;
	for (const part of body.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
		const split = part.indexOf('\r\n\r\n');
		const head = part.slice(2, split);
		const content = Buffer.from(part.slice(split + 4, -2), 'latin1');
		const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
		const fileName = /filename="([^"]*)"/.exec(head)?.[1];
		if (fileName === undefined) json[name] = content.toString('utf8');
		else if (name === 'file')
			file = { bytes: content, fileName, mimeType: /content-type: *(.+)/i.exec(head)?.[1] ?? '' };
	}
	return file ? { file, json } : { json };
}

async function readCall(request: IncomingMessage): Promise<GraphCall> {
	const host = request.headers.host ?? '';
	const { pathname, searchParams } = new URL(request.url ?? '/', `https://${host}`);
	const type = request.headers['content-type'] ?? '';
	const body = await buffer(request);
	const call: GraphCall = {
		method: request.method ?? 'GET',
		host,
		path: pathname,
		query: searchParams,
		token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
		json: {},
	};
	if (type.startsWith('multipart/form-data')) return { ...call, ...fileOf(body, type) };
	if (body.length === 0) return call;
	const json = type.includes('urlencoded')
		? Object.fromEntries(new URLSearchParams(body.toString()))
		: (JSON.parse(body.toString()) as Record<string, unknown>);
	return { ...call, json };
}

/** Subscribes: the webhook has to echo the challenge unchanged. */
async function verify(url: string, verifyToken: string): Promise<boolean> {
	const asked = new URL(url);
	const challenge = String(1e9 + Math.floor(Math.random() * 1e9));
	asked.searchParams.set('hub.mode', 'subscribe');
	asked.searchParams.set('hub.challenge', challenge);
	asked.searchParams.set('hub.verify_token', verifyToken);
	return (await (await fetch(asked)).text()) === challenge;
}

/** Writes `certificateFile`, for the program that must trust this server. */
export async function startWhatsApp(certificateFile: string): Promise<WhatsApp> {
	const calls: GraphCall[] = [];
	const store: Store = { media: new Map(), webhook: undefined, messages: [], verify };
	const { key, certificate } = makeCertificate(hosts);
	await writeFile(certificateFile, certificate);
	const server = createServer({ key, cert: certificate }, (request, response) => {
		const answer = async () => {
			const call = await readCall(request);
			calls.push(call);
			return await graph(call, store);
		};
		const json = (status: number, value: object) =>
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
		answer().then(
			(given) => {
				if (!('bytes' in given)) return json(200, given);
				const { bytes, mimeType } = given;
				return response.writeHead(200, { 'content-type': mimeType.split(';')[0] }).end(bytes);
			},
			(error: unknown) => {
				const { status, code } = error instanceof GraphError ? error : { status: 500, code: 1 };
				json(status, {
					error: {
						message: String((error as Error).message),
						type: 'OAuthException',
						code,
						fbtrace_id: 'made-up',
					},
				});
			},
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const tunnel = await startHttpsProxy(hosts, (server.address() as AddressInfo).port);
	let number = 0;

	const deliver: WhatsApp['deliver'] = async (
		{ from, text, voice },
		secret = account.appSecret,
	) => {
		if (!store.webhook) throw new Error('The app has no webhook.');
		number++;
		const mimeType = 'audio/ogg; codecs=opus';
		if (voice) store.media.set(`77700${number}`, { bytes: voice, mimeType });
		const content = voice
			? {
					type: 'audio',
					audio: { mime_type: mimeType, sha256: '', id: `77700${number}`, voice: true },
				}
			: { type: 'text', text: { body: text } };
		const metadata = { display_phone_number: '15550001111', phone_number_id: account.phoneId };
		const value = {
			messaging_product: 'whatsapp',
			metadata,
			contacts: [{ profile: { name: 'Somebody' }, wa_id: from }],
			messages: [{ from, id: `wamid.incoming-${number}`, timestamp: '1700000000', ...content }],
		};
		const body = JSON.stringify({
			object: 'whatsapp_business_account',
			entry: [{ id: account.businessId, changes: [{ value, field: 'messages' }] }],
		});
		const signature = createHmac('sha256', secret).update(body).digest('hex');
		return await fetch(store.webhook.url, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
			body,
		});
	};

	return {
		environment: { HTTPS_PROXY: tunnel.url, NODE_EXTRA_CA_CERTS: certificateFile },
		calls,
		messages: store.messages,
		media: (id) => store.media.get(id),
		webhook: () => store.webhook,
		strangers: tunnel.refused,
		deliver,
		close: async () => {
			await tunnel.close();
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
