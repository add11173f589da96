// Single timed words put together to phrases, from which subtitles and a transcript can be made. Pure.
import type { Segment } from '../shared/text/subtitles/segments';

/** A pause that ends a phrase. */
const PAUSE_SECONDS = 0.8;
/** Two lines of subtitles. */
const PHRASE_CHARACTERS = 84;
const SENTENCE_END = /[.!?…。！？।؟]["'”’»)\]]*$/u;

/** Words with their own spacing keep it; where none has any, they are put together with single spaces. */
export function phrasesOf(words: readonly Segment[]): Segment[] {
	const spaced = words.slice(1).some(({ text }) => /^\s|\s$/.test(text));
	const phrases: Segment[] = [];
	for (const word of words) {
		const last = phrases.at(-1);
		if (last && belongs(last, word)) {
			last.text += spaced ? word.text : ` ${word.text}`;
			last.end = word.end;
		} else phrases.push({ ...word });
	}
	return phrases;
}

function belongs(phrase: Segment, word: Segment): boolean {
	return (
		phrase.speaker === word.speaker &&
		word.start - phrase.end <= PAUSE_SECONDS &&
		phrase.text.length + word.text.length < PHRASE_CHARACTERS &&
		!SENTENCE_END.test(phrase.text.trim())
	);
}
