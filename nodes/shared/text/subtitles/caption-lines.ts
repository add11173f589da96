// Caption lines: display width of text, and line breaking with balanced line lengths.

import { splitGraphemes } from '../graphemes';
import { UNSPACED_SCRIPT } from './segments';

export interface Cue {
	/** Milliseconds, a multiple of 10. */
	startMs: number;
	endMs: number;
	/** Caption lines, as many as the rules allow at most. */
	lines: string[];
	speaker?: string;
}

export interface CaptionRules {
	/** Width of a line; a full-width East Asian character counts as two. Default 42. */
	lineCharacters: number;
	lines: number;
	/** Reading speed: a cue is extended into the silence after it until it can be read. Default 17 per second. */
	charactersPerSecond: number;
	/** A shorter cue is extended into the silence after it. Default 1000. */
	minimumMs: number;
	/** A longer cue ends early once it has been read. Default 7000. */
	maximumMs: number;
	/** Minimum gap after an extended cue. Default 80 (two frames at 25 frames per second). */
	gapMs: number;
}

export const DEFAULT_CAPTION_RULES: CaptionRules = {
	lineCharacters: 42,
	lines: 2,
	charactersPerSecond: 17,
	minimumMs: 1000,
	maximumMs: 7000,
	gapMs: 80,
};

const WIDE =
	/[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /^(?:\p{M}|\p{Cf})$/u;
/** East Asian punctuation and small kana that must not start a line (kinsoku shori). */
const NO_LINE_START = /^[、。，．！？：；）」』】》〉・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…]/u;

/** Display width of `text` in columns. */
export function widthOf(text: string): number {
	let width = 0;
	for (const character of text) {
		if (character < '\u0300') width += 1;
		else if (WIDE.test(character)) width += 2;
		else if (!NO_WIDTH.test(character)) width += 1;
	}
	return width;
}

/** Unbreakable units: words of spaced scripts, single characters of unspaced ones. */
function readUnits(text: string, lineCharacters: number): string[] {
	const units: string[] = [];
	for (const word of text.split(/\s+/u)) {
		if (word === '') continue;
		if (!UNSPACED_SCRIPT.test(word) && widthOf(word) <= lineCharacters) {
			units.push(`${word} `);
			continue;
		}
		const parts = splitWord(word, lineCharacters);
		parts[parts.length - 1] += ' ';
		units.push(...parts);
	}
	return units;
}

function splitWord(word: string, lineCharacters: number): string[] {
	const parts: string[] = [];
	let latin = '';
	let latinWidth = 0;
	const flush = () => {
		if (latin !== '') parts.push(latin);
		latin = '';
		latinWidth = 0;
	};
	for (const segment of splitGraphemes(word)) {
		if (WIDE.test(segment)) {
			flush();
			const last = parts[parts.length - 1];
			if (NO_LINE_START.test(segment) && last !== undefined && widthOf(last) < 8) {
				parts[parts.length - 1] = last + segment;
			} else parts.push(segment);
			continue;
		}
		const width = widthOf(segment);
		if (latinWidth + width > lineCharacters) flush();
		latin += segment;
		latinWidth += width;
	}
	flush();
	return parts;
}

/** Lines of at most `lineCharacters` columns, balanced: two of about the same length rather than a full and a short one. */
export function breakLines(text: string, lineCharacters: number): string[] {
	const units = readUnits(text, lineCharacters);
	const total = units.reduce((sum, unit) => sum + widthOf(unit), 0);
	const count = Math.ceil(total / lineCharacters);
	const balanced = fill(units, Math.min(lineCharacters, Math.ceil(total / Math.max(1, count)) + 4));
	const full = fill(units, lineCharacters);
	return balanced.length <= full.length ? balanced : full;
}

/** How much a text fills: the number of lines, and the columns used of the last one. */
export interface LineLayout {
	lines: number;
	used: number;
}

/** The layout after `text` is appended. */
export function extendLayout(filled: LineLayout, text: string, lineCharacters: number): LineLayout {
	let { lines, used } = filled;
	for (const unit of readUnits(text, lineCharacters)) {
		const columns = widthOf(unit);
		if (lines === 0 || overflows(unit, used + columns, lineCharacters)) {
			lines++;
			used = 0;
		}
		used += columns;
	}
	return { lines, used };
}

function fill(units: readonly string[], width: number): string[] {
	const lines: string[] = [];
	let used = 0;
	for (const unit of units) {
		const columns = widthOf(unit);
		if (lines.length === 0 || overflows(unit, used + columns, width)) {
			lines.push('');
			used = 0;
		}
		lines[lines.length - 1] += unit;
		used += columns;
	}
	return lines.map((line) => line.trimEnd());
}

/** The space at the end of `unit` may hang over the end of the line. */
function overflows(unit: string, end: number, width: number): boolean {
	return end - (unit.endsWith(' ') ? 1 : 0) > width;
}
