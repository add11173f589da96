// Chunking: groups sentences into chunks of a good length for one speech request each; no character is lost or added.

import { splitGraphemes } from '../graphemes';
import { CLAUSE_END } from './terminators';

export interface ChunkLengths {
	/** Length (UTF-16 units) from which the first chunk may end at a clause, so that speech starts early. */
	firstCharacters?: number;
	/** Sentences are added until a chunk is about this long. */
	targetCharacters: number;
	/** No chunk is longer, except for a single grapheme cluster that is. */
	maxCharacters: number;
}

const SPACE = /\s+/gu;

/** `chunks.join('')` equals `sentences.join('')`. */
export function chunkSentences(sentences: readonly string[], lengths: ChunkLengths): string[] {
	const maximum = Math.max(1, lengths.maxCharacters);
	const target = Math.min(Math.max(1, lengths.targetCharacters), maximum);
	const chunks: string[] = [];
	let current = '';
	const flush = () => {
		if (current !== '') chunks.push(current);
		current = '';
	};
	const first = lengths.firstCharacters;
	for (const sentence of sentences) {
		for (const part of splitLongSentence(sentence, maximum)) {
			if (first !== undefined && chunks.length === 0) {
				const minimum = first - current.trim().length;
				const cut = firstClause(part, Math.max(1, minimum), first);
				if (current.length + cut > maximum) flush();
				current += part.slice(0, cut);
				if (cut < part.length || current.trim().length >= first) flush();
				current += part.slice(cut);
				continue;
			}
			if (current.length >= target || current.length + part.length > maximum) flush();
			// A sentence that exceeds the target is added only if that brings the chunk nearer to it.
			const overshoot = current.length + part.length - target;
			if (current !== '' && overshoot > target - current.length) flush();
			current += part;
		}
	}
	flush();
	return chunks;
}

/** End of the first clause of at least `minimum` characters; the whole length when no more than `spare` would be left. */
function firstClause(sentence: string, minimum: number, spare: number): number {
	if (sentence.length <= minimum + spare) return sentence.length;
	for (const mark of sentence.matchAll(CLAUSE_END)) {
		const end = mark.index + mark[0].length;
		if (end >= minimum && sentence.slice(end).trim() !== '') return end;
	}
	return sentence.length;
}

function splitLongSentence(sentence: string, maximum: number): string[] {
	const parts: string[] = [];
	let rest = sentence;
	while (rest.length > maximum) {
		// Text further on than one character behind the maximum cannot change where this part ends.
		const view = rest.slice(0, maximum + 1);
		const cut =
			lastMatchEnd(view, CLAUSE_END, maximum) ??
			lastMatchEnd(view, SPACE, maximum) ??
			graphemeEnd(rest, maximum);
		parts.push(rest.slice(0, cut));
		rest = rest.slice(cut);
	}
	if (rest !== '') parts.push(rest);
	return parts;
}

/** End of the last match of `mark` within `maximum`, unless less than a third of it would be used. */
function lastMatchEnd(view: string, mark: RegExp, maximum: number): number | undefined {
	let best: number | undefined;
	for (const found of view.matchAll(mark)) {
		const end = found.index + found[0].length;
		if (end <= maximum && end > maximum / 3) best = end;
	}
	return best;
}

/** End of the last whole grapheme cluster within `maximum`; of the first one when that is longer. */
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
