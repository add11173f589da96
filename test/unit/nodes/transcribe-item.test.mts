// Exact output of Voxtral Transcribe: fields of the item and the subtitle files.
import { describe, expect, test } from '@jest/globals';
import {
	type OutputFacts,
	subtitleFile,
	transcribeOutput,
	typedOutput,
} from '../../../nodes/VoxtralTranscribe/transcribe.output.ts';

const facts: OutputFacts = {
	model: 'asked',
	language: 'de',
	attempts: 2,
	names: {},
	byWord: false,
	simplify: false,
};
const hi = { text: ' Hi. ', start: 0, end: 1.5 };
const bye = { text: 'Bye.', start: 2, end: 3 };

test('a transcription of text only', () => {
	expect(transcribeOutput({ text: ' Hi. ' }, facts)).toEqual({
		text: 'Hi.',
		language: 'de',
		segments: [],
		model: 'asked',
		usage: {},
		attempts: 2,
		spoken: true,
	});
});

test('a typed message passed through', () => {
	expect(typedOutput('Hi.')).toEqual({ text: 'Hi.', language: null, segments: [], spoken: false });
});

describe('segments with timestamps', () => {
	const reply = {
		text: 'Hi. Bye.',
		model: 'voxtral-mini-2507',
		language: 'en',
		usage: { prompt_audio_seconds: 3 },
		segments: [hi, bye],
	};
	const item = {
		text: 'Hi. Bye.',
		language: 'en',
		segments: [
			{ start: 0, end: 1.5, text: 'Hi.' },
			{ start: 2, end: 3, text: 'Bye.' },
		],
		transcript: '[00:00] Hi.\n[00:02] Bye.',
		srt: '1\n00:00:00,000 --> 00:00:01,500\nHi.\n\n2\n00:00:02,000 --> 00:00:03,000\nBye.\n',
		vtt: 'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHi.\n\n00:00:02.000 --> 00:00:03.000\nBye.\n',
		model: 'voxtral-mini-2507',
		usage: { prompt_audio_seconds: 3 },
		attempts: 2,
		spoken: true,
	};

	test('segments give a transcript and subtitles', () => {
		expect(transcribeOutput(reply, facts)).toEqual(item);
	});

	test('Simplify keeps the readable fields only', () => {
		expect(transcribeOutput(reply, { ...facts, simplify: true })).toEqual({
			text: 'Hi. Bye.',
			language: 'en',
			transcript: item.transcript,
			spoken: true,
		});
		expect(transcribeOutput({ text: 'Hi.' }, { ...facts, simplify: true })).toEqual({
			text: 'Hi.',
			language: 'de',
			spoken: true,
		});
	});

	test('the subtitle files in SRT and WebVTT', () => {
		expect(subtitleFile(reply, facts, 'srt', 'a/Talk 1.ogg')).toEqual({
			text: item.srt,
			fileName: 'Talk 1.srt',
			mimeType: 'application/x-subrip',
		});
		expect(subtitleFile(reply, facts, 'vtt', 'Talk 1.ogg')).toEqual({
			text: item.vtt,
			fileName: 'Talk 1.vtt',
			mimeType: 'text/vtt',
		});
		expect(subtitleFile(reply, facts, 'srt', '')?.fileName).toBe('subtitles.srt');
		expect(subtitleFile(reply, facts, 'srt', undefined)?.fileName).toBe('subtitles.srt');
	});

	test.each([
		['no start', { ...hi, start: null }],
		['no end', { text: ' Hi. ', start: 0 }],
		['no words', { ...hi, text: ' \n' }],
	])('a segment with %s is listed but not timed', (_, segment) => {
		const made = transcribeOutput({ text: '', segments: [segment, bye] }, facts);
		expect(made.segments).toHaveLength(2);
		expect(made.transcript).toBe('[00:02] Bye.');
	});

	test('a segment without timestamps has null times', () => {
		const made = transcribeOutput({ text: 'Hi.', segments: [{ text: ' Hi. ' }] }, facts);
		expect(made.segments).toEqual([{ start: null, end: null, text: 'Hi.' }]);
	});
});

