// Chaos test of Voxtral Assistant: faults are injected at random into one call in five. CHAOS_TURNS sets the number of turns.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import {
	injectRandomFaults,
	callFaults,
	seededRandom,
	NO_LEAKS,
	streamFaults,
	watchForLeaks,
} from '../../support/chaos.mts';
import { recording, sha256, useEngineFixture } from '../../support/engine-fixture.mts';
import { runAssistant } from '../../support/assistant-run.mts';

jest.setTimeout(300_000);

const TURNS = Number(process.env.CHAOS_TURNS ?? 12);
const ITEMS_A_RUN = 6;
const QUESTION = 'What is the weather in Paris today?';
const ANSWERS = [
	'It is sunny in Paris today, and warm. Take a hat.',
	'The train to the north is late again, by ten minutes.',
	'Good morning.',
];
const fixture = useEngineFixture('filesystem');

beforeAll(() => {
	jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterAll(() => {
	jest.restoreAllMocks();
});

const answerOf = (question: string) =>
	ANSWERS[Number(/\d+/.exec(question)?.[0] ?? 0) % ANSWERS.length] ?? '';

test('random fault injection causes no wrong, lost or reordered audio in assistant turns and no resource leak', async () => {
	const { engine, standIn } = fixture;
	const roll = seededRandom(20_261_122);
	const watched = watchForLeaks();
	const note = recording('question.ogg');
	const wrong: string[] = [];
	const outcomes = { spoken: 0, silent: 0, failed: 0 };
	const script = ({ history }: { history: { role?: unknown; content?: unknown }[] }) =>
		answerOf(String(history.at(-1)?.content));
	standIn.answerWith(script);
	const reference = new Map<string, string>();
	for (const [n, answer] of ANSWERS.entries()) {
		const items = [{ json: { text: `turn ${n}` } }];
		const { item } = await runAssistant(engine, { items, streaming: true });
		reference.set(answer, sha256(await engine.bytes(item)));
	}

	for (let turn = 0; turn < TURNS; turn += ITEMS_A_RUN) {
		injectRandomFaults(standIn, roll, [...callFaults, ...streamFaults], ITEMS_A_RUN * 4);
		const isSpoken = (n: number) => (turn + n) % 3 === 0;
		const items = await Promise.all(
			Array.from({ length: ITEMS_A_RUN }, async (_, n) =>
				isSpoken(n)
					? await engine.item({ turn: turn + n }, { bytes: note, fileName: 'q.ogg' })
					: { json: { turn: turn + n, text: `turn ${turn + n}` } },
			),
		);
		const run = await runAssistant(engine, {
			items,
			streaming: true,
			onError: 'continueRegularOutput',
		});
		if (run.error || run.items.length !== ITEMS_A_RUN)
			wrong.push(`run ${turn}: ${run.error?.message}`);
		for (const [n, item] of run.items.entries()) {
			const { json } = item;
			const name = `turn ${turn + n}`;
			if ((item.pairedItem as { item: number }).item !== n) wrong.push(`${name}: paired wrongly`);
			if (json.error !== undefined) {
				outcomes.failed += 1;
				if (item.binary) wrong.push(`${name}: audio with an error`);
				continue;
			}
			const text = answerOf(isSpoken(n) ? QUESTION : name);
			if (json.output !== text || json.turn !== turn + n) wrong.push(`${name}: another answer`);
			if (json.speechFailed) {
				outcomes.silent += 1;
				if (item.binary) wrong.push(`${name}: audio where speech failed`);
				continue;
			}
			outcomes.spoken += 1;
			if (reference.get(text) !== sha256(await engine.bytes(item)))
				wrong.push(`${name}: other audio`);
		}
		const begins = run.chunks.filter(({ type }) => type === 'begin').length;
		const ends = run.chunks.filter(({ type }) => type === 'end').length;
		if (begins !== ends) wrong.push(`run ${turn}: ${begins} begun, ${ends} ended`);
		standIn.requests.length = 0;
	}

	expect(wrong).toEqual([]);
	expect(outcomes.spoken + outcomes.silent + outcomes.failed).toBe(TURNS);
	expect(outcomes.spoken).toBeGreaterThan(TURNS * 0.6);
	expect(await watched.leaks()).toEqual(NO_LEAKS);
	watched.end();
});
