import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
	readErrorBody,
	refusalFacts,
} from '../../../../nodes/shared/http/errors/error-response.ts';
import { networkFacts } from '../../../../nodes/shared/http/errors/network-errors.ts';

describe('error bodies', () => {
	test.each([
		[
			"Mistral's own",
			'{"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500","raw_status_code":400}',
			{ message: 'Invalid model: x', code: '1500', type: 'invalid_model' },
		],
		[
			'a validation list inside message',
			'{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","speed"],"msg":"Extra inputs are not permitted","input":1.2}]},"type":"invalid_request_error","param":null,"code":null}',
			{ message: 'speed: Extra inputs are not permitted', type: 'invalid_request_error' },
		],
		[
			"FastAPI's list",
			'{"detail":[{"loc":["body","input"],"msg":"Field required","type":"missing","input":{},"ctx":{}},{"loc":["body","a",0],"msg":"b"}]}',
			{ message: 'input: Field required; a.0: b' },
		],
		['detail as text', '{"detail":"Invalid API Key"}\n', { message: 'Invalid API Key' }],
		[
			"the gateway's",
			'{"message":"no Route matched with those values","request_id":"r"}',
			{ message: 'no Route matched with those values' },
		],
		[
			"vLLM's",
			'{"error":{"message":"too long","type":"BadRequest","param":null,"code":400}}',
			{ message: 'too long', code: '400', type: 'BadRequest' },
		],
		['plain text', ' upstream gone \n', { message: 'upstream gone' }],
		['HTML', '<html><body>502</body></html>', {}],
		['nothing', '', {}],
		['broken JSON', '{"message":', {}],
		['a list', '[1]', { message: '[1]' }],
	])('%s', (_, text, expected) => {
		expect(readErrorBody(text)).toEqual(expected);
	});

	test('what the person sent is not repeated', () => {
		const body =
			'{"detail":[{"loc":["body","inputs"],"msg":"too long","input":"my secret diary"}]}';
		expect(JSON.stringify(readErrorBody(body))).not.toContain('diary');
	});

	test('any JSON at all is read without a fault, and shortly', () => {
		fc.assert(
			fc.property(fc.jsonValue(), fc.integer({ min: 300, max: 599 }), (value, status) => {
				const facts = refusalFacts(
					'speak',
					status,
					JSON.stringify({ message: value, detail: value }),
					{},
				);
				expect(facts.message.length).toBeLessThan(400);
				expect(facts.stage).toMatch(/^speak\.[a-z-]+$/);
			}),
		);
	});
});

describe('the message for a person', () => {
	test.each([
		[401, '{"detail":"Invalid API Key"}', 'unauthorized', /API Key/],
		[402, '', 'payment-required', /payment/],
		[403, '{"message":"x","code":"1910","type":"tier_not_allowed"}', 'model-not-in-plan', /Model/],
		[403, '{"message":"moderated"}', 'refused', /refused/],
		[
			400,
			'{"message":"Invalid model: x","code":"1500","type":"invalid_model"}',
			'unknown-model',
			/Model/,
		],
		[
			404,
			'{"message":"Voice \'x\' not found.","type":"invalid_voice","code":"1902"}',
			'unknown-voice',
			/Voice/,
		],
		[404, '{"message":"no Route matched with those values"}', 'wrong-base-url', /Base URL/],
		[404, '{"message":"Conversation not found"}', 'not-found', /cannot find/],
		[413, '', 'too-large', /larger/],
		[422, '{"detail":[{"loc":["body","language"],"msg":"bad"}]}', 'rejected', /language: bad/],
		[429, '{"message":"Rate limit exceeded","code":"1300"}', 'rate-limited', /more requests/],
		[302, '', 'redirected', /another address/],
		[500, '<html></html>', 'server-trouble', /could not answer/],
	])('%d %s', (status, body, reason, message) => {
		const facts = refusalFacts('transcribe', status, body, { 'mistral-correlation-id': 'id-1' });
		expect(facts.stage).toBe(`transcribe.${reason}`);
		expect(facts.message).toMatch(message);
		expect(facts.hint).toBeTruthy();
		expect(facts).toMatchObject({ status, requestId: 'id-1' });
	});

	test('a key without any allowance: waiting would not help', () => {
		const facts = refusalFacts('speak', 429, '{}', { 'x-ratelimit-limit-req-minute': '0' });
		expect(facts.stage).toBe('speak.no-allowance');
	});

	test.each([
		['ENOTFOUND', 'unreachable'],
		['ECONNREFUSED', 'unreachable'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
		['ECONNRESET', 'connection-lost'],
		[undefined, 'connection-lost'],
	])('network code %s', (code, reason) => {
		expect(networkFacts('ask', code).stage).toBe(`ask.${reason}`);
		expect(networkFacts('ask', code).hint).toBeTruthy();
	});
});
