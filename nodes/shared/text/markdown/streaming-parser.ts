// Streaming Markdown parser: splits a text still being generated into segments with closed markup, each speakable on its own.

import { SentenceSplitter } from '../sentences/sentence-splitter';
import { CLAUSE_END } from '../sentences/terminators';
import { isClosingFence } from './block-parser';

/** One or more sentences, or a whole block; no link, emphasis or code fence is left unclosed at its end. */
export interface MarkdownSegment {
	readonly markdown: string;
	/** The segment ends its line. */
	readonly endsLine: boolean;
}

/** Markup that stays unclosed for more characters than this is taken for plain text. */
const MAX_HOLDBACK_CHARACTERS = 2000;

const FENCE = /^(`{3,}|~{3,})/;
/** The beginning of a code fence, or a fence whose info string is not complete. */
const MAY_BE_FENCE = /^(?:`{1,2}|~{1,2}|`{3,}[^`\n]*|~{3,}[^\n]*)?$/;

/** Emits paragraphs sentence by sentence, code and tables as a whole. No character is lost or added. */
export class StreamingMarkdownParser {
	private mode: 'lineStart' | 'text' | 'fence' | 'table' = 'lineStart';

	/** The current line, while its kind is unknown or when it belongs to a block that is emitted as a whole. */
	private line = '';

	private block = '';

	private fence = '';

	private readonly splitter = new SentenceSplitter();

	/** Holdback: complete sentences whose markup is still unclosed. */
	private heldBack = '';

	/** Text pushed to the splitter that it has not returned as sentences. */
	private unsplit = '';

	/** How many characters of that text have been emitted as clauses already. */
	private takenAsClause = 0;

	push(delta: string): MarkdownSegment[] {
		const out: MarkdownSegment[] = [];
		for (const part of delta.split(/(?<=\n)/)) if (part !== '') this.acceptLinePart(part, out);
		return out;
	}

	/** Flushes the rest; the next push starts a new block. */
	end(): MarkdownSegment[] {
		const out: MarkdownSegment[] = [];
		if (this.mode === 'lineStart') this.feedSplitter(this.line, out);
		else this.block += this.line;
		this.line = '';
		this.closeText(out);
		this.closeBlock(out);
		return out;
	}

	/** The first clause of the incomplete sentence that `isEnough`, if its markup is closed. */
	takeClause(isEnough: (markdown: string) => boolean): MarkdownSegment | undefined {
		const text = this.heldBack + this.unsplit.slice(this.takenAsClause);
		for (const mark of text.matchAll(CLAUSE_END)) {
			const clause = text.slice(0, mark.index + mark[0].length);
			if (!isMarkupClosed(clause) || hasUnclosedParenthesis(clause) || !isEnough(clause)) continue;
			this.takenAsClause += Math.max(0, clause.length - this.heldBack.length);
			this.heldBack = this.heldBack.slice(clause.length);
			return { markdown: clause, endsLine: false };
		}
		return undefined;
	}

	private acceptLinePart(part: string, out: MarkdownSegment[]): void {
		if (this.mode === 'text') {
			this.feedSplitter(part, out);
			if (part.endsWith('\n')) this.mode = 'lineStart';
			return;
		}
		this.line += part;
		const isComplete = this.line.endsWith('\n');
		const content = stripIndentAndBlockquote(this.line);
		if (this.mode === 'fence') {
			if (!isComplete) return;
			this.appendLineToBlock();
			if (isClosingFence(content, this.fence)) this.closeBlock(out);
		} else if (this.mode === 'table' && (content === '' || content.startsWith('|'))) {
			if (isComplete) this.appendLineToBlock();
			if (isComplete && content === '') this.closeBlock(out);
		} else {
			this.closeBlock(out);
			this.beginLine(content, isComplete, out);
		}
	}

