// Cuts running text into sentences as it arrives, in any script; no character is lost or added.

import {
	BRACKET_PAIRS,
	BULLETS,
	CLEAR_STOPS,
	CLOSING_MARKS,
	LIST_LABEL,
	NEWLINE,
	OPEN_STOPS,
	OPENING_MARKS,
	SAID_AFTER_QUOTATION,
	THAI_ENDING,
	THAI_OR_LAO,
	UNSPACED_SCRIPT,
} from './sentenceMarks';
import { type Ahead, startsLower, stopEndsSentence } from './sentenceRules';

/** A space in Thai or Lao is a cut once the sentence is this long. */
const UNSTOPPED_CHARACTERS = 45;
/** A bracket left open no longer holds a sentence together after this many characters. */
const BRACKET_CHARACTERS = 160;
/** Never wait for more characters than this before deciding. */
const AHEAD_CHARACTERS = 40;

/** A place where the sentence may end. Indexes count code points of the sentence so far. */
interface Candidate {
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

type Verdict = boolean | 'wait';

/** Sentences of a whole text; joined together they are `text` again. */
export function cutSentences(text: string): string[] {
	const cutter = new SentenceCutter();
	return [...cutter.push(text), ...cutter.flush()];
}

/** Cuts the same way however the text is divided into pushes, in time linear in its length. */
export class SentenceCutter {
	private piece: string[] = [];
	private candidate: Candidate | undefined;
	private brackets: Array<{ closer: string; at: number }> = [];
	private hasWords = false;
	private startsInformally = false;
	private wordCount = 0;
	private listNumber: { value: number; mark: string } | undefined;
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
		this.emit(this.piece.length, out);
		return out;
	}

	private accept(character: string, out: string[]): void {
		this.piece.push(character);
		const candidate = this.candidate;
		if (!candidate) this.look(character, out);
		else if (candidate.gapEnd !== this.piece.length - 1 || !this.extend(candidate, character)) {
			this.resolve(candidate, out, false);
		}
	}

	private emit(end: number, out: string[]): void {
		if (end > 0) out.push(this.piece.slice(0, end).join(''));
		this.piece = this.piece.slice(end);
		this.brackets = [];
		this.hasWords = false;
		this.wordCount = 0;
		this.listNumber = undefined;
	}

	/** Takes note of a character outside any candidate, and opens a candidate where a sentence may end. */
	private look(character: string, out: string[]): void {
		const before = this.piece[this.piece.length - 2] ?? ' ';
		if (BULLETS.has(character) && this.hasWords && /\s/u.test(before)) {
			this.emit(this.piece.length - 1, out);
			return;
		}
		const at = this.piece.length - 1;
		if (/[\p{L}\p{N}]/u.test(character)) {
			if (!this.hasWords) this.startsInformally = /\p{Ll}/u.test(character);
			if (!this.hasWords || /\s/u.test(before)) this.wordCount++;
			this.hasWords = true;
		}
		const closer = BRACKET_PAIRS[character];
		if (closer !== undefined && before !== ':' && before !== ';') {
			if (this.brackets.length < 8) this.brackets.push({ closer, at });
		} else this.closeBracket(character);
		if (character === ')' || character === '.') this.noteListNumber(character, out);

		const kind = this.candidateKind(character, before);
		if (!kind) return;
		const end = kind === 'newline' || kind === 'space' ? this.piece.length - 1 : this.piece.length;
		const newlines = kind === 'newline' ? 1 : 0;
		const start = this.piece.length - 1;
		this.candidate = { kind, start, stopEnd: end, end, gapEnd: this.piece.length, newlines };
	}

	private candidateKind(character: string, before: string): Candidate['kind'] | undefined {
		if (CLEAR_STOPS.has(character)) return 'clear';
		if (NEWLINE.test(character)) return 'newline';
		if (character === ' ' && THAI_OR_LAO.test(before)) {
			const at = this.piece.length - 1;
			const ends = at >= 4 && THAI_ENDING.test(this.piece.slice(at - 4, at).join(''));
			return ends || at >= UNSTOPPED_CHARACTERS ? 'space' : undefined;
		}
		if (!OPEN_STOPS.has(character)) return undefined;
		// Greek asks with `;`, Armenian may stop with `:`, Amharic with a doubled `፡`.
		if (character === ';') return /\p{sc=Greek}/u.test(before) ? 'open' : undefined;
		if (character === ':') return /\p{sc=Armenian}/u.test(before) ? 'open' : undefined;
		if (character === '፡') return before === '፡' ? 'clear' : undefined;
		return 'open';
	}

