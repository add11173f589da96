// What the stand-in rejects: wrong keys, unknown routes, unknown and invalid fields.
import { describe, expect, test } from '@jest/globals';
import { useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();

interface Detail {
	type: string;
	loc: (string | number)[];
	msg: string;
}

async function refusal(path: string, json: unknown) {
	const response = await fixture.call(path, { json });
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const details = (body: Record<string, unknown>) => (body['message'] as { detail: Detail[] }).detail;

describe('authentication and routing', () => {
	test.each([
		['no key', {}],
		['a wrong key', { authorization: 'Bearer nope' }],
		['a wrong x-api-key', { 'x-api-key': 'nope' }],
		['a key without Bearer', { authorization: 'stand-in-key' }],
	])('%s is 401 with a string detail', async (_, headers) => {
		const response = await fetch(`${fixture.standIn.url}/v1/models`, { headers });
		expect(response.status).toBe(401);
		expect(await response.text()).toBe('{"detail":"Invalid API Key"}\n');
	});

	test('the x-api-key header is accepted', async () => {
		const headers = { 'x-api-key': 'stand-in-key' };
		expect((await fixture.call('/v1/models', { headers })).status).toBe(200);
	});

	test.each([
		'/v1/nope',
		'/v1/models/',
		'/v1/v1/models',
		'/models',
		'//v1/models',
		'/v3/models',
		'/',
	])('%s is 404, no such route', async (path) => {
		const response = await fixture.call(path);
		expect(response.status).toBe(404);
		expect(await response.json()).toEqual({
			message: 'no Route matched with those values',
			request_id: expect.any(String),
		});
	});

	test('a wrong method is 405', async () => {
		expect((await fixture.call('/v1/models', { method: 'DELETE' })).status).toBe(405);
	});

	test('a body that is not JSON, or has another content type, is 422', async () => {
		for (const contentType of ['application/json', 'text/plain']) {
			const response = await fixture.call('/v1/audio/speech', {
				method: 'POST',
				headers: { 'content-type': contentType },
				body: contentType === 'text/plain' ? '{"input":"x"}' : '{"input":',
			});
			expect(response.status).toBe(422);
		}
	});
});

const agentTurn = { model: 'mistral-small-latest', inputs: 'Hello' };
const speech = { model: 'voxtral-mini-tts-2603', input: 'Hello', voice_id: 'gb_jane_neutral' };
const chat = { model: 'mistral-small-latest', messages: [{ role: 'user', content: 'Hello' }] };
const thirdSpeech = { ...speech, model: 'voxtral-mini-tts-3-0' };

describe('unknown keys', () => {
	test.each([
		['/v1/audio/speech', { ...speech, speed: 1.2 }, ['body', 'speed']],
		['/v1/audio/speech', { ...speech, language: 'en' }, ['body', 'language']],
		['/v1/audio/speech', { ...speech, expressiveness: 2 }, ['body', 'expressiveness']],
		['/v1/audio/speech', { ...thirdSpeech, instructions: 'x' }, ['body', 'instructions']],
		['/v1/conversations', { ...agentTurn, user: 'x' }, ['body', 'user']],
		[
			'/v1/conversations',
			{ ...agentTurn, completion_args: { seed: 1 } },
			['body', 'completion_args', 'seed'],
		],
		[
			'/v1/conversations',
			{ ...agentTurn, tools: [{ type: 'web_search', location: 'Paris' }] },
			['body', 'tools', 0, 'web_search', 'location'],
		],
		['/v1/agents', { model: 'mistral-small-latest', name: 'x', color: 'red' }, ['body', 'color']],
		['/v1/chat/completions', { ...chat, user: 'x' }, ['body', 'user']],
		['/v1/audio/voices', { name: 'x', sample_audio: 'AAAA', mood: 'y' }, ['body', 'mood']],
	])('%s rejects unknown keys in %j', async (path, json, loc) => {
		const { status, body } = await refusal(path, json);
		expect(status).toBe(422);
		expect(body).toMatchObject({
			object: 'error',
			type: 'invalid_request_error',
			param: null,
			code: null,
		});
		expect(details(body)).toEqual([
			expect.objectContaining({
				type: 'extra_forbidden',
				loc,
				msg: 'Extra inputs are not permitted',
			}),
		]);
	});

	test('append rejects model and tools', async () => {
		const first = (await (await fixture.call('/v1/conversations', { json: agentTurn })).json()) as {
			conversation_id: string;
		};
		for (const extra of [{ model: 'mistral-small-latest' }, { tools: [] }, { instructions: 'x' }]) {
			const path = `/v1/conversations/${first.conversation_id}`;
			expect((await refusal(path, { inputs: 'Again', ...extra })).status).toBe(422);
		}
	});

	test('unknown keys can be allowed, and validation errors can have the FastAPI shape', async () => {
		fixture.standIn.behave({ fastApiValidation: true });
		const { body } = await refusal('/v1/audio/speech', { ...speech, speed: 1.2 });
		expect(body).toEqual({ detail: [expect.objectContaining({ loc: ['body', 'speed'] })] });
		fixture.standIn.behave({ lenientUnknownKeys: true });
		expect((await refusal('/v1/audio/speech', { ...speech, speed: 1.2 })).status).toBe(200);
	});
});

describe('invalid values', () => {
	test.each([
		['/v1/audio/speech', { ...speech, input: undefined }, 422, 'Field required'],
		['/v1/audio/speech', { ...speech, input: '' }, 422, 'at least 1 character'],
		['/v1/audio/speech', { ...speech, response_format: 'aac' }, 422, "'pcm'"],
		['/v1/audio/speech', { ...speech, model: 'nope' }, 400, 'Invalid model: nope'],
		['/v1/audio/speech', { ...speech, model: 'mistral-small-latest' }, 400, 'Invalid model'],
		[
			'/v1/audio/speech',
			{ ...speech, voice_id: undefined },
			400,
			'Either ref_audio or voice must be provided.',
		],
		['/v1/audio/speech', { ...speech, voice_id: 'voice_481' }, 400, 'not supported for speech v1'],
		['/v1/audio/speech', { ...speech, ref_audio: 'aGVsbG8=' }, 400, 'could not be decoded'],
		['/v1/audio/speech', { ...speech, ref_audio: 'https://example.com/a.mp3' }, 422, 'base64'],
		['/v1/audio/speech', { ...thirdSpeech, expressiveness: 6 }, 422, 'less than or equal to 5'],
		[
			'/v1/audio/speech',
			{ ...thirdSpeech, phoneme_hints: { Hello: ['xx'] } },
			422,
			'Accepted phonemes',
		],
		['/v1/conversations', { inputs: 'Hello' }, 422, 'Exactly one of model and agent_id'],
		[
			'/v1/conversations',
			{ ...agentTurn, agent_id: 'ag_1' },
			422,
			'Exactly one of model and agent_id',
		],
		['/v1/conversations', { inputs: 'Hello', agent_id: 'ag_1' }, 404, "Agent 'ag_1' not found."],
		['/v1/conversations', { ...agentTurn, model: 'voxtral-mini-latest' }, 400, 'Invalid model'],
		[
			'/v1/conversations',
			{ ...agentTurn, completion_args: { temperature: 1.5 } },
			422,
			'less than or equal to 1',
		],
		['/v1/conversations', { ...agentTurn, inputs: '' }, 422, 'expected'],
		[
			'/v1/conversations',
			{
				...agentTurn,
				inputs: [{ role: 'user', content: [{ type: 'input_audio', input_audio: 'x' }] }],
			},
			422,
			'expected tags',
		],
		[
			'/v1/conversations',
			{ ...agentTurn, inputs: [{ type: 'tool.execution', id: 'x', name: 'web_search' }] },
			422,
			'expected tags',
		],
		[
			'/v1/conversations',
			{ ...agentTurn, tools: [{ type: 'web_search' }], completion_args: { tool_choice: 'any' } },
			400,
			'tool_choice',
		],
		[
			'/v1/conversations/conv_nope',
			{ inputs: 'Hello' },
			404,
			"Conversation 'conv_nope' not found.",
		],
		['/v1/chat/completions', { ...chat, tools: [{ type: 'web_search' }] }, 422, 'expected tags'],
		[
			'/v1/chat/completions',
			{ ...chat, messages: [{ role: 'robot', content: 'x' }] },
			422,
			"'role'",
		],
	])('%s rejects %j with %d: %s', async (path, json, status, message) => {
		const found = await refusal(path, json);
		expect(found.status).toBe(status);
		expect(JSON.stringify(found.body)).toContain(message === 'expected' ? 'detail' : message);
	});

	test('an unknown voice is 404 with code 1902', async () => {
		const { status, body } = await refusal('/v1/audio/speech', { ...speech, voice_id: 'x' });
		expect(status).toBe(404);
		expect(body).toEqual({
			object: 'error',
			message: "Voice 'x' not found.",
			type: 'invalid_voice',
			param: null,
			code: '1902',
			raw_status_code: 404,
		});
	});
});
