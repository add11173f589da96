// The transcriptions endpoint of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import { collect, form, knownRecording, recording, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const transcribe = (data: FormData) =>
	fixture.call('/v1/audio/transcriptions', { method: 'POST', body: data });

describe('transcriptions through the SDK', () => {
	test.each(['question.wav', 'question.ogg', 'question.mp3', 'question-fr.ogg', 'question-de.ogg'])(
		'%s is transcribed by its content, not its name',
		async (fileName) => {
			const known = await knownRecording(fileName);
			const result = await fixture.client.audio.transcriptions.complete({
				model: 'voxtral-mini-latest',
				file: { fileName: 'whatever.bin', content: await recording(fileName) },
			});
			expect(result.text).toBe(known.text);
			expect(result.model).toBe('voxtral-mini-latest');
			expect(result.language).toBeNull();
			expect(result.segments).toEqual([]);
			expect(result.usage.promptAudioSeconds).toBe(Math.round(known.seconds));
		},
	);

	test('diarization of a dialogue gives speakers and exact times', async () => {
		const known = await knownRecording('dialogue.ogg');
		const result = await fixture.client.audio.transcriptions.complete({
			model: 'voxtral-mini-latest',
			file: { fileName: 'dialogue.ogg', content: await recording('dialogue.ogg') },
			diarize: true,
			timestampGranularities: ['segment'],
		});
		expect(
			result.segments?.map(({ text, start, end, speakerId }) => ({
				text: text.trim(),
				start,
				end,
				speaker: speakerId,
			})),
		).toEqual(
			known.segments.map(({ text, start, end, speaker }) => ({
				text,
				start,
				end,
				speaker: `speaker_${speaker}`,
			})),
		);
	});

	test('word timestamps on the second generation have one entry a word, within its sentence', async () => {
		const { segments: known } = await knownRecording('dialogue.ogg');
		const { segments = [] } = await fixture.client.audio.transcriptions.complete({
			model: 'voxtral-mini-2602',
			file: { fileName: 'dialogue.ogg', content: await recording('dialogue.ogg') },
			timestampGranularities: ['word'],
		});
		const words = known.flatMap(({ text }) => text.split(' '));
		expect(segments.map(({ text }) => text.trim())).toEqual(words);
		for (const { start, end } of segments) {
			const inside = known.some(
				(sentence) => Number(start) >= sentence.start && Number(end) <= sentence.end + 0.01,
			);
			expect(inside).toBe(true);
		}
		expect(segments.every(({ speakerId }) => speakerId === null)).toBe(true);
	});

	test('the stream ends with the whole transcript, each segment after its text', async () => {
		const known = await knownRecording('dialogue.ogg');
		const events = await collect(
			await fixture.client.audio.transcriptions.stream({
				model: 'voxtral-mini-transcribe-3-0',
				file: { fileName: 'dialogue.ogg', content: await recording('dialogue.ogg') },
				diarize: true,
				timestampGranularities: ['segment'],
			}),
		);
		const texts = events.flatMap(({ data }) =>
			data.type === 'transcription.text.delta' ? [data.text] : [],
		);
		expect(texts.join('')).toBe(known.text);
		expect(events.filter(({ event }) => event === 'transcription.segment')).toHaveLength(4);
		const second = events.findIndex(({ event }) => event === 'transcription.segment');
		expect(second).toBe(9);
		expect(events.at(-1)).toMatchObject({
			event: 'transcription.done',
			data: { text: known.text, segments: expect.any(Array), usage: { promptAudioSeconds: 10 } },
		});
	});

	test('a stored file and a signed URL are transcribed like a direct upload', async () => {
		const file = await fixture.client.files.upload({
			file: { fileName: 'q.ogg', content: await recording('question.ogg') },
			purpose: 'audio' as 'ocr',
		});
		const { url } = await fixture.client.files.getSignedUrl({ fileId: file.id });
		const { text } = await knownRecording('question.ogg');
		for (const source of [{ fileId: file.id }, { fileUrl: url }]) {
			const result = await fixture.client.audio.transcriptions.complete({
				model: 'voxtral-mini-latest',
				...source,
			});
			expect(result.text).toBe(text);
		}
	});
});

describe('what the transcript depends on', () => {
	const textOf = async (bytes: Uint8Array) =>
		(
			(await (await transcribe(form({ model: 'voxtral-mini-latest' }, bytes))).json()) as {
				text: string;
			}
		).text;

	test('unknown audio gets a transcript that describes it', async () => {
		const wav = await recording('question.wav');
		const other = Buffer.from(wav);
		other.writeInt16LE(1234, 5000);
		expect(await textOf(other)).toBe('A stand-in recording: wav audio, 2.2 seconds, 12 kHz, mono.');
	});

	test.each(['question.wav', 'question.ogg', 'question.mp3'])(
		'a truncated %s is visible in the transcript',
		async (fileName) => {
			const whole = await recording(fileName);
			const known = await knownRecording(fileName);
			const text = await textOf(whole.subarray(0, Math.floor(whole.length / 2)));
			expect(text).not.toBe(known.text);
			const seconds = Number(/([\d.]+) seconds/.exec(text)?.[1]);
			expect(seconds).toBeLessThan(known.seconds * 0.7);
		},
	);

	test('the duration of a WAV without sizes comes from its bytes', async () => {
		const wav = Buffer.from(await recording('question.wav'));
		wav.writeUInt32LE(0xffffffff, 4);
		wav.writeUInt32LE(0xffffffff, 40);
		expect(await textOf(wav)).toBe('A stand-in recording: wav audio, 2.2 seconds, 12 kHz, mono.');
	});

	test('language is the hint without timestamps, null with them, and detected on request in generation 3', async () => {
		const audio = await recording('question-fr.ogg');
		const languageWith = async (fields: Record<string, string>) =>
			(await (await transcribe(form(fields, audio))).json()) as { language: unknown; text: string };
		const second = { model: 'voxtral-mini-latest' };
		expect((await languageWith({ ...second, language: 'fr' })).language).toBe('fr');
		const lost = await languageWith({
			...second,
			language: 'fr',
			timestamp_granularities: 'segment',
		});
		expect(lost).toMatchObject({ text: '', segments: [], language: null });
		const third = { model: 'voxtral-mini-transcribe-3-0' };
		expect((await languageWith({ ...third, return_language: 'true' })).language).toBe('fr');
		const both = await languageWith({
			...third,
			language: 'fr',
			timestamp_granularities: 'segment',
		});
		expect(both.text).toContain('Lyon');
	});

	test('speaker references name the speakers', async () => {
		const names = { Ann: 'AAAA', Bob: 'AAAA' };
		const response = await transcribe(
			form(
				{
					model: 'voxtral-mini-transcribe-3-0',
					diarize: 'true',
					'timestamp_granularities[]': 'segment',
					speaker_references: JSON.stringify(names),
				},
				await recording('dialogue.ogg'),
			),
		);
		const { segments } = (await response.json()) as { segments: { speaker_id: string }[] };
		expect(segments.map(({ speaker_id }) => speaker_id)).toEqual(['Ann', 'Bob', 'Ann', 'Bob']);
	});

	test('the billed audio seconds are in the headers', async () => {
		const response = await transcribe(
			form({ model: 'voxtral-mini-latest' }, await recording('dialogue.ogg')),
		);
		expect(response.headers.get('x-ratelimit-audio-seconds-query-cost')).toBe('10');
	});
});
