// The live lists of the editor: filtered, searchable, paged, and with an error message instead of an empty list.
import { describe, expect, test } from '@jest/globals';
import { startEngine } from '../../support/engine.mts';
import { useEngineFixture } from '../../support/engine-fixture.mts';

const fixture = useEngineFixture();

const MODEL_LISTS = [
	[
		'voxtralTranscribe',
		'searchTranscriptionModels',
		'voxtral-mini-latest',
		'voxtral-mini-tts-latest',
	],
	['mistralAgent', 'searchChatModels', 'mistral-small-latest', 'voxtral-mini-tts-latest'],
	['voxtralSpeak', 'searchSpeechModels', 'voxtral-mini-tts-latest', 'mistral-small-latest'],
] as const;

describe.each(MODEL_LISTS)('the model list of %s', (type, method, fitting, unfitting) => {
	test('the model list holds models with the capability, "latest" names first', async () => {
		const { results } = await fixture.engine.list(type, method);
		const ids = results.map(({ value }) => value);
		expect(ids).toContain(fitting);
		expect(ids).not.toContain(unfitting);
		const latest = ids.map((id) => String(id).endsWith('-latest'));
		expect(latest.lastIndexOf(true)).toBeLessThan(
			latest.includes(false) ? latest.indexOf(false) : Infinity,
		);
	});

	test('the model list can be searched', async () => {
		const { results } = await fixture.engine.list(type, method, fitting.toUpperCase());
		expect(results.map(({ value }) => value)).toContain(fitting);
		expect((await fixture.engine.list(type, method, 'nothing like this')).results).toEqual([]);
	});
});

describe('the voice list', () => {
	test('the pages of the voice list hold every voice once, the default included', async () => {
		const seen: string[] = [];
		let page: string | undefined;
		do {
			const { results, paginationToken } = await fixture.engine.list(
				'voxtralSpeak',
				'searchVoices',
				undefined,
				page,
			);
			seen.push(...results.map(({ value }) => String(value)));
			page = paginationToken;
		} while (page);
		expect(seen).toContain('gb_jane_neutral');
		expect(new Set(seen).size).toBe(seen.length);
	});

	test.each([
		['jane', 'gb_jane_neutral'],
		['french', 'fr_marie_neutral'],
		['gb_oliver', 'gb_oliver_neutral'],
	])('a search for %s in the voice list finds %s', async (wanted, voice) => {
		const { results } = await fixture.engine.list('voxtralSpeak', 'searchVoices', wanted);
		expect(results.map(({ value }) => value)).toContain(voice);
		expect(results.length).toBeLessThan(20);
	});

	test('the voice list falls back to the older endpoint where the newer one is missing', async () => {
		fixture.standIn.behave({ voicesV2Missing: true });
		const { results } = await fixture.engine.list('voxtralSpeak', 'searchVoices', 'jane');
		expect(results.map(({ value }) => value)).toContain('gb_jane_neutral');
		expect(fixture.standIn.requests.map(({ path }) => path)).toContain('/v1/audio/voices');
	});
});

test.each([
	...MODEL_LISTS.map(([type, method]) => [type, method] as const),
	['voxtralSpeak', 'searchVoices'] as const,
])('%s %s fails with the reason why there is no list', async (type, method) => {
	const engine = await startEngine({ apiKey: 'not-a-good-key', baseUrl: fixture.standIn.url });
	await expect(engine.list(type, method)).rejects.toMatchObject({
		message: expect.stringMatching(/does not accept the API Key/),
		description: expect.stringMatching(/console\.mistral\.ai/),
	});
	await engine.close();
});
