// A stopped execution: its sockets closed within a tenth of a second, nothing further sent.
import { expect, jest, test } from '@jest/globals';
import { faults } from '../../standin/index.mts';
import { KEY, recording, useBench } from '../../support/engine-fixture.mts';

jest.setTimeout(60_000);

const bench = useBench();
const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** The time until it is so, and how late this machine was meanwhile with what should take 2 ms. */
const until = async (
	isSo: () => boolean,
	limitMs: number,
): Promise<{ tookMs: number; lateMs: number }> => {
	const began = performance.now();
	let lateMs = 0;
	while (!isSo() && performance.now() - began < limitMs) {
		const slept = performance.now();
		await pause(2);
		lateMs += Math.max(0, performance.now() - slept - 4);
	}
	return { tookMs: performance.now() - began, lateMs };
};

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
	['while nothing comes', () => faults.hang()],
	['in the middle of an answer', () => faults.stallMidBody()],
	['while it drips', () => faults.drip(50)],
])('%s', async (_, fault) => {
	const { engine, standIn } = bench;
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
		await until(() => standIn.requests.length === 4, 10_000);
		await pause(50);
		expect(standIn.requests).toHaveLength(4);
		stop();
		const { tookMs, lateMs } = await until(
			() => standIn.requests.every(({ closedEarly }) => closedEarly),
			5_000,
		);
		expect(tookMs - lateMs).toBeLessThan(100);
		await pause(150);
		expect(standIn.requests).toHaveLength(4);
		await run;
	}
});

test('while it waits for the next try', async () => {
	const { engine, standIn } = bench;
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
	await until(() => standIn.requests.some(({ completed }) => completed), 10_000);
	await pause(50);
	stop();
	await run;
	await pause(150);
	expect(performance.now() - began).toBeLessThan(15_000);
	expect(standIn.requests).toHaveLength(1);
	expect(JSON.stringify(await run)).not.toContain(KEY);
});
