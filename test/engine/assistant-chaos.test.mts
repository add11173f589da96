// Turns of the assistant on a bad day: every call has one chance in five to go wrong. CHAOS_TURNS sets how many.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { faults, type Fault } from '../standin/index.mts';
import { recording, sha256, useBench } from '../support/bench.mts';
import { talk } from '../support/talk.mts';

jest.setTimeout(300_000);

const TURNS = Number(process.env.CHAOS_TURNS ?? 12);
const ITEMS_A_RUN = 6;
const QUESTION = 'What is the weather in Paris today?';
const ANSWERS = [
	'It is sunny in Paris today, and warm. Take a hat.',
	'The train to the north is late again, by ten minutes.',
	'Good morning.',
];
const PATHS = ['/v1/audio/transcriptions', '/v1/conversations', '/v1/audio/speech'];

const bench = useBench('filesystem');

/** Mulberry32: the same day each time. */
function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

const KINDS: readonly (() => Fault)[] = [
	() => faults.serverError(500),
	() => faults.serverErrorHtml(502),
	() => faults.rateLimitedForMs(1),
	() => faults.resetBeforeBody(),
	() => faults.resetBeforeResponse(),
	() => faults.resetMidBody(),
	() => faults.closeMidBody(400),
	() => faults.cleanCloseMidBody(),
	() => faults.htmlPage(),
	() => faults.emptyReply(),
	() => faults.notHttp(),
	() => faults.moderated(),
	() => faults.resetAfterEvents(1),
	() => faults.endAfterEvents(2),
	() => faults.errorEvent(),
	() => faults.noisyStream(),
];

const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => {
	jest.spyOn(Math, 'random').mockReturnValue(0);
	process.on('unhandledRejection', noteUnhandled);
});
afterAll(() => {
	process.off('unhandledRejection', noteUnhandled);
	jest.restoreAllMocks();
});

const answerOf = (question: string) =>
	ANSWERS[Number(/\d+/.exec(question)?.[0] ?? 0) % ANSWERS.length] ?? '';

test('no wrong audio, nothing lost or out of order, nothing left behind', async () => {
	const { engine, standIn } = bench;
	const roll = dice(20_261_122);
	const note = recording('question.ogg');
	const wrong: string[] = [];
	const outcomes = { spoken: 0, silent: 0, failed: 0 };
	const script = ({ history }: { history: { role?: unknown; content?: unknown }[] }) =>
		answerOf(String(history.at(-1)?.content));
	standIn.answerWith(script as never);
	const reference = new Map<string, string>();
	for (const [n, answer] of ANSWERS.entries()) {
		const items = [{ json: { text: `turn ${n}` } }];
		const { item } = await talk(engine, { items, streaming: true });
		reference.set(answer, sha256(await engine.bytes(item)));
	}

	for (let turn = 0; turn < TURNS; turn += ITEMS_A_RUN) {
		for (const path of PATHS) {
			standIn.heal(path);
			for (let call = 0; call < ITEMS_A_RUN * 4; call++) {
				const kind = roll() < 0.2 ? KINDS[Math.floor(roll() * KINDS.length)] : undefined;
				standIn.inject({ ...kind?.(), match: { method: 'POST', path } });
			}
		}
		const isSpoken = (n: number) => (turn + n) % 3 === 0;
		const items = await Promise.all(
			Array.from({ length: ITEMS_A_RUN }, async (_, n) =>
				isSpoken(n)
					? await engine.item({ turn: turn + n }, { bytes: note, fileName: 'q.ogg' })
					: { json: { turn: turn + n, text: `turn ${turn + n}` } },
			),
		);
		const run = await talk(engine, { items, streaming: true, onError: 'continueRegularOutput' });
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
	await new Promise((resolve) => setTimeout(resolve, 300));
	expect(unhandled).toEqual([]);
});
