// Turns of one session, and the budget of a turn: order of the items, and waits that end with Timeout, barge-in or stop.
import { describe, expect, jest, test } from '@jest/globals';
import { faults } from '../../standin/index.mts';
import { recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { runAssistant } from '../../support/assistant-run.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture();

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

const CONVERSATIONS = '/v1/conversations';
const SPEECH = '/v1/audio/speech';
const ANSWER =
	'It is sunny in Paris this morning, with a light wind from the west. Take a hat with you, since it will be warm by noon. In the evening clouds come in from the sea.';

describe('items of one session', () => {
	test('a typed item does not overtake a recording that came before it', async () => {
		const { engine, standIn } = fixture;
		const asked: string[] = [];
		standIn.answerWith(({ question }) => {
			asked.push(question);
			return 'Noted.';
		});
		standIn.inject({ ...faults.slow(400), match: { path: '/v1/audio/transcriptions' } });
		const spoken = await engine.item(
			{ sessionId: 'ada' },
			{ bytes: recording('question.ogg'), fileName: 'q.ogg' },
		);
		const typed = { json: { sessionId: 'ada', text: 'And tomorrow?' } };
		const { items, error } = await runAssistant(engine, { items: [spoken, typed] });
		expect(error).toBeUndefined();
		expect(asked).toEqual([items[0]?.json.text, 'And tomorrow?']);
	});

	test('time in the queue of the session counts against Timeout', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({ ...faults.hang(), match: { path: CONVERSATIONS }, times: Infinity });
		const items = ['One', 'Two', 'Three'].map((text) => ({ json: { sessionId: 'ada', text } }));
		const began = performance.now();
		const { items: out } = await runAssistant(engine, {
			items,
			parameters: { options: { timeoutSeconds: 1 } },
			onError: 'continueRegularOutput',
		});
		expect(out.map(({ json }) => (json.details as { stage: string }).stage)).toEqual(
			items.map(() => 'ask.timed-out'),
		);
		// One after the other they would take three times as long.
		expect(performance.now() - began).toBeLessThan(2_500);
	});
});

describe('waiting for the characters a minute of the account', () => {
	const usedUp = {
		'x-ratelimit-limit-input-characters-minute': '120',
		'x-ratelimit-remaining-input-characters-minute': '0',
	};
	const longAnswer = () => {
		const { standIn } = fixture;
		standIn.answerWith(({ question }) => (question === 'First' ? ANSWER.repeat(3) : 'Good.'));
		standIn.inject({ match: { path: SPEECH }, headers: usedUp, times: Infinity });
	};
	const turn = async (text: string, seconds: number) =>
		await runAssistant(fixture.engine, {
			items: [{ json: { text, sessionId: 'ada' } }],
			streaming: true,
			parameters: { options: { timeoutSeconds: seconds, piecesAtOnce: 1 } },
		});

	test('ends with Timeout', async () => {
		longAnswer();
		const began = performance.now();
		const { json, error } = await turn('First', 3);
		expect(error).toBeUndefined();
		expect(json.speechProblem).toMatchObject({ stage: 'speak.timed-out' });
		expect(performance.now() - began).toBeLessThan(6_000);
	});

	test('ends with barge-in', async () => {
		longAnswer();
		const began = performance.now();
		const first = turn('First', 300);
		const speeches = () => fixture.standIn.requests.filter(({ path }) => path === SPEECH);
		for (let tries = 0; tries < 2_000 && !speeches()[0]?.completed; tries++) await pause(5);
		// By now the second chunk of text waits for its characters.
		await pause(300);
		const [earlier, later] = await Promise.all([first, turn('Second', 300)]);
		expect(later.json.output).toBe('Good.');
		expect(earlier.json.speechProblem).toMatchObject({ stage: 'speak.interrupted' });
		expect(performance.now() - began).toBeLessThan(20_000);
	});
});
