// Voxtral Assistant with a streaming trigger: event order, filler audio, resumed speech, barge-in.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { faults, type StandIn, startStandIn } from '../../standin/index.mts';
import { KEY, recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { type Engine, startEngine } from '../../support/engine.mts';
import { runAssistant, type TurnEvent, transcriptOf } from '../../support/assistant-run.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture('filesystem');

const ANSWER =
	'It is **sunny** in Paris this morning, with [a light wind](https://example.com/wind) from the west. Take a hat with you, since it will be warm by noon. In the evening clouds come in from the sea, and it cools down a little. Have a good day!';
const SPOKEN =
	'It is sunny in Paris this morning, with a light wind from the west. Take a hat with you, since it will be warm by noon. In the evening clouds come in from the sea, and it cools down a little. Have a good day!';
const page = {
	type: 'tool_reference',
	tool: 'web_search',
	title: 'Wind',
	url: 'https://x.example/',
};
const searched = (text = ANSWER) => [
	{
		type: 'tool.execution',
		name: 'web_search',
		function: 'web_search',
		arguments: '{"query":"x"}',
	},
	{ type: 'message.output', content: [{ type: 'text', text }, page] },
];

const spoken = async () =>
	await fixture.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
const inputs = ({ requests } = fixture.standIn) =>
	requests
		.filter(({ path }) => path === '/v1/audio/speech')
		.map(({ json }) => (json as { input: string }).input);

/** The event stream in a comparable form: repeated events of a type become one, without times and samples. */
const story = (chunks: readonly TurnEvent[]) =>
	chunks.reduce<TurnEvent[]>((kinds, { timings, data, seq, ...chunk }) => {
		const last = kinds.at(-1);
		const isSame = last?.type === chunk.type && last.piece === chunk.piece;
		if (isSame && last.delta !== undefined) last.delta += chunk.delta ?? '';
		else if (!isSame) kinds.push({ ...chunk });
		return kinds;
	}, []);

describe('the event stream of a turn', () => {
	test('text before a web search is spoken while the search runs', async () => {
		fixture.standIn.answerWith(() => [
			{ type: 'message.output', content: [{ type: 'text', text: 'I look it up.' }] },
			...searched(),
		]);
		const { json, events } = await runAssistant(fixture.engine, {
			items: [await spoken()],
			streaming: true,
		});
		expect(inputs().slice(0, 2)).toEqual(['I look it up.', 'It is sunny in Paris this morning,']);
		expect(json.output).toBe(`I look it up.\n\n${ANSWER}`);
		expect(json.spokenText).toBe(`I look it up. ${SPOKEN}`);
		const deltas = events.filter(({ type }) => type === 'text').map(({ delta }) => delta);
		expect(deltas.join('')).toBe(json.output);
	});

	test('events arrive in the documented order, from transcript to done', async () => {
		fixture.standIn.answerWith(() => searched());
		const { error, json, item, chunks, events, audio } = await runAssistant(fixture.engine, {
			items: [await spoken()],
			streaming: true,
		});
		expect(error).toBeUndefined();
		expect([chunks[0]?.type, chunks.at(-1)?.type]).toEqual(['begin', 'end']);
		const words = events.filter(({ type }) => type !== 'audio');
		expect(story(words)).toEqual([
			{ type: 'transcript', text: 'What is the weather in Paris today?' },
			{ type: 'text', delta: ANSWER },
			{ type: 'sources', sources: [{ title: 'Wind', url: 'https://x.example/' }] },
			{ type: 'done' },
		]);
		expect(events.at(-1)).toEqual({ type: 'done', timings: json.timings });
		expect(Object.keys(json.timings)).toEqual([
			'heardMs',
			'firstTokenMs',
			'firstAudioMs',
			'doneMs',
		]);
		const sound = events.filter(({ type }) => type === 'audio');
		expect(story(sound)).toEqual(
			[0, 1, 2, 3].map((piece) => ({
				type: 'audio',
				piece,
				format: 'pcm_s16le',
				sampleRate: 24_000,
				channels: 1,
			})),
		);
		expect(sound.map(({ seq }) => seq)).toEqual(sound.map((_, index) => index));
		expect(inputs()).toEqual([
			'It is sunny in Paris this morning,',
			'with a light wind from the west. Take a hat with you, since it will be warm by noon.',
			'In the evening clouds come in from the sea, and it cools down a little.',
			'Have a good day!',
		]);
		expect(json).toMatchObject({
			output: ANSWER,
			speech: SPOKEN,
			spokenText: SPOKEN,
			format: 'wav',
		});
		expect(await transcriptOf(fixture.engine, item)).toBe(SPOKEN);
		const file = await fixture.engine.bytes(item);
		const pieces = [0, 1, 2].map((piece) => audio(piece));
		// The samples equal those streamed; only the silence between pieces may differ.
		expect(file.includes(pieces[0]?.subarray(4_000, -20_000) ?? Buffer.from('?'))).toBe(true);
		expect(Math.abs(file.length - audio().length)).toBeLessThan(48_000);
	});

	test('nothing is streamed without a streaming trigger or with streaming switched off', async () => {
		fixture.standIn.answerWith(() => 'Good morning.');
		const items = [{ json: { text: 'Hello' } }];
		const off = { items, streaming: true, parameters: { options: { stream: false } } };
		for (const options of [{ items }, off]) {
			const { chunks, json } = await runAssistant(fixture.engine, options);
			expect(chunks).toEqual([]);
			expect(json).toMatchObject({ format: 'mp3', output: 'Good morning.' });
		}
	});
});

describe('with a slow API', () => {
	let standIn: StandIn;
	let engine: Engine;
	beforeAll(async () => {
		const profile = {
			name: 'slow writer',
			transcriptionMs: 50,
			firstTokenMs: 1200,
			tokensPerSecond: 25,
			firstAudioMs: 50,
			realTimeFactor: 0,
		};
		standIn = await startStandIn({ apiKeys: [KEY], profile });
		engine = await startEngine({ apiKey: KEY, baseUrl: standIn.url });
	});
	afterAll(async () => {
		await engine.close();
		await standIn.close();
	});

	test('the first audio is sent while the answer is still streaming', async () => {
		standIn.answerWith(() => ANSWER);
		const { events, json } = await runAssistant(engine, {
			items: [{ json: { text: 'Hello' } }],
			streaming: true,
		});
		const firstAudio = events.findIndex(({ type }) => type === 'audio');
		const lastText = events.findLastIndex(({ type }) => type === 'text');
		expect(firstAudio).toBeGreaterThan(0);
		expect(firstAudio).toBeLessThan(lastText);
		// The answer alone streams for more than two seconds.
		expect(json.timings.firstAudioMs).toBeLessThan(json.timings.doneMs * 0.7);
	});

	test('filler audio plays during a web search and comes from the cache from the second time on', async () => {
		standIn.answerWith(() => searched('It is sunny.'));
		const filler = 'One moment, please.';
		const turn = async () => {
			standIn.requests.length = 0;
			const run = await runAssistant(engine, {
				items: [{ json: { text: 'Hello' } }],
				streaming: true,
				parameters: { options: { filler } },
			});
			return { ...run, asked: inputs(standIn) };
		};
		const first = await turn();
		const second = await turn();
		expect([first.asked, second.asked]).toEqual([[filler, 'It is sunny.'], ['It is sunny.']]);
		for (const { events, json, item, error } of [first, second]) {
			expect(error).toBeUndefined();
			expect(story(events).map(({ type, piece }) => [type, piece])).toEqual([
				['transcript', undefined],
				['audio', 0],
				['text', undefined],
				['sources', undefined],
				['audio', 1],
				['done', undefined],
			]);
			expect(json).toMatchObject({ spokenText: 'It is sunny.', pieces: 1 });
			expect(json.timings.firstAudioMs).toBeGreaterThan(json.timings.firstTokenMs);
			expect(await transcriptOf(engine, item)).toBe('It is sunny.');
		}
		expect(second.audio(0).equals(first.audio(0))).toBe(true);
	});

	test('late filler audio is dropped, and failed filler audio does not fail the turn', async () => {
		standIn.answerWith(() => searched('It is sunny.'));
		for (const fault of [faults.slow(3000), faults.moderated()]) {
			const match = { path: '/v1/audio/speech' };
			standIn.inject({ ...fault, match });
			const { json, events, error } = await runAssistant(engine, {
				items: [{ json: { text: 'Hello' } }],
				streaming: true,
				parameters: { options: { filler: `Wait, please: ${String(fault.delayMs)}.` } },
			});
			expect(error).toBeUndefined();
			expect(json).toMatchObject({ spokenText: 'It is sunny.', format: 'wav' });
			expect(events.filter(({ type }) => type === 'audio').every(({ piece }) => piece === 1)).toBe(
				true,
			);
		}
	});
});

describe('a speech request that fails', () => {
	test('a piece of speech that fails before any of it was sent is retried alone', async () => {
		const { engine, standIn } = fixture;
		standIn.answerWith(() => ANSWER);
		const turn = async () =>
			await runAssistant(engine, { items: [{ json: { text: 'Hello' } }], streaming: true });
		const plain = await turn();
		for (const fault of [faults.serverError(503), faults.withoutEvent('speech.audio.done')]) {
			// The first piece is delayed, so that nothing of the second one, which breaks, has been sent yet.
			standIn.requests.length = 0;
			standIn.inject({ ...faults.slow(2500), match: { path: '/v1/audio/speech' } });
			standIn.inject({ ...fault, match: { path: '/v1/audio/speech' } });
			const { audio, json, error } = await turn();
			expect(error).toBeUndefined();
			expect(json.attempts).toBe(plain.json.attempts + 1);
			expect(inputs()).toHaveLength(plain.json.pieces + 1);
			expect(new Set(inputs()).size).toBe(plain.json.pieces);
			expect(audio().equals(plain.audio())).toBe(true);
		}
	});

	test('a piece of speech that breaks while it streams is resumed where it broke', async () => {
		const { engine, standIn } = fixture;
		standIn.answerWith(() => 'It is sunny in Paris this morning.');
		const turn = async () =>
			await runAssistant(engine, { items: [{ json: { text: 'Hello' } }], streaming: true });
		const plain = await turn();
		standIn.requests.length = 0;
		standIn.inject({
			...faults.withoutEvent('speech.audio.done'),
			match: { path: '/v1/audio/speech' },
		});
		const { audio, json } = await turn();
		expect(json.speechFailed).toBeUndefined();
		expect(inputs()).toHaveLength(2);
		expect(json.attempts).toBe(plain.json.attempts + 1);
		expect(audio().equals(plain.audio())).toBe(true);
	});

	test('a permanent speech failure delivers the text, sends an error event and stops speaking', async () => {
		const { engine, standIn } = fixture;
		standIn.answerWith(() => ANSWER);
		standIn.inject({ ...faults.moderated(), match: { path: '/v1/audio/speech' }, times: Infinity });
		const { error, json, item, events, hints } = await runAssistant(engine, {
			items: [await spoken()],
			streaming: true,
		});
		expect(error).toBeUndefined();
		expect(item?.binary).toBeUndefined();
		expect(json).toMatchObject({
			text: 'What is the weather in Paris today?',
			output: ANSWER,
			speech: SPOKEN,
			speechFailed: true,
			speechProblem: { stage: expect.stringMatching(/^speak\./), message: expect.any(String) },
		});
		expect(hints[0]?.message).toMatch(/could not be spoken/);
		expect(story(events).map(({ type }) => type)).toEqual(
			['transcript', 'text', 'sources', 'error', 'done'].filter((type) => type !== 'sources'),
		);
		expect(events.find(({ type }) => type === 'error')).toMatchObject({
			stage: json.speechProblem?.stage,
			message: json.speechProblem?.message,
		});
	});
});

describe('barge-in', () => {
	const turn = async (text: string, sessionId: string) =>
		await runAssistant(fixture.engine, { items: [{ json: { text, sessionId } }], streaming: true });
	const isSpeaking = async () => {
		for (let tries = 0; tries < 2_000 && inputs().length === 0; tries++)
			await new Promise((resolve) => setTimeout(resolve, 5));
	};

	test.each([
		['a new turn of the same session stops the audio of the previous answer', 'ada', true],
		['a turn of another session does not interrupt', 'bob', false],
	])('%s', async (_, other, ends) => {
		const { standIn } = fixture;
		standIn.answerWith(({ question }) => (question === 'First' ? ANSWER : 'Good morning.'));
		standIn.inject({ ...faults.slow(1500), match: { path: '/v1/audio/speech' } });
		const first = turn('First', 'ada');
		await isSpeaking();
		const [earlier, later] = await Promise.all([first, turn('Second', other)]);
		expect([earlier.error, later.error]).toEqual([undefined, undefined]);
		expect(later.json).toMatchObject({ spokenText: 'Good morning.', format: 'wav' });
		expect(earlier.json.output).toBe(ANSWER);
		expect(earlier.json.speechFailed ?? false).toBe(ends);
		if (!ends) return;
		expect(earlier.json.speechProblem?.stage).toBe('speak.interrupted');
		expect(earlier.events.filter(({ type }) => type === 'audio')).toEqual([]);
		expect(earlier.events.at(-1)?.type).toBe('done');
	});
});
