import { expect, test } from '@jest/globals';
import { apiRoot } from '../../../nodes/shared/http/base-url.ts';

test.each([
	['', 'https://api.mistral.ai'],
	['https://api.mistral.ai', 'https://api.mistral.ai'],
	[' https://api.mistral.ai/v1/ ', 'https://api.mistral.ai'],
	['https://api.eu.mistral.ai/', 'https://api.eu.mistral.ai'],
	['https://proxy.example.com/mistral/v1', 'https://proxy.example.com/mistral'],
	['http://localhost:8080', 'http://localhost:8080'],
	['http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080'],
	['http://[::1]:8080', 'http://[::1]:8080'],
])('%p leads to %s', (text, url) => {
	expect(apiRoot(text)).toEqual({ url });
});

test.each([
	'api.mistral.ai',
	'ftp://api.mistral.ai',
	'https://user:pass@api.mistral.ai',
	'https://api.mistral.ai/?key=1',
	'http://api.mistral.ai',
	'http://127.0.0.1.evil.example',
	'http://localhost.evil.example',
])('%s is refused with advice', (text) => {
	expect(apiRoot(text)).toEqual({
		message: expect.stringContaining('Base URL'),
		hint: expect.any(String),
	});
});

test('http to elsewhere needs the switch in the credential', () => {
	expect(apiRoot('http://10.0.0.5:8000', true)).toEqual({ url: 'http://10.0.0.5:8000' });
	expect(apiRoot('http://10.0.0.5:8000', false)).toHaveProperty('hint');
});
