// Language identification by script and by function words, and its thresholds.
import { describe, expect, test } from '@jest/globals';
import {
	guessLanguage,
	languageCode,
} from '../../../../nodes/shared/text/language/language-identification.ts';

describe('function words', () => {
	test.each([
		['da', 'Vi har ikke set ham af og til, men du kan få det af mig.'],
		['no', 'Vi har ikke sett ham av og til, men du kan få det av meg.'],
		['sv', 'Och vi har inte sett honom, men du kan få det av mig så att det är bra.'],
		['fi', 'Hän on täällä ja se on niin hyvä kuin voi olla.'],
		['ro', 'Este un tren care pleacă la nouă și nu se oprește în oraș, dar sunt multe.'],
		['cs', 'Vlak do Lyonu jede v devět a není to tak daleko, jak se říká, ale už jsem tam byl.'],
		['hu', 'A vonat kilenckor indul, és nem áll meg, ha már van egy jegy.'],
		['id', 'Kereta ke Lyon berangkat hari ini dan tidak akan berhenti di kota itu.'],
		['vi', 'Tôi không có một người bạn ở đây và các bạn của tôi đã đi.'],
		['en', 'THE END OF IT'],
	])('%s: %s', (language, text) => {
		expect(guessLanguage(text)).toBe(language);
	});
});

describe('scripts', () => {
	test.each([
		['fa', 'قطار در ساعت نه به لیون می‌رود و چای هم هست.'],
		['bn', 'ট্রেন নয়টায় ছাড়ে।'],
		['ta', 'ரயில் ஒன்பது மணிக்கு.'],
		['te', 'రైలు తొమ్మిది గంటలకు.'],
		['he', 'הרכבת יוצאת בתשע.'],
		['ja', 'カメラ'],
		['ja', 'ひらがな'],
		['uk', 'Її'],
	])('%s: %s', (language, text) => {
		expect(guessLanguage(text)).toBe(language);
	});

	test('must make up three tenths of the letters', () => {
		expect(guessLanguage('ббб ddddddd')).toBeUndefined();
		expect(guessLanguage('бббб ddddddddd 12345')).toBe('ru');
		expect(guessLanguage('中中中 ddddddd')).toBeUndefined();
	});

	test.each([
		['uk', 'і', 'б', 'ru'],
		['fa', 'پ', 'ا', 'ar'],
		['ja', 'の', '中', 'zh'],
	])(
		'%s is identified by more than two percent of distinctive letters',
		(language, letter, other, next) => {
			expect(guessLanguage(letter + other.repeat(48))).toBe(language);
			expect(guessLanguage(letter + other.repeat(49))).toBe(next);
		},
	);
});

describe('thresholds', () => {
	test.each<[string, string, string | undefined]>([
		['one word is not enough', 'the', undefined],
		['two words are enough', 'the of', 'en'],
		['two of twenty-five words are enough', `the of ${'xx '.repeat(23)}`, 'en'],
		['two of twenty-six words are not', `the of ${'xx '.repeat(24)}`, undefined],
		['five matches to four are enough', 'the is of in to le la les des', 'en'],
		['four to four are not', 'the is of in le la les des', undefined],
		['six to five are not', 'the is of in to it le la les des une', undefined],
	])('%s', (_, text, language) => {
		expect(guessLanguage(text)).toBe(language);
	});

	test('only the beginning of the text is sampled', () => {
		expect(guessLanguage(`${'1'.repeat(3993)} the is of`)).toBe('en');
		expect(guessLanguage(`${'1'.repeat(3996)} the is of`)).toBeUndefined();
	});
});

describe('languages by code and name', () => {
	test.each([
		['fr_FR-x', 'fr'],
		['fra', 'fra'],
		['fra-FR', 'fra'],
		['ENG', 'eng'],
		['Deutsch', 'de'],
		['norwegian', 'no'],
		['Malay', 'ms'],
		['urdu', 'ur'],
		['اردو', 'ur'],
		['日本語', 'ja'],
		[' Japanese ', 'ja'],
		['f', undefined],
		['fr-', undefined],
		['-fr', undefined],
		['x1', undefined],
		['fr FR', undefined],
		['12', undefined],
		['wxyz', undefined],
		[undefined, undefined],
	])('%j is %j', (written, code) => {
		expect(languageCode(written)).toBe(code);
	});

	test.each(
		'ar bn cs da de el en es fa fi fr he hi hu id it ja ko ms nl no pl pt ro ru sv ta te th tr uk ur vi zh'.split(
			' ',
		),
	)('%s in English and in itself', (code) => {
		for (const inLanguage of ['en', code]) {
			const name = new Intl.DisplayNames([inLanguage], { type: 'language' }).of(code);
			expect(languageCode(name)).toBe(code);
		}
	});
});
