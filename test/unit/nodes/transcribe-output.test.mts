// Reading of transcription responses, language and file name of the output, phrases from word timestamps.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
	readTranscription,
	transcribeStored,
} from '../../../nodes/shared/mistral/transcriptions/transcriptions.ts';
import type { HttpClient } from '../../../nodes/shared/http/client.ts';
import {
	type OutputFacts,
	subtitleFile,
	transcribeOutput,
} from '../../../nodes/VoxtralTranscribe/transcribe.output.ts';
import { phrasesOf } from '../../../nodes/VoxtralTranscribe/transcribe.phrases.ts';

const facts: OutputFacts = {
	model: 'asked',
	attempts: 1,
	names: {},
	byWord: false,
	simplify: false,
};
const hi = { text: ' Hi. ', start: 0, end: 1, speaker_id: 'speaker_1' };

describe('reading the response', () => {
	test.each([
		['Mistral', { text: 'a', usage: { prompt_audio_seconds: 3 } }, 3],
		['vLLM', { text: 'a', usage: { type: 'duration', seconds: 4 } }, 4],
		['vLLM, verbose', { text: 'a', duration: '5.5', segments: null }, 5.5],
	])('the response of %s is read', (_who, body, seconds) => {
		expect(readTranscription(body)).toMatchObject({
			text: 'a',
			segments: [],
			usage: { prompt_audio_seconds: seconds },
		});
	});

	test.each([null, [], 'text', {}, { text: 1 }, { object: 'error', message: 'x' }])(
		'%j is not a transcription',
		(body) => {
			expect(readTranscription(body)).toBeUndefined();
		},
	);

	test('entries that are no segments are ignored', () => {
		expect(readTranscription({ text: '', segments: [null, 3, {}, hi] })?.segments).toEqual([hi]);
	});
});

test('a recording above the upload size limit fails before any byte is sent', async () => {
	const audio = {
		fieldName: 'data',
		bytes: 512 * 1024 * 1024 + 1,
		uploadName: 'a.wav',
		uploadMimeType: 'audio/wav',
	};
	const read = () => {
		throw new Error('was read');
	};
	const client = { operation: 'transcribe' } as HttpClient;
	const request = { fields: [] };
	await expect(transcribeStored(client, { ...audio, read }, request)).rejects.toMatchObject({
		facts: { stage: 'transcribe.too-large', message: expect.stringContaining('512 MB') },
	});
});

describe('output item', () => {
	test('an item without timestamps has no transcript and no subtitles', () => {
		const segments = [{ text: 'Hi.', start: null, end: null }];
		expect(Object.keys(transcribeOutput({ text: 'Hi.', segments }, facts)).sort()).toEqual([
			'attempts',
			'language',
			'model',
			'segments',
			'spoken',
			'text',
			'usage',
		]);
	});

	test.each([
		[null, 'de', 'de'],
		['fr', 'de', 'fr'],
		[undefined, undefined, null],
	])('the detected language %j with the requested language %j gives %j', (heard, asked, shown) => {
		const more = asked === undefined ? {} : { language: asked };
		const reply = { text: '', ...(heard === undefined ? {} : { language: heard }) };
		expect(transcribeOutput(reply, { ...facts, ...more }).language).toBe(shown);
	});

	test('an item never has a key "error", which n8n would treat as a failed item', () => {
		const reply = readTranscription({ text: 'a', error: null, segments: [hi] });
		expect(transcribeOutput(reply ?? { text: '' }, facts)).not.toHaveProperty('error');
	});

	test('a speaker name that looks like markup is escaped in WebVTT', () => {
		const { vtt } = transcribeOutput(
			{ text: 'Hi.', segments: [hi] },
			{ ...facts, names: { speaker_1: '<b>&A' } },
		);
		expect(vtt).toContain('<v b&amp;A>Hi.</v>');
	});

	test('a subtitle file is named after the recording, without its path', () => {
		const reply = { text: 'Hi.', segments: [hi] };
		expect(subtitleFile(reply, facts, 'srt', '../x/Mein Gespräch.ogg')?.fileName).toBe(
			'Mein Gespräch.srt',
		);
		expect(subtitleFile(reply, facts, 'vtt', undefined)?.fileName).toBe('subtitles.vtt');
		expect(subtitleFile({ text: 'Hi.' }, facts, 'srt', 'a.ogg')).toBeUndefined();
	});
});

describe('word timestamps joined to phrases', () => {
	const words = (...texts: string[]) =>
		texts.map((text, index) => ({ text, start: index * 0.3, end: index * 0.3 + 0.2 }));

	test('phrases are split at sentence ends, pauses and changes of speaker', () => {
		expect(phrasesOf(words('Good', ' morning.', ' Is', ' it?')).map(({ text }) => text)).toEqual([
			'Good morning.',
			' Is it?',
		]);
		const paused = [
			{ text: 'a', start: 0, end: 0.1 },
			{ text: 'b', start: 0.5, end: 0.6 },
			{ text: 'c', start: 2, end: 2.1 },
			{ text: 'd', start: 2.1, end: 2.2, speaker: 'x' },
		];
		expect(phrasesOf(paused)).toEqual([
			{ text: 'a b', start: 0, end: 0.6 },
			{ text: 'c', start: 2, end: 2.1 },
			{ text: 'd', start: 2.1, end: 2.2, speaker: 'x' },
		]);
	});

	test('phrases keep every word, in order of time', () => {
		const word = fc.record({
			text: fc.stringMatching(/^[a-z.]{1,30}$/),
			gap: fc.float({ min: 0, max: 2, noNaN: true }),
		});
		fc.assert(
			fc.property(fc.array(word), (entries) => {
				let at = 0;
				const given = entries.map(({ text, gap }) => {
					const start = at + gap;
					at = start + 0.2;
					return { text, start, end: at };
				});
				const phrases = phrasesOf(given);
				expect(phrases.map(({ text }) => text).join(' ')).toBe(
					given.map(({ text }) => text).join(' '),
				);
				for (const [index, { start, end }] of phrases.entries()) {
					expect(end).toBeGreaterThanOrEqual(start);
					expect(start).toBeGreaterThanOrEqual(phrases[index - 1]?.end ?? 0);
				}
			}),
		);
	});
});
