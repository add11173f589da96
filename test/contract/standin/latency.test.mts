// Latency profiles and concurrency limit of the stand-in.
import { describe, expect, test } from '@jest/globals';
import { latencyProfiles } from '../../standin/index.mts';
import { form, recording, useStandInFixture } from './standin-fixture.mts';

const quick = {
	...latencyProfiles.cloud,
	transcriptionMs: 120,
	firstTokenMs: 80,
	firstAudioMs: 600,
	maxConcurrent: 2,
};
const fixture = useStandInFixture({ profile: quick });

async function took(work: () => Promise<Response>): Promise<number> {
	const start = performance.now();
	await (await work()).arrayBuffer();
	return performance.now() - start;
}

describe('latency profiles', () => {
	test('transcription and speech take the time of the profile, even when cached', async () => {
		const audio = await recording('question.ogg');
		const body = () => form({ model: 'voxtral-mini-latest' }, audio);
		const hear = () => fixture.call('/v1/audio/transcriptions', { method: 'POST', body: body() });
		const json = { input: 'Hello.', voice_id: 'gb_jane_neutral', response_format: 'wav' };
		const speak = () => fixture.call('/v1/audio/speech', { json });
		// The first calls do the work, the second ones are cached.
		await Promise.all([took(hear), took(speak)]);
		expect(await took(hear)).toBeGreaterThan(quick.transcriptionMs - 1);
		expect(await took(speak)).toBeGreaterThan(quick.firstAudioMs - 1);
	});

	test.each([true, false])('tokens are paced, streamed or not: %s', async (stream) => {
		const words = Array(40).fill('word').join(' ');
		fixture.standIn.answerWith(() => words);
		for (const [path, question] of [
			['/v1/conversations', { inputs: 'Hi' }],
			['/v1/chat/completions', { messages: [{ role: 'user', content: 'Hi' }] }],
		] as const) {
			const json = { model: 'mistral-small-latest', ...question, stream };
			const elapsed = await took(() => fixture.call(path, { json }));
			// Four characters a token; a timer may be early by a millisecond.
			const others = Math.ceil(words.length / 4) - 1;
			const dueMs = quick.firstTokenMs + (others / quick.tokensPerSecond) * 1000;
			expect(elapsed).toBeGreaterThan(dueMs - 2);
		}
	});

	test('the recorder logs when each event was sent', async () => {
		fixture.standIn.answerWith(() => 'one two three');
		const json = { model: 'mistral-small-latest', inputs: 'Hi', stream: true };
		await took(() => fixture.call('/v1/conversations', { json }));
		const { bodyReceivedAtMs = Number.NaN, sentAtMs } = fixture.standIn.requests.at(-1) ?? {
			sentAtMs: [],
		};
		// Started, three words, done.
		expect(sentAtMs).toHaveLength(5);
		expect(sentAtMs).toEqual([...sentAtMs].sort((one, other) => one - other));
		expect((sentAtMs[1] ?? 0) - bodyReceivedAtMs).toBeGreaterThan(quick.firstTokenMs - 1);
	});

	test('one request above the concurrency limit is 429 with Retry-After', async () => {
		const json = { input: 'Hello.', voice_id: 'gb_jane_neutral' };
		const responses = await Promise.all(
			[1, 2, 3].map(() => fixture.call('/v1/audio/speech', { json })),
		);
		expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
		const refused = responses.find(({ status }) => status === 429);
		expect(refused?.headers.get('retry-after')).toBe('1');
		expect((await fixture.call('/v1/audio/speech', { json })).status).toBe(200);
	});

	test('the profiles have the published figures', () => {
		expect(latencyProfiles.cloud).toMatchObject({
			transcriptionMs: 400,
			firstTokenMs: 330,
			tokensPerSecond: 93,
			firstAudioMs: 800,
			realTimeFactor: 0.1,
		});
		expect(latencyProfiles.fast).toMatchObject({
			transcriptionMs: 150,
			firstTokenMs: 120,
			tokensPerSecond: 250,
			firstAudioMs: 70,
			realTimeFactor: 0.103,
		});
		expect(latencyProfiles.limited.maxConcurrent).toBe(8);
	});
});
