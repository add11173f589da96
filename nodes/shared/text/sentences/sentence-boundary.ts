// Judges a place where a sentence may end, from the sentence so far and the characters after the gap.

import {
	LIST_LABEL,
	OPENING_PUNCTUATION,
	REPORTING_CLAUSE,
	THAI_OR_LAO,
	UNSPACED_SCRIPT,
} from './terminators';
import { type Lookahead, startsLowerCase, fullStopEndsSentence } from './full-stop';

/** A bracket left open no longer holds a sentence together after this many characters. */
const BRACKET_CHARACTERS = 160;

/** The words before a stop are looked for this far back. */
const TOKEN_CHARACTERS = 48;

/** The sentence being read. */
export interface PendingSentence {
	/** Its code points so far. */
	piece: string[];
	/** Brackets still open, and where they were opened. */
	brackets: Array<{ closer: string; at: number }>;
	hasWords: boolean;
	/** It began with a small letter, as hasty messages do. */
	startsInformally: boolean;
	wordCount: number;
	/** `1.` or `1)` at its start. */
	listNumber: { value: number; mark: string } | undefined;
}

export function startSentence(piece: string[] = []): PendingSentence {
	return {
		piece,
		brackets: [],
		hasWords: false,
		startsInformally: false,
		wordCount: 0,
		listNumber: undefined,
	};
}

/** A place where the sentence may end. Indexes count code points of the sentence so far. */
export interface BoundaryCandidate {
	kind: 'clear' | 'open' | 'newline' | 'space';
	start: number;
	/** After the stops. */
	stopEnd: number;
	/** After the stops and the closing marks behind them. */
	end: number;
	/** After the white space behind those: where the cut would be. */
	gapEnd: number;
	newlines: number;
}

export type BoundaryDecision = boolean | 'wait';

/** True to cut behind the gap, false to go on, `wait` for more text. */
export function decideBoundary(
	sentence: PendingSentence,
	candidate: BoundaryCandidate,
	lookahead: readonly string[],
	isEnough: boolean,
): BoundaryDecision {
	const [lead = ''] = lookahead;
	if (lead === '' || !hasSentence(sentence, candidate)) return false;
	const isSpaced = candidate.gapEnd > candidate.end;
	if (/[,;:!?.،؛，、；：)\]}）」』》]/u.test(lead) && candidate.kind !== 'newline') return false;
	if (candidate.newlines > 1) return true;
	if (candidate.kind === 'newline') return !startsLowerCase(lead);
	if (candidate.kind === 'space') return THAI_OR_LAO.test(lead) && lead !== 'ๆ' && lead !== 'ฯ';
	if (isBracketed(sentence, candidate)) return false;
	if (lead === '[' && !isSpaced && lookahead.length < 6 && !lookahead.includes(']') && !isEnough)
		return 'wait';
	if (candidate.kind === 'clear') {
		if (candidate.end === candidate.stopEnd || !UNSPACED_SCRIPT.test(lead)) return true;
		if (lookahead.length < 4 && !isEnough) return 'wait';
		return isSpaced || !REPORTING_CLAUSE.test(lookahead.join(''));
	}
	if (!isSpaced) return cutsWithoutSpace(sentence, candidate, lead);

	let first = 0;
	while (OPENING_PUNCTUATION.has(lookahead[first] ?? '') || /^\s$/u.test(lookahead[first] ?? ''))
		first++;
	let end = first;
	while (/^[\p{L}\p{N}\p{M}'’]$/u.test(lookahead[end] ?? '')) end++;
	const isBegun = end === lookahead.length && !isEnough;
	// Its first letter is often enough; a small one may go on as `iPhone`.
	if (isBegun && !/^\p{Lu}/u.test(lookahead[first] ?? '')) return 'wait';
	const word = lookahead.slice(first, end).join('');
	if (/^[.)]$/.test(lookahead[end] ?? '') && isNextLetter(sentence, word)) return true;
	const cuts = cutsBefore(sentence, candidate, {
		word,
		isBegun,
		isDotted: lookahead[end] === '.',
		isQuoted: first > 0,
	});
	return isBegun && !cuts ? 'wait' : cuts;
}

function cutsWithoutSpace(
	sentence: PendingSentence,
	candidate: BoundaryCandidate,
	lead: string,
): boolean {
	const before = sentence.piece[candidate.start - 1] ?? '';
	const stop = sentence.piece[candidate.start] ?? '';
	if (lead === '¿' || lead === '¡') return true;
	if (stop === '．' && /\p{N}/u.test(before) && /\p{N}/u.test(lead)) return false;
	if (stop === '…' || stop === '‥' || candidate.stopEnd - candidate.start > 2) return false;
	return stop === '．' || (UNSPACED_SCRIPT.test(before) && /[\p{Lo}“‘「『]/u.test(lead));
}

/** A stop, white space, then `lookahead`. */
function cutsBefore(
	sentence: PendingSentence,
	candidate: BoundaryCandidate,
	lookahead: Lookahead,
): boolean {
	const stops = sentence.piece
		.slice(candidate.start, candidate.stopEnd)
		.join('')
		.replace(/\s/g, '');
	const closing = sentence.piece[candidate.end - 1] ?? '';
	const isClosed = candidate.end > candidate.stopEnd;
	const isPlainStop = stops === '.' && (!isClosed || ')]*_'.includes(closing));
	const isLower = startsLowerCase(lookahead.word);
	if (isLower && (isClosed || !sentence.startsInformally)) return false;
	const before = sentence.piece
		.slice(Math.max(0, candidate.start - TOKEN_CHARACTERS), candidate.start)
		.join('');
	if (isLower && !/\p{Ll}{3}$/u.test(before)) return false;
	if (isPlainStop) return fullStopEndsSentence(before, sentence.wordCount, lookahead);
	// Without capitals to tell, a pause or a quotation more often goes on than ends.
	const isCaseless = /^\p{Lo}/u.test(lookahead.word);
	if (stops === '…' || stops === '...')
		return !isCaseless && !(/\s$/.test(before) && lookahead.word === 'I');
	return !isClosed || !isCaseless || lookahead.isQuoted;
}

/** There is something to say before the stop, and not only the number of a list item. */
function hasSentence(
	sentence: PendingSentence,
	{ kind, start, stopEnd }: BoundaryCandidate,
): boolean {
	if (!sentence.hasWords) return false;
	if (start > 14) return true;
	const text = sentence.piece.slice(0, start).join('');
	if (kind === 'open' && sentence.piece[start] === '.' && stopEnd === start + 1)
		return !LIST_LABEL.test(text);
	return (
		kind !== 'newline' || !LIST_LABEL.test(text.replace(/[.)]\s*$/, '')) || !/[.)]\s*$/.test(text)
	);
}

/** Inside brackets or East Asian quotation marks the sentence goes on. */
function isBracketed(sentence: PendingSentence, { kind, start }: BoundaryCandidate): boolean {
	return sentence.brackets.some(
		({ closer, at }) => start - at < BRACKET_CHARACTERS && (closer !== '”' || kind === 'clear'),
	);
}

/** `b` when the sentence began with `a.` or `a)`. */
function isNextLetter(sentence: PendingSentence, word: string): boolean {
	const label = /^\s*([a-z])[.)]\s/.exec(sentence.piece.slice(0, 8).join(''))?.[1];
	return label !== undefined && word === String.fromCharCode(label.charCodeAt(0) + 1);
}
