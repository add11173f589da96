// Turns text that was written to be read (Markdown, HTML, links, emoji) into text fit to be read aloud.

import { parseBlocks, type Block } from './markdown/block-parser';
import { inlineToPlainText, type InlineOptions } from './markdown/inline-parser';
import { endsLine, endsWithPause, punctuationFor, withTerminator } from './language/punctuation';
import { removeSpeechTags } from './directions';
import { spokenWordsFor, type SpokenWords } from './language/spoken-words';

export interface SpeakableOptions {
	/** Language of the text (`de`, `de-DE`); signs such as `%` become words only when it is known. */
	language?: string;
	/** Keep `[emotion=…]` and `[pace=…]` for voices that obey them. Default true. */
	keepTags?: boolean;
	/** The text is part of a longer one: code is not read out then, even where there is nothing else. */
	isPart?: boolean;
}

/** A text line at least this long (characters) was broken by its width, not by its author. */
const WRAPPED_LINE_CHARACTERS = 50;
/** One pass is enough for ordinary text; marks hidden inside marks need another. */
const PASSES = 8;

/** Idempotent; linear in the length of `markdown`. Returns an empty string when nothing can be spoken. */
export function toSpeakable(markdown: string, options: SpeakableOptions = {}): string {
	const words = spokenWordsFor(options.language);
	const text = options.keepTags === false ? removeSpeechTags(clean(markdown)) : clean(markdown);
	const spoken = settle(text, words, false);
	if (spoken !== '' || text.trim() === '' || options.isPart) return spoken;
	// Nothing but code: better its words than silence.
	return settle(text, words, true);
}

function settle(text: string, words: SpokenWords | undefined, keepCode: boolean): string {
	let current = text;
	for (let pass = 0; pass < PASSES; pass++) {
		const next = speakOnce(current, words, keepCode);
		if (next === current) break;
		current = next;
	}
	return current;
}

function speakOnce(text: string, words: SpokenWords | undefined, keepCode: boolean): string {
	const { blocks, references } = parseBlocks(text, keepCode);
	const inline: InlineOptions = { words, references };
	const parts: Array<{ text: string; afterGap: boolean }> = [];
	let gapBefore = false;
	for (const block of blocks) {
		const spoken = speakBlock(block, inline);
		if (spoken === '') gapBefore ||= block.afterGap;
		else {
			parts.push({ text: spoken, afterGap: block.afterGap || gapBefore });
			gapBefore = false;
		}
	}
	return parts
		.map((part, index) => {
			const isLast = index === parts.length - 1;
			const gap = index === 0 ? '' : part.afterGap ? '\n\n' : '\n';
			return gap + (isLast ? part.text : withTerminator(part.text));
		})
		.join('');
}

function speakBlock(block: Block, inline: InlineOptions): string {
	if (block.kind === 'code') return inline.words?.codeExample ?? '';
	if (block.kind === 'table') return speakTable(block.text, inline);
	const text = joinLines(inlineToPlainText(block.text, inline));
	if (block.kind === 'paragraph') return text;
	if (text === '') return block.number ?? '';
	return withTerminator(block.number === undefined ? text : `${block.number} ${text}`);
}

/** Joins lines that were broken by width; a line that its author ended keeps its break and gets a pause. */
function joinLines(text: string): string {
	const done: string[] = [];
	let current = '';
	let mustBreak = false;
	for (const raw of text.split('\n')) {
		const line = raw.replace(/\v/g, '').trim();
		if (line === '') continue;
		const isContinuation = /^\p{Ll}/u.test(line) || current.length >= WRAPPED_LINE_CHARACTERS;
		if (current === '') current = line;
		else if (mustBreak || endsLine(current) || !isContinuation) {
			done.push(endsLine(current) ? current : current + punctuationFor(current).comma.trim());
			current = line;
		} else current += ` ${line}`;
		mustBreak = raw.endsWith('\v');
	}
	if (current !== '') done.push(current);
	return done.join('\n');
}

/** Each row becomes a sentence: `City: Berlin, Population: 3.7 million.` */
function speakTable(table: string, inline: InlineOptions): string {
	const [header = [], ...rows] = table
		.split('\n')
		.map((row) => readCells(row).map((cell) => speakCell(cell, inline)));
	const spokenRows =
		rows.length === 0
			? [sentenceOf(header)]
			: rows.map((row) =>
					sentenceOf(row.map((cell, column) => withHeading(header[column] ?? '', cell))),
				);
	return spokenRows.filter((row) => row !== '').join('\n');
}

function readCells(row: string): string[] {
	const inner = row.replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
	return inner.split(/(?<!\\)\|/).map((cell) => cell.replace(/\\\|/g, '|').trim());
}

function speakCell(cell: string, inline: InlineOptions): string {
	if (inline.words && /^[✅✔☑]\uFE0F?$/u.test(cell)) return inline.words.yes;
	if (inline.words && /^[❌✖✗✘❎]\uFE0F?$/u.test(cell)) return inline.words.no;
	if (cell === '' || /^[-–—]$/.test(cell)) return '';
	return inlineToPlainText(cell, inline).replace(/\s+/g, ' ').trim();
}

function withHeading(heading: string, cell: string): string {
	if (cell === '' || heading === '') return cell;
	return endsWithPause(heading)
		? `${heading} ${cell}`
		: heading + punctuationFor(heading).colon + cell;
}

function sentenceOf(cells: readonly string[]): string {
	const spoken = cells.filter((cell) => cell !== '');
	const last = spoken.length - 1;
	return spoken
		.map((cell, index) => {
			if (index === last) return withTerminator(cell);
			return endsWithPause(cell) ? `${cell} ` : cell + punctuationFor(cell).comma;
		})
		.join('');
}

/** Drops what no voice can say: control and private-use characters, halves of surrogate pairs, invisible marks. */
function clean(text: string): string {
	return text
		.replace(/\r\n?|[\u2028\u2029]/g, '\n')
		.replace(/[\p{Cs}\p{Co}\u200B\u2060\uFEFF\u00AD]/gu, '')
		.replace(/(?![\n\t])\p{Cc}/gu, ' ')
		.trim();
}
