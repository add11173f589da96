import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
	guessLanguage,
	languageCode,
} from '../../../../nodes/shared/text/language/language-identification.ts';
import { hintsFor } from '../../../../nodes/shared/text/pronunciation.ts';

describe('language identification', () => {
	test.each([
		['en', 'The train to Lyon leaves at nine and you will be there before lunch.'],
		['en', 'What is the weather like today?'],
		['fr', 'Le train pour Lyon part à neuf heures et vous serez là avant le déjeuner.'],
		['fr', 'Oui, il est dans le jardin.'],
		['de', 'Der Zug nach Lyon fährt um neun ab und Sie sind vor dem Mittagessen da.'],
		['es', 'El tren a Lyon sale a las nueve y usted estará allí antes del almuerzo.'],
		['it', 'Il treno per Lione parte alle nove e lei sarà lì prima di pranzo, non è un problema.'],
		['pt', 'O trem para Lyon sai às nove e você estará lá antes do almoço, não se preocupe.'],
		['nl', 'De trein naar Lyon vertrekt om negen uur en u bent er voor het middageten.'],
		['pl', 'Pociąg do Lyonu odjeżdża o dziewiątej i nie ma tam przesiadki, to jest proste.'],
		['tr', 'Bu tren çok hızlı ve sizin için bir yer var.'],
		['ru', 'Поезд в Лион отправляется в девять.'],
		['uk', 'Потяг до Ліона вирушає о дев’ятій, і він їде швидко.'],
		['ar', 'يغادر القطار إلى ليون في التاسعة.'],
		['hi', 'ल्यों की ट्रेन नौ बजे निकलती है।'],
		['ja', 'リヨン行きの電車は九時に出ます。'],
		['zh', '去里昂的火车九点出发。'],
		['ko', '리옹행 기차는 아홉 시에 출발합니다.'],
		['th', 'รถไฟไปลียงออกเก้าโมง'],
		['el', 'Το τρένο για τη Λυών φεύγει στις εννέα.'],
	])('%s: %s', (language, text) => {
		expect(guessLanguage(text)).toBe(language);
	});

	test.each(['', 'OK', '42', 'Berlin', '!!!', 'Yes.', 'The end.'])(
		'"%s" is too short to identify',
		(text) => {
			expect(guessLanguage(text)).toBeUndefined();
		},
	);

	test('any text takes little time', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme', maxLength: 200 }),
				(text) => void guessLanguage(text),
			),
		);
	});
});

test.each([
	['fr', 'fr'],
	['fr-FR', 'fr'],
	['fr_fr', 'fr'],
	['French', 'fr'],
	['français', 'fr'],
	['zh-Hant-TW', 'zh'],
	['  EN ', 'en'],
	['German', 'de'],
	['', undefined],
	['between us', undefined],
])('language "%s" is %s', (written, code) => {
	expect(languageCode(written)).toBe(code);
});

describe('pronunciation hints', () => {
	const table = [
		{ word: 'Łódź', sounds: 'w u tʃ' },
		{ word: 'C++', sounds: 's i, p l ʌ s' },
		{ word: '', sounds: 'x' },
		{ word: 'rain', sounds: ' ' },
	];

	test('are given for whole words of the text, in the spelling found there', () => {
		expect(hintsFor('From Łódź to ŁÓDŹ, in C++.', table)).toEqual({
			Łódź: ['w', 'u', 'tʃ'],
			ŁÓDŹ: ['w', 'u', 'tʃ'],
			'C++': ['s', 'i', 'p', 'l', 'ʌ', 's'],
		});
		expect(hintsFor('Łódźki NowaŁódź rain', table)).toBeUndefined();
	});
});
