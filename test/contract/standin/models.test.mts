// The models endpoint of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import { Mistral } from '@mistralai/mistralai';
import { useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();

describe('models', () => {
	test('the SDK reads every model, aliases included, with all capability flags', async () => {
		const { data = [] } = await fixture.client.models.list();
		const ids = data.map((card) => (card as { id: string }).id);
		for (const id of [
			'voxtral-mini-latest',
			'voxtral-mini-2602',
			'voxtral-mini-transcribe-3-0',
			'voxtral-mini-tts-2603',
			'voxtral-mini-tts-3-0',
			'mistral-small-latest',
		]) {
			expect(ids).toContain(id);
		}
		expect(new Set(ids).size).toBe(ids.length);
		for (const card of data) {
			expect(card).toMatchObject({
				type: 'base',
				capabilities: { audioSpeech: expect.any(Boolean) },
			});
		}
	});

	test('an alias names its model', async () => {
		const card = await fixture.client.models.retrieve({ modelId: 'voxtral-mini-latest' });
		expect(card).toMatchObject({
			id: 'voxtral-mini-latest',
			name: 'voxtral-mini-2602',
			capabilities: { audioTranscription: true, audioSpeech: false },
		});
	});

	test('an unknown model is an error', async () => {
		await expect(fixture.client.models.retrieve({ modelId: 'nope' })).rejects.toMatchObject({
			statusCode: 404,
		});
	});

	test('a base path before /v1 is accepted', async () => {
		const client = new Mistral({
			apiKey: 'stand-in-key',
			serverURL: `${fixture.standIn.url}/behind/a/proxy`,
		});
		const { data = [] } = await client.models.list();
		expect(data.length).toBeGreaterThan(10);
		expect(fixture.standIn.requests[0]?.path).toBe('/behind/a/proxy/v1/models');
	});

	test('every response has a correlation id header', async () => {
		const response = await fixture.call('/v1/models');
		expect(response.headers.get('mistral-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
		expect(response.headers.get('x-kong-request-id')).toBe(
			response.headers.get('mistral-correlation-id'),
		);
	});
});
