// Cancellation of Voxtral Assistant in every stage: sockets closed within 100 ms, no further request.
import { expect, jest, test } from '@jest/globals';
import { type Fault, faults } from '../../standin/index.mts';
import { recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { runAssistant } from '../../support/assistant-run.mts';
import { measureWait, pause } from '../../support/measured-wait.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture();

const SPEECH = '/v1/audio/speech';
const LONG =
	'It is sunny in Paris this morning, with a light wind from the west. Take a hat with you, since it will be warm by noon. In the evening clouds come in from the sea, and it cools down a little.';

/** How each stage is reached: path of its requests, how many, and the fault that keeps them open. */
const STAGES: [string, string, number, () => Fault][] = [
	['during transcription', '/v1/audio/transcriptions', 1, () => faults.hang()],
	['before the answer begins', '/v1/conversations', 1, () => faults.hang()],
	['while the answer streams', '/v1/conversations', 1, () => faults.stallAfterEvents(6)],
	['while speech streams', SPEECH, 2, () => faults.stallAfterEvents(2)],
	['before speech begins', SPEECH, 2, () => faults.hang()],
	['during retry backoff', SPEECH, 2, () => faults.rateLimited('30')],
];

test.each(STAGES)(
	'cancelling %s closes all sockets and sends nothing more',
	async (_, path, count, fault) => {
		const { engine, standIn } = fixture;
		standIn.answerWith(() => LONG);
		standIn.inject({ ...fault(), match: { method: 'POST', path }, times: Infinity });
		const item = await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
		for (const streaming of [true, false]) {
			standIn.requests.length = 0;
			let stop = () => {};
			const run = runAssistant(engine, {
				items: [item],
				streaming,
				onStart: (cancel) => (stop = cancel),
			}).catch(() => undefined);
			const at = () => standIn.requests.filter((request) => request.path === path);
			await measureWait(() => at().length >= count, 15_000);
			await pause(150);
			const sent = standIn.requests.length;
			stop();
			const open = () =>
				standIn.requests.some((request) => !request.completed && !request.closedEarly);
			const { tookMs, lateMs } = await measureWait(() => !open(), 5_000);
			expect(tookMs - lateMs).toBeLessThan(100);
			await run;
			await pause(200);
			expect(standIn.requests).toHaveLength(sent);
		}
	},
);

test('barge-in closes speech requests that have not been answered yet', async () => {
	const { engine, standIn } = fixture;
	standIn.answerWith(({ question }) => (question === 'First' ? LONG : 'Good morning.'));
	standIn.inject({ ...faults.hang(), match: { method: 'POST', path: SPEECH } });
	const turn = async (text: string) =>
		await runAssistant(engine, { items: [{ json: { text, sessionId: 'ada' } }], streaming: true });
	const held = () => standIn.requests.find(({ path }) => path === SPEECH);
	const first = turn('First');
	await measureWait(() => held() !== undefined, 15_000);
	const second = turn('Second');
	await measureWait(() => held()?.closedEarly === true, 10_000);
	expect(held()?.closedEarly).toBe(true);
	expect((await first).json.speechProblem?.stage).toBe('speak.interrupted');
	expect((await second).json.spokenText).toBe('Good morning.');
});

test('an expression that fails in a parameter fails the item before anything is sent', async () => {
	const { engine, standIn } = fixture;
	const item = await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
	const instructions = '={{ $("Nowhere").item.json.text }}';
	const { error } = await runAssistant(engine, { items: [item], parameters: { instructions } });
	expect(error?.message).toContain("Referenced node doesn't exist");
	expect(standIn.requests).toEqual([]);
});
