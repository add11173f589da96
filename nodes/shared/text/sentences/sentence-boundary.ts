// Sentence boundary detection: is a candidate a boundary, given the sentence so far and the lookahead behind it?

import {
	LIST_LABEL,
	OPENING_PUNCTUATION,
	REPORTING_CLAUSE,
	THAI_OR_LAO,
	UNSPACED_SCRIPT,
} from './terminators';
import { type Lookahead, startsLowerCase, fullStopEndsSentence } from './full-stop';

/** An unclosed bracket stops suppressing boundaries after this many characters. */
const BRACKET_CHARACTERS = 160;

/** How far back the words before a terminator are looked for. */
const TOKEN_CHARACTERS = 48;

/** The sentence being scanned. */
export class PendingSentence {
	/** Unclosed brackets and the index of each. */
	readonly brackets: Array<{ closer: string; at: number }> = [];
	hasWords = false;
	/** Its first letter is lower case, as in informal messages; then a lower-case word may start the next one. */
	startsLowerCase = false;
	wordCount = 0;
	/** The list number `1.` or `1)` at its start. */
	listNumber: { value: number; mark: string } | undefined;

	/** @param characters code points scanned so far */
	constructor(readonly characters: string[] = []) {}
}

/** A place where the sentence may end. Indexes count the code points of the sentence. */
export interface BoundaryCandidate {
	kind: 'unambiguous' | 'ambiguous' | 'newline' | 'space';
	start: number;
	/** Behind the terminators. */
	terminatorEnd: number;
	/** Behind the terminators and the closing punctuation after them. */
	end: number;
	/** Behind the white space after those: where the next sentence would start. */
	spaceEnd: number;
	newlines: number;
}

export type BoundaryDecision = boolean | 'wait';

/** `wait` asks for more lookahead, and never comes when `isEnough`. */
export function decideBoundary(
	sentence: PendingSentence,
	candidate: BoundaryCandidate,
	lookahead: readonly string[],
	isEnough: boolean,
): BoundaryDecision {
	const [lead = ''] = lookahead;
	if (lead === '' || !hasSentenceText(sentence, candidate)) return false;
	const isSpaced = candidate.spaceEnd > candidate.end;
	if (/[,;:!?.،؛，、；：)\]}）」』》]/u.test(lead) && candidate.kind !== 'newline') return false;
	if (candidate.newlines > 1) return true;
	if (candidate.kind === 'newline') return !startsLowerCase(lead);
	if (candidate.kind === 'space') return THAI_OR_LAO.test(lead) && lead !== 'ๆ' && lead !== 'ฯ';
	if (isInsideBrackets(sentence, candidate)) return false;
	if (lead === '[' && !isSpaced && lookahead.length < 6 && !lookahead.includes(']') && !isEnough)
		return 'wait';
	if (candidate.kind === 'unambiguous') {
		if (candidate.end === candidate.terminatorEnd || !UNSPACED_SCRIPT.test(lead)) return true;
		if (lookahead.length < 4 && !isEnough) return 'wait';
		return isSpaced || !REPORTING_CLAUSE.test(lookahead.join(''));
	}
	if (!isSpaced) return isBoundaryWithoutSpace(sentence, candidate, lead);

	let first = 0;
	while (OPENING_PUNCTUATION.has(lookahead[first] ?? '') || /^\s$/u.test(lookahead[first] ?? ''))
		first++;
	let end = first;
	while (/^[\p{L}\p{N}\p{M}'’]$/u.test(lookahead[end] ?? '')) end++;
	const isIncomplete = end === lookahead.length && !isEnough;
	// An upper-case letter is enough lookahead; a lower-case one may continue as `iPhone`.
	if (isIncomplete && !/^\p{Lu}/u.test(lookahead[first] ?? '')) return 'wait';
	const word = lookahead.slice(first, end).join('');
	if (/^[.)]$/.test(lookahead[end] ?? '') && isNextListLetter(sentence, word)) return true;
	const isBoundary = isBoundaryBefore(sentence, candidate, {
		word,
		isIncomplete,
		isDotted: lookahead[end] === '.',
		isQuoted: first > 0,
	});
	return isIncomplete && !isBoundary ? 'wait' : isBoundary;
}

