// Chaos test of the three nodes: faults are injected at random into one call in five. CHAOS_TURNS sets the number of turns.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { StructuredChunk } from 'n8n-workflow';
import { startStandIn, type StandIn } from '../standin/index.mts';
import {
	injectRandomFaults,
	callFaults,
	seededRandom,
	NO_LEAKS,
	streamFaults,
	watchForLeaks,
} from '../support/chaos.mts';
import { recording, sha256 } from '../support/engine-fixture.mts';
import { CANARY as KEY } from '../support/canary.mts';
import { type Engine, startEngine } from '../support/engine.mts';

jest.setTimeout(900_000);

const TURNS = Number(process.env.CHAOS_TURNS ?? 1_000);
const ITEMS_A_RUN = 10;
const QUESTION = 'What is the weather in Paris today?';

/** Some answers are spoken in one request, some in three: one for each sentence. */
const ANSWERS = [
	'It is sunny.',
	'It is sunny in Paris today, and it will stay warm until late. Take a hat with you, since there will hardly be a cloud. In the evening a light wind comes up from the west.',
	'The train is late.',
	'Good morning.',
	'The train to the north is late again, by a little over ten minutes. The one to the south has left already, on time as always. The next one to the west is only for those with a ticket.',
];

let standIn: StandIn;
let engine: Engine;
/** The audio of each answer without faults: streamed, and as a whole file. */
const reference = new Map<string, string>();

const speakNode = (text: string) => ({
	type: 'voxtralSpeak',
	parameters: { text, options: { timeoutSeconds: 60, pieceCharacters: 60 } },
});

beforeAll(async () => {
	jest.spyOn(Math, 'random').mockReturnValue(0);
	standIn = await startStandIn({ apiKeys: [KEY] });
	engine = await startEngine({ apiKey: KEY, baseUrl: standIn.url }, 'filesystem');
	for (const streaming of [false, true]) {
		for (const text of ANSWERS) {
			const { items } = await engine.run({ nodes: [speakNode(text)], streaming });
			reference.set(`${streaming} ${text}`, sha256(await engine.bytes(items[0])));
		}
	}
	expect(standIn.requests).toHaveLength(2 * 9);
	expect(new Set(reference.values()).size).toBeGreaterThanOrEqual(ANSWERS.length);
});

afterAll(async () => {
	jest.restoreAllMocks();
	await engine.close();
	await standIn.close();
});

/** What a streaming caller received of one item of one node, in order. */
const contents = (chunks: readonly StructuredChunk[], node: string, itemIndex: number): string[] =>
	chunks
		.filter(({ type, metadata }) => type === 'item' && metadata.itemIndex === itemIndex)
		.filter(({ metadata }) => metadata.nodeName.startsWith(node))
		.map(({ content }) => content ?? '');
const said = (chunks: readonly StructuredChunk[], node: string, itemIndex: number) =>
	contents(chunks, node, itemIndex).join('');
const audioOf = (chunks: readonly StructuredChunk[], itemIndex: number) =>
	contents(chunks, 'voxtralSpeak', itemIndex).map((text) => JSON.parse(text) as { seq: number });

test('random fault injection causes no wrong, lost or reordered audio in the three-node chain and no resource leak', async () => {
	const roll = seededRandom(20_261_122);
	const watched = watchForLeaks();
	const wrong: string[] = [];
	const outcomes = { spoken: 0, failed: 0, live: 0 };
	const note = recording('question.ogg');
	standIn.answerWith(
		({ question }) => ANSWERS[Number(/\d+/.exec(question)?.[0] ?? 0) % ANSWERS.length],
	);

	for (let turn = 0; turn < TURNS; turn += ITEMS_A_RUN) {
		const inRun = Math.min(ITEMS_A_RUN, TURNS - turn);
		const streaming = (turn / ITEMS_A_RUN) % 2 === 1;
		const kinds = streaming ? [...callFaults, ...streamFaults] : callFaults;
		injectRandomFaults(standIn, roll, kinds, inRun * 8);
		const input = await Promise.all(
			Array.from(
				{ length: inRun },
				async (_, n) => await engine.item({ turn: turn + n }, { bytes: note, fileName: 'q.ogg' }),
			),
		);
		const { items, error, chunks } = await engine.run({
			streaming,
			nodes: [
				{
					type: 'voxtralTranscribe',
					parameters: { options: { timeoutSeconds: 60, streamText: true } },
					onError: 'continueRegularOutput',
				},
				{
					type: 'mistralAgent',
					parameters: {
						prompt: '={{ $json.text ? "turn " + $json.turn + ": " + $json.text : "" }}',
						options: { timeoutSeconds: 60 },
					},
					onError: 'continueRegularOutput',
				},
				{
					...speakNode('={{ $json.error ? "" : $json.speech }}'),
					onError: 'continueRegularOutput',
				},
			],
			items: input,
		});
		if (error || items.length !== inRun)
			wrong.push(`run ${turn}: ${error?.message ?? items.length}`);
		for (const [n, item] of items.entries()) {
			const { json } = item;
			if ((item.pairedItem as { item: number }).item !== n)
				wrong.push(`turn ${turn + n}: paired wrongly`);
			if (JSON.stringify(json).includes(KEY)) wrong.push(`turn ${turn + n}: the key`);
			if (json.error !== undefined) {
				outcomes.failed += 1;
				if (item.binary) wrong.push(`turn ${turn + n}: audio with an error`);
				continue;
			}
			outcomes.spoken += 1;
			if (streaming) {
				outcomes.live += 1;
				const heardLive = said(chunks, 'mistralAgent', n);
				if (heardLive !== json.output) wrong.push(`turn ${turn + n}: live "${heardLive}"`);
				const parts = audioOf(chunks, n);
				if (parts.length === 0 || parts.some(({ seq }, index) => seq !== index))
					wrong.push(`turn ${turn + n}: live audio ${parts.map(({ seq }) => seq).join()}`);
			}
			const text = ANSWERS[(turn + n) % ANSWERS.length] ?? '';
			const heard = reference.get(`${streaming} ${text}`) === sha256(await engine.bytes(item));
			if (!heard || json.turn !== turn + n || json.text !== QUESTION || json.output !== text) {
				wrong.push(`turn ${turn + n}: ${JSON.stringify(json).slice(0, 200)}`);
			}
		}
		standIn.requests.length = 0;
	}

	expect(wrong).toEqual([]);
	expect(outcomes.spoken + outcomes.failed).toBe(TURNS);
	// Moderation refusals are final; nearly everything else succeeds after retries.
	expect(outcomes.spoken).toBeGreaterThan(TURNS * 0.8);
	expect(outcomes.failed).toBeGreaterThan(0);
	// A stream that breaks after text was passed on cannot be retried.
	expect(outcomes.live).toBeGreaterThan(TURNS * 0.3);
	expect(await watched.leaks()).toEqual(NO_LEAKS);
	watched.end();
});
