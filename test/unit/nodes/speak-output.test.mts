// Output items of Voxtral Speak and Voxtral Assistant: fields of speech, of a turn and of a voice, optional ones included.
import { describe, expect, test } from '@jest/globals';
import type { IBinaryData } from 'n8n-workflow';
import type { StoredAudio } from '../../../nodes/shared/audio/n8n-binary.ts';
import { AUDIO_FORMATS } from '../../../nodes/shared/audio/formats.ts';
import type { ToolLoopResult } from '../../../nodes/shared/mistral/tools/tool-loop.ts';
import type { WireVoice } from '../../../nodes/shared/mistral/wire.ts';
import { type TalkFacts, talkOutput } from '../../../nodes/VoxtralAssistant/talk.output.ts';
import { speakOutput, unspokenOutput } from '../../../nodes/VoxtralSpeak/speak.output.ts';
import { fitsFilter, voiceOutput } from '../../../nodes/VoxtralSpeak/voice.output.ts';

const stored: StoredAudio = {
	binary: {} as IBinaryData,
	format: AUDIO_FORMATS.ogg,
	mimeType: 'audio/ogg; codecs=opus',
	fileName: 'voice.ogg',
	bytes: 1234,
};
const audioFields = {
	format: 'ogg',
	mimeType: 'audio/ogg; codecs=opus',
	fileName: 'voice.ogg',
	bytes: 1234,
	durationSeconds: null,
};
const pcm = { sampleType: 'float32', sampleRate: 24_000, channels: 1 } as const;
const refusal = { message: 'No such voice.', stage: 'speak.unknown-voice' };

describe('spoken text', () => {
	const words = {
		spokenText: 'Hi 👋',
		pieces: 2,
		language: undefined,
		voice: 'marie',
		model: 'tts',
		destination: 'telegramVoice',
	};
	const text = {
		spokenText: 'Hi 👋',
		characters: 4,
		pieces: 2,
		voice: 'marie',
		model: 'tts',
		destination: 'telegramVoice',
	};

	test('a bare item', () => {
		expect(speakOutput(words, { stored, attempts: 2 })).toEqual({
			...text,
			...audioFields,
			attempts: 2,
		});
	});

	test('an item with all fields', () => {
		const usage = { completion_tokens: 7 };
		const item = speakOutput(
			{ ...words, language: 'fr' },
			{
				stored: { ...stored, durationSeconds: 1.5 },
				attempts: 1,
				usage,
				pcm,
				audioUrl: 'https://n8n.example/file',
			},
		);
		expect(item).toEqual({
			...text,
			spokenLanguage: 'fr',
			...audioFields,
			durationSeconds: 1.5,
			...pcm,
			attempts: 1,
			usage: { completion_tokens: 7 },
			audioUrl: 'https://n8n.example/file',
		});
		expect(item.usage).not.toBe(usage);
	});

	test('text in the place of an error', () => {
		expect(unspokenOutput(words, refusal)).toEqual({
			...text,
			speechFailed: true,
			speechProblem: refusal,
			attempts: 0,
		});
		expect(unspokenOutput(words, { ...refusal, hint: 'Choose another.', attempts: 3 })).toEqual({
			...text,
			speechFailed: true,
			speechProblem: { ...refusal, hint: 'Choose another.' },
			attempts: 3,
		});
	});
});

