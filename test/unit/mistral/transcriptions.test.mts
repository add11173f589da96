import { describe, expect, test } from '@jest/globals';
import { voxtralFamily } from '../../../nodes/shared/mistral/family.ts';
import { planTranscription, twoLetterLanguage } from '../../../nodes/shared/mistral/transcriptions.ts';

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
])('%s is family %d', (model, family) => {
	expect(voxtralFamily(model)).toBe(family);
});

describe('the form', () => {
	const base = { model: 'voxtral-mini-latest', diarize: false, timestamps: false };

	test('holds the model alone when nothing else is asked', () => {
		expect(planTranscription(base)).toEqual({ fields: [['model', 'voxtral-mini-latest']] });
	});

	test('asks for segments with speakers, which need them', () => {
		expect(planTranscription({ ...base, diarize: true }).fields).toEqual([
			['model', 'voxtral-mini-latest'],
			['diarize', 'true'],
			['timestamp_granularities', 'segment'],
		]);
	});

	test('drops the language beside timestamps on family 2, and says so', () => {
		const plan = planTranscription({ ...base, language: 'de', timestamps: true });
		expect(plan.fields.map(([name]) => name)).toEqual(['model', 'timestamp_granularities']);
		expect(plan.notice).toMatch(/Language was left out/);
	});

	test('keeps both on family 3', () => {
		const model = 'voxtral-mini-transcribe-3-0';
		const plan = planTranscription({ ...base, model, language: 'de', timestamps: true });
		expect(plan.fields).toContainEqual(['language', 'de']);
		expect(plan.fields).toContainEqual(['timestamp_granularities', 'segment']);
		expect(plan.notice).toBeUndefined();
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
	])('%p becomes %p', (value, expected) => {
		expect(twoLetterLanguage(value, 'transcribe')).toBe(expected);
	});

	test.each(['german', 'x', 'de/DE', '1'])('%p is refused by name', (value) => {
		expect(() => twoLetterLanguage(value, 'transcribe')).toThrow(/Language "/);
	});
});
