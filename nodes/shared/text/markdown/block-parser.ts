// Block parser: splits Markdown into paragraphs, headings, list items, tables and code blocks.

export type BlockKind = 'paragraph' | 'heading' | 'item' | 'table' | 'code';

export interface Block {
	kind: BlockKind;
	/** Inline Markdown; the lines of a paragraph or rows of a table separated by newlines; empty for code. */
	text: string;
	/** The marker of an ordered list item as written: `3.` or `3)`. */
	number?: string;
	/** A blank line precedes the block. */
	afterBlankLine: boolean;
}

export interface MarkdownDocument {
	blocks: Block[];
	/** Lower-case labels of the link reference definitions `[label]: url`. */
	references: Set<string>;
}

const FENCE = /^(`{3,}|~{3,})([^`]*)$/;
/** Info strings of code fences around prose, whose content is parsed as Markdown. */
const PROSE_FENCE = /^(?:markdown|md|text|txt|plain|plaintext)$/i;
const THEMATIC_BREAK = /^(?:(?:\* ?){3,}|(?:- ?){3,}|(?:_ ?){3,}|={3,})$/;
const LINK_REFERENCE_DEFINITION = /^\[(?!\^)([^[\]]{1,200})\]:\s?<?(?:[a-z]+:|www\.|\/|#)\S*/i;
const FOOTNOTE_DEFINITION = /^\[\^[^[\]\s]{1,40}\]:\s?(.*)$/;
const TABLE_DELIMITER_ROW = /^\|?(?:\s?:?-+:?\s?\|)+(?:\s?:?-+:?\s?)?\|?$/;
const TABLE_ROW = /^\|[^|]*\|.*\|$/;
const BULLET = /^(?:[-*+•‣◦▪▫●○■□►▸➤✦✓✔]|·(?= )) +(?=\S)|^[•‣◦▪●■►▸➤](?=\p{L})/u;
const ORDERED = /^(\d{1,9}[.)])\s+(?=\S)/;

/** `keepCode` parses the content of code fences as text. */
export function parseBlocks(markdown: string, keepCode = false): MarkdownDocument {
	const blocks: Block[] = [];
	const references = new Set<string>();
	const lines = markdown.split('\n');
	let afterBlankLine = false;
	let openProseFences = 0;
	let open: Block | undefined;
	const add = (kind: BlockKind, text: string, number?: string): Block => {
		const block: Block = { kind, text, afterBlankLine: afterBlankLine && blocks.length > 0 };
		if (number !== undefined) block.number = number;
		blocks.push(block);
		afterBlankLine = false;
		open = undefined;
		return block;
	};

	const endParagraph = (): void => {
		afterBlankLine = true;
		open = undefined;
	};

	for (let index = 0; index < lines.length; index++) {
		const raw = lines[index] ?? '';
		const line = stripBlockquoteMarkers(raw.trim());
		if (line === '') {
			endParagraph();
			continue;
		}
		const fence = FENCE.exec(line);
		if (fence) {
			const info = (fence[2] ?? '').trim();
			endParagraph();
			if (keepCode) continue;
			if (info === '' && openProseFences > 0) openProseFences--;
			else if (PROSE_FENCE.test(info)) openProseFences++;
			else {
				add('code', '');
				index = findClosingFence(lines, index + 1, fence[1] ?? '');
			}
			continue;
		}
		if (TABLE_ROW.test(line)) {
			const rows = [line];
			for (;;) {
				const next = stripBlockquoteMarkers((lines[index + 1] ?? '').trim());
				if (!TABLE_ROW.test(next) && !TABLE_DELIMITER_ROW.test(next)) break;
				rows.push(next);
				index++;
			}
			// Without a delimiter row below it the first row is no header, as in the rest of a table split in two.
			const delimiterRow = rows.findIndex((row) => TABLE_DELIMITER_ROW.test(row));
			const body = rows.filter((row) => !TABLE_DELIMITER_ROW.test(row));
			if (body.length > 0) add('table', [...(delimiterRow === 1 ? [] : ['|']), ...body].join('\n'));
			continue;
		}
		const reference = LINK_REFERENCE_DEFINITION.exec(line);
		if (reference) {
			references.add((reference[1] ?? '').toLowerCase());
			continue;
		}
		if (TABLE_DELIMITER_ROW.test(line) && line.includes('|') && open && open.text.includes('|')) {
			const header = takeLastLine(blocks, open);
			const rows: string[] = [header];
			while ((lines[index + 1] ?? '').includes('|'))
				rows.push(stripBlockquoteMarkers((lines[++index] ?? '').trim()));
			add('table', rows.join('\n'));
			continue;
		}
		if (/^(?:={2,}|-{2,})$/.test(line) && open && open.kind === 'paragraph') {
			open.kind = 'heading';
			open = undefined;
			continue;
		}
		if (THEMATIC_BREAK.test(line)) {
			endParagraph();
			continue;
		}
		const footnote = FOOTNOTE_DEFINITION.exec(line);
		if (footnote) {
			const note = footnote[1] ?? '';
			if (!/^<?(?:https?:|www\.)\S*$/.test(note) && note !== '') open = add('paragraph', note);
			continue;
		}
		const start = parseLineMarkers(line);
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

/** Strips heading, bullet and ordered list markers, also several in a row. */
function parseLineMarkers(line: string): { kind: BlockKind; text: string; number?: string } {
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

/** Strips the `>` of a block quote; `>5` and `>=` are comparisons and stay. */
function stripBlockquoteMarkers(line: string): string {
	let start = 0;
	while (line[start] === '>' && !/[\d=]/.test(line[start + 1] ?? '')) {
		start++;
		while (line[start] === ' ') start++;
	}
	return line.slice(start);
}

/** Does `line` close the code fence that `fence` opened? A longer run of the same character does so too. */
export function isClosingFence(line: string, fence: string): boolean {
	return line.startsWith(fence) && /^(?:`+|~+)$/.test(line);
}

function findClosingFence(lines: readonly string[], from: number, fence: string): number {
	for (let index = from; index < lines.length; index++) {
		const line = stripBlockquoteMarkers((lines[index] ?? '').trim());
		if (isClosingFence(line, fence)) return index;
	}
	return lines.length;
}

/** Marks a hard line break (two spaces or a backslash at the line end) with a vertical tab. */
function hardBreak(raw: string, text: string): string {
	if (text.endsWith('\\') && !text.endsWith('\\\\')) return `${text.slice(0, -1).trimEnd()}\v`;
	return /\S {2,5}$/.test(raw) ? `${text}\v` : text;
}

/** Takes the header row of a table back from the paragraph it was parsed into. */
function takeLastLine(blocks: Block[], block: Block): string {
	const cut = block.text.lastIndexOf('\n');
	const line = block.text.slice(cut + 1);
	if (cut < 0) blocks.pop();
	else block.text = block.text.slice(0, cut);
	return line.replace(/\v$/, '');
}