describe('diarization', () => {
	const segments = [
		{ ...hi, speaker_id: 'speaker_1' },
		{ text: 'And?', start: 1.5, end: 2, speaker_id: 'speaker_1' },
		{ ...bye, speaker_id: 'speaker_2' },
	];
	const reply = { text: 'Hi. And? Bye.', segments };

	test('speakers are named by their labels', () => {
		expect(transcribeOutput(reply, facts)).toMatchObject({
			segments: [
				{ start: 0, end: 1.5, text: 'Hi.', speaker: 'speaker_1' },
				{ start: 1.5, end: 2, text: 'And?', speaker: 'speaker_1' },
				{ start: 2, end: 3, text: 'Bye.', speaker: 'speaker_2' },
			],
			speakers: [
				{ speaker: 'speaker_1', seconds: 2, turns: 1 },
				{ speaker: 'speaker_2', seconds: 1, turns: 1 },
			],
			transcript: '[00:00] Speaker 1: Hi. And?\n[00:02] Speaker 2: Bye.',
			srt: expect.stringContaining('\nSpeaker 1: Hi.'),
			vtt: expect.stringContaining('<v Speaker 2>Bye.</v>'),
		});
	});

	test('speakers are named by their given names', () => {
		const made = transcribeOutput(reply, { ...facts, names: { speaker_1: 'Anna' } });
		expect(made).toMatchObject({
			segments: [{ speaker: 'Anna' }, { speaker: 'Anna' }, { speaker: 'speaker_2' }],
			speakers: [{ speaker: 'Anna' }, { speaker: 'speaker_2' }],
			transcript: '[00:00] Anna: Hi. And?\n[00:02] Speaker 2: Bye.',
		});
		expect(subtitleFile(reply, { ...facts, names: { 1: 'x' } }, 'vtt', 'a')?.text).toContain(
			'<v Speaker 1>',
		);
	});

	test('a segment without a speaker or with an empty label has no speaker', () => {
		const made = transcribeOutput(
			{ text: '', segments: [hi, { ...bye, speaker_id: '' }] },
			{ ...facts, names: { speaker_1: 'Anna' } },
		);
		expect(made).not.toHaveProperty('speakers');
		expect(made.segments).toEqual([
			{ start: 0, end: 1.5, text: 'Hi.' },
			{ start: 2, end: 3, text: 'Bye.' },
		]);
		expect(made.transcript).toBe('[00:00] Hi.\n[00:02] Bye.');
	});

	test('only one of the segments has a speaker', () => {
		const made = transcribeOutput(
			{ text: '', segments: [hi, { ...bye, speaker_id: 'speaker_2' }] },
			facts,
		);
		expect(made.transcript).toBe('[00:00] Hi.\n[00:02] Speaker 2: Bye.');
		expect(made.speakers).toEqual([{ speaker: 'speaker_2', seconds: 1, turns: 1 }]);
	});
});

test('word timestamps are joined to phrases with their spacing and listed word by word', () => {
	const words = [
		{ text: 'Good', start: 0, end: 0.2 },
		{ text: ' morn', start: 0.2, end: 0.4 },
		{ text: 'ing.', start: 0.4, end: 0.6 },
	];
	const made = transcribeOutput(
		{ text: 'Good morning.', segments: words },
		{ ...facts, byWord: true },
	);
	expect(made.transcript).toBe('[00:00] Good morning.');
	expect((made.segments as object[]).map((segment) => Object.values(segment)[2])).toEqual([
		'Good',
		'morn',
		'ing.',
	]);
	const apart = transcribeOutput({ text: 'Good morning.', segments: words }, facts);
	expect(apart.transcript).toBe('[00:00] Good\n[00:00] morn\n[00:00] ing.');
});
