// The stand-in of Telegram's Bot API: documented responses, and errors for invalid calls.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { startTelegram, type Telegram } from '../../standin-telegram/index.mts';

let telegram: Telegram;
let note: Buffer;
/** A server that receives the updates of the bot's webhook. */
const updates: { secret: unknown; body: { message: { voice?: { file_id: string } } } }[] = [];
const hook = createServer((request, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', () => {
		const secret = request.headers['x-telegram-bot-api-secret-token'];
		updates.push({ secret, body: JSON.parse(Buffer.concat(chunks).toString()) as never });
		response.end();
	});
});

beforeAll(async () => {
	telegram = await startTelegram();
	note = await readFile(new URL('../../recordings/question.ogg', import.meta.url));
	hook.listen(0, '127.0.0.1');
	await once(hook, 'listening');
});
afterAll(async () => {
	await telegram?.close();
	hook.close();
	hook.closeAllConnections();
});

interface Reply {
	ok: boolean;
	result?: unknown;
	error_code?: number;
	description?: string;
}

const call = async (method: string, body: object | FormData = {}, token = telegram.token) => {
	const isForm = body instanceof FormData;
	const response = await fetch(`${telegram.url}/bot${token}/${method}`, {
		method: 'POST',
		...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
		body: isForm ? body : JSON.stringify(body),
	});
	return { status: response.status, ...((await response.json()) as Reply) };
};

const voiceForm = (bytes: Uint8Array, fields: Record<string, string>, field = 'voice') => {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	form.append(field, new File([new Uint8Array(bytes)], 'voice.ogg', { type: 'audio/ogg' }));
	return form;
};

test('a wrong bot token is 401', async () => {
	expect(await call('getMe')).toMatchObject({ ok: true, result: { is_bot: true } });
	expect(await call('getMe', {}, '1:wrong')).toEqual({
		status: 401,
		ok: false,
		error_code: 401,
		description: 'Unauthorized',
	});
});

test('unknown methods and fields are rejected', async () => {
	expect(await call('sendSmell')).toMatchObject({ status: 404, description: 'Not Found' });
	expect(await call('sendChatAction', { chat_id: 5, action: 'typing', smell: 1 })).toMatchObject({
		status: 400,
		description: expect.stringMatching(/smell/),
	});
	expect(await call('getFile', { file_id: 'none' })).toMatchObject({
		description: 'Bad Request: invalid file_id',
	});
});

test('a chat must be started by its user, webhook updates carry the secret token, and files can be downloaded', async () => {
	expect(await call('sendMessage', { chat_id: 5, text: 'Hi' })).toMatchObject({
		description: 'Bad Request: chat not found',
	});
	const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
	expect(await call('setWebhook', { url: 'http://example.com/', secret_token: 's' })).toMatchObject(
		{
			ok: false,
			description: expect.stringMatching(/HTTPS/),
		},
	);
	await call('setWebhook', { url, secret_token: 'the-secret', allowed_updates: ['message'] });
	await telegram.deliver({ chatId: 5, voice: note });
	const [update] = updates;
	expect(update?.secret).toBe('the-secret');
	const file_id = update?.body.message.voice?.file_id;
	const { result } = await call('getFile', { file_id });
	const { file_path } = result as { file_path: string };
	expect(file_path).toMatch(/\.oga$/);
	const file = await fetch(`${telegram.url}/file/bot${telegram.token}/${file_path}`);
	expect(Buffer.from(await file.arrayBuffer()).equals(note)).toBe(true);
	expect(await call('sendMessage', { chat_id: 5, text: 'Hi' })).toMatchObject({ ok: true });
});

describe('sendVoice', () => {
	const result = async (form: FormData) => await call('sendVoice', form);

	test('sendVoice makes a voice message of Ogg Opus and a document of anything else', async () => {
		expect(await result(voiceForm(note, { chat_id: '5' }))).toMatchObject({
			result: { voice: { file_size: note.length, mime_type: 'audio/ogg' } },
		});
		const noVoice = await result(voiceForm(Buffer.from('words'), { chat_id: '5' }));
		expect(noVoice).toMatchObject({ ok: true, result: { document: {} } });
		expect(noVoice.result).not.toHaveProperty('voice');
	});

	test('sendVoice requires a file in the field "voice" that is not empty', async () => {
		expect(await result(voiceForm(note, { chat_id: '5' }, 'audio'))).toMatchObject({ ok: false });
		expect(await result(voiceForm(Buffer.alloc(0), { chat_id: '5' }))).toMatchObject({
			description: 'Bad Request: file must be non-empty',
		});
	});

	test('the caption limit counts text without HTML tags, and invalid HTML is rejected', async () => {
		const caption = (text: string) =>
			result(voiceForm(note, { chat_id: '5', parse_mode: 'HTML', caption: text }));
		const link = '<a href="https://example.com/?a=1&amp;b=2">page</a>';
		expect(await caption(`${'x'.repeat(1020)}${link}`)).toMatchObject({ ok: true });
		expect(telegram.calls.at(-1)?.shown?.links).toEqual([
			{ url: 'https://example.com/?a=1&b=2', text: 'page' },
		]);
		expect(await caption(`${'x'.repeat(1021)}${link}`)).toMatchObject({
			description: 'Bad Request: message caption is too long',
		});
		for (const wrong of ['1 < 2', '<p>no</p>', '<b>open', '<b>crossed</i>'])
			expect(await caption(wrong)).toMatchObject({
				description: expect.stringMatching(/^Bad Request: can't parse entities: /),
			});
	});
});
