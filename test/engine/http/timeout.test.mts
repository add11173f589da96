// Timeouts of the HTTP client in n8n's engine: silent servers, stalled and dripping responses.
import { expect, test } from '@jest/globals';
import { faults } from '../../standin/index.mts';
import { useEngineFixture } from '../../support/engine-fixture.mts';

const fixture = useEngineFixture('filesystem');

const speakNode = (more: object = {}) => ({
	type: 'voxtralSpeak',
	parameters: { text: 'Good morning.', format: 'wav', ...more },
});

test.each([
	['a server that never answers', () => faults.hang()],
	['a server that stops after its headers', () => faults.stallAfterHeaders()],
	['a server that drips single bytes', () => faults.drip(20)],
])('%s is aborted when Timeout is over', async (_, fault) => {
	const { engine, standIn } = fixture;
	standIn.inject({ ...fault(), match: { path: '/v1/audio/speech' }, times: 9 });
	const began = performance.now();
	const { error } = await engine.run({ nodes: [speakNode({ options: { timeoutSeconds: 1 } })] });
	expect(error?.message).toMatch(/did not finish within the time allowed/);
	expect(error?.description).toMatch(/Timeout/);
	expect(performance.now() - began).toBeLessThan(5_000);
	for (let n = 0; n < 300 && !standIn.requests[0]?.closedEarly; n++)
		await new Promise((resolve) => setTimeout(resolve, 10));
	expect(standIn.requests.map(({ closedEarly }) => closedEarly)).toEqual([true]);
});
