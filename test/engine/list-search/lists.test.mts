// The live lists of the editor: what fits, searchable, paged, and a reason instead of an empty list.
import { describe, expect, test } from '@jest/globals';
import { startEngine } from '../../support/engine.mts';
import { useBench } from '../../support/engine-fixture.mts';

const bench = useBench();

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

describe.each(MODEL_LISTS)('models of %s', (type, method, fitting, unfitting) => {
	test('are those that can do the job, moving names first', async () => {
		const { results } = await bench.engine.list(type, method);
		const ids = results.map(({ value }) => value);
		expect(ids).toContain(fitting);
		expect(ids).not.toContain(unfitting);
		const latest = ids.map((id) => String(id).endsWith('-latest'));
		expect(latest.lastIndexOf(true)).toBeLessThan(
			latest.includes(false) ? latest.indexOf(false) : Infinity,
		);
	});

	test('can be searched', async () => {
		const { results } = await bench.engine.list(type, method, fitting.toUpperCase());
		expect(results.map(({ value }) => value)).toContain(fitting);
		expect((await bench.engine.list(type, method, 'nothing like this')).results).toEqual([]);
	});
});

describe('voices', () => {
	test('all pages together hold every voice once, the default among them', async () => {
		const seen: string[] = [];
		let page: string | undefined;
		do {
			const { results, paginationToken } = await bench.engine.list(
				'voxtralSpeak',
				'searchVoices',
				undefined,
				page,
			);
			seen.push(...results.map(({ value }) => String(value)));
			page = paginationToken as string | undefined;
		} while (page);
		expect(seen).toContain('gb_jane_neutral');
		expect(new Set(seen).size).toBe(seen.length);
	});

	test.each([
		['jane', 'gb_jane_neutral'],
		['french', 'fr_marie_neutral'],
		['gb_oliver', 'gb_oliver_neutral'],
	])('a search for %s finds %s', async (wanted, voice) => {
		const { results } = await bench.engine.list('voxtralSpeak', 'searchVoices', wanted);
		expect(results.map(({ value }) => value)).toContain(voice);
		expect(results.length).toBeLessThan(20);
	});

	test('come from the older list where the newer one is missing', async () => {
		bench.standIn.behave({ voicesV2Missing: true });
		const { results } = await bench.engine.list('voxtralSpeak', 'searchVoices', 'jane');
		expect(results.map(({ value }) => value)).toContain('gb_jane_neutral');
		expect(bench.standIn.requests.map(({ path }) => path)).toContain('/v1/audio/voices');
	});
});

test.each([
	...MODEL_LISTS.map(([type, method]) => [type, method] as const),
	['voxtralSpeak', 'searchVoices'] as const,
])('%s %s says why there is no list', async (type, method) => {
	const engine = await startEngine({ apiKey: 'not-a-good-key', baseUrl: bench.standIn.url });
	await expect(engine.list(type, method)).rejects.toMatchObject({
		message: expect.stringMatching(/does not accept the API Key/),
		description: expect.stringMatching(/console\.mistral\.ai/),
	});
	await engine.close();
});
