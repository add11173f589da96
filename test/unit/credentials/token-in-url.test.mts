// The credential Token in URL: the token is inserted into URLs of its own host only, and into no request that n8n stores.
import { describe, expect, test } from '@jest/globals';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { TokenInUrlApi } from '../../../credentials/TokenInUrlApi.credentials.ts';

const { authenticate, properties } = new TokenInUrlApi();
const telegram = { token: ' 123:AA-b_c ', baseUrl: 'https://api.telegram.org/bot{token}' };
const fill = async (options: object, credentials: Record<string, string> = telegram) =>
	await authenticate(credentials, options as IHttpRequestOptions);

describe('the token', () => {
	test('the token replaces its placeholder in a copy of the request', async () => {
		const asked = { url: 'https://api.telegram.org/bot{token}/sendVoice?x={token}', body: {} };
		const sent = await fill(asked);
		expect(sent.url).toBe('https://api.telegram.org/bot123:AA-b_c/sendVoice?x={token}');
		expect(asked.url).toBe('https://api.telegram.org/bot{token}/sendVoice?x={token}');
		expect(sent.body).toBe(asked.body);
	});

	test('the token is inserted for the HTTP Request node and for the credential test', async () => {
		const uri = 'https://api.telegram.org/bot{token}/sendVoice';
		expect(await fill({ uri })).toEqual({
			uri: 'https://api.telegram.org/bot123:AA-b_c/sendVoice',
		});
		const baseURL = 'https://api.telegram.org/bot{token}';
		expect(await fill({ baseURL, url: '/getMe' })).toEqual({
			url: 'https://api.telegram.org/bot123:AA-b_c/getMe',
		});
	});

	test('a request repeated after a 401 is not changed again', async () => {
		const once = await fill({ url: 'https://api.telegram.org/bot{token}/getMe' });
		expect(await fill(once)).toEqual(once);
	});

	test('a token cannot change the path beyond its placeholder', async () => {
		const sent = await fill(
			{ url: 'https://api.telegram.org/bot{token}/getMe' },
			{ ...telegram, token: 'a/../b?c#d' },
		);
		expect(new URL(sent.url).pathname).toBe('/bota%2F..%2Fb%3Fc%23d/getMe');
	});

	test("an empty Base URL means Telegram's, and a trailing slash is ignored", async () => {
		const url = 'https://api.telegram.org/bot{token}/getMe';
		const filled = { url: 'https://api.telegram.org/bot123:AA-b_c/getMe' };
		expect(await fill({ url }, { token: telegram.token, baseUrl: '' })).toEqual(filled);
		expect(await fill({ url }, { ...telegram, baseUrl: `${telegram.baseUrl}/` })).toEqual(filled);
	});
});

test.each([
	'https://example.com/bot{token}/sendVoice',
	'https://api.telegram.org.example.com/bot{token}/sendVoice',
	'https://api.telegram.org/bot{token}@example.com/',
	'https://api.telegram.org/bot{token}',
	'http://api.telegram.org/bot{token}/sendVoice',
	'/sendVoice',
])('%s is rejected without naming the token', async (url) => {
	const refusal = fill({ url });
	await expect(refusal).rejects.toThrow(
		'This credential is only for addresses that begin with https://api.telegram.org/bot{token}/',
	);
	await expect(refusal).rejects.not.toThrow('AA-b_c');
});

test('the token is a password field in the editor', () => {
	expect(properties.find(({ name }) => name === 'token')?.typeOptions).toEqual({ password: true });
});
