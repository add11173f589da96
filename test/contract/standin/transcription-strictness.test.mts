// Transcription requests that the stand-in rejects.
import { describe, expect, test } from '@jest/globals';
import { form, recording, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();

describe('transcription requests', () => {
	const second = { model: 'voxtral-mini-latest' };
	const third = { model: 'voxtral-mini-transcribe-3-0' };
	const segment = { timestamp_granularities: 'segment' };
	const nine = JSON.stringify(Object.fromEntries([...'abcdefghi'].map((name) => [name, 'AAAA'])));

	async function send(fields: Record<string, string | string[]>, file?: Uint8Array) {
		const response = await fixture.call('/v1/audio/transcriptions', {
			method: 'POST',
			body: form(fields, file),
		});
		return { status: response.status, text: await response.text() };
	}

	test.each([
		[{}, 422, 'Field required'],
		[{ ...second, language: 'en-US' }, 422, 'language'],
		[{ ...second, language: 'english' }, 422, 'language'],
		[{ ...second, timestamp_granularities: 'sentence' }, 422, 'timestamp_granularities'],
		[{ ...second, diarize: 'maybe' }, 422, 'diarize'],
		[{ ...second, temperature: 'warm' }, 422, 'temperature'],
		[{ ...second, prompt: 'x' }, 422, 'Extra inputs'],
		[{ ...second, file_url: 'https://example.com/a.mp3' }, 422, 'Exactly one of file'],
		[{ ...second, context_bias: 'two words' }, 422, 'context_bias'],
		[
			{ ...second, context_bias: Array.from({ length: 101 }, (_, index) => `w${index}`) },
			422,
			'at most 100',
		],
		[{ ...second, diarize: 'true' }, 400, 'diarize requires'],
		[{ ...second, turn_detection: '{}' }, 400, 'turn_detection is only supported on the realtime'],
		[
			{ ...third, timestamp_granularities: 'word' },
			400,
			'Word-level segments are not enabled for this model',
		],
		[{ ...third, return_language: 'true', language: 'en' }, 400, 'return_language'],
		[
			{ ...third, ...segment, diarize: 'true', speaker_references: nine },
			400,
			'At most 8 speaker references are supported, got 9',
		],
		[{ model: 'voxtral-mini-tts-2603' }, 400, 'Invalid model: voxtral-mini-tts-2603'],
		[{ model: 'nope' }, 400, '"code":"1500"'],
	] as [Record<string, string | string[]>, number, string][])(
		'a transcription request with %j is rejected with %d: %s',
		async (fields, status, message) => {
			const found = await send(fields, await recording('question.ogg'));
			expect(found.text).toContain(message);
			expect(found.status).toBe(status);
		},
	);

	test('word timestamps on generation 3 are rejected with the documented body', async () => {
		const { text } = await send(
			{ ...third, timestamp_granularities: 'word' },
			await recording('question.ogg'),
		);
		expect(JSON.parse(text)).toEqual({
			object: 'error',
			message: 'Word-level segments are not enabled for this model',
			type: 'invalid_request_invalid_args',
			param: null,
			code: '3051',
			raw_status_code: 400,
		});
	});

	test('free-text context bias is accepted on generation 3', async () => {
		const bias = { context_bias: ['Hydra Zen', 'a talk about trains'] };
		expect((await send({ ...third, ...bias }, await recording('question.ogg'))).status).toBe(200);
	});

	test.each([
		['text', Buffer.from('This is not audio, whatever its name says.')],
		['nothing', Buffer.alloc(0)],
		['a header only', Buffer.from('ID3')],
		['an Ogg with rubbish', Buffer.concat([Buffer.from('OggS'), Buffer.alloc(500, 7)])],
	])('%s is rejected as not audio', async (_, bytes) => {
		const { status, text } = await send(second, bytes);
		expect(status).toBe(400);
		expect(text).toContain('could not be decoded');
	});

	test('a request without an audio source is rejected', async () => {
		expect((await send(second)).status).toBe(422);
	});

	test('a JSON body instead of multipart is rejected', async () => {
		expect((await fixture.call('/v1/audio/transcriptions', { json: second })).status).toBe(422);
	});
});
