// Cancellation of an execution: sockets closed within 100 ms, no further request.
import { expect, jest, test } from '@jest/globals';
import { faults } from '../../standin/index.mts';
import { KEY, recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { measureWait, pause } from '../../support/measured-wait.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture();

const SPEAK = {
	type: 'voxtralSpeak',
	parameters: { text: '={{ "Number " + $json.n }}', options: { concurrency: 4 } },
};
const ASK = {
	type: 'mistralAgent',
	parameters: { prompt: '={{ "Number " + $json.n }}', options: { concurrency: 4 } },
};
const TRANSCRIBE = { type: 'voxtralTranscribe', parameters: { options: { concurrency: 4 } } };

test.each([
	['while the server is silent', () => faults.hang()],
	['in the middle of a response body', () => faults.stallMidBody()],
	['during a response that drips byte by byte', () => faults.drip(50)],
])('cancelling %s closes all sockets and sends nothing more', async (_, fault) => {
	const { engine, standIn } = fixture;
	for (const node of [SPEAK, ASK, TRANSCRIBE]) {
		standIn.reset();
		standIn.inject({ ...fault(), match: { method: 'POST' }, times: Infinity });
		let stop = () => {};
		const bytes = recording('question.ogg');
		const items = await Promise.all(
			Array.from(
				{ length: 8 },
				async (__, n) => await engine.item({ n }, { bytes, fileName: 'q.ogg' }),
			),
		);
		const run = engine
			.run({
				nodes: [{ ...node, onError: 'continueRegularOutput' }],
				items,
				onStart: (cancel) => (stop = cancel),
			})
			.catch(() => undefined);
		await measureWait(() => standIn.requests.length === 4, 10_000);
		await pause(50);
		expect(standIn.requests).toHaveLength(4);
		stop();
		const { tookMs, lateMs } = await measureWait(
			() => standIn.requests.every(({ closedEarly }) => closedEarly),
			5_000,
		);
		expect(tookMs - lateMs).toBeLessThan(100);
		await pause(150);
		expect(standIn.requests).toHaveLength(4);
		await run;
	}
});

test('cancelling during retry backoff ends the wait and sends nothing more', async () => {
	const { engine, standIn } = fixture;
	standIn.inject({ ...faults.rateLimited('30'), match: { method: 'POST' }, times: Infinity });
	let stop = () => {};
	const began = performance.now();
	const run = engine
		.run({
			nodes: [{ ...SPEAK, onError: 'continueRegularOutput' }],
			items: [{ json: { n: 1 } }],
			onStart: (cancel) => (stop = cancel),
		})
		.catch(() => undefined);
	await measureWait(() => standIn.requests.some(({ completed }) => completed), 10_000);
	await pause(50);
	stop();
	await run;
	await pause(150);
	expect(performance.now() - began).toBeLessThan(15_000);
	expect(standIn.requests).toHaveLength(1);
	expect(JSON.stringify(await run)).not.toContain(KEY);
});

test('a cancelled execution aborts its request and sends no other', async () => {
	const { engine, standIn } = fixture;
	standIn.inject({ ...faults.hang(), match: { path: '/v1/audio/speech' }, times: 9 });
	await engine
		.run({
			nodes: [{ type: 'voxtralSpeak', parameters: { text: 'Good morning.', format: 'wav' } }],
			onStart: (cancel) => {
				const timer = setInterval(() => {
					if (standIn.requests.length === 0) return;
					clearInterval(timer);
					cancel();
				}, 5);
			},
		})
		.catch(() => undefined);
	for (let n = 0; n < 100 && !standIn.requests[0]?.closedEarly; n++) {
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	expect(standIn.requests.map(({ closedEarly }) => closedEarly)).toEqual([true]);
});
