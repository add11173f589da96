import { describe, expect, test } from '@jest/globals';
import { networkCode, networkFacts } from '../../../../nodes/shared/http/errors/network-errors.ts';
import { durationText, isTransient } from '../../../../nodes/shared/http/retry.ts';
import { statusOfErrorBody } from '../../../../nodes/shared/http/errors/error-response.ts';

test('the code is found wherever it was wrapped', () => {
	const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' });
	expect(networkCode(reset)).toBe('ECONNRESET');
	expect(networkCode(new Error('y', { cause: reset }))).toBe('ECONNRESET');
	expect(networkCode({ errorResponse: reset })).toBe('ECONNRESET');
	expect(networkCode({ code: '500' })).toBeUndefined();
	expect(networkCode('text')).toBeUndefined();
});

test.each([
	['ECONNRESET', true],
	['EAI_AGAIN', true],
	['HPE_INVALID_CONSTANT', true],
	['Z_DATA_ERROR', true],
	['CERT_HAS_EXPIRED', false],
	['DEPTH_ZERO_SELF_SIGNED_CERT', false],
	['EPROTO', false],
	['ERR_INVALID_CHAR', false],
	['ENOENT', false],
	[undefined, false],
])('%s may heal: %p', (code, expected) => {
	expect(isTransient(code)).toBe(expected);
});

describe('what no server answered', () => {
	test.each([
		['EPROTO', 'certificate', /does not speak https/],
		['CERT_HAS_EXPIRED', 'certificate', /has expired/],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', /another name/],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', /nobody n8n trusts/],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', /nobody n8n trusts/],
		['CERT_REVOKED', 'certificate', /no valid certificate/],
		['ERR_INVALID_CHAR', 'wrong-key', /API Key/],
		['ENOENT', 'file-unreadable', /file/],
		['HPE_INVALID_CONSTANT', 'connection-lost', /connection/],
	])('%s', (code, reason, message) => {
		const facts = networkFacts('ask', code, new Error('x'));
		expect(facts).toMatchObject({
			stage: `ask.${reason}`,
			message: expect.stringMatching(message),
		});
		expect(facts.hint).toBeTruthy();
	});

	test("n8n's own refusal keeps its words", () => {
		const facts = networkFacts('ask', undefined, new Error('Domain not allowed: evil.example'));
		expect(facts).toMatchObject({
			stage: 'ask.not-sent',
			message: expect.stringContaining('Domain not allowed'),
		});
	});
});

test.each([
	[0, '0 seconds'],
	[1, '1 second'],
	[30_000, '30 seconds'],
	[600_000, '10 minutes'],
	[86_400_000, '24 hours'],
	[1e12, 'more than two days'],
])('%d ms are %s', (ms, words) => {
	expect(durationText(ms)).toBe(words);
});

test.each([
	['{"object":"error","message":"x","raw_status_code":429}', 429],
	['{"object":"error","message":"x"}', 500],
	['{"error":{"message":"x","code":404}}', 404],
	['{"detail":"broken"}', 500],
	['{"text":"Hello","error":null}', undefined],
	['{"text":"He', undefined],
	['[]', undefined],
	['', undefined],
])('the status inside %s is %p', (text, status) => {
	expect(statusOfErrorBody(text)).toBe(status);
});
