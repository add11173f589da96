// Cuts running text into sentences as it arrives, in any script; no character is lost or added.

import {
	BRACKET_PAIRS,
	BULLETS,
	UNAMBIGUOUS_TERMINATORS,
	CLOSING_PUNCTUATION,
	NEWLINE,
	AMBIGUOUS_TERMINATORS,
	THAI_FINAL_PARTICLE,
	THAI_OR_LAO,
	UNSPACED_SCRIPT,
} from './terminators';
import { type BoundaryCandidate, decideBoundary, startSentence } from './sentence-boundary';

/** A space in Thai or Lao is a cut once the sentence is this long. */
const UNSTOPPED_CHARACTERS = 45;
/** Never wait for more characters than this before deciding. */
const LOOKAHEAD_CHARACTERS = 40;

/** Sentences of a whole text; joined together they are `text` again. */
export function splitSentences(text: string): string[] {
	const cutter = new SentenceSplitter();
	return [...cutter.push(text), ...cutter.flush()];
}

/** Cuts the same way however the text is divided into pushes, in time linear in its length. */
export class SentenceSplitter {
	private sentence = startSentence();
	private candidate: BoundaryCandidate | undefined;
	private halfPair = '';

	/** Returns the sentences that became complete; white space stays with the sentence before it. */
	push(text: string): string[] {
		const out: string[] = [];
		const whole = this.halfPair + text;
		const endsInHalf = /[\uD800-\uDBFF]$/.test(whole.slice(-1));
		this.halfPair = endsInHalf ? whole.slice(-1) : '';
		for (const character of endsInHalf ? whole.slice(0, -1) : whole) this.accept(character, out);
		return out;
	}

	/** Returns what is left and starts anew. */
	flush(): string[] {
		const out: string[] = [];
		if (this.halfPair !== '') this.accept(this.halfPair, out);
		this.halfPair = '';
		while (this.candidate) this.resolve(this.candidate, out, true);
		this.emit(this.sentence.piece.length, out);
		return out;
	}

	private accept(character: string, out: string[]): void {
		this.sentence.piece.push(character);
		const candidate = this.candidate;
		if (!candidate) this.look(character, out);
		else if (
			candidate.gapEnd !== this.sentence.piece.length - 1 ||
			!this.extend(candidate, character)
		) {
			this.resolve(candidate, out, false);
		}
	}

	private emit(end: number, out: string[]): void {
		if (end > 0) out.push(this.sentence.piece.slice(0, end).join(''));
		this.sentence = startSentence(this.sentence.piece.slice(end));
	}

	/** Takes note of a character outside any candidate, and opens a candidate where a sentence may end. */
	private look(character: string, out: string[]): void {
		const at = this.sentence.piece.length - 1;
		const before = this.sentence.piece[at - 1] ?? ' ';
		if (BULLETS.has(character) && this.sentence.hasWords && /\s/u.test(before)) {
			this.emit(at, out);
			return;
		}
		if (/[\p{L}\p{N}]/u.test(character)) {
			if (!this.sentence.hasWords) this.sentence.startsInformally = /\p{Ll}/u.test(character);
			if (!this.sentence.hasWords || /\s/u.test(before)) this.sentence.wordCount++;
			this.sentence.hasWords = true;
		}
		const closer = BRACKET_PAIRS[character];
		if (closer !== undefined && before !== ':' && before !== ';') {
			if (this.sentence.brackets.length < 8) this.sentence.brackets.push({ closer, at });
		} else this.closeBracket(character);
		if (/[).]/.test(character) && /\d/.test(before)) this.noteListNumber(character, out);

