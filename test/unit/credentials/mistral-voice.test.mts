// The Mistral Voice credential: its authorization header, and the base URLs of its test, which are those of every request.
import { expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { MistralVoiceApi } from '../../../credentials/MistralVoiceApi.credentials.ts';
import { apiRoot } from '../../../nodes/shared/http/base-url.ts';

const { authenticate, test: credentialTest } = new MistralVoiceApi();
const [, expression] = /^=\{\{ (.*) \}\}$/.exec(String(credentialTest.request.baseURL)) ?? [];
const evaluate = ($credentials: { baseUrl?: string; allowHttp?: boolean }) =>
	runInNewContext(String(expression), { $credentials }) as string;

test('the API key is added to the other headers, trimmed, and again on a retry', async () => {
	const request = { url: 'https://api.mistral.ai/v1/models', headers: { Accept: 'text/plain' } };
	const expected = {
		...request,
		headers: { Accept: 'text/plain', Authorization: 'Bearer key-0123456789' },
	};
	const filled = await authenticate({ apiKey: ' key-0123456789\n' }, request);
	expect(filled).toEqual(expected);
	expect(await authenticate({ apiKey: 'key-0123456789' }, filled)).toEqual(expected);
});

test('the URL of the credential test is one expression, which no value can close', () => {
	expect(expression).toBeDefined();
	expect(expression).not.toMatch(/\{\{|\}\}/);
});

test.each([
	'',
	'https://api.mistral.ai',
	' https://api.mistral.ai/v1/ ',
	'https://proxy.example:8443/mistral/',
	'http://localhost:5678',
	'http://localhost',
	'http://127.0.0.1:5678/v1',
	'http://[::1]:8000/',
])('base URL %j of the credential test is that of every request', (baseUrl) => {
	expect(apiRoot(baseUrl)).toEqual({ url: evaluate({ baseUrl }) });
});

test.each([
	'http://api.mistral.ai',
	'HTTP://api.mistral.ai',
	'http://10.0.0.5:8000/v1',
	'http://localhost.example.com',
	'http://localhost:secret@example.com',
	'http://localhost@example.com',
	'http://127.0.0.1.example.com',
])('%s is rejected, since the API key would be sent unencrypted', (baseUrl) => {
	expect(apiRoot(baseUrl)).toHaveProperty('message');
	expect(evaluate({ baseUrl })).toMatch(/^https:\/\//);
});

test('unencrypted http is allowed by Allow HTTP', () => {
	expect(evaluate({ baseUrl: 'http://10.0.0.5:8000/v1', allowHttp: true })).toBe(
		'http://10.0.0.5:8000',
	);
});

test('the credential test does not follow redirects', () => {
	expect(credentialTest.request.disableFollowRedirect).toBe(true);
});
