// The credential: how its key travels, and its test, sent to the same addresses as every other request and to no others.
import { expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { MistralVoiceApi } from '../../../credentials/MistralVoiceApi.credentials.ts';
import { apiRoot } from '../../../nodes/shared/http/base-url.ts';

const { authenticate, test: credentialTest } = new MistralVoiceApi();
const [, expression] = /^=\{\{ (.*) \}\}$/.exec(String(credentialTest.request.baseURL)) ?? [];
const evaluate = ($credentials: { baseUrl?: string; allowHttp?: boolean }) =>
	runInNewContext(String(expression), { $credentials }) as string;

test('the key is put beside the other headers, without what was pasted around it, also a second time', async () => {
	const request = { url: 'https://api.mistral.ai/v1/models', headers: { Accept: 'text/plain' } };
	const expected = {
		...request,
		headers: { Accept: 'text/plain', Authorization: 'Bearer key-0123456789' },
	};
	const filled = await authenticate({ apiKey: ' key-0123456789\n' }, request);
	expect(filled).toEqual(expected);
	expect(await authenticate({ apiKey: 'key-0123456789' }, filled)).toEqual(expected);
});

test('its address is one expression, which nothing within it ends', () => {
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
])('%j: where every request goes', (baseUrl) => {
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
])('%s: the key does not travel unencrypted', (baseUrl) => {
	expect(apiRoot(baseUrl)).toHaveProperty('message');
	expect(evaluate({ baseUrl })).toMatch(/^https:\/\//);
});

test('unencrypted where it was allowed', () => {
	expect(evaluate({ baseUrl: 'http://10.0.0.5:8000/v1', allowHttp: true })).toBe(
		'http://10.0.0.5:8000',
	);
});

test('redirects are not followed', () => {
	expect(credentialTest.request.disableFollowRedirect).toBe(true);
});