		const kind = this.candidateKind(character, before);
		if (!kind) return;
		// White space is no part of the sentence before it, only of the gap.
		const end = kind === 'newline' || kind === 'space' ? at : at + 1;
		const newlines = kind === 'newline' ? 1 : 0;
		this.candidate = { kind, start: at, stopEnd: end, end, gapEnd: at + 1, newlines };
	}

	private candidateKind(character: string, before: string): BoundaryCandidate['kind'] | undefined {
		if (UNAMBIGUOUS_TERMINATORS.has(character)) return 'clear';
		if (NEWLINE.test(character)) return 'newline';
		if (character === ' ' && THAI_OR_LAO.test(before)) {
			const at = this.sentence.piece.length - 1;
			const ends =
				at >= 4 && THAI_FINAL_PARTICLE.test(this.sentence.piece.slice(at - 4, at).join(''));
			return ends || at >= UNSTOPPED_CHARACTERS ? 'space' : undefined;
		}
		if (!AMBIGUOUS_TERMINATORS.has(character)) return undefined;
		// Greek asks with `;`, Armenian may stop with `:`, Amharic with a doubled `፡`.
		if (character === ';') return /\p{sc=Greek}/u.test(before) ? 'open' : undefined;
		if (character === ':') return /\p{sc=Armenian}/u.test(before) ? 'open' : undefined;
		if (character === '፡') return before === '፡' ? 'clear' : undefined;
		return 'open';
	}

	/** In `1) milk 2) eggs` the second number opens a sentence of its own. */
	private noteListNumber(mark: string, out: string[]): void {
		const tail = this.sentence.piece.slice(-6, -1).join('');
		const figure = /(?:^|\s)(\d{1,3})$/.exec(tail)?.[1];
		if (figure === undefined) return;
		const start = this.sentence.piece.length - 1 - figure.length;
		const value = Number(figure);
		if (start < 8 && this.sentence.piece.slice(0, start).join('').trim() === '') {
			this.sentence.listNumber = { value, mark };
		} else if (
			mark === ')' &&
			this.sentence.listNumber?.mark === mark &&
			value === this.sentence.listNumber.value + 1
		) {
			this.emit(start, out);
			this.sentence.listNumber = { value, mark };
			this.sentence.hasWords = true;
		}
	}

	private closeBracket(character: string): void {
		if (this.sentence.brackets[this.sentence.brackets.length - 1]?.closer === character)
			this.sentence.brackets.pop();
	}

	/** Stops, closing marks and white space right behind a stop belong to it. */
	private extend(candidate: BoundaryCandidate, character: string): boolean {
		const position = this.sentence.piece.length;
		const inGap = candidate.gapEnd > candidate.end;
		if (/\s/u.test(character)) {
			if (NEWLINE.test(character)) {
				const isPair = character === '\n' && this.sentence.piece[position - 2] === '\r';
				if (!isPair) candidate.newlines++;
			}
			candidate.gapEnd = position;
			return true;
		}
		const isClear = UNAMBIGUOUS_TERMINATORS.has(character);
		const isStop = isClear || '.!?…．‥'.includes(character);
		const isStopKind = candidate.kind === 'open' || candidate.kind === 'clear';
		if (!isStopKind) return false;
		if (inGap) {
			// `. . .` is one ellipsis.
			const isDots = character === '.' && this.sentence.piece[candidate.end - 1] === '.';
			if (!isDots || candidate.newlines > 0) return false;
			candidate.stopEnd = position;
		} else if (isStop) {
			if (isClear) candidate.kind = 'clear';
			candidate.stopEnd = position;
		} else if (CLOSING_PUNCTUATION.has(character) && !this.opensQuotation(candidate, character)) {
			this.closeBracket(character);
		} else return false;
		candidate.end = position;
		candidate.gapEnd = position;
		return true;
	}

	/** German closes with `“` and `‘`; in East Asia they open what comes after the stop. */
	private opensQuotation({ start }: BoundaryCandidate, mark: string): boolean {
		if (mark !== '“' && mark !== '‘') return false;
		const [before = '', stop = ''] = this.sentence.piece.slice(Math.max(0, start - 1), start + 1);
		return /[。！？]/.test(stop) || UNSPACED_SCRIPT.test(before);
	}

	/** Decides once enough has been seen; what was looked at too far is then read again. */
	private resolve(candidate: BoundaryCandidate, out: string[], isFinal: boolean): void {
		const lookahead = this.sentence.piece.slice(candidate.gapEnd);
		if (this.adoptsMark(candidate, lookahead)) return;
		const isEnough = isFinal || lookahead.length >= LOOKAHEAD_CHARACTERS;
		const decision = decideBoundary(this.sentence, candidate, lookahead, isEnough);
		if (decision === 'wait') return;
		this.candidate = undefined;
		const itemStart = this.listItemStart(candidate, lookahead);
		const cut = itemStart ?? candidate.gapEnd;
		const rest = this.sentence.piece.splice(cut);
		if (decision || itemStart !== undefined) this.emit(cut, out);
		for (const character of rest) this.accept(character, out);
	}

	/** In `1. Milk 2. Eggs` the stop after `2` opens a sentence before the figure. */
	private listItemStart(
		{ kind, start }: BoundaryCandidate,
		lookahead: readonly string[],
	): number | undefined {
		if (kind !== 'open' || this.sentence.listNumber?.mark !== '.') return undefined;
		const figure = /\s(\d{1,3})$/.exec(
			this.sentence.piece.slice(Math.max(0, start - 4), start).join(''),
		)?.[1];
		if (figure === undefined || Number(figure) !== this.sentence.listNumber.value + 1)
			return undefined;
		return /^\p{Lu}/u.test(lookahead[0] ?? '') ? start - figure.length : undefined;
	}

	/** A spaced French `»` and a source mark `[1]` belong to the sentence they follow. */
	private adoptsMark(candidate: BoundaryCandidate, lookahead: readonly string[]): boolean {
		if (candidate.kind !== 'open' && candidate.kind !== 'clear') return false;
		if (lookahead[0] !== '»' && lookahead[0] !== '[') return false;
		const text = lookahead.join('');
		const isSpacedQuote = /^»[^\p{L}\p{N}]$/u.test(text) && candidate.newlines === 0;
		const isSourceMark = candidate.gapEnd === candidate.end && /^\[\^?\d{1,3}\]$/.test(text);
		if (!isSpacedQuote && !isSourceMark) return false;
		candidate.end = candidate.gapEnd + (isSpacedQuote ? 1 : lookahead.length);
		candidate.gapEnd = candidate.end;
		const newest = lookahead[lookahead.length - 1] ?? '';
		return isSourceMark || this.extend(candidate, newest);
	}
}