	/** In `1) milk 2) eggs` the second number opens a sentence of its own. */
	private noteListNumber(mark: string, out: string[]): void {
		const tail = this.piece.slice(-6, -1).join('');
		const figure = /(?:^|\s)(\d{1,3})$/.exec(tail)?.[1];
		if (figure === undefined) return;
		const start = this.piece.length - 1 - figure.length;
		const value = Number(figure);
		if (start < 8 && this.piece.slice(0, start).join('').trim() === '') {
			this.listNumber = { value, mark };
		} else if (
			mark === ')' &&
			this.listNumber?.mark === mark &&
			value === this.listNumber.value + 1
		) {
			this.emit(start, out);
			this.listNumber = { value, mark };
			this.hasWords = true;
		}
	}

	/** `b` when the sentence began with `a.` or `a)`. */
	private isNextLetter(word: string): boolean {
		const label = /^\s*([a-z])[.)]\s/.exec(this.piece.slice(0, 8).join(''))?.[1];
		return label !== undefined && word === String.fromCharCode(label.charCodeAt(0) + 1);
	}

	private closeBracket(character: string): void {
		if (this.brackets[this.brackets.length - 1]?.closer === character) this.brackets.pop();
	}

	/** Stops, closing marks and white space right behind a stop belong to it. */
	private extend(candidate: Candidate, character: string): boolean {
		const position = this.piece.length;
		const inGap = candidate.gapEnd > candidate.end;
		if (/\s/u.test(character)) {
			if (NEWLINE.test(character)) {
				const isPair = character === '\n' && this.piece[position - 2] === '\r';
				if (!isPair) candidate.newlines++;
			}
			candidate.gapEnd = position;
			return true;
		}
		const isClear = CLEAR_STOPS.has(character);
		const isStop = isClear || '.!?…．‥'.includes(character);
		const isStopKind = candidate.kind === 'open' || candidate.kind === 'clear';
		if (!isStopKind) return false;
		if (inGap) {
			// `. . .` is one ellipsis.
			const isDots = character === '.' && this.piece[candidate.end - 1] === '.';
			if (!isDots || candidate.newlines > 0) return false;
			candidate.stopEnd = position;
		} else if (isStop) {
			if (isClear) candidate.kind = 'clear';
			candidate.stopEnd = position;
		} else if (CLOSING_MARKS.has(character)) this.closeBracket(character);
		else return false;
		candidate.end = position;
		candidate.gapEnd = position;
		return true;
	}

	/** Decides once enough has been seen; what was looked at too far is then read again. */
	private resolve(candidate: Candidate, out: string[], isFinal: boolean): void {
		const ahead = this.piece.slice(candidate.gapEnd);
		if (this.adoptsMark(candidate, ahead)) return;
		let verdict = this.judge(candidate, ahead, isFinal || ahead.length >= AHEAD_CHARACTERS);
		if (verdict === 'wait') {
			if (!isFinal && ahead.length < AHEAD_CHARACTERS) return;
			verdict = false;
		}
		this.candidate = undefined;
		const itemStart = this.listItemStart(candidate, ahead);
		const cut = itemStart ?? candidate.gapEnd;
		const rest = this.piece.slice(cut);
		if (verdict || itemStart !== undefined) this.emit(cut, out);
		this.piece.length = verdict || itemStart !== undefined ? 0 : cut;
		for (const character of rest) this.accept(character, out);
	}

	/** In `1. Milk 2. Eggs` the stop after `2` opens a sentence before the figure. */
	private listItemStart({ kind, start }: Candidate, ahead: readonly string[]): number | undefined {
		if (kind !== 'open' || this.listNumber?.mark !== '.') return undefined;
		const figure = /\s(\d{1,3})$/.exec(
			this.piece.slice(Math.max(0, start - 4), start).join(''),
		)?.[1];
		if (figure === undefined || Number(figure) !== this.listNumber.value + 1) return undefined;
		return /^\p{Lu}/u.test(ahead[0] ?? '') ? start - figure.length : undefined;
	}

	/** A spaced French `»` and a source mark `[1]` belong to the sentence they follow. */
	private adoptsMark(candidate: Candidate, ahead: readonly string[]): boolean {
		if (candidate.kind !== 'open' && candidate.kind !== 'clear') return false;
		const text = ahead.join('');
		const isSpacedQuote = /^»[^\p{L}\p{N}]$/u.test(text) && candidate.newlines === 0;
		const isSourceMark = candidate.gapEnd === candidate.end && /^\[\^?\d{1,3}\]$/.test(text);
		if (!isSpacedQuote && !isSourceMark) return false;
		candidate.end = candidate.gapEnd + (isSpacedQuote ? 1 : ahead.length);
		candidate.gapEnd = candidate.end;
		const newest = ahead[ahead.length - 1] ?? '';
		return isSourceMark || this.extend(candidate, newest);
	}

	/** True to cut behind the gap, false to go on, `wait` for more text. */
	private judge(candidate: Candidate, ahead: readonly string[], isEnough: boolean): Verdict {
		const [lead = '', second = ''] = ahead;
		if (lead === '' || !this.hasSentence(candidate)) return false;
		const isSpaced = candidate.gapEnd > candidate.end;
		if (/[,;:!?.،؛，、；：)\]}）」』》]/u.test(lead) && candidate.kind !== 'newline') return false;
		if (candidate.newlines > 1) return true;
		if (candidate.kind === 'newline') return !startsLower(lead);
		if (candidate.kind === 'space') return THAI_OR_LAO.test(lead) && lead !== 'ๆ' && lead !== 'ฯ';
		if (this.isBracketed(candidate)) return false;
		if (candidate.kind === 'clear') {
			if (candidate.end === candidate.stopEnd || !UNSPACED_SCRIPT.test(lead)) return true;
			if (ahead.length < 4 && !isEnough) return 'wait';
			return isSpaced || !SAID_AFTER_QUOTATION.test(ahead.join(''));
		}
		if (lead === '»' && second === '' && !isEnough) return 'wait';
		if (!isSpaced) return this.cutsWithoutSpace(candidate, ahead, isEnough);

		let first = 0;
		while (OPENING_MARKS.has(ahead[first] ?? '') || /^\s$/u.test(ahead[first] ?? '')) first++;
		let end = first;
		while (/^[\p{L}\p{N}\p{M}'’]$/u.test(ahead[end] ?? '')) end++;
		if (end === ahead.length && !isEnough) return 'wait';
		const word = ahead.slice(first, end).join('');
		if (/^[.)]$/.test(ahead[end] ?? '') && this.isNextLetter(word)) return true;
		return this.cutsBefore(candidate, { word, isDotted: ahead[end] === '.', isQuoted: first > 0 });
	}

	private cutsWithoutSpace(
		candidate: Candidate,
		ahead: readonly string[],
		isEnough: boolean,
	): Verdict {
		const [lead = ''] = ahead;
		const before = this.piece[candidate.start - 1] ?? '';
		const stop = this.piece[candidate.start] ?? '';
		if (lead === '[' && ahead.length < 6 && !ahead.includes(']') && !isEnough) return 'wait';
		if (lead === '¿' || lead === '¡') return true;
		if (stop === '．' && /\p{N}/u.test(before) && /\p{N}/u.test(lead)) return false;
		if (stop === '…' || stop === '‥' || candidate.stopEnd - candidate.start > 2) return false;
		return stop === '．' || (UNSPACED_SCRIPT.test(before) && /[\p{Lo}“「『]/u.test(lead));
	}

	/** A stop, white space, then `ahead`. */
	private cutsBefore(candidate: Candidate, ahead: Ahead): boolean {
		const stops = this.piece.slice(candidate.start, candidate.stopEnd).join('').replace(/\s/g, '');
		const closing = this.piece[candidate.end - 1] ?? '';
		const isClosed = candidate.end > candidate.stopEnd;
		const isPlainStop = stops === '.' && (!isClosed || ')]*_'.includes(closing));
		const before = this.piece.slice(Math.max(0, candidate.start - 80), candidate.start).join('');
		const isLower = startsLower(ahead.word);
		if (isLower && (isClosed || !this.startsInformally || !/\p{Ll}{3}$/u.test(before)))
			return false;
		if (isPlainStop) return stopEndsSentence(before, this.wordCount, ahead);
		// Without capitals to tell, a pause or a quotation more often goes on than ends.
		const isCaseless = /^\p{Lo}/u.test(ahead.word);
		if (stops === '…' || stops === '...')
			return !isCaseless && !(/\s$/.test(before) && ahead.word === 'I');
		return !isClosed || !isCaseless || ahead.isQuoted;
	}

	/** There is something to say before the stop, and not only the number of a list item. */
	private hasSentence({ kind, start, stopEnd }: Candidate): boolean {
		if (!this.hasWords) return false;
		if (start > 14) return true;
		const text = this.piece.slice(0, start).join('');
		if (kind === 'open' && this.piece[start] === '.' && stopEnd === start + 1)
			return !LIST_LABEL.test(text);
		return (
			kind !== 'newline' || !LIST_LABEL.test(text.replace(/[.)]\s*$/, '')) || !/[.)]\s*$/.test(text)
		);
	}

	/** Inside brackets or East Asian quotation marks the sentence goes on. */
	private isBracketed({ kind, start }: Candidate): boolean {
		return this.brackets.some(
			({ closer, at }) => start - at < BRACKET_CHARACTERS && (closer !== '”' || kind === 'clear'),
		);
	}
}
