// Which error response means what: the sentence for each reason, at the edges between one reason and the next.
import { describe, expect, test } from '@jest/globals';
import { apiRoot } from '../../../../nodes/shared/http/base-url.ts';
import {
	readErrorBody,
	refusalFacts,
	statusOfErrorBody,
} from '../../../../nodes/shared/http/errors/error-response.ts';
import { networkCode, networkFacts } from '../../../../nodes/shared/http/errors/network-errors.ts';
import {
	durationText,
	isTransient,
	neverReachedServer,
	retryAfterMs,
} from '../../../../nodes/shared/http/retry.ts';

const refusal = (status: number, body: unknown = {}, headers: Record<string, string> = {}) =>
	refusalFacts('ask', status, JSON.stringify(body), headers);

describe('one sign is enough', () => {
	test.each([
		[400, { code: '1910' }, 'model-not-in-plan'],
		[400, { code: 1910 }, 'model-not-in-plan'],
		[400, { type: 'tier_not_allowed' }, 'model-not-in-plan'],
		[400, { code: '1500' }, 'unknown-model'],
		[400, { type: 'invalid_model' }, 'unknown-model'],
		[400, { code: '1902' }, 'unknown-voice'],
		[400, { type: 'invalid_voice' }, 'unknown-voice'],
		[400, { message: 'This Voice x was not found' }, 'unknown-voice'],
		[400, { message: 'voice x is not supported' }, 'unknown-voice'],
		[400, { message: 'invoice not found' }, 'rejected'],
		[404, { message: 'No route matched' }, 'wrong-base-url'],
		[400, { message: 'No route matched' }, 'rejected'],
		[404, {}, 'not-found'],
		[408, {}, 'server-trouble'],
		[425, {}, 'server-trouble'],
		[499, {}, 'rejected'],
		[500, {}, 'server-trouble'],
		[599, {}, 'server-trouble'],
		[299, {}, 'rejected'],
		[300, {}, 'redirected'],
		[399, {}, 'redirected'],
	])('%d %j: %s', (status, body, reason) => {
		expect(refusal(status, body).stage).toBe(`ask.${reason}`);
	});

	test.each([
		['0', 'no-allowance'],
		[' 0 ', 'no-allowance'],
		['60', 'rate-limited'],
	])('429 with an allowance of %j a minute: %s', (limit, reason) => {
		const headers = { 'x-ratelimit-limit-req-minute': limit };
		expect(refusal(429, {}, headers).stage).toBe(`ask.${reason}`);
	});

	test('an allowance says nothing about another status', () => {
		expect(refusal(500, {}, { 'x-ratelimit-limit-req-minute': '0' }).stage).toBe(
			'ask.server-trouble',
		);
	});
});

describe('what Mistral says is passed on where it helps', () => {
	const SAID = 'Mistral says: Odd thing.';
	test.each([
		[403, {}],
		[400, { code: '1500' }],
		[400, { code: '1902' }],
		[404, {}],
		[503, {}],
	])('%d %j', (status, more) => {
		const told = refusal(status, { message: 'Odd thing.', ...more });
		expect(told.hint?.startsWith(SAID)).toBe(true);
		const silent = refusal(status, more);
		expect(silent.hint).toMatch(/^[A-Z]/);
		expect(silent.hint).not.toContain('Mistral says');
	});

	test('a silent refusal is not filled with words', () => {
		expect(refusal(403).hint).toMatch(/^No reason was given\. /);
		expect(refusal(404).hint).toMatch(/^It may have been deleted/);
		expect(refusal(418).message).toBe('Mistral rejected the request');
		expect(refusal(418, { message: 'Tea. Pot.' }).message).toBe(
			'Mistral rejected the request: Tea. Pot',
		);
	});

	test.each([401, 402, 403, 404, 413, 418, 429, 500, 302])('%d says what to do', (status) => {
		const { message, hint } = refusal(status);
		expect(message).toMatch(/\w{3}/);
		expect(hint).toMatch(/\w{3}.*[^ ]$/);
	});

	test.each([
		[404, { message: 'no Route matched' }],
		[400, { type: 'tier_not_allowed' }],
		[400, { type: 'invalid_model' }],
		[400, { type: 'invalid_voice' }],
	])('%d %j says what to do', (status, body) => {
		expect(refusal(status, body)).toMatchObject({
			message: expect.stringMatching(/\w{3}/),
			hint: expect.stringMatching(/\w{3}/),
		});
	});

	test('an allowance of none and too many requests ask for different things', () => {
		const none = refusal(429, {}, { 'x-ratelimit-limit-req-minute': '0' });
		expect(none.message).toMatch(/no allowance/);
		expect(none.hint).toMatch(/Waiting will not change that/);
		expect(refusal(429).hint).toMatch(/Items at Once/);
	});
});

