// Text normalization for speech: turns Markdown, HTML, links and emoji into text that a voice can read aloud.

import { parseBlocks, type Block } from './markdown/block-parser';
import { inlineToPlainText, type InlineOptions } from './markdown/inline-parser';
import { endsLine, endsWithPause, punctuationFor, withTerminator } from './language/punctuation';
import { removeSpeechTags } from './directions';
import { spokenWordsFor, type SpokenWords } from './language/spoken-words';

export interface SpeakableOptions {
	/** Language of the text (`de`, `de-DE`); symbols such as `%` become words only when it is known. */
	language?: string;
	/** Keep the direction tags `[emotion=…]` and `[pace=…]` for voices that support them. Default true. */
	keepTags?: boolean;
	/** The text is part of a longer one, so code is not read out even where there is nothing else. */
	isPart?: boolean;
}

/** A line of at least this many characters was wrapped at a line width, not ended by its author. */
const WRAPPED_LINE_CHARACTERS = 50;
/** One pass is enough for ordinary text; markup nested in markup needs another. */
const MAX_PASSES = 8;

/** Idempotent; linear in the length of `markdown`. Returns an empty string when nothing can be spoken. */
export function toSpeakable(markdown: string, options: SpeakableOptions = {}): string {
	const words = spokenWordsFor(options.language);
	const text =
		options.keepTags === false
			? removeSpeechTags(removeUnspeakable(markdown))
			: removeUnspeakable(markdown);
	const spoken = normalizeUntilStable(text, words, false);
	if (spoken !== '' || text.trim() === '' || options.isPart) return spoken;
	// A text of nothing but code is read out rather than answered with silence.
	return normalizeUntilStable(text, words, true);
}

function normalizeUntilStable(
	text: string,
	words: SpokenWords | undefined,
	keepCode: boolean,
): string {
	let current = text;
	for (let pass = 0; pass < MAX_PASSES; pass++) {
		const next = normalizeOnce(current, words, keepCode);
		if (next === current) break;
		current = next;
	}
	return current;
}

function normalizeOnce(text: string, words: SpokenWords | undefined, keepCode: boolean): string {
	const { blocks, references } = parseBlocks(text, keepCode);
	const inline: InlineOptions = { words, references };
	const parts: string[] = [];
	let current = '';
	let isAfterBlankLine = false;
	for (const block of blocks) {
		isAfterBlankLine ||= block.afterBlankLine;
		const spoken = blockToSpeech(block, inline);
		if (spoken === '') continue;
		if (current !== '') parts.push(withTerminator(current), isAfterBlankLine ? '\n\n' : '\n');
		current = spoken;
		isAfterBlankLine = false;
	}
	return parts.join('') + current;
}

function blockToSpeech(block: Block, inline: InlineOptions): string {
	if (block.kind === 'code') return inline.words?.codeExample ?? '';
	if (block.kind === 'table') return tableToSpeech(block.text, inline);
	const text = joinLines(inlineToPlainText(block.text, inline));
	if (block.kind === 'paragraph') return text;
	if (text === '') return block.number ?? '';
	return withTerminator(block.number === undefined ? text : `${block.number} ${text}`);
}

/** Joins wrapped lines; a line that its author ended keeps its line break and gets a comma for a pause. */
function joinLines(text: string): string {
	const joined: string[] = [];
	let current = '';
	let hasHardBreak = false;
	for (const raw of text.split('\n')) {
		const line = raw.replace(/\v/g, '').trim();
		if (line === '') continue;
		const isContinuation = /^\p{Ll}/u.test(line) || current.length >= WRAPPED_LINE_CHARACTERS;
		if (current === '') current = line;
		else if (hasHardBreak || endsLine(current) || !isContinuation) {
			joined.push(endsLine(current) ? current : current + punctuationFor(current).comma.trim());
			current = line;
		} else current += ` ${line}`;
		hasHardBreak = raw.endsWith('\v');
	}
	if (current !== '') joined.push(current);
	return joined.join('\n');
}

/** Each table row becomes a sentence: `City: Berlin, Population: 3.7 million.` */
function tableToSpeech(table: string, inline: InlineOptions): string {
	const [header = [], ...rows] = table
		.split('\n')
		.map((row) => splitCells(row).map((cell) => cellToSpeech(cell, inline)));
	const spokenRows =
		rows.length === 0
			? [rowToSentence(header)]
			: rows.map((row) =>
					rowToSentence(row.map((cell, column) => withHeading(header[column] ?? '', cell))),
				);
	return spokenRows.filter((row) => row !== '').join('\n');
}

function splitCells(row: string): string[] {
	const inner = row.replace(/^\|/, '').replace(/(?<!\\)\|$/, '');
	return inner.split(/(?<!\\)\|/).map((cell) => cell.replace(/\\\|/g, '|').trim());
}

function cellToSpeech(cell: string, inline: InlineOptions): string {
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

function rowToSentence(cells: readonly string[]): string {
	const spoken = cells.filter((cell) => cell !== '');
	const last = spoken.length - 1;
	return spoken
		.map((cell, index) => {
			if (index === last) return withTerminator(cell);
			return endsWithPause(cell) ? `${cell} ` : cell + punctuationFor(cell).comma;
		})
		.join('');
}

/** Removes control, private-use and invisible characters and lone surrogates; normalizes line ends. */
function removeUnspeakable(text: string): string {
	return text
		.replace(/\r\n?|[\u2028\u2029]/g, '\n')
		.replace(/[\p{Cs}\p{Co}\u200B\u2060\uFEFF\u00AD]/gu, '')
		.replace(/(?![\n\t])\p{Cc}/gu, ' ')
		.trim();
}
