// A local stand-in of Telegram's Bot API for one bot, which delivers updates to its webhook.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Collector, parseForm, readBody, type Form } from '../standin/multipart.mts';
import { type Bot, BotError, type Call, check, type Webhook } from './methods.mts';

export type { Call } from './methods.mts';

export interface Telegram {
	/** For the field Base URL of n8n's Telegram credential. */
	url: string;
	token: string;
	/** Every request in order, rejected ones included. */
	calls: Call[];
	webhook(): Webhook | undefined;
	/** Rejects the next call of that method with this description. */
	refuseNext(method: string, description: string): void;
	/** Sends a user's text or voice message to the webhook as an update. */
	deliver(message: IncomingMessageContent): Promise<Response>;
	close(): Promise<void>;
}

export interface IncomingMessageContent {
	chatId: number;
	text?: string;
	voice?: Uint8Array;
}

async function readCall(
	request: IncomingMessage,
	method: string,
	query: URLSearchParams,
): Promise<Call> {
	const type = request.headers['content-type'] ?? '';
	let form: Form = { fields: [], files: [] };
	let given: Record<string, unknown> = Object.fromEntries(query);
	if (type.startsWith('multipart/form-data')) {
		const parsed = parseForm(request.headers);
		await readBody(request, parsed.sink, () => {});
		form = await parsed.form;
		given = { ...given, ...Object.fromEntries(form.fields) };
	} else {
		const sink = new Collector();
		await readBody(request, sink, () => {});
		const body = sink.text();
		if (type.includes('json') && body) given = { ...given, ...(JSON.parse(body) as object) };
		else if (type.includes('urlencoded'))
			given = { ...given, ...Object.fromEntries(new URLSearchParams(body)) };
		else if (body) throw new BotError('unsupported content type');
	}
	const fields = Object.entries(given).map(([name, value]) => [
		name,
		typeof value === 'string' ? value : JSON.stringify(value),
	]);
	return { method, fields: Object.fromEntries(fields) as Call['fields'], files: form.files };
}

const sendJson = (response: ServerResponse, status: number, json: object): void => {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
};

const refuse = (response: ServerResponse, code: number, description: string): void =>
	sendJson(response, code, { ok: false, error_code: code, description });

export async function startTelegram(
	token = '7000000001:AAmade-up_token-for-tests-only_0000',
): Promise<Telegram> {
	const bot: Bot = { chats: new Set(), files: new Map(), webhook: undefined, nextMessage: 100 };
	const calls: Call[] = [];
	const refusals = new Map<string, string>();
	let updates = 1;

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const { pathname, searchParams } = new URL(request.url ?? '/', 'http://telegram');
		const [, files, given = '', rest = ''] =
			/^(\/file)?\/bot([^/]+)\/(.+)$/.exec(decodeURIComponent(pathname)) ?? [];
		if (given !== token) {
			request.resume();
			return refuse(response, given ? 401 : 404, given ? 'Unauthorized' : 'Not Found');
		}
		if (files) {
			request.resume();
			const file = [...bot.files.values()].find(({ path }) => path === rest);
			if (!file) return refuse(response, 404, 'Not Found');
			response.writeHead(200, { 'content-type': 'application/octet-stream' });
			response.end(file.bytes);
			return;
		}
		const call = await readCall(request, rest, searchParams);
		calls.push(call);
		try {
			const refusal = refusals.get(rest);
			refusals.delete(rest);
			if (refusal !== undefined) throw new BotError(refusal);
			call.result = check(call, bot).run(call, bot);
			sendJson(response, 200, { ok: true, result: call.result });
		} catch (error) {
			if (!(error instanceof BotError)) throw error;
			call.result = error.message;
			refuse(response, error.code, error.message);
		}
	};

	const server = createServer((request, response) => {
		answer(request, response).catch((error: unknown) => refuse(response, 500, String(error)));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');

	const deliver = async ({ chatId, text, voice }: IncomingMessageContent): Promise<Response> => {
		if (!bot.webhook) throw new Error('The bot has no webhook.');
		bot.chats.add(String(chatId));
		const number = updates++;
		if (voice) bot.files.set(`voice-${number}`, { path: `voice/file_${number}.oga`, bytes: voice });
		const recording = {
			file_id: `voice-${number}`,
			file_unique_id: `unique-${number}`,
			duration: 3,
			mime_type: 'audio/ogg',
			file_size: voice?.length,
		};
		const person = { id: chatId, first_name: 'Somebody' };
		return await fetch(bot.webhook.url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				...(bot.webhook.secret && { 'x-telegram-bot-api-secret-token': bot.webhook.secret }),
			},
			body: JSON.stringify({
				update_id: number,
				message: {
					message_id: number,
					from: { ...person, is_bot: false, language_code: 'en' },
					chat: { ...person, type: 'private' },
					date: Math.floor(Date.now() / 1000),
					...(text === undefined ? {} : { text }),
					...(voice && { voice: recording }),
				},
			}),
		});
	};

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		token,
		calls,
		webhook: () => bot.webhook,
		refuseNext: (method, description) => void refusals.set(method, description),
		deliver,
		close: async () => {
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
