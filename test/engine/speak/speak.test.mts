// Voxtral Speak through n8n's engine: any text becomes one right file.
import { describe, expect, jest, test } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { wrapPcm } from '../../../nodes/shared/audio/containers/wav.ts';
import { faults } from '../../standin/index.mts';
import { decodeSamples, ffprobe, probeWarnings } from '../../support/media.mts';
import { KEY, recording, useBench } from '../../support/engine-fixture.mts';

// Two slow cores that others use too: speech is really made and really checked here.
jest.setTimeout(30_000);

const bench = useBench('filesystem');

const speakNode = (parameters: INodeParameters = {}) => ({ type: 'voxtralSpeak', parameters });
const spoken = () =>
	bench.standIn.requests
		.filter(({ path }) => path.endsWith('/audio/speech'))
		.map(({ json }) => json as Record<string, unknown>);
const inputs = () => spoken().map(({ input }) => String(input));

/** For tests about what is asked, not about what is heard. */
const answerAtOnce = (delayMs = 0) => {
	const body = { audio_data: recording('question.mp3').toString('base64') };
	bench.standIn.inject({
		status: 200,
		body,
		delayMs,
		times: Infinity,
		match: { path: '/v1/audio/speech' },
	});
};

const run = async (parameters: INodeParameters, json = {}) => {
	const { items, error, hints } = await bench.engine.run({
		nodes: [speakNode(parameters)],
		items: [{ json }],
	});
	return {
		item: items[0],
		json: items[0]?.json ?? {},
		error,
		hints: hints.map(({ message }) => message),
	};
};

const SENTENCES = [
	'The first part tells us about the rain of last week.',
	'The second part tells us about the snow in the north.',
	'The third part tells us about the sun at the seaside.',
	'The fourth part tells us about the wind in the hills.',
];
const LONG = SENTENCES.join(' ');
/** About one sentence a piece. */
const SHORT_PIECES = { pieceCharacters: 50 };

