// Reads Markdown line by line into blocks: paragraphs, headings, list items, table rows and code.

export type BlockKind = 'paragraph' | 'heading' | 'item' | 'table' | 'code';

export interface Block {
	kind: BlockKind;
	/** Text with its inline marks; lines of a paragraph, rows of a table separated by newlines; empty for code. */
	text: string;
	/** `3.` or `3)` of an ordered list item, as written. */
	number?: string;
	/** True when an empty line stood before the block. */
	afterGap: boolean;
}

export interface MarkdownDocument {
	blocks: Block[];
	/** Lower-case names of `[name]: address` lines. */
	references: Set<string>;
}

const FENCE = /^(`{3,}|~{3,})([^`]*)$/;
/** Fences around text that was meant to be read, not run. */
const PROSE_FENCE = /^(?:markdown|md|text|txt|plain|plaintext)$/i;
const RULE = /^(?:(?:\* ?){3,}|(?:- ?){3,}|(?:_ ?){3,}|={3,})$/;
const REFERENCE = /^\[(?!\^)([^[\]]{1,200})\]:\s?<?(?:[a-z]+:|www\.|\/|#)\S*/i;
const FOOTNOTE = /^\[\^[^[\]\s]{1,40}\]:\s?(.*)$/;
const TABLE_RULE = /^\|?(?:\s?:?-+:?\s?\|)+(?:\s?:?-+:?\s?)?\|?$/;
const TABLE_ROW = /^\|[^|]*\|.*\|$/;
const BULLET = /^(?:[-*+•‣◦▪▫●○■□►▸➤✦✓✔]|·(?= )) +(?=\S)|^[•‣◦▪●■►▸➤](?=\p{L})/u;
const ORDERED = /^(\d{1,9}[.)])\s+(?=\S)/;

/** `keepCode` reads the inside of code fences as text. */
export function parseBlocks(markdown: string, keepCode = false): MarkdownDocument {
	const blocks: Block[] = [];
	const references = new Set<string>();
	const lines = markdown.split('\n');
	let afterGap = false;
	let proseFences = 0;
	let open: Block | undefined;
	const add = (kind: BlockKind, text: string, number?: string): Block => {
		const block: Block = { kind, text, afterGap: afterGap && blocks.length > 0 };
		if (number !== undefined) block.number = number;
		blocks.push(block);
		afterGap = false;
		open = undefined;
		return block;
	};

	for (let index = 0; index < lines.length; index++) {
		const raw = lines[index] ?? '';
		const line = withoutQuoteMarks(raw.trim());
		if (line === '') {
			afterGap = true;
			open = undefined;
			continue;
		}
		const fence = FENCE.exec(line);
		if (fence) {
			const info = (fence[2] ?? '').trim();
			afterGap = true;
			open = undefined;
			if (keepCode) continue;
			if (info === '' && proseFences > 0) proseFences--;
			else if (PROSE_FENCE.test(info)) proseFences++;
			else {
				add('code', '');
				index = closingFence(lines, index + 1, fence[1] ?? '');
			}
			continue;
		}
		if (TABLE_ROW.test(line)) {
			const rows = [line];
			for (;;) {
				const next = withoutQuoteMarks((lines[index + 1] ?? '').trim());
				if (!TABLE_ROW.test(next) && !TABLE_RULE.test(next)) break;
				rows.push(next);
				index++;
			}
			// Without a rule under it the first row is no header, as in a table cut in two.
			const rule = rows.findIndex((row) => TABLE_RULE.test(row));
			const body = rows.filter((row) => !TABLE_RULE.test(row));
			if (body.length > 0) add('table', [...(rule === 1 ? [] : ['|']), ...body].join('\n'));
			continue;
		}
		const reference = REFERENCE.exec(line);
		if (reference) {
			references.add((reference[1] ?? '').toLowerCase());
			continue;
		}
		if (TABLE_RULE.test(line) && line.includes('|') && open && open.text.includes('|')) {
			const header = takeLastLine(blocks, open);
			const rows: string[] = [header];
			while ((lines[index + 1] ?? '').includes('|'))
				rows.push(withoutQuoteMarks((lines[++index] ?? '').trim()));
			add('table', rows.join('\n'));
			continue;
		}
		if (/^(?:={2,}|-{2,})$/.test(line) && open && open.kind === 'paragraph') {
			open.kind = 'heading';
			open = undefined;
			continue;
		}
		if (RULE.test(line)) {
			afterGap = true;
			open = undefined;
			continue;
		}
		const footnote = FOOTNOTE.exec(line);
		if (footnote) {
			const note = footnote[1] ?? '';
			if (!/^<?(?:https?:|www\.)\S*$/.test(note) && note !== '') open = add('paragraph', note);
			continue;
		}
		const start = readLineStart(line);
		if (start.kind !== 'paragraph') {
			const block = add(start.kind, hardBreak(raw, start.text), start.number);
			if (start.kind === 'item') open = block;
		} else if (open) {
			open.text += `\n${hardBreak(raw, start.text)}`;
		} else {
			open = add('paragraph', hardBreak(raw, start.text));
		}
	}
	return { blocks, references };
}

