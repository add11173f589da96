// Cuts Markdown that is still being written into stretches whose marks are all closed, so that each can be spoken on its own.

import { SentenceSplitter } from '../sentences/sentence-splitter';
import { CLAUSE_END } from '../sentences/terminators';
import { isClosingFence } from './block-parser';

/** A sentence or more, or a whole block; no link, emphasis or code fence is open at its end. */
export interface MarkdownSegment {
	readonly markdown: string;
	/** Nothing more belongs to its line. */
	readonly endsLine: boolean;
}

/** A mark left open for longer than this was none. */
const MAX_HELD_CHARACTERS = 2000;

const FENCE = /^(`{3,}|~{3,})/;
/** It may become a fence, or is one whose line is not complete. */
const MAY_BE_FENCE = /^(?:`{1,2}|~{1,2}|`{3,}[^`\n]*|~{3,}[^\n]*)?$/;

/** No character is lost or added. Text of one paragraph leaves sentence by sentence, code and tables as a whole. */
export class StreamingMarkdownParser {
	private mode: 'lineStart' | 'text' | 'fence' | 'table' = 'lineStart';

	/** The current line, where its kind is not known yet or it belongs to a block that leaves as a whole. */
	private line = '';

	private block = '';

	private fence = '';

	private readonly cutter = new SentenceSplitter();

	/** Sentences with marks that are still open. */
	private held = '';

	/** What the cutter was given and has not returned. */
	private open = '';

	/** How much of `open` has left as a clause already. */
	private taken = 0;

	push(delta: string): MarkdownSegment[] {
		const out: MarkdownSegment[] = [];
		for (const part of delta.split(/(?<=\n)/)) if (part !== '') this.accept(part, out);
		return out;
	}

	/** What is left; the next push begins a new block. */
	end(): MarkdownSegment[] {
		const out: MarkdownSegment[] = [];
		if (this.mode === 'lineStart') this.pass(this.line, out);
		else this.block += this.line;
		this.line = '';
		this.closeText(out);
		this.closeBlock(out);
		return out;
	}

	/** The first clause of the sentence being written that `isEnough`, if its marks are closed. */
	takeClause(isEnough: (markdown: string) => boolean): MarkdownSegment | undefined {
		const text = this.held + this.open.slice(this.taken);
		for (const mark of text.matchAll(CLAUSE_END)) {
			const clause = text.slice(0, mark.index + mark[0].length);
			if (!isClosed(clause) || hasOpenBracket(clause) || !isEnough(clause)) continue;
			this.taken += Math.max(0, clause.length - this.held.length);
			this.held = this.held.slice(clause.length);
			return { markdown: clause, endsLine: false };
		}
		return undefined;
	}

	private accept(part: string, out: MarkdownSegment[]): void {
		if (this.mode === 'text') {
			this.pass(part, out);
			if (part.endsWith('\n')) this.mode = 'lineStart';
			return;
		}
		this.line += part;
		const isWhole = this.line.endsWith('\n');
		const bare = withoutMargin(this.line);
		if (this.mode === 'fence') {
			if (!isWhole) return;
			this.keepLine();
			if (isClosingFence(bare, this.fence)) this.closeBlock(out);
		} else if (this.mode === 'table' && (bare === '' || bare.startsWith('|'))) {
			if (isWhole) this.keepLine();
			if (isWhole && bare === '') this.closeBlock(out);
		} else {
			this.closeBlock(out);
			this.beginLine(bare, isWhole, out);
		}
	}

	private beginLine(bare: string, isWhole: boolean, out: MarkdownSegment[]): void {
		if (!isWhole && MAY_BE_FENCE.test(bare)) return;
		const fence = FENCE.exec(bare)?.[1];
		if (isWhole && bare === '') {
			this.pass(this.line, out);
			this.closeText(out);
			this.line = '';
		} else if (isWhole && fence !== undefined && MAY_BE_FENCE.test(bare)) {
			this.closeText(out);
			this.mode = 'fence';
			this.fence = fence;
			this.keepLine();
		} else if (bare.startsWith('|')) {
			this.closeText(out);
			this.mode = 'table';
			if (isWhole) this.keepLine();
		} else {
			this.pass(this.line, out);
			this.line = '';
			this.mode = isWhole ? 'lineStart' : 'text';
		}
	}

	private keepLine(): void {
		this.block += this.line;
		this.line = '';
	}

	private closeBlock(out: MarkdownSegment[]): void {
		if (this.block !== '') out.push({ markdown: this.block, endsLine: true });
		this.block = '';
		this.mode = 'lineStart';
	}

	private pass(text: string, out: MarkdownSegment[]): void {
		this.open += text;
		for (const sentence of this.cutter.push(text)) this.release(sentence, out);
	}

	private release(sentence: string, out: MarkdownSegment[]): void {
		this.open = this.open.slice(sentence.length);
		this.held += sentence.slice(this.taken);
		this.taken = Math.max(0, this.taken - sentence.length);
		const isHeld = this.held.length < MAX_HELD_CHARACTERS && !isClosed(this.held);
		if (this.held === '' || isHeld) return;
		out.push({ markdown: this.held, endsLine: /\n\s*$/.test(this.held) });
		this.held = '';
	}

	/** The paragraph is over: what is still open now stays so. */
	private closeText(out: MarkdownSegment[]): void {
		for (const sentence of this.cutter.flush()) this.release(sentence, out);
		if (this.held !== '') out.push({ markdown: this.held, endsLine: true });
		this.held = '';
		this.open = '';
		this.taken = 0;
	}
}

/** Without white space and quotation marks in front. */
function withoutMargin(line: string): string {
	return line.replace(/^[\s>]+/, '').trimEnd();
}

const odd = (text: string, mark: RegExp): boolean => (text.match(mark)?.length ?? 0) % 2 === 1;

/** Are all marks closed that change how the text between them is read? */
function isClosed(text: string): boolean {
	if (!/[[\]`*_~<$\\【]/.test(text)) return true;
	const plain = text.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
	if (plain.includes('`') || depth(plain, '[', ']') > 0 || depth(plain, '【', '】') > 0)
		return false;
	if (/\]\((?:[^()\n]|\([^()\n]*\))*$/.test(plain)) return false;
	if (/<!--(?!.*-->)/s.test(plain) || /<[a-z/][^<>]*$/i.test(plain)) return false;
	if (/<(script|style|[abipqsu])\b[^<]*>(?!.*<\/\1)/is.test(plain)) return false;
	const isFormula = odd(plain, /\$\$/g) || /\\\((?!.*\\\))/s.test(plain);
	if (isFormula || /\\\[(?!.*\\\])/s.test(plain)) return false;
	if (odd(plain, /\*\*/g) || odd(plain, /__/g) || odd(plain, /~~/g)) return false;
	const single = plain.replace(/\*\*|__/g, '').replace(/^\s*[*+-]\s/gm, '');
	return !odd(single, /(?<![\s\p{N}])\*|\*(?![\s\p{N}])/gu) && !odd(single, /(?<!\w)_|_(?!\w)/g);
}

function depth(text: string, opener: string, closer: string): number {
	let open = 0;
	for (const character of text) {
		if (character === opener) open += 1;
		else if (character === closer && open > 0) open -= 1;
	}
	return open;
}

/** A clause inside brackets is no place for a breath. */
function hasOpenBracket(text: string): boolean {
	return depth(text, '(', ')') > 0 || depth(text, '（', '）') > 0;
}
