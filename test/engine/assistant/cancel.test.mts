// A stopped turn: its sockets closed within a tenth of a second, nothing further sent, whichever stage it was in.
import { expect, jest, test } from '@jest/globals';
import { type Fault, faults } from '../../standin/index.mts';
import { recording, useBench } from '../../support/engine-fixture.mts';
import { talk } from '../../support/assistant-run.mts';

jest.setTimeout(60_000);

const bench = useBench();
const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** The time until it is so, and how late this machine was meanwhile with what should take 2 ms. */
const until = async (isSo: () => boolean, limitMs: number) => {
	const began = performance.now();
	let lateMs = 0;
	while (!isSo() && performance.now() - began < limitMs) {
		const slept = performance.now();
		await pause(2);
		lateMs += Math.max(0, performance.now() - slept - 4);
	}
	return { tookMs: performance.now() - began, lateMs };
};

const SPEECH = '/v1/audio/speech';
const LONG =
	'It is sunny in Paris this morning, with a light wind from the west. Take a hat with you, since it will be warm by noon. In the evening clouds come in from the sea, and it cools down a little.';

/** Until the stage is reached: the path of its requests, how many, and what keeps them open. */
const STAGES: [string, string, number, () => Fault][] = [
	['while it listens', '/v1/audio/transcriptions', 1, () => faults.hang()],
	['while it waits for an answer', '/v1/conversations', 1, () => faults.hang()],
	['while the answer is written', '/v1/conversations', 1, () => faults.stallAfterEvents(6)],
	['while it speaks', SPEECH, 2, () => faults.stallAfterEvents(2)],
	['before the speech begins', SPEECH, 2, () => faults.hang()],
	['while it waits for the next try', SPEECH, 2, () => faults.rateLimited('30')],
];

test.each(STAGES)('%s', async (_, path, count, fault) => {
	const { engine, standIn } = bench;
	standIn.answerWith(() => LONG);
	standIn.inject({ ...fault(), match: { method: 'POST', path }, times: Infinity });
	const item = await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
	for (const streaming of [true, false]) {
		standIn.requests.length = 0;
		let stop = () => {};
		const run = talk(engine, {
			items: [item],
			streaming,
			onStart: (cancel) => (stop = cancel),
		}).catch(() => undefined);
		const at = () => standIn.requests.filter((request) => request.path === path);
		await until(() => at().length >= count, 15_000);
		await pause(150);
		const sent = standIn.requests.length;
		stop();
		const open = () =>
			standIn.requests.some((request) => !request.completed && !request.closedEarly);
		const { tookMs, lateMs } = await until(() => !open(), 5_000);
		expect(tookMs - lateMs).toBeLessThan(100);
		await run;
		await pause(200);
		expect(standIn.requests).toHaveLength(sent);
	}
});

test('a turn that is talked over lets go of speech that has not begun', async () => {
	const { engine, standIn } = bench;
	standIn.answerWith(({ question }) => (question === 'First' ? LONG : 'Good morning.'));
	standIn.inject({ ...faults.hang(), match: { method: 'POST', path: SPEECH } });
	const turn = async (text: string) =>
		await talk(engine, { items: [{ json: { text, sessionId: 'ada' } }], streaming: true });
	const held = () => standIn.requests.find(({ path }) => path === SPEECH);
	const first = turn('First');
	await until(() => held() !== undefined, 15_000);
	const second = turn('Second');
	await until(() => held()?.closedEarly === true, 10_000);
	expect(held()?.closedEarly).toBe(true);
	expect((await first).json.speechProblem.stage).toBe('speak.interrupted');
	expect((await second).json.spokenText).toBe('Good morning.');
});

test('settings that cannot be computed end the upload that has begun', async () => {
	const { engine, standIn } = bench;
	standIn.inject({ ...faults.hang(), match: { method: 'POST', path: '/v1/audio/transcriptions' } });
	const item = await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
	const instructions = '={{ $("Nowhere").item.json.text }}';
	const { error } = await talk(engine, { items: [item], parameters: { instructions } });
	expect(error?.message).toContain("Referenced node doesn't exist");
	await until(() => standIn.requests.every(({ closedEarly }) => closedEarly), 10_000);
	expect(standIn.requests.map(({ path, closedEarly }) => [path, closedEarly])).toEqual([
		['/v1/audio/transcriptions', true],
	]);
});