/** Takes off heading, bullet and number marks, also where several stand in front of one another. */
function readLineStart(line: string): { kind: BlockKind; text: string; number?: string } {
	let text = line;
	let kind: BlockKind = 'paragraph';
	let number: string | undefined;
	for (;;) {
		const heading = /^#{1,6}\s+(?=\S)/.exec(text);
		const bullet = BULLET.exec(text);
		const ordered = ORDERED.exec(text);
		if (heading) {
			kind = 'heading';
			text = text
				.slice(heading[0].length)
				.replace(/(?<=\s)#{1,6}$/, '')
				.trim();
		} else if (bullet) {
			kind = 'item';
			text = text
				.slice(bullet[0].length)
				.replace(/^\[[ xX]\]\s+/, '')
				.trim();
		} else if (ordered && number === undefined) {
			kind = kind === 'heading' ? kind : 'item';
			number = ordered[1];
			text = text.slice(ordered[0].length);
		} else break;
	}
	if (/^#{1,6}$/.test(text)) text = '';
	return number === undefined ? { kind, text } : { kind, text, number };
}

/** `> ` at the start of a quoted line; `>5` and `>=` are comparisons. */
function withoutQuoteMarks(line: string): string {
	let start = 0;
	while (line[start] === '>' && !/[\d=]/.test(line[start + 1] ?? '')) {
		start++;
		while (line[start] === ' ') start++;
	}
	return line.slice(start);
}

/** `fence` opened the block; a longer run of the same character closes it too. */
export function isClosingFence(line: string, fence: string): boolean {
	return line.startsWith(fence) && /^(?:`+|~+)$/.test(line);
}

function closingFence(lines: readonly string[], from: number, fence: string): number {
	for (let index = from; index < lines.length; index++) {
		const line = withoutQuoteMarks((lines[index] ?? '').trim());
		if (isClosingFence(line, fence)) return index;
	}
	return lines.length;
}

/** Two spaces or a backslash at the end of a line ask for a line break; a vertical tab carries the wish. */
function hardBreak(raw: string, text: string): string {
	if (text.endsWith('\\') && !text.endsWith('\\\\')) return `${text.slice(0, -1).trimEnd()}\v`;
	return /\S {2,5}$/.test(raw) ? `${text}\v` : text;
}

/** The header of a table was read as the last line of the block before it. */
function takeLastLine(blocks: Block[], block: Block): string {
	const cut = block.text.lastIndexOf('\n');
	const line = block.text.slice(cut + 1);
	if (cut < 0) blocks.pop();
	else block.text = block.text.slice(0, cut);
	return line.replace(/\v$/, '');
}
