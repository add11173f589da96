// Concurrent items of one node in n8n's engine.
import { expect, test } from '@jest/globals';
import { useEngineFixture } from '../../support/engine-fixture.mts';

const fixture = useEngineFixture('filesystem');

const askNode = (more: object = {}) => ({
	type: 'mistralAgent',
	parameters: { prompt: 'Hi', ...more },
});

test('items run concurrently up to the limit and are returned in order', async () => {
	const { engine, standIn } = fixture;
	standIn.inject({ delayMs: 150, match: { path: '/v1/conversations' }, times: Infinity });
	const { items } = await engine.run({
		nodes: [askNode({ prompt: '={{ $json.n }}', options: { concurrency: 5 } })],
		items: Array.from({ length: 10 }, (_, n) => ({ json: { n: `number ${n}` } })),
	});
	expect(items.map(({ json }) => json.n)).toEqual(
		Array.from({ length: 10 }, (_, n) => `number ${n}`),
	);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
		Array.from({ length: 10 }, (_, item) => ({ item })),
	);
	const began = standIn.requests.map(({ receivedAtMs }) => receivedAtMs).sort((a, b) => a - b);
	const inFlight = began.map(
		(at) => began.filter((other) => other > at - 150 && other <= at).length,
	);
	expect(Math.max(...inFlight)).toBeLessThanOrEqual(5);
	expect(Math.max(...inFlight)).toBeGreaterThan(1);
});
