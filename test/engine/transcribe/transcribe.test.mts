// Output of Voxtral Transcribe for each option and each Voxtral model family.
import { describe, expect, jest, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { INodeParameters } from 'n8n-workflow';
import { faults } from '../../standin/index.mts';
import { findRecording, type KnownRecording } from '../../standin/recordings.mts';
import { type Voice } from '../../support/engine.mts';
import { ffmpegFile, tone } from '../../support/media.mts';
import { recording, sha256, useEngineFixture } from '../../support/engine-fixture.mts';

jest.setTimeout(30_000);

const dialogue = {
	bytes: recording('dialogue.ogg'),
	fileName: 'dialogue.oga',
	mimeType: 'audio/ogg',
};
const known = findRecording(sha256(dialogue.bytes)) as KnownRecording;
const question = { bytes: recording('question.ogg') };
const V3 = 'voxtral-mini-transcribe-latest';

describe.each(['memory', 'filesystem', 'combined'] as const)('binaries in %s', (mode) => {
	const bench = useEngineFixture(mode);

	const modelId = (id: string) => ({ model: { __rl: true, mode: 'id', value: id } });
	const transcribe = async (
		options: INodeParameters,
		{
			model,
			voices = [dialogue],
			json = {},
			onError,
		}: { model?: string; voices?: Voice[]; json?: object; onError?: 'continueErrorOutput' } = {},
	) => {
		const parameters: INodeParameters = { ...(model ? modelId(model) : {}), options };
		const item = await bench.engine.item(json as never, ...voices);
		const nodes = [{ type: 'voxtralTranscribe', parameters, ...(onError ? { onError } : {}) }];
		const result = await bench.engine.run({ nodes, items: [item] });
		// In combined mode n8n stores files inside the JSON.
		const { _files, ...fields } = result.items[0]?.json ?? {};
		return {
			...result,
			json: fields,
			files: result.items[0]?.binary ?? _files,
			hint: result.hints.map(({ message }) => message).join('\n'),
		};
	};
	const sent = () => bench.standIn.requests.at(-1)?.form?.fields ?? [];
	const sentValues = (field: string) =>
		sent().flatMap(([name, value]) => (name === field ? [value] : []));

	describe('default parameters', () => {
		test('the text is added to the incoming fields', async () => {
			const { json, error, hints } = await transcribe(
				{},
				{ voices: [question], json: { chat: 7, text: 'old', error: 'older' } },
			);
			expect(error).toBeUndefined();
			expect(hints).toEqual([]);
			expect(json).toEqual({
				chat: 7,
				text: 'What is the weather in Paris today?',
				language: null,
				segments: [],
				model: 'voxtral-mini-latest',
				usage: expect.objectContaining({ prompt_audio_seconds: 2 }),
				attempts: 1,
				spoken: true,
			});
			expect(sent()).toEqual([['model', 'voxtral-mini-latest']]);
		});

		test('incoming fields can be dropped', async () => {
			const { json } = await transcribe(
				{ keepInput: false },
				{ voices: [question], json: { chat: 7 } },
			);
			expect(json).not.toHaveProperty('chat');
		});

		test('the detected language is returned on family 3', async () => {
			const { json } = await transcribe(
				{},
				{ model: V3, voices: [{ bytes: recording('question-fr.ogg') }] },
			);
			expect(json).toMatchObject({ language: 'fr', model: V3 });
		});
	});

	describe.each(['voxtral-mini-latest', V3])('diarization with %s', (model) => {
		test('diarization returns segments with speaker names, speaking time, a transcript by turns, and subtitles', async () => {
			const speakers = [{ label: '1', name: 'Anna' }];
			const { json, error } = await transcribe(
				{ diarize: true, speakerNames: { speakers } },
				{ model },
			);
			expect(error).toBeUndefined();
			const who = (speaker: number) => (speaker === 1 ? 'Anna' : `speaker_${speaker}`);
			expect(json.segments).toEqual(
				known.segments.map(({ speaker, ...segment }) => ({ ...segment, speaker: who(speaker) })),
			);
			expect(json.speakers).toEqual(
				[1, 2].map((number) => {
					const own = known.segments.filter(({ speaker }) => speaker === number);
					const seconds = own.reduce((sum, { start, end }) => sum + end - start, 0);
					return { speaker: who(number), seconds: expect.closeTo(seconds, 2), turns: 2 };
				}),
			);
			expect(json.transcript).toBe(
				[
					'[00:00] Anna: Good morning. Is the train to Lyon on time?',
					'[00:03] Speaker 2: No, it is twenty minutes late.',
					'[00:05] Anna: Thank you. Which platform does it leave from?',
					'[00:08] Speaker 2: From platform seven.',
				].join('\n'),
			);
			expect(json.srt).toMatch(/^1\n00:00:00,350 --> 00:00:0\d,\d{3}\nAnna: Good morning\./);
			expect(json.vtt).toMatch(
				/^WEBVTT\n\n00:00:00\.350 --> 00:00:0\d\.\d{3}\n<v Anna>Good morning\./,
			);
			expect(sentValues('diarize')).toEqual(['true']);
			expect(sentValues('timestamp_granularities')).toEqual(['segment']);
		});
	});

	describe('timestamps', () => {
		test('timestamps without diarization give a transcript with times', async () => {
			const { json } = await transcribe({ timestamps: true });
			expect(json.transcript).toMatch(/^\[00:00\] Good morning.*\n\[00:03\] No, it is/);
			expect(json).not.toHaveProperty('speakers');
		});

		test('word timestamps on family 2 time each word, with subtitles in whole phrases', async () => {
			const { json, error } = await transcribe({ timestampDetail: 'word' });
			expect(error).toBeUndefined();
			const segments = json.segments as { start: number; text: string }[];
			expect(segments).toHaveLength(26);
			expect(segments[1]).toMatchObject({ text: 'morning.', start: expect.any(Number) });
			expect(json.transcript).toContain('] No, it is twenty minutes late.');
			expect(String(json.srt).replace(/\s+/g, ' ')).toContain('No, it is twenty minutes late.');
		});

		test('word timestamps on family 3 become segments, with a hint', async () => {
			const { json, hint, error } = await transcribe({ timestampDetail: 'word' }, { model: V3 });
			expect(error).toBeUndefined();
			expect(json.segments).toHaveLength(4);
			expect(hint).toMatch(/does not time single words/);
		});
	});

	describe('language', () => {
		test('a language code is shortened to two letters', async () => {
			const { json } = await transcribe({ language: 'de-DE' }, { voices: [question] });
			expect(sentValues('language')).toEqual(['de']);
			expect(json.language).toBe('de');
		});

		test('an invalid language code fails before any request is sent', async () => {
			const { error } = await transcribe({ language: 'german' });
			expect(error?.message).toBe('Language "german" is not a language code [item 0]');
			expect(bench.standIn.requests).toEqual([]);
		});

		test('the language is dropped with timestamps on family 2, with a hint, since the API would return no text', async () => {
			const { json, hint } = await transcribe({ language: 'en', timestamps: true });
			expect(json.text).toMatch(/^Good morning/);
			expect(json.language).toBeNull();
			expect(hint).toMatch(/Language was left out/);
		});

		test('the language is sent with timestamps on family 3', async () => {
			const { json, hints } = await transcribe({ language: 'en', timestamps: true }, { model: V3 });
			expect(json).toMatchObject({
				language: 'en',
				segments: expect.arrayContaining([expect.anything()]),
			});
			expect(hints).toEqual([]);
		});
	});

	describe('vocabulary', () => {
		test.each([
			['voxtral-mini-latest', ['Anna_Kowalski', 'n8n']],
			[V3, ['Anna Kowalski', 'n8n']],
		])('a vocabulary text is sent to %s in the form it accepts', async (model, expected) => {
			const { error } = await transcribe({ vocabulary: 'Anna Kowalski, n8n' }, { model });
			expect(error).toBeUndefined();
			expect(sentValues('context_bias')).toEqual(expected);
		});

		test('a vocabulary may come from an expression that gives a list', async () => {
			const json = { names: ['Anna Kowalski', 'Ben'] };
			await transcribe({ vocabulary: '={{ $json.names }}' }, { json });
			expect(sentValues('context_bias')).toEqual(['Anna_Kowalski', 'Ben']);
		});

		test('a vocabulary of more than 100 entries is cut, with a hint', async () => {
			const names = Array.from({ length: 130 }, (_, index) => `name ${index}`);
			const { error, hint } = await transcribe(
				{ vocabulary: '={{ $json.names }}' },
				{ json: { names } },
			);
			expect(error).toBeUndefined();
			expect(sentValues('context_bias')).toHaveLength(100);
			expect(hint).toMatch(/first 100/);
		});
	});

	describe('voice samples (preview)', () => {
		const clip = async (seconds: number) => await ffmpegFile(tone(seconds), 'clip.wav');
		const voices = [
			{ name: 'Anna', field: 'anna' },
			{ name: 'Ben', field: '={{ "ben" }}' },
		];

		test('voice samples name the speakers on family 3', async () => {
			const bytes = await clip(4);
			const { json, error, hints } = await transcribe(
				{ voiceSamples: { voices } },
				{ model: V3, voices: [dialogue, { bytes, field: 'anna' }, { bytes, field: 'ben' }] },
			);
			expect(error).toBeUndefined();
			expect(hints).toEqual([]);
			expect(json.speakers).toMatchObject([{ speaker: 'Anna' }, { speaker: 'Ben' }]);
			const [references = '{}'] = sentValues('speaker_references');
			const { Anna } = JSON.parse(references) as { Anna: string };
			expect(sha256(Buffer.from(Anna, 'base64'))).toBe(sha256(bytes));
		});

		test('voice samples are left out on family 2, with a hint', async () => {
			const bytes = await clip(4);
			const { json, hint } = await transcribe(
				{ voiceSamples: { voices } },
				{ voices: [dialogue, { bytes, field: 'anna' }, { bytes, field: 'ben' }] },
			);
			expect(json.speakers).toMatchObject([{ speaker: 'speaker_1' }, { speaker: 'speaker_2' }]);
			expect(hint).toMatch(/voice samples were left out/);
		});

		test('voice samples that are too long, too many or missing fail by name', async () => {
			const long = await transcribe(
				{ voiceSamples: { voices: [{ name: 'Anna', field: 'anna' }] } },
				{ model: V3, voices: [dialogue, { bytes: await clip(20), field: 'anna' }] },
			);
			expect(long.error?.message).toBe('The voice sample of "Anna" lasts 20.0 seconds [item 0]');
			const many = Array.from({ length: 9 }, (_, index) => ({ name: `n${index}`, field: 'data' }));
			const crowd = await transcribe({ voiceSamples: { voices: many } }, { model: V3 });
			expect(crowd.error?.message).toMatch(/holds 9 voices; Mistral takes 8/);
			expect(bench.standIn.requests).toEqual([]);
		});
	});

	describe('subtitle file', () => {
		test.each([
			['srt', 'dialogue.srt', 'application/x-subrip'],
			['vtt', 'dialogue.vtt', 'text/vtt'],
		])(
			'a %s file is returned beside the text, named after the recording',
			async (format, fileName, mimeType) => {
				const { items, json, files } = await transcribe({ subtitleFile: format });
				expect(files).toMatchObject({ subtitles: { fileName, mimeType } });
				expect((await bench.engine.bytes(items[0], 'subtitles')).toString()).toBe(json[format]);
			},
		);

		test('no subtitle file, but a hint, when the server returns no times', async () => {
			bench.standIn.inject({
				status: 200,
				body: { text: 'Hello there.', usage: { type: 'duration', seconds: 3 } },
			});
			const { items, json, hint } = await transcribe({ subtitleFile: 'srt' });
			expect(items[0]?.binary).toBeUndefined();
			expect(json).toMatchObject({
				text: 'Hello there.',
				usage: { prompt_audio_seconds: 3 },
				model: 'voxtral-mini-latest',
			});
			expect(hint).toMatch(/no subtitle file for item 0/);
		});
	});

	describe('other options', () => {
		test('Simplify keeps the readable fields only', async () => {
			const { json } = await transcribe({ simplify: true, diarize: true }, { json: { chat: 7 } });
			expect(Object.keys(json).sort()).toEqual([
				'chat',
				'language',
				'spoken',
				'text',
				'transcript',
			]);
		});

		test('temperature and additional body fields are sent', async () => {
			bench.standIn.behave({ lenientUnknownKeys: true });
			await transcribe({
				temperature: 0.2,
				additionalFields: '{"hotwords": ["a", "b"], "temperature": 0.4}',
			});
			expect(sentValues('temperature')).toEqual(['0.4']);
			expect(sentValues('hotwords')).toEqual(['a', 'b']);
		});

		test('an empty transcript gives a hint', async () => {
			bench.standIn.behave({ emptyTranscript: true });
			const { json, hint } = await transcribe({});
			expect(json.text).toBe('');
			expect(hint).toMatch(/No words were heard in item 0/);
		});

		test('a hint that applies to all items is given once', async () => {
			const item = await bench.engine.item({}, question);
			const parameters = { options: { language: 'en', timestamps: true } };
			const { hints } = await bench.engine.run({
				nodes: [{ type: 'voxtralTranscribe', parameters }],
				items: [item, item, item],
			});
			expect(hints).toHaveLength(1);
		});
	});

	test('a recording too long for family 3 fails with advice', async () => {
		const bytes = await ffmpegFile([...tone(1, 440, 8000), '-ar', '8000'], 'long.wav');
		// 100 samples a second keep an hour and a half small enough to send.
		bytes.writeUInt32LE(100, 24);
		bytes.writeUInt32LE(200, 28);
		const long = Buffer.concat([
			bytes.subarray(0, bytes.indexOf('data') + 8),
			Buffer.alloc(200 * 5400),
		]);
		long.writeUInt32LE(200 * 5400, long.indexOf('data') + 4);
		const { error } = await transcribe({}, { model: V3, voices: [{ bytes: long }] });
		expect(error?.message).toBe('The recording is longer than this Model takes at once [item 0]');
		expect(error?.description).toMatch(/three hours.*context window/);
		expect(error?.context?.stage).toBe('transcribe.audio-too-long');
		const { json } = await transcribe({}, { voices: [{ bytes: long }] });
		expect(json.text).toMatch(/5400\.0 seconds/);
	});

	test('the model list holds the transcription models of both families and no others', async () => {
		const { results } = await bench.engine.list('voxtralTranscribe', 'searchTranscriptionModels');
		const ids = results.map(({ value }) => String(value));
		expect(ids).toEqual(
			expect.arrayContaining(['voxtral-mini-latest', V3, 'voxtral-small-transcribe-3-0']),
		);
		expect(ids.filter((id) => /tts|realtime|mistral-/.test(id))).toEqual([]);
		const some = await bench.engine.list('voxtralTranscribe', 'searchTranscriptionModels', '2602');
		expect(some.results.map(({ value }) => value)).toEqual(['voxtral-mini-2602']);
	});

	describe('upload first', () => {
		const paths = () =>
			bench.standIn.requests.map(
				({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, 'ID')}`,
			);

		test('Upload First stores the file, transcribes it by id and deletes it', async () => {
			const { json, error, hints } = await transcribe({ uploadFirst: true, diarize: true });
			expect(error).toBeUndefined();
			expect(hints).toEqual([]);
			expect(json).toMatchObject({ text: expect.stringMatching(/^Good morning/), attempts: 1 });
			expect(paths()).toEqual([
				'POST /v1/files',
				'POST /v1/audio/transcriptions',
				'DELETE /v1/files/ID',
			]);
			expect(bench.standIn.requests[0]?.form).toMatchObject({
				fields: [['purpose', 'audio']],
				files: [
					{ sha256: sha256(dialogue.bytes), fileName: 'dialogue.ogg', contentType: 'audio/ogg' },
				],
			});
			expect(bench.standIn.requests[1]?.form?.files).toEqual([]);
		});

		test('Upload First deletes the file when transcription fails', async () => {
			bench.standIn.inject({
				...faults.unprocessable(),
				match: { path: '/v1/audio/transcriptions' },
			});
			const { error } = await transcribe({ uploadFirst: true });
			expect(error?.message).toMatch(/rejected the request/);
			expect(paths().at(-1)).toBe('DELETE /v1/files/ID');
		});

		test('Upload First gives the text and a hint when the file cannot be deleted', async () => {
			bench.standIn.inject({ ...faults.tierNotAllowed(), match: { method: 'DELETE' } });
			const { json, hint } = await transcribe({ uploadFirst: true });
			expect(json.text).toMatch(/^Good morning/);
			expect(hint).toMatch(/copy of the recording of item 0 is still stored/);
		});

		test('Upload First does not retry a broken upload, which would leave a second copy', async () => {
			bench.standIn.inject({ ...faults.lostAfterWork(), match: { path: '/v1/files' } });
			const { error } = await transcribe({ uploadFirst: true });
			expect(error).toBeDefined();
			expect(paths()).toEqual(['POST /v1/files']);
		});
	});

	describe('a tool of an AI agent', () => {
		test('as an agent tool, Transcribe takes a URL from the agent and returns fields, never nothing', async () => {
			const shelf = createServer((_, response) => response.end(question.bytes)).listen(
				0,
				'127.0.0.1',
			);
			await new Promise((resolve) => shelf.once('listening', resolve));
			const { port } = shelf.address() as { port: number };
			const parameters = {
				source: 'url',
				url: "={{ $fromAI('url', 'address of the recording') }}",
				options: {},
			};
			const [item] = await bench.engine.tool('voxtralTranscribe', parameters, {
				url: `http://127.0.0.1:${port}/a.ogg`,
			});
			shelf.close();
			expect(item?.json).toMatchObject({
				text: 'What is the weather in Paris today?',
				spoken: true,
			});
		});

		test('as an agent tool, Transcribe takes an expression that gives a file', async () => {
			const data = { data: question.bytes.toString('base64'), mimeType: 'audio/ogg' };
			const parameters = { binaryPropertyName: `={{ (${JSON.stringify(data)}) }}` };
			const [item] = await bench.engine.tool('voxtralTranscribe', parameters, {});
			expect(item?.json.text).toBe('What is the weather in Paris today?');
		});

		test('as an agent tool, Transcribe fails with a clear message when there is no file', async () => {
			await expect(bench.engine.tool('voxtralTranscribe', {}, {})).rejects.toThrow(
				/There is no audio/,
			);
		});
	});
});
