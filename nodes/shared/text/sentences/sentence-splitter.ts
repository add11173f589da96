// Streaming sentence splitter for any script; the sentences joined together are the text again.

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
import { type BoundaryCandidate, decideBoundary, PendingSentence } from './sentence-boundary';

/** Thai and Lao have no terminators: a space ends a sentence once it is this long. */
const MIN_UNTERMINATED_CHARACTERS = 45;
/** A candidate is decided after this many characters at the latest. */
const MAX_LOOKAHEAD_CHARACTERS = 40;

/** Splits a whole text; the sentences joined together are `text` again. */
export function splitSentences(text: string): string[] {
	const splitter = new SentenceSplitter();
	return [...splitter.push(text), ...splitter.flush()];
}

/** The boundaries do not depend on how the text is divided into pushes. Time is linear in its length. */
export class SentenceSplitter {
	private sentence = new PendingSentence();
	private candidate: BoundaryCandidate | undefined;
	private highSurrogate = '';

	/** Returns the sentences that are complete now; white space belongs to the sentence before it. */
	push(text: string): string[] {
		const out: string[] = [];
		const whole = this.highSurrogate + text;
		const endsInHighSurrogate = /[\uD800-\uDBFF]$/.test(whole.slice(-1));
		this.highSurrogate = endsInHighSurrogate ? whole.slice(-1) : '';
		for (const character of endsInHighSurrogate ? whole.slice(0, -1) : whole)
			this.accept(character, out);
		return out;
	}

	/** Returns the rest and resets the splitter. */
	flush(): string[] {
		const out: string[] = [];
		if (this.highSurrogate !== '') this.accept(this.highSurrogate, out);
		this.highSurrogate = '';
		while (this.candidate) this.resolve(this.candidate, out, true);
		this.emit(this.sentence.characters.length, out);
		return out;
	}

	private accept(character: string, out: string[]): void {
		this.sentence.characters.push(character);
		const candidate = this.candidate;
		if (!candidate) this.scan(character, out);
		else if (
			candidate.spaceEnd !== this.sentence.characters.length - 1 ||
			!this.extendCandidate(candidate, character)
		) {
			this.resolve(candidate, out, false);
		}
	}

	private emit(end: number, out: string[]): void {
		if (end > 0) out.push(this.sentence.characters.slice(0, end).join(''));
		this.sentence = new PendingSentence(this.sentence.characters.slice(end));
	}

	/** Updates the pending sentence by its newest character, and sets a candidate where a sentence may end. */
	private scan(character: string, out: string[]): void {
		const at = this.sentence.characters.length - 1;
		const before = this.sentence.characters[at - 1] ?? ' ';
		if (BULLETS.has(character) && this.sentence.hasWords && /\s/u.test(before)) {
			this.emit(at, out);
			return;
		}
		if (/[\p{L}\p{N}]/u.test(character)) {
			if (!this.sentence.hasWords) this.sentence.startsLowerCase = /\p{Ll}/u.test(character);
			if (!this.sentence.hasWords || /\s/u.test(before)) this.sentence.wordCount++;
			this.sentence.hasWords = true;
		}
		const closer = BRACKET_PAIRS[character];
		if (closer !== undefined && before !== ':' && before !== ';') {
			if (this.sentence.brackets.length < 8) this.sentence.brackets.push({ closer, at });
		} else this.closeBracket(character);
		if (/[).]/.test(character) && /\d/.test(before)) this.trackListNumber(character, out);

