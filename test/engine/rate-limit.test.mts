// Rate limit with more concurrent items than the account allows: no item lost, few 429 responses, order kept.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type LatencyProfile, noLatency, type StandIn, startStandIn } from '../standin/index.mts';
import { KEY, recording } from '../support/engine-fixture.mts';
import { type Engine, startEngine } from '../support/engine.mts';

jest.setTimeout(180_000);

const question = recording('question.ogg');
const atOnce = 8;
const apiMs = 400;

function useLimited(profile: Partial<LatencyProfile>): { standIn: StandIn; engine: Engine } {
	const fixture: { standIn?: StandIn; engine?: Engine } = {};
	beforeAll(async () => {
		fixture.standIn = await startStandIn({ apiKeys: [KEY], profile: { ...noLatency, ...profile } });
		fixture.engine = await startEngine({ apiKey: KEY, baseUrl: fixture.standIn.url });
	});
	beforeEach(() => fixture.standIn?.reset());
	afterAll(async () => {
		await fixture.engine?.close();
		await fixture.standIn?.close();
	});
	return fixture as { standIn: StandIn; engine: Engine };
}

const spoken = async (engine: Engine, count: number) =>
	await Promise.all(
		Array.from({ length: count }, async (_, index) => {
			return await engine.item({ index }, { bytes: question, fileName: 'question.ogg' });
		}),
	);

describe('40 concurrent voice notes, rate limit 8', () => {
	const fixture = useLimited({ transcriptionMs: apiMs, maxConcurrent: atOnce });

	test.each([40, 200])(
		'%i voice notes all succeed in order with few 429 responses',
		async (count) => {
			const { standIn, engine } = fixture;
			const notes = await spoken(engine, count);
			const node = {
				type: 'voxtralTranscribe',
				parameters: { options: { concurrency: 40 } },
				onError: 'continueErrorOutput' as const,
			};
			const { items, errorItems } = await engine.run({ nodes: [node], items: notes });
			const { requests } = standIn;
			const refused = requests.filter(({ status }) => status === 429);
			const good = requests.filter(({ status }) => status === 200);
			const from = Math.min(...requests.map(({ receivedAtMs }) => receivedAtMs));
			const to = Math.max(...good.map(({ sentAtMs }) => sentAtMs.at(-1) ?? 0));
			const share = good.length / ((to - from) / 1000) / ((atOnce / apiMs) * 1000);
			process.stdout.write(
				`${count} notes: ${errorItems.length} lost, ${refused.length} rejected with 429, ${(share * 100).toFixed(1)} % of the limit's rate\n`,
			);
			expect(errorItems).toEqual([]);
			expect(items.map(({ json }) => json.index)).toEqual([...Array(count).keys()]);
			expect(items.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
			if (count === 200) expect(requests.length).toBeLessThanOrEqual(1.15 * count);
		},
	);
});

describe('whole turns with one rate limit for all endpoints', () => {
	const turns = {
		transcriptionMs: 100,
		firstTokenMs: 100,
		tokensPerSecond: 100,
		firstAudioMs: 150,
		realTimeFactor: 0.02,
	};

	describe('rate limit 8', () => {
		const fixture = useLimited({ ...turns, maxConcurrent: 8 });

		test.each([false, true])(
			'24 concurrent turns are all answered with speech (streaming: %s)',
			async (streaming) => {
				const { standIn, engine } = fixture;
				const node = {
					type: 'voxtralAssistant',
					parameters: { options: { concurrency: 24 } },
					onError: 'continueErrorOutput' as const,
				};
				const items = await spoken(engine, 24);
				const run = await engine.run({ nodes: [node], items, streaming });
				const refused = standIn.requests.filter(({ status }) => status === 429);
				process.stdout.write(
					`24 turns: ${run.errorItems.length} lost, ${refused.length} of ${standIn.requests.length} requests rejected with 429\n`,
				);
				expect(run.errorItems.map(({ json }) => json)).toEqual([]);
				expect(run.items.map(({ json }) => [json.index, json.spoken])).toEqual(
					items.map((_, index) => [index, true]),
				);
			},
		);
	});

	describe('rate limit 1', () => {
		const fixture = useLimited({ ...turns, maxConcurrent: 1 });

		test.each([false, true])(
			'an answer is spoken while its own stream still occupies the only slot (streaming: %s)',
			async (streaming) => {
				const { engine } = fixture;
				const items = await spoken(engine, 1);
				const { items: made, error } = await engine.run({
					nodes: [{ type: 'voxtralAssistant' }],
					items,
					streaming,
				});
				expect(error).toBeUndefined();
				expect(made[0]?.json).toMatchObject({ spoken: true });
			},
		);
	});
});
