// Voxtral Assistant for a caller who listens while the answer is made.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { faults, type StandIn, startStandIn } from '../../standin/index.mts';
import { KEY, recording, useBench } from '../../support/engine-fixture.mts';
import { type Engine, startEngine } from '../../support/engine.mts';
import { talk, type TalkChunk, understood } from '../../support/assistant-run.mts';

jest.setTimeout(60_000);

const bench = useBench('filesystem');

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
	await bench.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
const inputs = ({ requests } = bench.standIn) =>
	requests
		.filter(({ path }) => path === '/v1/audio/speech')
		.map(({ json }) => (json as { input: string }).input);

/** Runs of the same kind as one, times and samples left out. */
const story = (chunks: readonly TalkChunk[]) =>
	chunks.reduce<TalkChunk[]>((told, { timings, data, seq, ...chunk }) => {
		const last = told.at(-1);
		const isSame = last?.type === chunk.type && last.piece === chunk.piece;
		if (isSame && last.delta !== undefined) last.delta += chunk.delta ?? '';
		else if (!isSame) told.push({ ...chunk });
		return told;
	}, []);

describe('the stream of one turn', () => {
	test('speaks what is said before a search while it searches', async () => {
		bench.standIn.answerWith(() => [
			{ type: 'message.output', content: [{ type: 'text', text: 'I look it up.' }] },
			...searched(),
		]);
		const { json, heard } = await talk(bench.engine, { items: [await spoken()], streaming: true });
		expect(inputs().slice(0, 2)).toEqual(['I look it up.', 'It is sunny in Paris this morning,']);
		expect(json.output).toBe(`I look it up.\n\n${ANSWER}`);
		expect(json.spokenText).toBe(`I look it up. ${SPOKEN}`);
		const told = heard.filter(({ type }) => type === 'text').map(({ delta }) => delta);
		expect(told.join('')).toBe(json.output);
	});

	test('is as documented, from the transcript to the end', async () => {
		bench.standIn.answerWith(() => searched());
		const { error, json, item, chunks, heard, audio } = await talk(bench.engine, {
			items: [await spoken()],
			streaming: true,
		});
		expect(error).toBeUndefined();
		expect([chunks[0]?.type, chunks.at(-1)?.type]).toEqual(['begin', 'end']);
		const words = heard.filter(({ type }) => type !== 'audio');
		expect(story(words)).toEqual([
			{ type: 'transcript', text: 'What is the weather in Paris today?' },
			{ type: 'text', delta: ANSWER },
			{ type: 'sources', sources: [{ title: 'Wind', url: 'https://x.example/' }] },
			{ type: 'done' },
		]);
		expect(heard.at(-1)).toEqual({ type: 'done', timings: json.timings });
		expect(Object.keys(json.timings)).toEqual([
			'heardMs',
			'firstTokenMs',
			'firstAudioMs',
			'doneMs',
		]);
		const sound = heard.filter(({ type }) => type === 'audio');
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
		expect(await understood(bench.engine, item)).toBe(SPOKEN);
		const file = await bench.engine.bytes(item);
		const pieces = [0, 1, 2].map((piece) => audio(piece));
		// Samples are those that were heard; only silence between pieces may differ.
		expect(file.includes(pieces[0]?.subarray(4_000, -20_000) ?? Buffer.from('?'))).toBe(true);
		expect(Math.abs(file.length - audio().length)).toBeLessThan(48_000);
	});

	test('is silent without a streaming trigger, and when switched off', async () => {
		bench.standIn.answerWith(() => 'Good morning.');
		const items = [{ json: { text: 'Hello' } }];
		const off = { items, streaming: true, parameters: { options: { stream: false } } };
		for (const options of [{ items }, off]) {
			const { chunks, json } = await talk(bench.engine, options);
			expect(chunks).toEqual([]);
			expect(json).toMatchObject({ format: 'mp3', output: 'Good morning.' });
		}
	});
});

