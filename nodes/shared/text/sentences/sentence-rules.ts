// Decides whether a full stop ends a sentence, from the words around it.

import {
	beforeNumber,
	beforeOrdinal,
	isListed,
	maybeLast,
	months,
	neverLast,
	oftenLast,
	sentenceOpeners,
	timesOfDay,
} from './abbreviations';

/** What stands after the gap behind a stop. */
export interface Ahead {
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

export function startsLower(word: string): boolean {
	return /^\p{Ll}/u.test(word) && !/^\p{Ll}{1,2}\p{Lu}/u.test(word);
}

/**
 * True when the full stop after `before` ends the sentence. `before` is the sentence so far without the stop
 * (its last words are enough); `wordCount` counts its words.
 */
export function stopEndsSentence(before: string, wordCount: number, ahead: Ahead): boolean {
	const tokens = before.split(/\s+/);
	const token = (tokens[tokens.length - 1] ?? '').replace(/^[^\p{L}\p{N}]+/u, '');
	const word = token.replace(ELISION, '');
	const previous = (tokens[tokens.length - 2] ?? '').replace(/^[^\p{L}\p{N}]+/u, '');
	const isDegree = before.slice(-3).includes('°');
	if (word === '' || isDegree) return true;
	const opens = !ahead.isBegun && isListed(sentenceOpeners, ahead.word) && !isShort(ahead);
	const figureAhead = /^\p{N}/u.test(ahead.word);

	if (/^\d+$/.test(word)) return numberEndsSentence(before, word, previous, ahead, opens);
	const joined = previous.endsWith('.') ? previous + word : '';
	if (isListed(neverLast, joined)) return false;
	if (isListed(timesOfDay, word) && /\d/.test(previous + word)) return wordCount > 3;
	if (isListed(oftenLast, word) || isListed(oftenLast, joined)) return true;
	if (isListed(neverLast, word)) return false;
	if (figureAhead && isListed(beforeNumber, word)) return false;
	if (figureAhead && /str$/i.test(word)) return false;
	// `EE. UU.`: Spanish doubles the letters of a plural.
	if (isListed(maybeLast, word) || /^(\p{Lu})\1$/u.test(word)) return opens;
	if (/^\p{L}$/u.test(word)) return letterEndsSentence(word, opens);
	if (/^(?:\p{L}{1,3}[.-]{1,2})+\p{L}{1,3}$/u.test(word) && word.includes('.')) return opens;
	if (/^[IVXLC]{2,}$/.test(word)) {
		const afterName = /^\p{Lu}/u.test(previous) && !TURKISH.test(before + ahead.word);
		return opens || (afterName && !ahead.isBegun);
	}
	if (looksShortened(word) && !/^\p{N}/u.test(previous)) return opens;
	return true;
}

/** An initial or a short form such as `No.` opens nothing. */
function isShort({ word, isDotted }: Ahead): boolean {
	return isDotted && (/^\p{L}$/u.test(word) || isListed(beforeNumber, word));
}

/** `3. Oktober`, `im 19. Jahrhundert`, `3. 10. 2020` go on; `It was 1990. Then` ends. */
function numberEndsSentence(
	before: string,
	figure: string,
	previous: string,
	ahead: Ahead,
	opens: boolean,
): boolean {
	const isSmall = figure.length <= 2;
	if (/^\d/.test(ahead.word)) {
		const isDate = ahead.isDotted || /^\d{4}$/.test(ahead.word);
		return !(isSmall && isDate && Number(figure) <= 31);
	}
	if (isSmall && (ahead.isBegun || isListed(months, ahead.word))) return false;
	if (opens || figure.length > 3) return true;
	if (isListed(beforeOrdinal, previous)) return false;
	return !(isSmall && TURKISH.test(before + ahead.word));
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