		const kind = this.candidateKind(character, before);
		if (!kind) return;
		const end = kind === 'newline' || kind === 'space' ? at : at + 1;
		const newlines = kind === 'newline' ? 1 : 0;
		this.candidate = { kind, start: at, terminatorEnd: end, end, spaceEnd: at + 1, newlines };
	}

	private candidateKind(character: string, before: string): BoundaryCandidate['kind'] | undefined {
		if (UNAMBIGUOUS_TERMINATORS.has(character)) return 'unambiguous';
		if (NEWLINE.test(character)) return 'newline';
		if (character === ' ' && THAI_OR_LAO.test(before)) {
			const at = this.sentence.characters.length - 1;
			const ends =
				at >= 4 && THAI_FINAL_PARTICLE.test(this.sentence.characters.slice(at - 4, at).join(''));
			return ends || at >= MIN_UNTERMINATED_CHARACTERS ? 'space' : undefined;
		}
		if (!AMBIGUOUS_TERMINATORS.has(character)) return undefined;
		// `;` is the Greek question mark, `:` an Armenian full stop, a doubled `፡` an Amharic one.
		if (character === ';') return /\p{sc=Greek}/u.test(before) ? 'ambiguous' : undefined;
		if (character === ':') return /\p{sc=Armenian}/u.test(before) ? 'ambiguous' : undefined;
		if (character === '፡') return before === '፡' ? 'unambiguous' : undefined;
		return 'ambiguous';
	}

	/** In the inline list `1) milk 2) eggs` the second number starts a sentence. */
	private trackListNumber(mark: string, out: string[]): void {
		const tail = this.sentence.characters.slice(-6, -1).join('');
		const number = /(?:^|\s)(\d{1,3})$/.exec(tail)?.[1];
		if (number === undefined) return;
		const start = this.sentence.characters.length - 1 - number.length;
		const value = Number(number);
		if (start < 8 && this.sentence.characters.slice(0, start).join('').trim() === '') {
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

	/** Extends the candidate by terminators, closing punctuation and white space right behind it; false for others. */
	private extendCandidate(candidate: BoundaryCandidate, character: string): boolean {
		const position = this.sentence.characters.length;
		const isAfterSpace = candidate.spaceEnd > candidate.end;
		if (/\s/u.test(character)) {
			if (NEWLINE.test(character)) {
				const isPair = character === '\n' && this.sentence.characters[position - 2] === '\r';
				if (!isPair) candidate.newlines++;
			}
			candidate.spaceEnd = position;
			return true;
		}
		const isUnambiguous = UNAMBIGUOUS_TERMINATORS.has(character);
		const isStop = isUnambiguous || '.!?…．‥'.includes(character);
		const isTerminator = candidate.kind === 'ambiguous' || candidate.kind === 'unambiguous';
		if (!isTerminator) return false;
		if (isAfterSpace) {
			// `. . .` is one ellipsis.
			const isDots = character === '.' && this.sentence.characters[candidate.end - 1] === '.';
			if (!isDots || candidate.newlines > 0) return false;
			candidate.terminatorEnd = position;
		} else if (isStop) {
			if (isUnambiguous) candidate.kind = 'unambiguous';
			candidate.terminatorEnd = position;
		} else if (CLOSING_PUNCTUATION.has(character) && !this.opensQuotation(candidate, character)) {
			this.closeBracket(character);
		} else return false;
		candidate.end = position;
		candidate.spaceEnd = position;
		return true;
	}

	/** `“` and `‘` close a German quotation; in East Asian text they open the next one. */
	private opensQuotation({ start }: BoundaryCandidate, mark: string): boolean {
		if (mark !== '“' && mark !== '‘') return false;
		const [before = '', stop = ''] = this.sentence.characters.slice(
			Math.max(0, start - 1),
			start + 1,
		);
		return /[。！？]/.test(stop) || UNSPACED_SCRIPT.test(before);
	}

	/** Decides the candidate once the lookahead suffices, then scans the lookahead itself. */
	private resolve(candidate: BoundaryCandidate, out: string[], isFinal: boolean): void {
		const lookahead = this.sentence.characters.slice(candidate.spaceEnd);
		if (this.absorbTrailingMark(candidate, lookahead)) return;
		const isEnough = isFinal || lookahead.length >= MAX_LOOKAHEAD_CHARACTERS;
		const decision = decideBoundary(this.sentence, candidate, lookahead, isEnough);
		if (decision === 'wait') return;
		this.candidate = undefined;
		const itemStart = this.listItemStart(candidate, lookahead);
		const cut = itemStart ?? candidate.spaceEnd;
		const rest = this.sentence.characters.splice(cut);
		if (decision || itemStart !== undefined) this.emit(cut, out);
		for (const character of rest) this.accept(character, out);
	}

	/** In the inline list `1. Milk 2. Eggs` the sentence boundary is before the `2`. */
	private listItemStart(
		{ kind, start }: BoundaryCandidate,
		lookahead: readonly string[],
	): number | undefined {
		if (kind !== 'ambiguous' || this.sentence.listNumber?.mark !== '.') return undefined;
		const number = /\s(\d{1,3})$/.exec(
			this.sentence.characters.slice(Math.max(0, start - 4), start).join(''),
		)?.[1];
		if (number === undefined || Number(number) !== this.sentence.listNumber.value + 1)
			return undefined;
		return /^\p{Lu}/u.test(lookahead[0] ?? '') ? start - number.length : undefined;
	}

	/** A French `»` after a space and a citation `[1]` belong to the sentence they follow. */
	private absorbTrailingMark(candidate: BoundaryCandidate, lookahead: readonly string[]): boolean {
		if (candidate.kind !== 'ambiguous' && candidate.kind !== 'unambiguous') return false;
		if (lookahead[0] !== '»' && lookahead[0] !== '[') return false;
		const text = lookahead.join('');
		const isSpacedQuote = /^»[^\p{L}\p{N}]$/u.test(text) && candidate.newlines === 0;
		const isCitation = candidate.spaceEnd === candidate.end && /^\[\^?\d{1,3}\]$/.test(text);
		if (!isSpacedQuote && !isCitation) return false;
		candidate.end = candidate.spaceEnd + (isSpacedQuote ? 1 : lookahead.length);
		candidate.spaceEnd = candidate.end;
		const last = lookahead[lookahead.length - 1] ?? '';
		return isCitation || this.extendCandidate(candidate, last);
	}
}