describe('on a slow line', () => {
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

	test('the first words are heard while the answer is still being written', async () => {
		standIn.answerWith(() => ANSWER);
		const { heard, json } = await talk(engine, {
			items: [{ json: { text: 'Hello' } }],
			streaming: true,
		});
		const firstAudio = heard.findIndex(({ type }) => type === 'audio');
		const lastText = heard.findLastIndex(({ type }) => type === 'text');
		expect(firstAudio).toBeGreaterThan(0);
		expect(firstAudio).toBeLessThan(lastText);
		// The answer alone takes more than two seconds to write.
		expect(json.timings.firstAudioMs).toBeLessThan(json.timings.doneMs * 0.7);
	});

	test('a sentence bridges a web search, from the second time on without a request', async () => {
		standIn.answerWith(() => searched('It is sunny.'));
		const filler = 'One moment, please.';
		const turn = async () => {
			standIn.requests.length = 0;
			const run = await talk(engine, {
				items: [{ json: { text: 'Hello' } }],
				streaming: true,
				parameters: { options: { filler } },
			});
			return { ...run, asked: inputs(standIn) };
		};
		const first = await turn();
		const second = await turn();
		expect([first.asked, second.asked]).toEqual([[filler, 'It is sunny.'], ['It is sunny.']]);
		for (const { heard, json, item, error } of [first, second]) {
			expect(error).toBeUndefined();
			expect(story(heard).map(({ type, piece }) => [type, piece])).toEqual([
				['transcript', undefined],
				['audio', 0],
				['text', undefined],
				['sources', undefined],
				['audio', 1],
				['done', undefined],
			]);
			expect(json).toMatchObject({ spokenText: 'It is sunny.', pieces: 1 });
			expect(json.timings.firstAudioMs).toBeGreaterThan(json.timings.firstTokenMs);
			expect(await understood(engine, item)).toBe('It is sunny.');
		}
		expect(second.audio(0).equals(first.audio(0))).toBe(true);
	});

	test('a bridge that comes too late is not heard, one that fails costs nothing', async () => {
		standIn.answerWith(() => searched('It is sunny.'));
		for (const fault of [faults.slow(3000), faults.moderated()]) {
			const match = { path: '/v1/audio/speech' };
			standIn.inject({ ...fault, match });
			const { json, heard, error } = await talk(engine, {
				items: [{ json: { text: 'Hello' } }],
				streaming: true,
				parameters: { options: { filler: `Wait, please: ${String(fault.delayMs)}.` } },
			});
			expect(error).toBeUndefined();
			expect(json).toMatchObject({ spokenText: 'It is sunny.', format: 'wav' });
			expect(heard.filter(({ type }) => type === 'audio').every(({ piece }) => piece === 1)).toBe(
				true,
			);
		}
	});
});

describe('a piece that fails', () => {
	test('is asked for again, alone, and nobody hears it', async () => {
		const { engine, standIn } = bench;
		standIn.answerWith(() => ANSWER);
		const turn = async () =>
			await talk(engine, { items: [{ json: { text: 'Hello' } }], streaming: true });
		const plain = await turn();
		for (const fault of [faults.serverError(503), faults.withoutEvent('speech.audio.done')]) {
			// The first piece is held back, so that nothing of the second, which breaks, has left.
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

	test('while it is heard goes on where it broke', async () => {
		const { engine, standIn } = bench;
		standIn.answerWith(() => 'It is sunny in Paris this morning.');
		const turn = async () =>
			await talk(engine, { items: [{ json: { text: 'Hello' } }], streaming: true });
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

	test('for good: the text is delivered, the caller is told, and nothing more is spoken', async () => {
		const { engine, standIn } = bench;
		standIn.answerWith(() => ANSWER);
		standIn.inject({ ...faults.moderated(), match: { path: '/v1/audio/speech' }, times: Infinity });
		const { error, json, item, heard, hints } = await talk(engine, {
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
		expect(story(heard).map(({ type }) => type)).toEqual(
			['transcript', 'text', 'sources', 'error', 'done'].filter((type) => type !== 'sources'),
		);
		expect(heard.find(({ type }) => type === 'error')).toMatchObject({
			stage: json.speechProblem.stage,
			message: json.speechProblem.message,
		});
	});
});

describe('somebody who speaks again', () => {
	const turn = async (text: string, sessionId: string) =>
		await talk(bench.engine, { items: [{ json: { text, sessionId } }], streaming: true });
	const isSpeaking = async () => {
		for (let tries = 0; tries < 2_000 && inputs().length === 0; tries++)
			await new Promise((resolve) => setTimeout(resolve, 5));
	};

	test.each([
		['hears no more of the answer before', 'ada', true],
		['is not meant by another session', 'bob', false],
	])('%s', async (_, other, ends) => {
		const { standIn } = bench;
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
		expect(earlier.json.speechProblem.stage).toBe('speak.interrupted');
		expect(earlier.heard.filter(({ type }) => type === 'audio')).toEqual([]);
		expect(earlier.heard.at(-1)?.type).toBe('done');
	});
});