describe('what is known of it', () => {
	test('the code, the type and the number of the request', () => {
		const facts = refusal(400, { code: 3051 }, { 'x-kong-request-id': 'kong' });
		expect(facts).toMatchObject({ code: '3051', requestId: 'kong', status: 400 });
		const both = { 'x-kong-request-id': 'kong', 'mistral-correlation-id': 'own' };
		expect(refusal(400, {}, both).requestId).toBe('own');
		expect(refusal(400)).not.toHaveProperty('code');
		expect(refusal(400)).not.toHaveProperty('requestId');
	});

	test.each([
		[{ error: { code: 7, message: 'a', type: 't' } }, { message: 'a', code: '7', type: 't' }],
		[{ code: 1, error: { code: 2 } }, { code: '1' }],
		[{ type: 'x', error: { type: 'y' } }, { type: 'x' }],
		[{ error: 'plain' }, { message: 'plain' }],
		[{ message: ' a \n b ' }, { message: 'a b' }],
		[{ message: '', detail: 'b' }, { message: 'b' }],
		[{ message: 5, detail: 'b' }, { message: 'b' }],
		[{ message: { detail: [{ msg: 'm' }] }, detail: 'b' }, { message: 'm' }],
		[{ detail: [] }, {}],
		[{ detail: [{}, { msg: 'm' }] }, { message: 'm' }],
		[{ detail: [null, 5, { loc: 'x', msg: 'm' }] }, { message: 'm' }],
		[{ detail: [{ loc: ['body'], msg: 'm' }] }, { message: 'm' }],
		[{ detail: ['a', 'b', 'c', 'd'].map((msg) => ({ loc: [], msg })) }, { message: 'a; b; c' }],
		[{ code: '', type: '' }, {}],
	])('%j', (body, expected) => {
		expect(readErrorBody(JSON.stringify(body))).toEqual(expected);
	});

	test('is cut at three hundred characters', () => {
		const of = (length: number) => readErrorBody('x'.repeat(length)).message;
		expect(of(300)).toBe('x'.repeat(300));
		expect(of(301)).toBe(`${'x'.repeat(300)}…`);
	});

	test.each([' <html>', '  {"a', '   '])('%j says nothing', (text) => {
		expect(readErrorBody(text)).toEqual({});
	});
});

test.each([
	[{ object: 'error' }, 500],
	[{ object: 'error', raw_status_code: 399 }, 500],
	[{ object: 'error', raw_status_code: 400 }, 400],
	[{ object: 'error', raw_status_code: 599 }, 599],
	[{ object: 'error', raw_status_code: 600 }, 500],
	[{ object: 'error', raw_status_code: 429.5 }, 500],
	[{ object: 'error', raw_status_code: '429' }, 429],
	[{ error: { code: 503 } }, 503],
	[{ error: {} }, 500],
	[{ error: 'x' }, undefined],
	[{ object: 'list' }, undefined],
])('the status inside %j is %p', (body, status) => {
	expect(statusOfErrorBody(JSON.stringify(body))).toBe(status);
});

