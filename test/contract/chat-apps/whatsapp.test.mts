// The stand-in of WhatsApp's Cloud API: errors for what Meta rejects, and a certificate for Meta's host names only.
import { beforeEach, expect, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { makeCertificate } from '../../support/make-certificate.mts';
import { account, graph, type GraphCall, type Store } from '../../standin-whatsapp/graph.mts';

let store: Store;
let verified: string[];

beforeEach(() => {
	verified = [];
	const verify = async (url: string, token: string) => {
		verified.push(url);
		return token === 'the-right-one';
	};
	store = { media: new Map(), webhook: undefined, messages: [], verify };
});

const call = async (step: string, more: Partial<GraphCall> = {}) => {
	const [method = '', path = ''] = step.split(' ');
	const token = account.accessToken;
	const base = { method, path, host: 'graph.facebook.com', query: new URLSearchParams(), token };
	return await graph({ ...base, json: {}, ...more }, store);
};

const upload = async (mimeType: string) =>
	await call(`POST /v13.0/${account.phoneId}/media`, {
		json: { messaging_product: 'whatsapp' },
		file: { bytes: Buffer.from('OggS'), mimeType },
	});

test('a voice message needs the exact MIME type', async () => {
	expect(await upload('audio/ogg; codecs=opus')).toEqual({ id: expect.stringMatching(/^\d+$/) });
	for (const type of ['audio/ogg', 'audio/mp3', 'application/octet-stream', ''])
		await expect(upload(type)).rejects.toThrow(`Received file of type '${type}'`);
});

test('a message needs a known type, a phone number and existing media', async () => {
	const send = async (json: object) =>
		await call(`POST /v13.0/${account.phoneId}/messages`, { json: { ...json } });
	const text = { messaging_product: 'whatsapp', to: '15557654321', type: 'text' };
	expect(await send({ ...text, text: { body: 'Hi' } })).toMatchObject({
		messages: [{ id: expect.stringMatching(/^wamid\./) }],
	});
	await expect(send({ ...text, text: { body: 'Hi', caption: '' } })).rejects.toThrow('caption');
	await expect(send({ ...text, text: { body: 'x'.repeat(4097) } })).rejects.toThrow('4096');
	await expect(send({ ...text, to: '+1 555' })).rejects.toThrow('to');
	await expect(send({ ...text, type: 'audio', audio: { id: '1' } })).rejects.toThrow(
		'not a valid whatsapp business account media attachment ID',
	);
});

test('a call without the right token is rejected', async () => {
	const stranger = { token: 'somebody' };
	await expect(call('GET /v13.0/123', stranger)).rejects.toMatchObject({ code: 190, status: 401 });
	const media = { ...stranger, host: 'lookaside.fbsbx.com' };
	await expect(call('GET /whatsapp_business/attachments/', media)).rejects.toMatchObject({
		code: 190,
	});
	await expect(
		call('POST /v19.0/oauth/access_token', {
			json: { client_id: account.appId, client_secret: 'x' },
		}),
	).rejects.toThrow('client secret');
	await expect(call('GET /v13.0/nothing/here')).rejects.toThrow('Unknown path components');
});

test('webhook messages are sent after the webhook has echoed the challenge', async () => {
	const { access_token: token } = (await call('POST /v19.0/oauth/access_token', {
		json: { client_id: account.appId, client_secret: account.appSecret },
	})) as { access_token: string };
	const subscribe = async (verifyToken: string) =>
		await call(`POST /v19.0/${account.appId}/subscriptions`, {
			token,
			json: {
				object: 'whatsapp_business_account',
				callback_url: 'https://n8n.example/hook',
				verify_token: verifyToken,
				fields: '["messages"]',
				include_values: true,
			},
		});
	await expect(subscribe('wrong')).rejects.toThrow('verification');
	expect(store.webhook).toBeUndefined();
	expect(await subscribe('the-right-one')).toEqual({ success: true });
	expect(verified).toHaveLength(2);
	expect(await call(`GET /v19.0/${account.appId}/subscriptions`, { token })).toMatchObject({
		data: [{ callback_url: 'https://n8n.example/hook', fields: [{ name: 'messages' }] }],
	});
});

test('the certificate is valid for the given host names for about a day', () => {
	const { certificate, key } = makeCertificate(['graph.facebook.com', 'lookaside.fbsbx.com']);
	const read = new X509Certificate(certificate);
	expect(read.verify(read.publicKey)).toBe(true);
	expect(read.checkHost('graph.facebook.com')).toBe('graph.facebook.com');
	expect(read.checkHost('lookaside.fbsbx.com')).toBe('lookaside.fbsbx.com');
	expect(read.checkHost('example.com')).toBeUndefined();
	expect(read.validToDate.getTime() - Date.now()).toBeLessThan(2 * 86_400_000);
	expect(key).toContain('PRIVATE KEY');
});