function isBoundaryWithoutSpace(
	sentence: PendingSentence,
	candidate: BoundaryCandidate,
	lead: string,
): boolean {
	const before = sentence.characters[candidate.start - 1] ?? '';
	const stop = sentence.characters[candidate.start] ?? '';
	if (lead === '¿' || lead === '¡') return true;
	if (stop === '．' && /\p{N}/u.test(before) && /\p{N}/u.test(lead)) return false;
	if (stop === '…' || stop === '‥' || candidate.terminatorEnd - candidate.start > 2) return false;
	return stop === '．' || (UNSPACED_SCRIPT.test(before) && /[\p{Lo}“‘「『]/u.test(lead));
}

/** Is there a boundary between a terminator with white space behind it and `lookahead`? */
function isBoundaryBefore(
	sentence: PendingSentence,
	candidate: BoundaryCandidate,
	lookahead: Lookahead,
): boolean {
	const stops = sentence.characters
		.slice(candidate.start, candidate.terminatorEnd)
		.join('')
		.replace(/\s/g, '');
	const lastCharacter = sentence.characters[candidate.end - 1] ?? '';
	const isClosed = candidate.end > candidate.terminatorEnd;
	const isFullStop = stops === '.' && (!isClosed || ')]*_'.includes(lastCharacter));
	const isLower = startsLowerCase(lookahead.word);
	if (isLower && (isClosed || !sentence.startsLowerCase)) return false;
	const before = sentence.characters
		.slice(Math.max(0, candidate.start - TOKEN_CHARACTERS), candidate.start)
		.join('');
	if (isLower && !/\p{Ll}{3}$/u.test(before)) return false;
	if (isFullStop) return fullStopEndsSentence(before, sentence.wordCount, lookahead);
	// In scripts without letter case, an ellipsis or a closing quote more often continues the sentence.
	const isCaseless = /^\p{Lo}/u.test(lookahead.word);
	if (stops === '…' || stops === '...')
		return !isCaseless && !(/\s$/.test(before) && lookahead.word === 'I');
	return !isClosed || !isCaseless || lookahead.isQuoted;
}

/** The text before the terminator holds words, not just the label of a list item. */
function hasSentenceText(
	sentence: PendingSentence,
	{ kind, start, terminatorEnd }: BoundaryCandidate,
): boolean {
	if (!sentence.hasWords) return false;
	if (start > 14) return true;
	const text = sentence.characters.slice(0, start).join('');
	if (kind === 'ambiguous' && sentence.characters[start] === '.' && terminatorEnd === start + 1)
		return !LIST_LABEL.test(text);
	return (
		kind !== 'newline' || !LIST_LABEL.test(text.replace(/[.)]\s*$/, '')) || !/[.)]\s*$/.test(text)
	);
}

/** Brackets and East Asian quotation marks suppress boundaries; a curly quote only those at unambiguous terminators. */
function isInsideBrackets(sentence: PendingSentence, { kind, start }: BoundaryCandidate): boolean {
	return sentence.brackets.some(
		({ closer, at }) =>
			start - at < BRACKET_CHARACTERS && (closer !== '”' || kind === 'unambiguous'),
	);
}

/** Is `word` the next list label, as `b` in a sentence that began with `a.` or `a)`? */
function isNextListLetter(sentence: PendingSentence, word: string): boolean {
	const label = /^\s*([a-z])[.)]\s/.exec(sentence.characters.slice(0, 8).join(''))?.[1];
	return label !== undefined && word === String.fromCharCode(label.charCodeAt(0) + 1);
}
