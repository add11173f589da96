// Symbols such as `%` and `°C` as words, in each language.

const WORDS = {
	and: { en: 'and', fr: 'et', de: 'und', es: 'y', it: 'e', pt: 'e', nl: 'en' },
	/** The arrow in `Paris → Rome`. */
	to: { en: 'to', fr: 'vers', de: 'nach', es: 'a', it: 'a', pt: 'para', nl: 'naar' },
	percent: {
		en: 'percent',
		fr: 'pour cent',
		de: 'Prozent',
		es: 'por ciento',
		it: 'per cento',
		pt: 'por cento',
		nl: 'procent',
	},
	degrees: {
		en: 'degrees',
		fr: 'degrés',
		de: 'Grad',
		es: 'grados',
		it: 'gradi',
		pt: 'graus',
		nl: 'graden',
	},
	/** `yes` and `no`: table cells that hold only a check mark or a cross. */
	yes: { en: 'yes', fr: 'oui', de: 'ja', es: 'sí', it: 'sì', pt: 'sim', nl: 'ja' },
	no: { en: 'no', fr: 'non', de: 'nein', es: 'no', it: 'no', pt: 'não', nl: 'nee' },
	/** Spoken in place of a code block. */
	codeExample: {
		en: 'Code example.',
		fr: 'Exemple de code.',
		de: 'Codebeispiel.',
		es: 'Ejemplo de código.',
		it: 'Esempio di codice.',
		pt: 'Exemplo de código.',
		nl: 'Codevoorbeeld.',
	},
} as const;

type Word = keyof typeof WORDS;
export type SpokenWords = Readonly<Record<Word, string>>;

/** The words of a language given as `de`, `de-DE` or `DE_at`; undefined for other languages. */
export function spokenWordsFor(language: string | undefined): SpokenWords | undefined {
	const code = language?.trim().toLowerCase().split(/[-_]/)[0] ?? '';
	if (!isLanguage(code)) return undefined;
	const words = Object.keys(WORDS) as Word[];
	return Object.fromEntries(words.map((word) => [word, WORDS[word][code]])) as SpokenWords;
}

function isLanguage(code: string): code is keyof (typeof WORDS)['and'] {
	return Object.hasOwn(WORDS.and, code);
}

/** Replaces symbols by words where they are unambiguous; without `words` the text stays as it is. */
export function symbolsToWords(text: string, words: SpokenWords | undefined): string {
	if (!words) return text;
	return text
		.replace(/(\d) ?°C(?![\p{L}\p{N}])/gu, `$1 ${words.degrees} Celsius`)
		.replace(/(\d) ?°F(?![\p{L}\p{N}])/gu, `$1 ${words.degrees} Fahrenheit`)
		.replace(/(\d) ?°(?![\p{L}\p{N}°'′])(?! ?[CFKNSEWO]\b)/gu, `$1 ${words.degrees}`)
		.replace(/(\d)[ \u00A0\u202F]?%(?![\p{L}\p{N}%])/gu, `$1 ${words.percent}`)
		.replace(/(?<=[\p{L}\p{N}.)]) & (?=[\p{L}\p{N}("])/gu, ` ${words.and} `)
		.replace(/(?<=[\p{L}\p{N}.)]) [→➔➜] (?=[\p{L}\p{N}("])/gu, ` ${words.to} `);
}