describe('output item of a turn', () => {
	const bare: TalkFacts = {
		heard: { text: 'What time is it?', isSpoken: false, attempts: 0 },
		answered: { text: '**Noon** 🕛' },
		model: 'asked',
		spoken: {
			spokenText: 'Noon 🕛',
			pieces: 1,
			language: undefined,
			voice: 'marie',
			model: 'tts',
			destination: 'file',
		},
		audio: { stored, attempts: 1 },
		timings: { heardMs: 1, doneMs: 9 },
	};
	const bareItem = {
		text: 'What time is it?',
		language: null,
		spoken: false,
		output: '**Noon** 🕛',
		speech: 'Noon',
		sources: [],
		toolCalls: [],
		conversationId: '',
		model: 'asked',
		spokenText: 'Noon 🕛',
		characters: 6,
		pieces: 1,
		voice: 'marie',
		speakingModel: 'tts',
		destination: 'file',
		...audioFields,
		timings: { heardMs: 1, doneMs: 9 },
		usage: {},
		attempts: 1,
	};

	test('an item without optional fields', () => {
		const item = talkOutput(bare);
		expect(item).toEqual(bareItem);
		expect(item.timings).not.toBe(bare.timings);
	});

	test('an item with the fields of every stage', () => {
		const turn: ToolLoopResult = {
			text: 'Noon.',
			sources: [{ title: 'Clock', url: 'https://example.com/c' }],
			toolUses: [{ name: 'web_search', arguments: {} }],
			files: [],
			conversationId: 'conv_1',
			model: 'mistral-medium-2508',
			usage: { total_tokens: 5 },
			attempts: 4,
			cutOff: false,
		};
		const item = talkOutput({
			...bare,
			heard: {
				text: 'What time is it?',
				language: 'en',
				isSpoken: true,
				usage: { prompt_audio_seconds: 3 },
				attempts: 2,
			},
			answered: turn,
			spoken: { ...bare.spoken, language: 'en' },
			audio: {
				stored: { ...stored, durationSeconds: 0 },
				pcm,
				attempts: 8,
				usage: { completion_tokens: 7 },
			},
		});
		expect(item).toEqual({
			...bareItem,
			language: 'en',
			spoken: true,
			output: 'Noon.',
			speech: 'Noon.',
			sources: [{ title: 'Clock', url: 'https://example.com/c' }],
			toolCalls: [{ name: 'web_search', arguments: {} }],
			conversationId: 'conv_1',
			model: 'mistral-medium-2508',
			spokenLanguage: 'en',
			durationSeconds: 0,
			...pcm,
			usage: {
				transcription: { prompt_audio_seconds: 3 },
				answer: { total_tokens: 5 },
				speech: { completion_tokens: 7 },
			},
			attempts: 14,
		});
		expect((item.sources as object[])[0]).not.toBe(turn.sources[0]);
		expect((item.toolCalls as object[])[0]).not.toBe(turn.toolUses[0]);
	});

	test.each([
		[refusal, refusal, 0],
		[
			{ ...refusal, hint: 'Choose another.', attempts: 3, status: 404 },
			{ ...refusal, hint: 'Choose another.' },
			3,
		],
	])('an answer without audio names the reason: %j', (audio, speechProblem, attempts) => {
		const item = talkOutput({ ...bare, audio });
		expect(item).toMatchObject({ output: '**Noon** 🕛', speechFailed: true, usage: {}, attempts });
		expect(item.speechProblem).toEqual(speechProblem);
		expect(item).not.toHaveProperty('format');
	});

	test('an item with audio has no field for a speech problem', () => {
		expect(talkOutput(bare)).not.toHaveProperty('speechFailed');
		expect(talkOutput(bare)).not.toHaveProperty('speechProblem');
	});
});

describe('output item of a voice', () => {
	const marie: WireVoice = {
		id: 'v1',
		name: 'Marie',
		slug: 'fr_marie_Neutral',
		languages: ['fr_FR', 'en-GB'],
		gender: 'female',
		age: 30,
		tags: ['Calm', 'news'],
		description: 'A Warm voice',
		created_at: '2026-01-02T00:00:00Z',
		type: 'preset',
	};

	test('a voice with all fields, and the defaults of absent ones', () => {
		expect(voiceOutput(marie)).toEqual({
			id: 'v1',
			name: 'Marie',
			slug: 'fr_marie_Neutral',
			type: 'preset',
			languages: ['fr_FR', 'en-GB'],
			gender: 'female',
			age: 30,
			tags: ['Calm', 'news'],
			description: 'A Warm voice',
			createdAt: '2026-01-02T00:00:00Z',
		});
		expect(voiceOutput({ id: 'v2', name: 'Own' })).toEqual({
			id: 'v2',
			name: 'Own',
			slug: null,
			type: null,
			languages: [],
			gender: null,
			age: null,
			tags: [],
			description: null,
			createdAt: null,
		});
	});

	test.each([
		[{}, true],
		[{ language: '', gender: '', search: '' }, true],
		[{ language: ' FR ' }, true],
		[{ language: 'fr-fr' }, true],
		[{ language: 'fr_FR' }, true],
		[{ language: 'en' }, true],
		[{ language: 'en_gb' }, true],
		[{ language: 'f' }, false],
		[{ language: 'gb' }, false],
		[{ language: 'de' }, false],
		[{ language: 'fr_FR_x' }, false],
		[{ gender: 'female' }, true],
		[{ gender: 'male' }, false],
		[{ search: ' MARIE ' }, true],
		[{ search: 'neutral' }, true],
		[{ search: 'warm' }, true],
		[{ search: 'calm' }, true],
		[{ search: 'news' }, true],
		[{ search: 'marief' }, false],
		[{ search: 'preset' }, false],
		[{ search: 'calmnews' }, false],
		[{ language: 'de', search: 'marie' }, false],
		[{ language: 'fr', gender: 'female', search: 'marie' }, true],
	])('the search %j finds the voice: %j', (filter, fits) => {
		expect(fitsFilter(marie, filter)).toBe(fits);
	});

	test('a voice without optional fields', () => {
		const bare = { id: 'v2', name: 'Own' };
		expect(fitsFilter(bare, { search: 'own' })).toBe(true);
		expect(fitsFilter(bare, { search: 'undefined' })).toBe(false);
		expect(fitsFilter(bare, { language: 'fr' })).toBe(false);
		expect(fitsFilter(bare, { gender: 'female' })).toBe(false);
		// One line for each field, so that a search does not match across two fields.
		expect(fitsFilter({ ...bare, slug: 'slug' }, { search: 'ownslug' })).toBe(false);
	});

	test('language codes with more than one hyphen are kept', () => {
		const voice = { id: 'v', name: 'V', languages: ['zh-Hant-TW'] };
		expect(fitsFilter(voice, { language: 'zh-hant-tw' })).toBe(true);
		expect(fitsFilter(voice, { language: 'zh_hant' })).toBe(true);
	});
});
