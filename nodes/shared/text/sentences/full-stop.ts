// Decides whether a full stop ends a sentence, from the words around it.

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

/** What stands after the gap behind a stop. */
export interface Lookahead {
	/** First word after opening quotes and dashes; empty when a sign follows. */
	word: string;
	/** True when more of the word may come: then only what holds however it ends is taken for an end. */
	isBegun: boolean;
	/** True when a stop follows the word directly, as in an initial. */
	isDotted: boolean;
	/** True when an opening mark stands before it. */
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
 * True when the full stop after `before` ends the sentence. `before` is the sentence so far without the stop
 * (its last words are enough); `wordCount` counts its words.
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
	const isDegree = before.slice(-3).includes('°');
	if (word === '' || isDegree) return true;
	const opens =
		!lookahead.isBegun && isListed(SENTENCE_STARTERS, lookahead.word) && !isShort(lookahead);
	const digitFollows = /^\p{N}/u.test(lookahead.word);

	if (/^\d+$/.test(word)) return numberEndsSentence(before, word, previous, lookahead, opens);
	const joined = previous.endsWith('.') ? previous + word : '';
	if (isListed(NEVER_SENTENCE_FINAL, joined)) return false;
	if (isListed(TIMES_OF_DAY, word) && /\d/.test(previous + word)) return wordCount > 3;
	if (isListed(USUALLY_SENTENCE_FINAL, word) || isListed(USUALLY_SENTENCE_FINAL, joined))
		return true;
	if (isListed(NEVER_SENTENCE_FINAL, word)) return false;
	if (digitFollows && isListed(BEFORE_NUMBER, word)) return false;
	if (digitFollows && /str$/i.test(word)) return false;
	// `EE. UU.`: Spanish doubles the letters of a plural.
	if (isListed(SOMETIMES_SENTENCE_FINAL, word) || /^(\p{Lu})\1$/u.test(word)) return opens;
	if (/^\p{L}$/u.test(word)) return letterEndsSentence(word, opens);
	if (/^(?:\p{L}{1,3}[.-]{1,2})+\p{L}{1,3}$/u.test(word) && word.includes('.')) return opens;
	if (/^[IVXLC]{2,}$/.test(word)) {
		const afterName = /^\p{Lu}/u.test(previous) && !TURKISH.test(before + lookahead.word);
		return opens || (afterName && !lookahead.isBegun);
	}
	if (looksShortened(word) && !/^\p{N}/u.test(previous)) return opens;
	return true;
}

/** An initial or a short form such as `No.` opens nothing. */
function isShort({ word, isDotted }: Lookahead): boolean {
	return isDotted && (/^\p{L}$/u.test(word) || isListed(BEFORE_NUMBER, word));
}

/** `3. Oktober`, `im 19. Jahrhundert`, `3. 10. 2020` go on; `It was 1990. Then` ends. */
function numberEndsSentence(
	before: string,
	figure: string,
	previous: string,
	lookahead: Lookahead,
	opens: boolean,
): boolean {
	const isSmall = figure.length <= 2;
	if (/^\d/.test(lookahead.word)) {
		const isDate = lookahead.isDotted || /^\d{4}$/.test(lookahead.word);
		return !(isSmall && isDate && Number(figure) <= 31);
	}
	if (isSmall && (lookahead.isBegun || isListed(MONTHS, lookahead.word))) return false;
	if (opens || figure.length > 3) return true;
	if (isListed(BEFORE_ORDINAL, previous)) return false;
	return !(isSmall && TURKISH.test(before + lookahead.word));
}

/** One letter is an initial or an abbreviation, unless it is a word of its own (`я`, `é`) or of an unspaced script. */
function letterEndsSentence(letter: string, opens: boolean): boolean {
	if (UNSPACED_LETTER.test(letter)) return true;
	if (/^[яàáâãèéêìíòóôõùúạảấậẻẽẹỉịọỏốởụủýỳỷ]/.test(letter)) return true;
	return opens && letter !== 'M';
}

/** Two to four letters without a vowel, as `Hptm`; not `TV`, not Slavic words such as `smrt`. */
function looksShortened(word: string): boolean {
	if (!/^\p{L}{2,4}$/u.test(word) || word === word.toUpperCase()) return false;
	const isCased = /^[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]+$/u.test(word);
	const plain = word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
	return (
		isCased &&
		!/[aeiouyæøœıаеёиоуыэюяіїєαεηιουω]/.test(plain) &&
		!/[^\Wrl_][rl][^\Wrl_]|[^rlр][рл][^рл]/u.test(plain)
	);
}