	private beginLine(content: string, isComplete: boolean, out: MarkdownSegment[]): void {
		if (!isComplete && MAY_BE_FENCE.test(content)) return;
		const fence = FENCE.exec(content)?.[1];
		if (isComplete && content === '') {
			this.feedSplitter(this.line, out);
			this.closeText(out);
			this.line = '';
		} else if (isComplete && fence !== undefined && MAY_BE_FENCE.test(content)) {
			this.closeText(out);
			this.mode = 'fence';
			this.fence = fence;
			this.appendLineToBlock();
		} else if (content.startsWith('|')) {
			this.closeText(out);
			this.mode = 'table';
			if (isComplete) this.appendLineToBlock();
		} else {
			this.feedSplitter(this.line, out);
			this.line = '';
			this.mode = isComplete ? 'lineStart' : 'text';
		}
	}

	private appendLineToBlock(): void {
		this.block += this.line;
		this.line = '';
	}

	private closeBlock(out: MarkdownSegment[]): void {
		if (this.block !== '') out.push({ markdown: this.block, endsLine: true });
		this.block = '';
		this.mode = 'lineStart';
	}

	private feedSplitter(text: string, out: MarkdownSegment[]): void {
		this.unsplit += text;
		for (const sentence of this.splitter.push(text)) this.releaseSentence(sentence, out);
	}

	private releaseSentence(sentence: string, out: MarkdownSegment[]): void {
		this.unsplit = this.unsplit.slice(sentence.length);
		this.heldBack += sentence.slice(this.takenAsClause);
		this.takenAsClause = Math.max(0, this.takenAsClause - sentence.length);
		const isHeldBack =
			this.heldBack.length < MAX_HOLDBACK_CHARACTERS && !isMarkupClosed(this.heldBack);
		if (this.heldBack === '' || isHeldBack) return;
		out.push({ markdown: this.heldBack, endsLine: /\n\s*$/.test(this.heldBack) });
		this.heldBack = '';
	}

	/** Ends the paragraph; markup still unclosed stays so. */
	private closeText(out: MarkdownSegment[]): void {
		for (const sentence of this.splitter.flush()) this.releaseSentence(sentence, out);
		if (this.heldBack !== '') out.push({ markdown: this.heldBack, endsLine: true });
		this.heldBack = '';
		this.unsplit = '';
		this.takenAsClause = 0;
	}
}

/** The line without indentation, block quote markers and trailing white space. */
function stripIndentAndBlockquote(line: string): string {
	return line.replace(/^[\s>]+/, '').trimEnd();
}

const hasOddCount = (text: string, mark: RegExp): boolean =>
	(text.match(mark)?.length ?? 0) % 2 === 1;

/** Is all markup closed that changes how the text inside it is parsed? */
function isMarkupClosed(text: string): boolean {
	if (!/[[\]`*_~<$\\【]/.test(text)) return true;
	const plain = text.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
	if (
		plain.includes('`') ||
		unclosedCount(plain, '[', ']') > 0 ||
		unclosedCount(plain, '【', '】') > 0
	)
		return false;
	if (/\]\((?:[^()\n]|\([^()\n]*\))*$/.test(plain)) return false;
	if (/<!--(?!.*-->)/s.test(plain) || /<[a-z/][^<>]*$/i.test(plain)) return false;
	if (/<(script|style|[abipqsu])\b[^<]*>(?!.*<\/\1)/is.test(plain)) return false;
	const isFormula = hasOddCount(plain, /\$\$/g) || /\\\((?!.*\\\))/s.test(plain);
	if (isFormula || /\\\[(?!.*\\\])/s.test(plain)) return false;
	if (hasOddCount(plain, /\*\*/g) || hasOddCount(plain, /__/g) || hasOddCount(plain, /~~/g))
		return false;
	const single = plain.replace(/\*\*|__/g, '').replace(/^\s*[*+-]\s/gm, '');
	return (
		!hasOddCount(single, /(?<![\s\p{N}])\*|\*(?![\s\p{N}])/gu) &&
		!hasOddCount(single, /(?<!\w)_|_(?!\w)/g)
	);
}

function unclosedCount(text: string, opener: string, closer: string): number {
	let unclosed = 0;
	for (const character of text) {
		if (character === opener) unclosed += 1;
		else if (character === closer && unclosed > 0) unclosed -= 1;
	}
	return unclosed;
}

/** Speech must not pause inside parentheses. */
function hasUnclosedParenthesis(text: string): boolean {
	return unclosedCount(text, '(', ')') > 0 || unclosedCount(text, '（', '）') > 0;
}
