// Symbols such as `%` and `°C` as words, in each language.

export interface SpokenWords {
	and: string;
	/** The arrow in `Paris → Rome`. */
	to: string;
	percent: string;
	degrees: string;
	/** For a table cell that holds only a check mark or a cross. */
	yes: string;
	no: string;
	/** Spoken in place of a code block. */
	codeExample: string;
}

const WORDS_BY_LANGUAGE: Readonly<Record<string, SpokenWords>> = {
	en: {
		and: 'and',
		to: 'to',
		percent: 'percent',
		degrees: 'degrees',
		yes: 'yes',
		no: 'no',
		codeExample: 'Code example.',
	},
	fr: {
		and: 'et',
		to: 'vers',
		percent: 'pour cent',
		degrees: 'degrés',
		yes: 'oui',
		no: 'non',
		codeExample: 'Exemple de code.',
	},
	de: {
		and: 'und',
		to: 'nach',
		percent: 'Prozent',
		degrees: 'Grad',
		yes: 'ja',
		no: 'nein',
		codeExample: 'Codebeispiel.',
	},
	es: {
		and: 'y',
		to: 'a',
		percent: 'por ciento',
		degrees: 'grados',
		yes: 'sí',
		no: 'no',
		codeExample: 'Ejemplo de código.',
	},
	it: {
		and: 'e',
		to: 'a',
		percent: 'per cento',
		degrees: 'gradi',
		yes: 'sì',
		no: 'no',
		codeExample: 'Esempio di codice.',
	},
	pt: {
		and: 'e',
		to: 'para',
		percent: 'por cento',
		degrees: 'graus',
		yes: 'sim',
		no: 'não',
		codeExample: 'Exemplo de código.',
	},
	nl: {
		and: 'en',
		to: 'naar',
		percent: 'procent',
		degrees: 'graden',
		yes: 'ja',
		no: 'nee',
		codeExample: 'Codevoorbeeld.',
	},
};

/** The words of a language given as `de`, `de-DE` or `DE_at`; undefined for other languages. */
export function spokenWordsFor(language: string | undefined): SpokenWords | undefined {
	const code = language?.trim().toLowerCase().split(/[-_]/)[0] ?? '';
	return Object.hasOwn(WORDS_BY_LANGUAGE, code) ? WORDS_BY_LANGUAGE[code] : undefined;
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
