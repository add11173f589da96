// Form fields of a transcription request by model family, and parsing of their options.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { twoLetterLanguage } from '../../../../nodes/shared/fields/transcription/language.ts';
import {
	readSpeakerNames,
	readVocabulary,
	readTranscriptionOptions,
} from '../../../../nodes/shared/fields/transcription/transcription-reader.ts';
import { voxtralFamily } from '../../../../nodes/shared/mistral/model-family.ts';
import {
	MAX_VOCABULARY,
	transcriptionFields,
	type TranscriptionOptions,
} from '../../../../nodes/shared/mistral/transcriptions/transcription-fields.ts';

const V2 = 'voxtral-mini-latest';
const V3 = 'voxtral-mini-transcribe-3-0';

const plan = (wish: Partial<TranscriptionOptions>) =>
	transcriptionFields({
		model: V2,
		diarize: false,
		timestamps: 'none',
		vocabulary: [],
		speakerClips: [],
		additional: {},
		...wish,
	});
const valuesOf = (wish: Partial<TranscriptionOptions>, field: string) =>
	plan(wish).fields.flatMap(([name, value]) => (name === field ? [value] : []));

test.each([
	['voxtral-mini-latest', 2],
	['voxtral-mini-2602', 2],
	['voxtral-small-latest', 2],
	['voxtral-small-2507', 2],
	['voxtral-mini-tts-latest', 2],
	['voxtral-mini-tts-2603', 2],
	['voxtral-mini-transcribe-3-0', 3],
	['voxtral-mini-transcribe-3', 3],
	['voxtral-mini-transcribe-latest', 3],
	['voxtral-small-transcribe-latest', 3],
	['voxtral-small-transcribe-3-0', 3],
	['voxtral-mini-tts-3-0', 3],
	['my-own-model', 2],
])('the transcription model %s is family %d', (model, family) => {
	expect(voxtralFamily(model)).toBe(family);
});

describe('the multipart form', () => {
	test('the form holds only the model without options', () => {
		expect(plan({})).toEqual({ fields: [['model', V2]], byWord: false, notices: [] });
	});

	test('diarization requests segment timestamps, which it requires', () => {
		expect(plan({ diarize: true }).fields).toEqual([
			['model', V2],
			['diarize', 'true'],
			['timestamp_granularities', 'segment'],
		]);
	});

	test.each([{ timestamps: 'segment' }, { timestamps: 'word' }, { diarize: true }] as const)(
		'the language is dropped with %j on family 2, with a hint',
		(timing) => {
			const { fields, notices, language } = plan({ ...timing, language: 'de' });
			expect(fields.map(([name]) => name)).not.toContain('language');
			expect(notices).toEqual([expect.stringMatching(/Language was left out/)]);
			expect(language).toBeUndefined();
		},
	);

	test('the language is sent without timestamps on family 2, and always on family 3', () => {
		expect(valuesOf({ language: 'de' }, 'language')).toEqual(['de']);
		const both = plan({ model: V3, language: 'de', timestamps: 'segment' });
		expect(both.fields).toContainEqual(['language', 'de']);
		expect(both.fields).toContainEqual(['timestamp_granularities', 'segment']);
		expect(both.notices).toEqual([]);
	});

	test('the detected language is requested on family 3, unless a language is given', () => {
		expect(valuesOf({ model: V3 }, 'return_language')).toEqual(['true']);
		expect(valuesOf({ model: V3, language: 'de' }, 'return_language')).toEqual([]);
		expect(valuesOf({}, 'return_language')).toEqual([]);
	});

	test('word timestamps are requested on family 2 only, and segments with a hint on family 3', () => {
		const field = 'timestamp_granularities';
		expect(valuesOf({ timestamps: 'word' }, field)).toEqual(['word']);
		expect(valuesOf({ timestamps: 'word', diarize: true }, field)).toEqual(['segment', 'word']);
		expect(valuesOf({ model: V3, timestamps: 'word' }, field)).toEqual(['segment']);
		const { byWord, notices } = plan({ model: V3, timestamps: 'word' });
		expect(byWord).toBe(false);
		expect(notices).toEqual([expect.stringMatching(/by segment/)]);
	});

	test('vocabulary phrases are joined by underscores on family 2 and kept on family 3', () => {
		const vocabulary = ['Anna Kowalski', 'Hydra, Zen', ' , ', 'n8n'];
		expect(valuesOf({ vocabulary }, 'context_bias')).toEqual(['Anna_Kowalski', 'Hydra_Zen', 'n8n']);
		expect(valuesOf({ model: V3, vocabulary: ['Anna Kowalski'] }, 'context_bias')).toEqual([
			'Anna Kowalski',
		]);
	});

	test.each([V2, V3])('a vocabulary is cut at 100 entries, with a hint (%s)', (model) => {
		const vocabulary = Array.from({ length: 101 }, (_, index) => `term ${index}`);
		expect(valuesOf({ model, vocabulary }, 'context_bias')).toHaveLength(MAX_VOCABULARY);
		expect(plan({ model, vocabulary }).notices).toEqual([expect.stringMatching(/first 100/)]);
		expect(plan({ model, vocabulary: vocabulary.slice(1) }).notices).toEqual([]);
	});

	test("every vocabulary term on family 2 matches the API's pattern, whatever was typed", () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'binary' })), (vocabulary) => {
				for (const term of valuesOf({ vocabulary }, 'context_bias'))
					expect(term).toMatch(/^[^,\s]+$/);
			}),
		);
	});

	test('voice samples are sent on family 3 with diarization only', () => {
		const speakerClips = [{ name: 'Anna "A"', base64: 'QUJD' }];
		const { fields } = plan({ model: V3, speakerClips });
		expect(fields).toContainEqual(['speaker_references', '{"Anna \\"A\\"":"QUJD"}']);
		expect(fields).toContainEqual(['diarize', 'true']);
		const onTwo = plan({ speakerClips });
		expect(onTwo.fields.map(([name]) => name)).not.toContain('speaker_references');
		expect(onTwo.notices).toEqual([expect.stringMatching(/voice samples were left out/)]);
	});

	test('additional body fields replace fields, and lists repeat them', () => {
		const additional = {
			model: 'mine',
			hotwords: ['a', 'b'],
			extra: { x: 1 },
			none: null,
			on: true,
		};
		expect(plan({ additional, temperature: 0.5 }).fields).toEqual([
			['temperature', '0.5'],
			['model', 'mine'],
			['hotwords', 'a'],
			['hotwords', 'b'],
			['extra', '{"x":1}'],
			['on', 'true'],
		]);
	});
});