describe('no answer at all', () => {
	test.each([
		['ENOENT', 'file-unreadable', /file/],
		['EACCES', 'file-unreadable', /file/],
		['EPERM', 'file-unreadable', /file/],
		['EISDIR', 'file-unreadable', /file/],
		['EMFILE', 'file-unreadable', /file/],
		['ENOSPC', 'file-unreadable', /file/],
		['EIO', 'file-unreadable', /file/],
		['EPROTO', 'certificate', /does not speak https/],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'certificate', /does not speak https/],
		['ERR_SSL_OTHER', 'certificate', /no valid certificate/],
		['CERT_HAS_EXPIRED', 'certificate', /has expired/],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', /another name/],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', /nobody n8n trusts/],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', /nobody n8n trusts/],
		['ENOTFOUND', 'unreachable', /No server was found/],
		['EAI_AGAIN', 'unreachable', /No server was found/],
		['ERR_INVALID_URL', 'unreachable', /No server was found/],
		['ECONNREFUSED', 'unreachable', /No server answers/],
		['EHOSTUNREACH', 'unreachable', /No server answers/],
		['ENETUNREACH', 'unreachable', /No server answers/],
		['ERR_INVALID_CHAR', 'wrong-key', /character/],
		['ECONNRESET', 'connection-lost', /broke/],
	])('%s', (code, reason, message) => {
		const facts = networkFacts('ask', code, new Error('x'));
		expect(facts).toEqual({
			stage: `ask.${reason}`,
			message: expect.stringMatching(message),
			hint: expect.stringMatching(/\w{3}/),
			code,
		});
	});

	test('without a code there is none among the facts', () => {
		expect(networkFacts('ask', undefined)).not.toHaveProperty('code');
		expect(networkFacts('ask', undefined, new Error('Domain')).hint).toMatch(/allowed domains/);
		const advice = Object.assign(new Error('Domain'), { description: 'Ask the owner' });
		expect(networkFacts('ask', undefined, advice)).toMatchObject({
			hint: 'Ask the owner',
			message: 'n8n did not send the request: Domain',
		});
	});

	test.each([
		[{ code: 'AB' }, undefined],
		[{ code: 'ABC' }, 'ABC'],
		[{ code: 'E_A1' }, 'E_A1'],
		[{ code: '1ABC' }, undefined],
		[{ code: 'eabc' }, undefined],
		[{ code: 'ABC-D' }, undefined],
		[{ code: 42 }, undefined],
		[{ cause: { cause: { cause: { cause: { code: 'DEEP' } } } } }, 'DEEP'],
		[{ cause: { cause: { cause: { cause: { cause: { code: 'DEEPER' } } } } } }, undefined],
		[{ cause: null, errorResponse: { code: 'SECOND' } }, 'SECOND'],
		[null, undefined],
	])('the code of %j', (thrown, code) => {
		expect(networkCode(thrown)).toBe(code);
	});

	test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN'])(
		'%s never reached the server',
		(code) => {
			expect(neverReachedServer(code)).toBe(true);
		},
	);

	test.each([
		['ETIMEDOUT', true],
		['EPIPE', true],
		['ENOTFOUND', true],
		['EHOSTUNREACH', true],
		['ENETDOWN', true],
		['EAGAIN', true],
		['ERR_STREAM_PREMATURE_CLOSE', true],
		['ERR_BAD_RESPONSE', true],
		['ERR_NETWORK', true],
		['ERR_SOCKET_CLOSED', true],
		['ERR_CANCELED', true],
		['X_ECONNRESET', false],
		['SELF_Z_', false],
	])('%s may heal: %p', (code, heals) => {
		expect(isTransient(code)).toBe(heals);
	});
});

describe('waits', () => {
	test.each([
		[120_000, '120 seconds'],
		[120_001, '3 minutes'],
		[7_200_000, '120 minutes'],
		[7_200_001, '3 hours'],
		[172_800_000, '48 hours'],
		[172_800_001, 'more than two days'],
	])('%d ms are %s', (ms, words) => {
		expect(durationText(ms)).toBe(words);
	});

	const now = Date.parse('2026-11-22T10:00:00Z');
	test.each([
		[' Sun, 22 Nov 2026 10:00:30 GMT ', 30_000],
		['Sunday, 22-Nov-26 10:00:30 GMT', 30_000],
		['Sun Nov 22 10:00:30 2026 GMT', 30_000],
		['on Sun, 22 Nov 2026 10:00:30 GMT', undefined],
		['Sun, 22 Nov 2026 1:00:30 GMT', undefined],
		['Sun, 22 Nov 2026 10:00:3 GMT', undefined],
		['Sun, 22 Nov 2026 99:99:99 GMT', undefined],
		['1.25', 1_250],
		['2e10', 2e13],
		['x7', undefined],
		['7x', undefined],
		['1e999', undefined],
		[' ', undefined],
	])('a pause of %j is %p', (value, ms) => {
		expect(retryAfterMs({ 'retry-after': value }, now)).toBe(ms);
	});

	test('milliseconds before now are none', () => {
		expect(retryAfterMs({ 'retry-after-ms': '-5' }, now)).toBe(0);
		expect(retryAfterMs({ 'retry-after-ms': ' 12.5 ' }, now)).toBe(12.5);
	});
});

describe('addresses', () => {
	test.each([
		['  ', 'https://api.mistral.ai'],
		['https://a.example//', 'https://a.example'],
		['https://a.example/v1//', 'https://a.example'],
		['https://a.example//v1', 'https://a.example'],
		['https://a.example/v1/voices', 'https://a.example/v1/voices'],
		['https://a.example/v12', 'https://a.example/v12'],
		['https://a.example/x//v1/', 'https://a.example/x'],
		['http://127.1.2.3', 'http://127.1.2.3'],
	])('%j leads to %s', (text, url) => {
		expect(apiRoot(text)).toEqual({ url });
	});

	test.each([
		['not an address', /not a web address/],
		['ftp://a.example', /begin with https/],
		['https://user@a.example', /more than an address/],
		['https://:word@a.example', /more than an address/],
		['https://a.example/?x=1', /more than an address/],
		['https://a.example/#x', /more than an address/],
		['http://a.example', /not encrypted/],
		['http://localhost.example', /not encrypted/],
		['http://alocalhost', /not encrypted/],
	])('%s: %p', (text, message) => {
		expect(apiRoot(text)).toEqual({
			message: expect.stringMatching(message),
			hint: expect.stringMatching(/\w{3}/),
		});
	});
});
