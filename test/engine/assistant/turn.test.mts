// One turn of Voxtral Assistant without streaming: input, output item, destinations, settings, sessions.
import { describe, expect, jest, test } from '@jest/globals';
import { recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { ffprobe, probeWarnings } from '../../support/media.mts';
import { runAssistant, transcriptOf } from '../../support/assistant-run.mts';
import { faults } from '../../standin/index.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture('filesystem');

const QUESTION = 'What is the weather in Paris today?';
const spoken = async (json = {}) =>
	await fixture.engine.item(json, {
		bytes: recording('question.ogg'),
		fileName: 'file_1.oga',
		mimeType: 'audio/ogg',
	});
const sent = () => fixture.standIn.requests.map(({ method, path }) => `${method} ${path}`);
const inputs = () =>
	fixture.standIn.requests
		.filter(({ path }) => path === '/v1/audio/speech')
		.map(({ json }) => (json as { input: string }).input);

describe('default parameters', () => {
	test('a recorded question becomes a spoken answer with its sources', async () => {
		const { engine } = fixture;
		const { error, json, item, hints } = await runAssistant(engine, {
			items: [await spoken({ file_id: 'x', message: { chat: { id: 7 } } })],
		});
		expect(error).toBeUndefined();
		expect(hints).toEqual([]);
		expect(json).toMatchObject({
			file_id: 'x',
			text: QUESTION,
			spoken: true,
			output: expect.stringContaining('**stand-in**'),
			speech: expect.stringContaining('This is the stand-in speaking'),
			sources: [{ title: 'Made-up page 1' }, { title: 'Made-up page 2' }],
			toolCalls: [{ name: 'web_search' }],
			conversationId: expect.stringMatching(/^conv_/),
			model: 'mistral-small-latest',
			voice: 'gb_jane_neutral',
			speakingModel: 'voxtral-mini-tts-latest',
			spokenLanguage: 'en',
			destination: 'file',
			format: 'mp3',
			mimeType: 'audio/mpeg',
			fileName: 'speech.mp3',
			usage: {
				transcription: { prompt_audio_seconds: expect.any(Number) },
				answer: { connectors: { web_search: 1 } },
			},
			attempts: 2 + inputs().length,
		});
		const { heardMs, firstTokenMs, firstAudioMs, doneMs } = json.timings;
		expect([heardMs, firstTokenMs, firstAudioMs, doneMs]).toEqual(
			[heardMs, firstTokenMs, firstAudioMs, doneMs].toSorted((a, b) => a - b),
		);
		expect(inputs()[0]).toBe('This is the stand-in speaking,');
		expect(inputs().join(' ')).toBe(json.spokenText);
		expect(json.spokenText).toBe(json.speech);
		expect(await probeWarnings(await engine.bytes(item))).toBe('');
		expect(await transcriptOf(engine, item)).toBe(json.spokenText);
	});

	test('no unneeded request is sent, and the session is looked up during transcription', async () => {
		await runAssistant(fixture.engine, { items: [await spoken()] });
		expect(sent().slice(0, 2)).toEqual(['POST /v1/audio/transcriptions', 'POST /v1/conversations']);
		expect(new Set(sent().slice(2))).toEqual(new Set(['POST /v1/audio/speech']));
		fixture.standIn.reset();
		fixture.standIn.inject({ ...faults.slow(400), match: { path: '/v1/audio/transcriptions' } });
		await runAssistant(fixture.engine, { items: [await spoken({ sessionId: 'a' })] });
		const [lookUp, upload] = ['/v1/conversations', '/v1/audio/transcriptions'].map((path) =>
			fixture.standIn.requests.find((request) => request.path === path),
		);
		expect(lookUp?.method).toBe('GET');
		expect((lookUp?.receivedAtMs ?? 0) - (upload?.receivedAtMs ?? 0)).toBeLessThan(350);
	});

	test('an item without audio is answered from its text', async () => {
		fixture.standIn.answerWith(() => 'Good morning.');
		for (const json of [
			{ chatInput: 'Hello' },
			{ message: { text: 'Hello' } },
			{ text: 'Hello' },
		]) {
			fixture.standIn.requests.length = 0;
			const run = await runAssistant(fixture.engine, { items: [{ json }] });
			expect(run.json).toMatchObject({ text: 'Hello', spoken: false, output: 'Good morning.' });
			expect(sent()).toEqual(['POST /v1/conversations', 'POST /v1/audio/speech']);
		}
	});

	test('the Text expression is evaluated only for items without audio', async () => {
		const parameters = { text: '={{ $("Nowhere").item.json.text }}' };
		const { error, json } = await runAssistant(fixture.engine, {
			items: [await spoken()],
			parameters,
		});
		expect(error).toBeUndefined();
		expect(json.text).toBe(QUESTION);
		const silent = await runAssistant(fixture.engine, { items: [{ json: {} }], parameters });
		expect(silent.error?.message).toContain("Referenced node doesn't exist");
	});

	test('an item with neither audio nor text fails before any request is sent', async () => {
		const { error } = await runAssistant(fixture.engine, { items: [{ json: {} }] });
		expect(error?.context?.stage).toBe('transcribe.no-audio');
		expect(sent()).toEqual([]);
	});
});

describe('destinations', () => {
	test.each([
		[{ destination: 'telegramVoice' }, 'ogg', 'audio/ogg', 'voice.ogg'],
		[{ destination: 'whatsappVoice' }, 'ogg', 'audio/ogg; codecs=opus', 'voice.ogg'],
		[{ destination: 'webPlayer' }, 'mp3', 'audio/mpeg', 'speech.mp3'],
		[{ destination: 'phoneLine' }, 'wav', 'audio/wav', 'phone.wav'],
		[{ options: { format: 'wav', fileName: 'reply' } }, 'wav', 'audio/wav', 'reply.wav'],
		[{ options: { format: 'opus' } }, 'ogg', 'audio/ogg', 'speech.ogg'],
		[{ options: { format: 'pcm16' } }, 'pcm', 'audio/L16;rate=24000;channels=1', 'speech.pcm'],
	])('the audio file fits %j', async (parameters, format, mimeType, fileName) => {
		fixture.standIn.answerWith(
			() => 'It is sunny in Paris this morning, and warm. Take a hat with you.',
		);
		for (const streaming of [false, true]) {
			const { error, json, item, audio } = await runAssistant(fixture.engine, {
				items: [{ json: { text: 'Hello' } }],
				parameters,
				streaming,
			});
			expect(error).toBeUndefined();
			expect(json).toMatchObject({ format, fileName, pieces: 2 });
			if (format !== 'pcm') expect(json.mimeType).toBe(mimeType);
			if (streaming) expect(audio().length).toBeGreaterThan(1000);
			if (format === 'pcm') continue;
			const bytes = await fixture.engine.bytes(item);
			expect(await probeWarnings(bytes)).toBe('');
			const { durationSeconds } = await ffprobe(bytes);
			expect(Math.abs(durationSeconds - Number(json.durationSeconds))).toBeLessThan(0.2);
		}
	});

	test('the audio file is stored in the chosen binary field', async () => {
		fixture.standIn.answerWith(() => 'Hello there.');
		const { item } = await runAssistant(fixture.engine, {
			items: [{ json: { text: 'Hello' } }],
			parameters: { binaryPropertyOutput: 'reply' },
		});
		expect(Object.keys(item?.binary ?? {})).toEqual(['reply']);
	});
});

describe('settings', () => {
	test('settings are sent with the transcription, answer and speech requests they belong to', async () => {
		fixture.standIn.answerWith(() => 'Bonjour.');
		await runAssistant(fixture.engine, {
			items: [await spoken()],
			parameters: {
				model: { __rl: true, mode: 'id', value: 'mistral-large-latest' },
				instructions: 'Be kind.',
				webSearch: false,
				voice: { __rl: true, mode: 'id', value: 'fr_marie_neutral' },
				options: {
					language: 'fr',
					persona: 'a librarian',
					speechSeconds: 4,
					maxTokens: 50,
					temperature: 0.1,
					tellDate: false,
					spokenLanguage: 'en-GB',
					vocabulary: 'Voxtral, n8n',
					listeningModel: 'voxtral-mini-2602',
					speakingModel: 'voxtral-mini-tts-2603',
				},
			},
		});
		const [upload, asked, speech] = fixture.standIn.requests;
		expect(upload?.form?.fields).toEqual([
			['model', 'voxtral-mini-2602'],
			['context_bias', 'Voxtral'],
			['context_bias', 'n8n'],
			['language', 'en'],
		]);
		expect(asked?.json).toEqual({
			inputs: QUESTION,
			model: 'mistral-large-latest',
			instructions:
				'Be kind.\n\nSpeak as this character: a librarian.\n\nAlways answer in French, whatever the language of the question.\n\nKeep the answer to at most 10 words, about 4 seconds aloud; this overrules any other length.',
			completion_args: { temperature: 0.1, max_tokens: 50 },
			store: true,
			stream: true,
		});
		expect(speech?.json).toMatchObject({
			input: 'Bonjour.',
			model: 'voxtral-mini-tts-2603',
			voice_id: 'fr_marie_neutral',
		});
	});

	test('Voice per Language chooses the voice by the language of the answer', async () => {
		fixture.standIn.answerWith(
			() => 'Il fait beau à Paris et il ne pleut pas, mais prenez un pull.',
		);
		const { json } = await runAssistant(fixture.engine, {
			items: [{ json: { text: 'Quel temps ?' } }],
			parameters: {
				options: { voicePerLanguage: { voices: [{ language: 'fr', voice: 'fr_marie_neutral' }] } },
			},
		});
		expect(json).toMatchObject({ voice: 'fr_marie_neutral', spokenLanguage: 'fr' });
	});

	test('speech tags in the answer are kept for family 3 only, and tags from the caller are never kept', async () => {
		fixture.standIn.answerWith(() => '[emotion=happy] Good morning! [pace=slow] Here I am.');
		const say = async (speakingModel: string, text: string) => {
			fixture.standIn.requests.length = 0;
			const items = [{ json: { text } }];
			await runAssistant(fixture.engine, { items, parameters: { options: { speakingModel } } });
			return inputs().join(' ');
		};
		expect(await say('voxtral-mini-tts-3-0', 'Hello')).toBe(
			'[emotion=happy] Good morning! [emotion=happy][pace=slow] Here I am.',
		);
		expect(await say('voxtral-mini-tts-3-0', 'Hello [pace=slow]')).toBe(
			'[emotion=happy] Good morning! [emotion=happy] Here I am.',
		);
		expect(await say('voxtral-mini-tts-latest', 'Hello')).toBe('Good morning! Here I am.');
	});

	test('an empty Voice fails before any request is sent', async () => {
		const { error } = await runAssistant(fixture.engine, {
			items: [await spoken()],
			parameters: { voice: { __rl: true, mode: 'id', value: '={{ $json.voice }}' } },
		});
		expect(error?.context?.stage).toBe('speak.no-voice');
		expect(sent()).toEqual([]);
	});
});

describe('an empty transcript', () => {
	test.each([
		[{}, 'Sorry, I did not catch that. Could you say it again?'],
		[{ spokenLanguage: 'de' }, /^Entschuldigung/],
		[{ language: 'fr' }, /^Pardon/],
	])(
		'an empty transcript is answered with a spoken apology without calling the model: %j',
		async (options, words) => {
			fixture.standIn.behave({ emptyTranscript: true });
			const { error, json, item, hints, events } = await runAssistant(fixture.engine, {
				items: [await spoken({ sessionId: 's' })],
				parameters: { options },
				streaming: true,
			});
			expect(error).toBeUndefined();
			expect(sent()).not.toContain('POST /v1/conversations');
			expect(json).toMatchObject({ text: '', sources: [], conversationId: '' });
			expect(json.output).toMatch(words);
			expect(json.speech).toBe(json.output);
			expect(hints[0]?.message).toContain('No words were heard');
			expect(item?.binary?.data?.mimeType).toBe('audio/wav');
			expect(events.map(({ type }) => type).filter((type) => type !== 'audio')).toEqual([
				'transcript',
				'text',
				'done',
			]);
		},
	);
});

describe('several items', () => {
	test('each session key has a separate history, whatever the order of items', async () => {
		const histories: string[][] = [];
		fixture.standIn.answerWith(({ question, history }) => {
			histories.push(
				history.filter(({ role }) => role === 'user').map(({ content }) => String(content)),
			);
			return `Noted: ${question}`;
		});
		const items = [
			{ json: { sessionId: 'ada', text: 'My name is Ada.' } },
			{ json: { sessionId: 'bob', text: 'My name is Bob.' } },
			{ json: { sessionId: 'ada', text: 'Who am I?' } },
			{ json: { sessionId: 'bob', text: 'And I?' } },
			{ json: { text: 'Nobody knows me.' } },
		];
		const { items: out, error } = await runAssistant(fixture.engine, { items });
		expect(error).toBeUndefined();
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
		expect(histories.toSorted((a, b) => a.join().localeCompare(b.join()))).toEqual([
			['My name is Ada.'],
			['My name is Ada.', 'Who am I?'],
			['My name is Bob.'],
			['My name is Bob.', 'And I?'],
			['Nobody knows me.'],
		]);
		for (const { json } of out) expect(json.output).toBe(`Noted: ${String(json.text)}`);
	});

	test('an invalid recording fails its own item only', async () => {
		fixture.standIn.answerWith(() => 'Good.');
		const bad = await fixture.engine.item(
			{},
			{ bytes: Buffer.from('%PDF-1.7'), fileName: 'a.pdf' },
		);
		const { items } = await runAssistant(fixture.engine, {
			items: [{ json: { text: 'One' } }, bad, { json: { text: 'Three' } }],
			onError: 'continueRegularOutput',
		});
		expect(items.map(({ json }) => json.text ?? (json.details as { stage: string }).stage)).toEqual(
			['One', 'transcribe.not-audio', 'Three'],
		);
	});
});