describe('language codes', () => {
	test.each([
		['', undefined],
		['auto', undefined],
		['de', 'de'],
		['de-DE', 'de'],
		['pt_BR', 'pt'],
		[' EN ', 'en'],
		['zh-Hans-CN', 'zh'],
	])('the language code %p becomes %p', (value, expected) => {
		expect(twoLetterLanguage(value, 'transcribe')).toBe(expected);
	});

	test.each(['german', 'x', 'de/DE', '1'])('the language code %p is rejected by name', (value) => {
		expect(() => twoLetterLanguage(value, 'transcribe')).toThrow(/Language "/);
	});
});

describe('parsing of options', () => {
	test.each([
		[undefined, []],
		['', []],
		['Voxtral', ['Voxtral']],
		['Voxtral, Anna Kowalski; n8n,', ['Voxtral', 'Anna Kowalski', 'n8n']],
		[
			'A call about trains, planes and boats\nKowalski',
			['A call about trains, planes and boats', 'Kowalski'],
		],
		[
			['Zoë', 7, null, { a: 1 }, ' Zoë '],
			['Zoë', '7'],
		],
	])('the vocabulary %j is parsed as %j', (value, expected) => {
		expect(readVocabulary(value)).toEqual(expected);
	});

	test('speaker names can be given by label or number', () => {
		const speakers = [
			{ label: 'speaker_1', name: 'Anna' },
			{ label: '2', name: ' Ben ' },
			{ label: 'Speaker 3', name: 'Cleo' },
			{ label: '', name: 'Nobody' },
			{ label: 'speaker_4', name: '' },
		];
		expect(readSpeakerNames({ speakerNames: { speakers } })).toEqual({
			speaker_1: 'Anna',
			speaker_2: 'Ben',
			'Speaker 3': 'Cleo',
		});
		expect(readSpeakerNames({})).toEqual({});
	});

	test('word timestamp detail switches timestamps on', () => {
		const timestamps = (options: object) =>
			readTranscriptionOptions(V2, options, 'transcribe').timestamps;
		expect(timestamps({})).toBe('none');
		expect(timestamps({ timestamps: true })).toBe('segment');
		expect(timestamps({ timestamps: true, timestampDetail: 'segment' })).toBe('segment');
		expect(timestamps({ timestampDetail: 'word' })).toBe('word');
	});

	test.each(['[1]', '{', '"x"', 7])(
		'additional body fields %j are rejected',
		(additionalFields) => {
			expect(() => readTranscriptionOptions(V2, { additionalFields }, 'transcribe')).toThrow(
				/not a JSON object/,
			);
		},
	);

	test.each(['stream', 'file', 'file_url'])('the additional body field %s is rejected', (name) => {
		const additionalFields = JSON.stringify({ [name]: 'x' });
		expect(() => readTranscriptionOptions(V2, { additionalFields }, 'transcribe')).toThrow(
			`must not contain "${name}"`,
		);
	});

	test.each([undefined, '', '{}', {}])(
		'additional body fields %j add nothing',
		(additionalFields) => {
			expect(readTranscriptionOptions(V2, { additionalFields }, 'transcribe').additional).toEqual(
				{},
			);
		},
	);
});
