// Voxtral Speak in n8n's engine: long texts, destinations, voices, family 3 options, output, use as an agent tool.
import { describe, expect, jest, test } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { faults } from '../../standin/index.mts';
import { decodeSamples, ffprobe, probeWarnings } from '../../support/media.mts';
import { KEY, recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { wrapPcm } from '../../support/run-to-end.mts';

// Speech is really synthesized and decoded here, which is slow on a small machine.
jest.setTimeout(30_000);

const fixture = useEngineFixture('filesystem');

const speakNode = (parameters: INodeParameters = {}) => ({ type: 'voxtralSpeak', parameters });
const spoken = () =>
	fixture.standIn.requests
		.filter(({ path }) => path.endsWith('/audio/speech'))
		.map(({ json }) => json as Record<string, unknown>);
const inputs = () => spoken().map(({ input }) => String(input));

/** For tests that check requests, not audio. */
const answerAtOnce = (delayMs = 0) => {
	const body = { audio_data: recording('question.mp3').toString('base64') };
	fixture.standIn.inject({
		status: 200,
		body,
		delayMs,
		times: Infinity,
		match: { path: '/v1/audio/speech' },
	});
};

const run = async (parameters: INodeParameters, json = {}) => {
	const { items, error, hints } = await fixture.engine.run({
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
/** A piece length of about one sentence. */
const SHORT_PIECES = { pieceCharacters: 50 };

describe('long texts', () => {
	test('a long text is cut between sentences, each piece is spoken once, and they are joined in order', async () => {
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
		const whole = await fixture.engine.bytes(item);
		const parts = await Promise.all(
			SENTENCES.map(
				async (text) => await fixture.engine.bytes((await run({ text, format: 'wav' })).item),
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
		'joined pieces of %s are one valid file of the stated duration',
		async (format) => {
			const { json, item, hints } = await run({ text: LONG, format, options: SHORT_PIECES });
			const bytes = await fixture.engine.bytes(item);
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

	test('a failed piece is retried alone', async () => {
		fixture.standIn.inject({
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

	test('the error names the piece that cannot be spoken', async () => {
		fixture.standIn.inject({ ...faults.moderated(), match: { path: '/v1/audio/speech' } });
		const { error } = await run({ text: LONG, options: { ...SHORT_PIECES, piecesAtOnce: 1 } });
		expect(error?.message).toMatch(/refused this request \[item 0\]/);
		expect(error?.description).toMatch(/^Piece 1 of 4/);
		expect(inputs()).toEqual([SENTENCES[0]]);
	});

	test('Pieces at Once limits the concurrent pieces of all items together', async () => {
		const items = Array.from({ length: 3 }, () => ({ json: { text: LONG } }));
		answerAtOnce(120);
		const { items: out } = await fixture.engine.run({
			nodes: [speakNode({ options: { ...SHORT_PIECES, piecesAtOnce: 2 } })],
			items,
		});
		expect(out.map(({ json }) => json.pieces)).toEqual([4, 4, 4]);
		const startsMs = fixture.standIn.requests
			.map(({ receivedAtMs }) => receivedAtMs)
			.sort((one, other) => one - other);
		// Two at once, 120 ms each: of three consecutive requests the last one has to wait.
		const gapsMs = startsMs.slice(2).map((atMs, index) => atMs - (startsMs[index] ?? 0));
		expect(Math.min(...gapsMs)).toBeGreaterThan(100);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	test('10,000 characters take at most a fifth of the sequential time', async () => {
		const text = 'It rained in the north and it snowed in the hills all day long. '.repeat(156);
		const body = { audio_data: recording('question.mp3').toString('base64') };
		fixture.standIn.inject({
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
		// The best of three rounds: other load on the machine can only add time.
		let best = Number.POSITIVE_INFINITY;
		for (let round = 0; round < 3 && best > 0.2; round++) {
			const serialMs = await time(1);
			best = Math.min(best, (await time()) / serialMs);
		}
		expect(best).toBeLessThanOrEqual(0.2);
	});

	test('the character rate limit is respected, and cancelling does not wait for it', async () => {
		const body = { audio_data: recording('question.mp3').toString('base64') };
		const headers = {
			'x-ratelimit-limit-input-characters-minute': '120',
			'x-ratelimit-remaining-input-characters-minute': '60',
		};
		fixture.standIn.inject({
			status: 200,
			body,
			headers,
			times: Infinity,
			match: { path: '/v1/audio/speech' },
		});
		let cancel = () => {};
		const running = fixture.engine.run({
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

	test('a short text is one request whatever its punctuation', async () => {
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

	test.each(presets)(
		'the file for %s has the right codec, name and MIME type',
		async (destination, asked, fileName, mimeType, truth) => {
			for (const text of ['Your order is on its way.', `${SENTENCES[0]} ${SENTENCES[1]}`]) {
				const { json, item } = await run({
					text,
					destination,
					format: 'flac',
					options: SHORT_PIECES,
				});
				expect(json).toMatchObject({ destination, fileName, mimeType });
				expect(item?.binary?.data).toMatchObject({ fileName, mimeType });
				const bytes = await fixture.engine.bytes(item);
				expect(await ffprobe(bytes)).toMatchObject(truth);
				expect(await probeWarnings(bytes)).toBe('');
				const heard = (await decodeSamples(bytes, 24_000)).length / 24_000;
				expect(Math.abs(Number(json.durationSeconds) - heard)).toBeLessThan(0.02);
			}
			expect(spoken().every((body) => body.response_format === asked)).toBe(true);
		},
	);

	test('a file too large for WhatsApp fails, and one that is displayed poorly gives a hint', async () => {
		const ogg = (bytes: number) => {
			const body = {
				audio_data: Buffer.concat([recording('question.ogg'), Buffer.alloc(bytes)]).toString(
					'base64',
				),
			};
			fixture.standIn.inject({ status: 200, body, match: { path: '/v1/audio/speech' } });
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

	test('raw audio responses and 16-bit samples are accepted', async () => {
		const samples = recording('question.wav').subarray(44);
		const raw = (body: Buffer, contentType: string) =>
			fixture.standIn.inject({
				status: 200,
				body,
				contentType,
				match: { path: '/v1/audio/speech' },
			});
		raw(recording('question.wav'), 'audio/wav');
		expect((await run({ text: 'Hello.', format: 'wav' })).json).toMatchObject({
			format: 'wav',
			fileName: 'speech.wav',
		});
		raw(samples, 'audio/pcm');
		const { json, item } = await run({ text: 'Hello.', format: 'pcm' });
		expect(json).toMatchObject({ sampleType: 'int16', durationSeconds: samples.length / 48_000 });
		expect((await fixture.engine.bytes(item)).equals(samples)).toBe(true);
	});

	test('audio of an unexpected format fails for a destination and is named by its real format for a plain file', async () => {
		const mp3 = { body: { audio_data: recording('question.mp3').toString('base64') }, status: 200 };
		fixture.standIn.inject({ ...mp3, times: 2 });
		const { error } = await run({ text: 'Hello there.', destination: 'telegramVoice' });
		expect(error?.message).toMatch(/MP3 where Ogg/);
		const { json } = await run({ text: 'Hello there.', format: 'opus' });
		expect(json).toMatchObject({ fileName: 'speech.mp3', mimeType: 'audio/mpeg' });
	});

	test.each([
		['pcm', 'float32', 4],
		['pcm16', 'int16', 2],
	])('%s is raw samples, with a hint that says so', async (format, sampleType, sampleBytes) => {
		const { json, item } = await run({ text: LONG, format, options: SHORT_PIECES });
		const bytes = await fixture.engine.bytes(item);
		expect(json).toMatchObject({
			format: 'pcm',
			mimeType: 'audio/pcm',
			fileName: 'speech.pcm',
			sampleType,
			sampleRate: 24_000,
			channels: 1,
		});
		const wav = await fixture.engine.bytes(
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

	test('a voice is cloned from a recording only with consent', async () => {
		const { engine } = fixture;
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
		['OGG', () => ({ bytes: recording('question.ogg') }), /MP3 or WAV/],
		['too long', () => ({ bytes: wavOf(26) }), /lasts 26\.0 seconds/],
		['too short', () => ({ bytes: wavOf(1) }), /lasts 1\.0 seconds/],
		['not audio', () => ({ bytes: Buffer.from('hello') }), /not audio/],
	])(
		'a recording to clone that is %s fails before any request is sent',
		async (_, voice, message) => {
			const item = await fixture.engine.item({}, voice());
			const { error } = await fixture.engine.run({
				nodes: [speakNode({ ...fromClip, consent: true })],
				items: [item],
			});
			expect(error?.message).toMatch(message);
			expect(spoken()).toEqual([]);
		},
	);

	test('Voice per Language chooses the voice by the language of the text', async () => {
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

	test('a missing voice fails before any request is sent', async () => {
		const { error } = await run({
			text: 'Hello',
			voice: { __rl: true, mode: 'id', value: '={{ $json.nothing }}' },
		});
		expect(error?.message).toMatch(/^Voice is empty/);
	});
});

describe('family 3', () => {
	const THREE = { __rl: true, mode: 'id', value: 'voxtral-mini-tts-3-0' };

	test('emotion, pace, expressiveness and pronunciation are sent with every piece they concern', async () => {
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

	test('a family 2 model gets no such option, with a hint', async () => {
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

	test('speech tags of the author and of the answer are kept, tags of a caller are removed', async () => {
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

	test('additional body fields are sent, but cannot override fields the node depends on', async () => {
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
		expect(error?.message).toMatch(/must not contain "stream"/);
		expect(
			(await run({ text: 'Hello', options: { additionalFields: '[1]' } })).error?.message,
		).toMatch(/JSON object/);
	});
});

test('a Text that is not a string fails with its type', async () => {
	const { error } = await run({ text: '={{ $json.answer }}' }, { answer: { title: 'x' } });
	expect(error?.message).toMatch(/^Text is a list or an object/);
	expect(spoken()).toEqual([]);
});

describe('output', () => {
	test('a data URL is returned when switched on, and input fields are kept', async () => {
		const { json } = await run({ text: 'Hello there.', options: { addLink: true } }, { chat: 7 });
		expect(json.audioUrl).toEqual(expect.stringMatching(/^http.*token=/));
		expect(json.chat).toBe(7);
		expect((await run({ text: 'Hello there.' })).json).not.toHaveProperty('audioUrl');
	});

	test('On Error can return the text without audio', async () => {
		fixture.standIn.inject({ ...faults.moderated(), match: { path: '/v1/audio/speech' } });
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
	test('as an agent tool, Speak returns text and a link and removes speech tags', async () => {
		const [item] = await fixture.engine.tool(
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

	test('as an agent tool, voices can be searched', async () => {
		const parameters = {
			resource: 'voice',
			operation: 'listVoices',
			filters: { search: "={{ $fromAI('mood') }}" },
		};
		const items = await fixture.engine.tool('voxtralSpeak', parameters, { mood: 'sarcasm' });
		expect(items.map(({ json }) => json.slug)).toEqual(['gb_jane_sarcasm']);
	});
});
