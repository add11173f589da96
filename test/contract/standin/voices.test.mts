// The voices endpoints of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import { recording, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();

describe('voices through the SDK', () => {
	test('presets are listed page by page', async () => {
		const first = await fixture.client.audio.voices.list({ limit: 7 });
		expect(first).toMatchObject({ page: 1, pageSize: 7, total: 40, totalPages: 6 });
		const slugs = new Set(first.items.map(({ slug }) => slug));
		for (let offset = 7; offset < 40; offset += 7) {
			const { items } = await fixture.client.audio.voices.list({ limit: 7, offset });
			for (const { slug } of items) slugs.add(slug);
		}
		expect(slugs.size).toBe(40);
		expect(slugs).toContain('gb_jane_neutral');
		expect(slugs).toContain('voice_481');
	});

	test('a voice is found by slug and by id', async () => {
		const bySlug = await fixture.client.audio.voices.get({ voiceId: 'gb_jane_neutral' });
		expect(bySlug.id).toBe('82c99ee6-f932-423f-a4a3-d403c8914b8d');
		expect(await fixture.client.audio.voices.get({ voiceId: bySlug.id })).toEqual(bySlug);
	});

	test('a voice can be created, updated, played, used and deleted', async () => {
		const { voices } = fixture.client.audio;
		const sample = await recording('question.wav');
		const made = await voices.create({
			name: 'Ada',
			sampleAudio: sample.toString('base64'),
			sampleFilename: 'ada.wav',
			languages: ['en'],
			gender: 'female',
		});
		expect((await voices.list({ type: 'custom' })).items.map(({ name }) => name)).toEqual(['Ada']);
		const changed = await voices.update({
			voiceId: made.id,
			voiceUpdateRequest: { name: 'Ada B', tags: ['calm'] },
		});
		expect(changed).toMatchObject({ id: made.id, name: 'Ada B', tags: ['calm'], gender: 'female' });
		const heard = await voices.getSampleAudio({ voiceId: made.id });
		expect(Buffer.from(await new Response(heard as ReadableStream).arrayBuffer())).toEqual(sample);
		const spoken = await fixture.client.audio.speech.complete({
			model: 'voxtral-mini-tts-2603',
			input: 'Hello.',
			voiceId: made.id,
		});
		expect('audioData' in spoken).toBe(true);
		expect(await voices.delete({ voiceId: made.id })).toMatchObject({ id: made.id });
		await expect(voices.get({ voiceId: made.id })).rejects.toMatchObject({ statusCode: 404 });
	});

	test('a preset voice can be played but not deleted', async () => {
		const response = await fixture.call('/v1/audio/voices/fr_marie_neutral/sample');
		expect(response.headers.get('content-type')).toBe('audio/wav');
		expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
		const { status } = await fixture.call('/v1/audio/voices/fr_marie_neutral', {
			method: 'DELETE',
		});
		expect(status).toBe(403);
	});
});

describe('the second version of the list', () => {
	interface Page {
		data: { slug: string; languages: string[]; gender: string }[];
		next_page_token: string | null;
	}
	const page = async (query: string) =>
		(await (await fixture.call(`/v2/audio/voices?${query}`)).json()) as Page;

	test('the version 2 list pages by token until null', async () => {
		const slugs: string[] = [];
		let token: string | null = '';
		while (token !== null) {
			const next: Page = await page(`page_size=9${token === '' ? '' : `&page_token=${token}`}`);
			slugs.push(...next.data.map(({ slug }) => slug));
			token = next.next_page_token;
		}
		expect(slugs).toHaveLength(40);
		expect(new Set(slugs).size).toBe(40);
	});

	test('the version 2 list filters by language prefix, gender and words', async () => {
		const english = await page('language=en&page_size=100');
		expect(new Set(english.data.flatMap(({ languages }) => languages))).toEqual(
			new Set(['en_us', 'en_gb']),
		);
		const women = await page('gender=female&language=fr&page_size=100');
		expect(women.data.length).toBeGreaterThan(0);
		expect(women.data.every(({ slug }) => slug.startsWith('fr_marie'))).toBe(true);
		expect((await page('query=oliver&page_size=100')).data).toHaveLength(7);
	});

	test('the version 2 list can be switched off', async () => {
		fixture.standIn.behave({ voicesV2Missing: true });
		expect((await fixture.call('/v2/audio/voices')).status).toBe(404);
		expect((await fixture.call('/v1/audio/voices')).status).toBe(200);
	});
});