describe('long texts', () => {
	test('are cut between sentences, spoken once each, joined in order', async () => {
		const { json, item, error } = await run({
			text: LONG,
			format: 'wav',
			options: { ...SHORT_PIECES, pauseMs: 100 },
		});
		expect(error).toBeUndefined();
		expect(inputs().sort()).toEqual([...SENTENCES].sort());
		expect(json).toMatchObject({
			pieces: 4,
			spokenText: LONG,
			characters: LONG.length,
			format: 'wav',
			mimeType: 'audio/wav',
			attempts: 4,
		});
		const whole = await bench.engine.bytes(item);
		const parts = await Promise.all(
			SENTENCES.map(
				async (text) => await bench.engine.bytes((await run({ text, format: 'wav' })).item),
			),
		);
		const samples = (file: Buffer) => file.subarray(44);
		const gap = Buffer.alloc(2400 * 2);
		expect(
			samples(whole).equals(
				Buffer.concat(
					parts.flatMap((part, index) => (index > 0 ? [gap, samples(part)] : [samples(part)])),
				),
			),
		).toBe(true);
		expect(json.durationSeconds).toBeCloseTo((whole.length - 44) / 48_000, 6);
	});

	test.each(['mp3', 'opus', 'flac', 'wav'])(
		'%s: one file that ffmpeg reads without a word, as long as it says',
		async (format) => {
			const { json, item, hints } = await run({ text: LONG, format, options: SHORT_PIECES });
			const bytes = await bench.engine.bytes(item);
			expect(await probeWarnings(bytes)).toBe('');
			const heard = (await decodeSamples(bytes, 24_000)).length / 24_000;
			expect(Math.abs(Number(json.durationSeconds) - heard)).toBeLessThan(0.02);
			const delivered = {
				mp3: ['mp3', 'audio/mpeg'],
				opus: ['ogg', 'audio/ogg'],
				flac: ['wav', 'audio/wav'],
				wav: ['wav', 'audio/wav'],
			}[format];
			expect([json.format, json.mimeType]).toEqual(delivered);
			expect(item?.binary?.data).toMatchObject({
				mimeType: delivered?.[1],
				fileName: `speech.${delivered?.[0]}`,
			});
			expect(hints.some((hint) => hint.includes('FLAC'))).toBe(format === 'flac');
		},
	);

	test('a piece that fails is asked for again, alone', async () => {
		bench.standIn.inject({
			...faults.serverError(503),
			match: { path: '/v1/audio/speech' },
			skip: 2,
		});
		const { json, error } = await run({ text: LONG, options: SHORT_PIECES });
		expect(error).toBeUndefined();
		expect(json).toMatchObject({ attempts: 5, pieces: 4 });
		const counts = SENTENCES.map(
			(sentence) => inputs().filter((input) => input === sentence).length,
		);
		expect(counts.sort()).toEqual([1, 1, 1, 2]);
	});

	test('a piece that cannot be spoken is named', async () => {
		bench.standIn.inject({ ...faults.moderated(), match: { path: '/v1/audio/speech' } });
		const { error } = await run({ text: LONG, options: { ...SHORT_PIECES, piecesAtOnce: 1 } });
		expect(error?.message).toMatch(/refused this request \[item 0\]/);
		expect(error?.description).toMatch(/^Piece 1 of 4/);
		expect(inputs()).toEqual([SENTENCES[0]]);
	});

	test('pieces of all items share "Pieces at Once"', async () => {
		const items = Array.from({ length: 3 }, () => ({ json: { text: LONG } }));
		answerAtOnce(120);
		const { items: out } = await bench.engine.run({
			nodes: [speakNode({ options: { ...SHORT_PIECES, piecesAtOnce: 2 } })],
			items,
		});
		expect(out.map(({ json }) => json.pieces)).toEqual([4, 4, 4]);
		const startsMs = bench.standIn.requests
			.map(({ receivedAtMs }) => receivedAtMs)
			.sort((one, other) => one - other);
		// Two at once and 120 ms each: of three that follow one another the last one has to wait.
		const gapsMs = startsMs.slice(2).map((atMs, index) => atMs - (startsMs[index] ?? 0));
		expect(Math.min(...gapsMs)).toBeGreaterThan(100);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	test('10,000 characters take at most a fifth of the time they would one after the other', async () => {
		const text = 'It rained in the north and it snowed in the hills all day long. '.repeat(156);
		const body = { audio_data: recording('question.mp3').toString('base64') };
		bench.standIn.inject({
			status: 200,
			body,
			delayMs: 350,
			times: Infinity,
			match: { path: '/v1/audio/speech' },
		});
		const time = async (piecesAtOnce?: number) => {
			const startMs = performance.now();
			const { json } = await run({ text, options: piecesAtOnce ? { piecesAtOnce } : {} });
			expect(json.pieces).toBe(16);
			return performance.now() - startMs;
		};
		await run({ text: 'Warm up.' });
		// Three rounds: what else the machine does can only add time.
		let best = Number.POSITIVE_INFINITY;
		for (let round = 0; round < 3 && best > 0.2; round++) {
			const serialMs = await time(1);
			best = Math.min(best, (await time()) / serialMs);
		}
		expect(best).toBeLessThanOrEqual(0.2);
	});

	test('a limit of characters a minute is kept to, and stopping does not wait for the minute', async () => {
		const body = { audio_data: recording('question.mp3').toString('base64') };
		const headers = {
			'x-ratelimit-limit-input-characters-minute': '120',
			'x-ratelimit-remaining-input-characters-minute': '60',
		};
		bench.standIn.inject({
			status: 200,
			body,
			headers,
			times: Infinity,
			match: { path: '/v1/audio/speech' },
		});
		let cancel = () => {};
		const running = bench.engine.run({
			nodes: [speakNode({ text: LONG, options: { ...SHORT_PIECES, piecesAtOnce: 1 } })],
			onStart: (stop) => {
				cancel = stop;
			},
		});
		while (inputs().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
		await new Promise((resolve) => setTimeout(resolve, 300));
		cancel();
		await running;
		expect(inputs()).toEqual(SENTENCES.slice(0, 2));
	});

	test('a short text is one request, however it is punctuated', async () => {
		await run({ text: 'One. Two. Three!' });
		expect(inputs()).toEqual(['One. Two. Three!']);
	});
});

describe('destinations', () => {
	const presets = [
		[
			'telegramVoice',
			'opus',
			'voice.ogg',
			'audio/ogg',
			{ formatName: 'ogg', codec: 'opus', channels: 1 },
		],
		[
			'whatsappVoice',
			'opus',
			'voice.ogg',
			'audio/ogg; codecs=opus',
			{ formatName: 'ogg', codec: 'opus', channels: 1 },
		],
		['webPlayer', 'mp3', 'speech.mp3', 'audio/mpeg', { formatName: 'mp3', codec: 'mp3' }],
		[
			'phoneLine',
			'wav',
			'phone.wav',
			'audio/wav',
			{ formatName: 'wav', codec: 'pcm_s16le', sampleRate: 8000, channels: 1 },
		],
	] as const;

	test.each(presets)('%s', async (destination, asked, fileName, mimeType, truth) => {
		for (const text of ['Your order is on its way.', `${SENTENCES[0]} ${SENTENCES[1]}`]) {
			const { json, item } = await run({
				text,
				destination,
				format: 'flac',
				options: SHORT_PIECES,
			});
			expect(json).toMatchObject({ destination, fileName, mimeType });
			expect(item?.binary?.data).toMatchObject({ fileName, mimeType });
			const bytes = await bench.engine.bytes(item);
			expect(await ffprobe(bytes)).toMatchObject(truth);
			expect(await probeWarnings(bytes)).toBe('');
			const heard = (await decodeSamples(bytes, 24_000)).length / 24_000;
			expect(Math.abs(Number(json.durationSeconds) - heard)).toBeLessThan(0.02);
		}
		expect(spoken().every((body) => body.response_format === asked)).toBe(true);
	});

	test('what is too large for WhatsApp is refused, what is not shown nicely is told', async () => {
		const ogg = (bytes: number) => {
			const body = {
				audio_data: Buffer.concat([recording('question.ogg'), Buffer.alloc(bytes)]).toString(
					'base64',
				),
			};
			bench.standIn.inject({ status: 200, body, match: { path: '/v1/audio/speech' } });
		};
		ogg(17 * 1024 * 1024);
		const { error } = await run({ text: 'Hello.', destination: 'whatsappVoice' });
		expect(error?.message).toMatch(/too large for WhatsApp/);
		expect(error?.description).toMatch(/16 MB/);
		ogg(600 * 1024);
		const large = await run({ text: 'Hello.', destination: 'whatsappVoice' });
		expect(large.error).toBeUndefined();
		expect(large.hints.join()).toMatch(/512 KB/);
		ogg(600 * 1024);
		expect((await run({ text: 'Hello.', destination: 'telegramVoice' })).hints).toEqual([]);
	});

	test('servers that send the bytes themselves, and samples of 16 bits, are understood', async () => {
		const samples = recording('question.wav').subarray(44);
		const raw = (body: Buffer, contentType: string) =>
			bench.standIn.inject({ status: 200, body, contentType, match: { path: '/v1/audio/speech' } });
		raw(recording('question.wav'), 'audio/wav');
		expect((await run({ text: 'Hello.', format: 'wav' })).json).toMatchObject({
			format: 'wav',
			fileName: 'speech.wav',
		});
		raw(samples, 'audio/pcm');
		const { json, item } = await run({ text: 'Hello.', format: 'pcm' });
		expect(json).toMatchObject({ sampleType: 'int16', durationSeconds: samples.length / 48_000 });
		expect((await bench.engine.bytes(item)).equals(samples)).toBe(true);
	});

	test('bytes of another format than the destination takes are refused, for a plain file named for what they are', async () => {
		const mp3 = { body: { audio_data: recording('question.mp3').toString('base64') }, status: 200 };
		bench.standIn.inject({ ...mp3, times: 2 });
		const { error } = await run({ text: 'Hello there.', destination: 'telegramVoice' });
		expect(error?.message).toMatch(/MP3 where Ogg/);
		const { json } = await run({ text: 'Hello there.', format: 'opus' });
		expect(json).toMatchObject({ fileName: 'speech.mp3', mimeType: 'audio/mpeg' });
	});

	test.each([
		['pcm', 'float32', 4],
		['pcm16', 'int16', 2],
	])('%s: bare samples, said plainly', async (format, sampleType, sampleBytes) => {
		const { json, item } = await run({ text: LONG, format, options: SHORT_PIECES });
		const bytes = await bench.engine.bytes(item);
		expect(json).toMatchObject({
			format: 'pcm',
			mimeType: 'audio/pcm',
			fileName: 'speech.pcm',
			sampleType,
			sampleRate: 24_000,
			channels: 1,
		});
		const wav = await bench.engine.bytes(
			(await run({ text: LONG, format: 'wav', options: SHORT_PIECES })).item,
		);
		expect(bytes.length / sampleBytes).toBe((wav.length - 44) / 2);
		expect(json.durationSeconds).toBeCloseTo(bytes.length / sampleBytes / 24_000, 6);
		if (sampleType === 'int16') expect(bytes.equals(wav.subarray(44))).toBe(true);
	});
});

describe('voices', () => {
	const wavOf = (seconds: number) =>
		Buffer.from(
			wrapPcm(new Uint8Array(seconds * 16_000 * 2), {
				sampleType: 'int16',
				sampleRate: 16_000,
				channels: 1,
			}),
		);
	const fromClip = { voiceSource: 'recording', text: 'Hello in your own voice.' };

	test('a recording is imitated once, only with consent', async () => {
		const { engine } = bench;
		const source = wavOf(4);
		const item = await engine.item({}, { bytes: source, fileName: 'me.wav' });
		const refused = await engine.run({ nodes: [speakNode(fromClip)], items: [item] });
		expect(refused.error?.message).toMatch(/Consent of the Speaker is switched off \[item 0\]/);
		expect(spoken()).toEqual([]);
		const { items, error } = await engine.run({
			nodes: [speakNode({ ...fromClip, consent: true })],
			items: [item],
		});
		expect(error).toBeUndefined();
		expect(spoken()[0]).toMatchObject({ ref_audio: source.toString('base64') });
		expect(spoken()[0]).not.toHaveProperty('voice_id');
		expect(items[0]?.json).toMatchObject({ voice: 'recording' });
	});

	test.each([
		['an OGG', () => ({ bytes: recording('question.ogg') }), /MP3 or WAV/],
		['too long', () => ({ bytes: wavOf(26) }), /lasts 26\.0 seconds/],
		['too short', () => ({ bytes: wavOf(1) }), /lasts 1\.0 seconds/],
		['no audio', () => ({ bytes: Buffer.from('hello') }), /not audio/],
	])('a recording that is %s', async (_, voice, message) => {
		const item = await bench.engine.item({}, voice());
		const { error } = await bench.engine.run({
			nodes: [speakNode({ ...fromClip, consent: true })],
			items: [item],
		});
		expect(error?.message).toMatch(message);
		expect(spoken()).toEqual([]);
	});

	test('the voice of the language of the text', async () => {
		const voicePerLanguage = {
			voices: [
				{ language: 'French', voice: { __rl: true, mode: 'list', value: 'fr_marie_neutral' } },
				{ language: 'es-ES', voice: { __rl: true, mode: 'id', value: 'gb_oliver_neutral' } },
			],
		};
		const options = { voicePerLanguage };
		answerAtOnce();
		await run({ text: 'Bonjour, il fait beau et vous êtes dans le jardin avec nous.', options });
		await run({ text: 'Hello, it is a nice day and you are in the garden.', options });
		await run({ text: 'Merci !', options }, { language: 'fr' });
		await run({ text: 'Hola', options: { ...options, language: 'Spanish' } });
		expect(spoken().map(({ voice_id }) => voice_id)).toEqual([
			'fr_marie_neutral',
			'gb_jane_neutral',
			'fr_marie_neutral',
			'gb_oliver_neutral',
		]);
	});

	test('no voice at all', async () => {
		const { error } = await run({
			text: 'Hello',
			voice: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' },
		});
		expect(error?.message).toMatch(/^Voice is empty/);
	});
});

describe('family 3', () => {
	const THREE = { __rl: true, mode: 'id', value: 'voxtral-mini-tts-3-0' };

	test('emotion, pace, expressiveness and pronunciation reach every piece they concern', async () => {
		const options = {
			...SHORT_PIECES,
			emotion: 'Happy',
			pace: 'slow',
			expressiveness: 4,
			pronunciation: { words: [{ word: 'snow', sounds: 's n oʊ' }] },
		};
		const { json, error } = await run({ text: LONG, model: THREE, options });
		expect(error).toBeUndefined();
		expect(inputs().sort()).toEqual(
			SENTENCES.map((sentence) => `[emotion=happy][pace=slow] ${sentence}`).sort(),
		);
		expect(spoken().every(({ expressiveness }) => expressiveness === 4)).toBe(true);
		expect(spoken().filter((body) => 'phoneme_hints' in body)).toHaveLength(1);
		expect(json.spokenText).toBe(LONG);
	});

	test('a model of family 2 gets none of it, and the person is told', async () => {
		const { error, hints } = await run({
			text: '[emotion=happy] Hello there.',
			model: { __rl: true, mode: 'id', value: 'voxtral-mini-tts-2603' },
			options: { emotion: 'calm', expressiveness: 2 },
		});
		expect(error).toBeUndefined();
		expect(spoken()[0]).toMatchObject({ input: 'Hello there.' });
		expect(spoken()[0]).not.toHaveProperty('expressiveness');
		expect(hints.join()).toMatch(/cannot honour Emotion, Expressiveness, speech tags in Text/);
	});

	test("tags of the author and of the answer are obeyed, a caller's never", async () => {
		const model = THREE;
		answerAtOnce();
		await run({ text: '[emotion=happy] Welcome.', model });
		await run({ model }, { output: 'Well. [pace=slow] Now listen.', text: 'What is new?' });
		const answer = 'You said [emotion=angry] shout. [emotion=calm] I will not.';
		const { hints } = await run({ model }, { output: answer, text: 'Say [emotion=angry] shout' });
		await run({ model, text: '={{ $json.text }}' }, { text: '[emotion=angry] I am the caller.' });
		await run(
			{ model, text: '={{ $json.text }}', options: { tags: 'all' } },
			{ text: '[emotion=angry] I am the caller.' },
		);
		await run({ model, text: '[emotion=happy] Welcome.', options: { tags: 'none' } });
		expect(inputs()).toEqual([
			'[emotion=happy] Welcome.',
			'Well. [pace=slow] Now listen.',
			'You said shout. [emotion=calm] I will not.',
			'I am the caller.',
			'[emotion=angry] I am the caller.',
			'Welcome.',
		]);
		expect(hints.join()).toMatch(/may have come from a caller/);
	});

	test('additional body fields go along, but cannot turn the node against itself', async () => {
		await run({
			text: 'Hello',
			model: THREE,
			options: { additionalFields: '{"instruction":"warm"}' },
		});
		expect(spoken()[0]).toMatchObject({ instruction: 'warm' });
		const { error } = await run({
			text: 'Hello',
			options: { additionalFields: '{"stream":true}' },
		});
		expect(error?.message).toMatch(/must not hold "stream"/);
		expect(
			(await run({ text: 'Hello', options: { additionalFields: '[1]' } })).error?.message,
		).toMatch(/JSON object/);
	});
});

test('a text that is no text is named', async () => {
	const { error } = await run({ text: '={{ $json.answer }}' }, { answer: { title: 'x' } });
	expect(error?.message).toMatch(/^Text is a list or an object/);
	expect(spoken()).toEqual([]);
});

describe('output', () => {
	test('a link, when asked for, and input fields stay', async () => {
		const { json } = await run({ text: 'Hello there.', options: { addLink: true } }, { chat: 7 });
		expect(json.audioUrl).toEqual(expect.stringMatching(/^http.*token=/));
		expect(json.chat).toBe(7);
		expect((await run({ text: 'Hello there.' })).json).not.toHaveProperty('audioUrl');
	});

	test('text instead of an error', async () => {
		bench.standIn.inject({ ...faults.moderated(), match: { path: '/v1/audio/speech' } });
		const { json, item, error, hints } = await run(
			{ text: '**Hello** there.', options: { textOnFailure: true } },
			{ chat: 7 },
		);
		expect(error).toBeUndefined();
		expect(json).toMatchObject({
			chat: 7,
			spokenText: 'Hello there.',
			speechFailed: true,
			speechProblem: { stage: 'speak.refused' },
		});
		expect(json).not.toHaveProperty('error');
		expect(item?.binary).toBeUndefined();
		expect(hints.join()).toMatch(/goes on without audio/);
		expect(JSON.stringify(json)).not.toContain(KEY);
	});
});

describe('a tool of an AI agent', () => {
	test('answers with words and a link, and obeys no tag it was handed', async () => {
		const [item] = await bench.engine.tool(
			'voxtralSpeak',
			{
				text: "={{ $fromAI('text') }}",
				model: { __rl: true, mode: 'id', value: 'voxtral-mini-tts-3-0' },
			},
			{ text: '[emotion=angry] Hello there.' },
		);
		expect(inputs()).toEqual(['Hello there.']);
		expect(item?.json).toMatchObject({
			spokenText: 'Hello there.',
			durationSeconds: expect.any(Number),
			audioUrl: expect.stringMatching(/token=/),
		});
	});

	test('can look for a voice', async () => {
		const parameters = {
			resource: 'voice',
			operation: 'listVoices',
			filters: { search: "={{ $fromAI('mood') }}" },
		};
		const items = await bench.engine.tool('voxtralSpeak', parameters, { mood: 'sarcasm' });
		expect(items.map(({ json }) => json.slug)).toEqual(['gb_jane_sarcasm']);
	});
});
