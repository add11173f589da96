// Symbols as words in each language, and the reply when nothing was heard.
import { describe, expect, test } from '@jest/globals';
import { guessLanguage } from '../../../../nodes/shared/text/language/language-identification.ts';
import { sorryNotHeard } from '../../../../nodes/shared/text/language/nothing-heard-reply.ts';
import { toSpeakable } from '../../../../nodes/shared/text/speakable.ts';
import {
	symbolsToWords,
	spokenWordsFor,
} from '../../../../nodes/shared/text/language/spoken-words.ts';

describe('every symbol in every language', () => {
	const SIGNS = '50 % & 20 °C, 5°F, 45° (A → B)';
	test.each([
		['en', '50 percent and 20 degrees Celsius, 5 degrees Fahrenheit, 45 degrees (A to B)'],
		['fr', '50 pour cent et 20 degrés Celsius, 5 degrés Fahrenheit, 45 degrés (A vers B)'],
		['de', '50 Prozent und 20 Grad Celsius, 5 Grad Fahrenheit, 45 Grad (A nach B)'],
		['es', '50 por ciento y 20 grados Celsius, 5 grados Fahrenheit, 45 grados (A a B)'],
		['it', '50 per cento e 20 gradi Celsius, 5 gradi Fahrenheit, 45 gradi (A a B)'],
		['pt', '50 por cento e 20 graus Celsius, 5 graus Fahrenheit, 45 graus (A para B)'],
		['nl', '50 procent en 20 graden Celsius, 5 graden Fahrenheit, 45 graden (A naar B)'],
	])('%s', (language, spoken) => {
		expect(symbolsToWords(SIGNS, spokenWordsFor(language))).toBe(spoken);
	});

	test.each([
		['en', 'yes', 'no', 'Code example.'],
		['fr', 'oui', 'non', 'Exemple de code.'],
		['de', 'ja', 'nein', 'Codebeispiel.'],
		['es', 'sí', 'no', 'Ejemplo de código.'],
		['it', 'sì', 'no', 'Esempio di codice.'],
		['pt', 'sim', 'não', 'Exemplo de código.'],
		['nl', 'ja', 'nee', 'Codevoorbeeld.'],
	])('check marks, crosses and code in %s', (language, yes, no, code) => {
		const text = '| ✅ | ✔ | ☑️ |\n| ❌ | ✖️ | ✗ | ✘ | ❎ |\n\n```\nx\n```';
		expect(toSpeakable(text, { language })).toBe(
			`${[yes, yes, yes].join(', ')}.\n${[no, no, no, no, no].join(', ')}.\n\n${code}`,
		);
	});
});

test.each([
	['de', 'und'],
	['de-DE', 'und'],
	['DE_at', 'und'],
	[' de ', 'und'],
	['', undefined],
	['xx', undefined],
	['deu', undefined],
	['toString', undefined],
	[undefined, undefined],
])('the words of %j have %j', (language, and) => {
	expect(spokenWordsFor(language)?.and).toBe(and);
});

describe('unambiguous symbols become words', () => {
	test.each([
		['5°C', '5 degrees Celsius'],
		['5 °C', '5 degrees Celsius'],
		['5°F.', '5 degrees Fahrenheit.'],
		['5°', '5 degrees'],
		['5 °', '5 degrees'],
		['5° A', '5 degrees A'],
		['5° Nx', '5 degrees Nx'],
		['5°  N', '5 degrees  N'],
		['5%', '5 percent'],
		['5 %', '5 percent'],
		['5\u00A0%', '5 percent'],
		['5\u202F%', '5 percent'],
		['a & b', 'a and b'],
		['1 & 2', '1 and 2'],
		['é & é', 'é and é'],
		['. & a', '. and a'],
		[') & (', ') and ('],
		['a & "b"', 'a and "b"'],
		['a → b', 'a to b'],
		['a ➔ b', 'a to b'],
		['a ➜ b', 'a to b'],
		['1. → (b', '1. to (b'],
		['a) → "b', 'a) to "b'],
	])('%j is %j', (text, spoken) => {
		expect(symbolsToWords(text, spokenWordsFor('en'))).toBe(spoken);
		expect(symbolsToWords(text, undefined)).toBe(text);
	});

	test.each([
		...['5  °C', 'x°C', '5°Cx', '5°C1', '5°Cé', '5°Fa', '5°F2', 'x°F', '5  °F'],
		...['x°', '5  °', '5°x', '5°1', '5°°', "5°'", '5°′'],
		...['C', 'F', 'K', 'N', 'S', 'E', 'W', 'O'].map((sign) => `5° ${sign}`),
		...['5°N', '5%x', '5%5', '5%é', '5%%', 'x%', '5  %'],
		...['a&b', 'a &b', 'a& b', 'a  & b', '& a', '! & a', 'a & !', 'a & - b'],
		...['a→b', '→ b', 'a → !', '! → a', 'a ⇒ b'],
	])('%j stays', (text) => {
		expect(symbolsToWords(text, spokenWordsFor('en'))).toBe(text);
	});
});

describe('the reply when nothing was heard', () => {
	const LANGUAGES =
		'ar bn cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv ta te th tr uk vi zh';
	test.each(LANGUAGES.split(' '))('%s', (language) => {
		const said = sorryNotHeard(language);
		expect([language, undefined]).toContain(guessLanguage(said));
		expect(said).toMatch(/\p{L}{2}.*[.?？。؟;คะ]$/u);
		const others = LANGUAGES.split(' ').filter((other) => sorryNotHeard(other) === said);
		expect(others).toEqual([language]);
	});
});
