// Groups sentences into pieces of a good length for one request of speech each; no character is lost or added.

import { splitGraphemes } from '../graphemes';
import { CLAUSE_END } from './terminators';

export interface ChunkLengths {
	/** Length (UTF-16 units) after which the first piece may end at a clause, so that speech starts early. */
	firstCharacters?: number;
	/** Sentences are put together until a piece is about this long. */
	targetCharacters: number;
	/** No piece is longer, save for one single character (grapheme) that is. */
	maxCharacters: number;
}

const SPACE = /\s+/gu;

/** `pieces.join('')` equals `sentences.join('')`. */
export function chunkSentences(sentences: readonly string[], lengths: ChunkLengths): string[] {
	const maximum = Math.max(1, lengths.maxCharacters);
	const target = Math.min(Math.max(1, lengths.targetCharacters), maximum);
	const pieces: string[] = [];
	let current = '';
	const close = () => {
		if (current !== '') pieces.push(current);
		current = '';
	};
	const first = lengths.firstCharacters;
	for (const sentence of sentences) {
		for (const part of splitLong(sentence, maximum)) {
			if (first !== undefined && pieces.length === 0) {
				const missing = first - current.trim().length;
				const cut = firstClause(part, Math.max(1, missing), first);
				if (current.length + cut > maximum) close();
				current += part.slice(0, cut);
				if (cut < part.length || current.trim().length >= first) close();
				current += part.slice(cut);
				continue;
			}
			if (current.length >= target || current.length + part.length > maximum) close();
			// Past the target a sentence joins only when that brings the piece nearer to it.
			const overshoot = current.length + part.length - target;
			if (current !== '' && overshoot > target - current.length) close();
			current += part;
		}
	}
	close();
	return pieces;
}

/** End of the first clause of at least `minimum` characters; the whole when little would be left. */
function firstClause(sentence: string, minimum: number, spare: number): number {
	if (sentence.length <= minimum + spare) return sentence.length;
	for (const mark of sentence.matchAll(CLAUSE_END)) {
		const end = mark.index + mark[0].length;
		if (end >= minimum && sentence.slice(end).trim() !== '') return end;
	}
	return sentence.length;
}

function splitLong(sentence: string, maximum: number): string[] {
	const parts: string[] = [];
	let rest = sentence;
	while (rest.length > maximum) {
		// Anything beyond one character more than the maximum cannot matter for this cut.
		const view = rest.slice(0, maximum + 1);
		const cut =
			lastEnd(view, CLAUSE_END, maximum) ??
			lastEnd(view, SPACE, maximum) ??
			graphemeEnd(rest, maximum);
		parts.push(rest.slice(0, cut));
		rest = rest.slice(cut);
	}
	if (rest !== '') parts.push(rest);
	return parts;
}

/** Last match of `mark` that ends in the second half of the view, or undefined. */
function lastEnd(view: string, mark: RegExp, maximum: number): number | undefined {
	let best: number | undefined;
	for (const found of view.matchAll(mark)) {
		const end = found.index + found[0].length;
		if (end <= maximum && end > maximum / 3) best = end;
	}
	return best;
}

/** End of the last whole grapheme within `maximum`; of the first one when that is longer. */
function graphemeEnd(text: string, maximum: number): number {
	const window = text.slice(0, maximum + 64);
	let end = 0;
	for (const grapheme of splitGraphemes(window)) {
		const next = end + grapheme.length;
		if (next > maximum) return end > 0 ? end : codePointEnd(text, next);
		end = next;
	}
	return codePointEnd(text, maximum);
}

function codePointEnd(text: string, end: number): number {
	return /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(end - 1, end + 1)) ? end + 1 : end;
}
