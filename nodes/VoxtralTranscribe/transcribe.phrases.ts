// Joins word timestamps to phrases, for subtitles and the transcript. Pure.
import type { Segment } from '../shared/text/subtitles/segments';

/** A pause that ends a phrase. */
const PAUSE_SECONDS = 0.8;
/** The length of two subtitle lines. */
const PHRASE_CHARACTERS = 84;
const SENTENCE_END = /[.!?…。！？।؟]["'”’»)\]]*$/u;

/** Words are joined by single spaces unless they come with spaces of their own. */
export function phrasesOf(words: readonly Segment[]): Segment[] {
	const haveSpaces = words.slice(1).some(({ text }) => /^\s|\s$/.test(text));
	const phrases: Segment[] = [];
	for (const word of words) {
		const last = phrases.at(-1);
		if (last && isSamePhrase(last, word)) {
			last.text += haveSpaces ? word.text : ` ${word.text}`;
			last.end = word.end;
		} else phrases.push({ ...word });
	}
	return phrases;
}

function isSamePhrase(phrase: Segment, word: Segment): boolean {
	return (
		phrase.speaker === word.speaker &&
		word.start - phrase.end <= PAUSE_SECONDS &&
		phrase.text.length + word.text.length < PHRASE_CHARACTERS &&
		!SENTENCE_END.test(phrase.text.trim())
	);
}
