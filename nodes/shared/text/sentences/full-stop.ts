// Full stop disambiguation: does it end the sentence, or belong to an abbreviation, an initial, an ordinal or a date?

import {
	BEFORE_NUMBER,
	BEFORE_ORDINAL,
	isListed,
	SOMETIMES_SENTENCE_FINAL,
	MONTHS,
	NEVER_SENTENCE_FINAL,
	USUALLY_SENTENCE_FINAL,
	SENTENCE_STARTERS,
	TIMES_OF_DAY,
} from './abbreviations';

/** The text after a terminator and the white space behind it. */
export interface Lookahead {
	/** First word after opening punctuation; empty when none follows. */
	word: string;
	/** The word may go on in the text still to come, so only a boundary that holds for every ending counts. */
	isIncomplete: boolean;
	/** A full stop follows the word directly, as in an initial. */
	isDotted: boolean;
	/** Opening punctuation precedes the word. */
	isQuoted: boolean;
}

const UNSPACED_LETTER =
	/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}]/u;
/** `L'` of `L'art. 5`. */
const ELISION = /^\p{L}{1,5}['’](?=\p{L}{2})/u;
const TURKISH = /[ğışĞİŞ]/;

export function startsLowerCase(word: string): boolean {
	return /^\p{Ll}/u.test(word) && !/^\p{Ll}{1,2}\p{Lu}/u.test(word);
}

/**
 * Is the full stop after `before` a sentence boundary? `before` is the sentence so far without the stop (its last
 * words are enough); `wordCount` counts its words.
 */
export function fullStopEndsSentence(
	before: string,
	wordCount: number,
	lookahead: Lookahead,
): boolean {
	const tokens = before.split(/\s+/);
	const token = (tokens[tokens.length - 1] ?? '').replace(/^[^\p{L}\p{N}]+/u, '');
	const word = token.replace(ELISION, '');
	const previous = (tokens[tokens.length - 2] ?? '').replace(/^[^\p{L}\p{N}]+/u, '');
	const isAfterDegreeSign = before.slice(-3).includes('°');
	if (word === '' || isAfterDegreeSign) return true;
	const startsSentence =
		!lookahead.isIncomplete &&
		isListed(SENTENCE_STARTERS, lookahead.word) &&
		!isShortForm(lookahead);
	const digitFollows = /^\p{N}/u.test(lookahead.word);

	if (/^\d+$/.test(word))
		return numberEndsSentence(before, word, previous, lookahead, startsSentence);
	const joined = previous.endsWith('.') ? previous + word : '';
	if (isListed(NEVER_SENTENCE_FINAL, joined)) return false;
	if (isListed(TIMES_OF_DAY, word) && /\d/.test(previous + word)) return wordCount > 3;
	if (isListed(USUALLY_SENTENCE_FINAL, word) || isListed(USUALLY_SENTENCE_FINAL, joined))
		return true;
	if (isListed(NEVER_SENTENCE_FINAL, word)) return false;
	if (digitFollows && isListed(BEFORE_NUMBER, word)) return false;
	if (digitFollows && /str$/i.test(word)) return false;
	// `EE. UU.`: Spanish doubles the letters of a plural.
	if (isListed(SOMETIMES_SENTENCE_FINAL, word) || /^(\p{Lu})\1$/u.test(word)) return startsSentence;
	if (/^\p{L}$/u.test(word)) return letterEndsSentence(word, startsSentence);
	if (/^(?:\p{L}{1,3}[.-]{1,2})+\p{L}{1,3}$/u.test(word) && word.includes('.'))
		return startsSentence;
	if (/^[IVXLC]{2,}$/.test(word)) {
		const afterName = /^\p{Lu}/u.test(previous) && !TURKISH.test(before + lookahead.word);
		return startsSentence || (afterName && !lookahead.isIncomplete);
	}
	if (isVowellessAbbreviation(word) && !/^\p{N}/u.test(previous)) return startsSentence;
	return true;
}

/** An initial or an abbreviation such as `No.` starts no sentence. */
function isShortForm({ word, isDotted }: Lookahead): boolean {
	return isDotted && (/^\p{L}$/u.test(word) || isListed(BEFORE_NUMBER, word));
}

/** No boundary in `3. Oktober`, `im 19. Jahrhundert`, `3. 10. 2020`; a boundary in `It was 1990. Then`. */
function numberEndsSentence(
	before: string,
	number: string,
	previous: string,
	lookahead: Lookahead,
	startsSentence: boolean,
): boolean {
	const isSmall = number.length <= 2;
	if (/^\d/.test(lookahead.word)) {
		const isDate = lookahead.isDotted || /^\d{4}$/.test(lookahead.word);
		return !(isSmall && isDate && Number(number) <= 31);
	}
	if (isSmall && (lookahead.isIncomplete || isListed(MONTHS, lookahead.word))) return false;
	if (startsSentence || number.length > 3) return true;
	if (isListed(BEFORE_ORDINAL, previous)) return false;
	return !(isSmall && TURKISH.test(before + lookahead.word));
}

/** A single letter is an initial or an abbreviation, unless it is a word (`я`, `é`) or belongs to an unspaced script. */
function letterEndsSentence(letter: string, startsSentence: boolean): boolean {
	if (UNSPACED_LETTER.test(letter)) return true;
	if (/^[яàáâãèéêìíòóôõùúạảấậẻẽẹỉịọỏốởụủýỳỷ]/.test(letter)) return true;
	return startsSentence && letter !== 'M';
}

/** Two to four letters without a vowel, such as `Hptm`; not `TV`, not Slavic words such as `smrt`. */
function isVowellessAbbreviation(word: string): boolean {
	if (!/^\p{L}{2,4}$/u.test(word) || word === word.toUpperCase()) return false;
	const isCased = /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]+$/u.test(word);
	const plain = word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
	return (
		isCased &&
		!/[aeiouyæøœıаеёиоуыэюяіїєαεηιουω]/.test(plain) &&
		!/[^\Wrl_][rl][^\Wrl_]|[^rlр][рл][^рл]/u.test(plain)
	);
}
