// Subtitles: timed segments become readable cues, written as SubRip (SRT) or WebVTT.

import {
	breakLines,
	DEFAULT_CAPTION_RULES,
	extendLayout,
	type CaptionRules,
	type Cue,
	type LineLayout,
	widthOf,
} from './caption-lines';
import { endsWithPause } from '../language/punctuation';
import { splitSentences } from '../sentences/sentence-splitter';
import { oneLine, type Segment } from './segments';

const CLAUSE = /(?<=[,;:،؛、，；：—–])\s+|(?<=[、，；：])/u;

const EMPTY_LAYOUT: LineLayout = { lines: 0, used: 0 };

/**
 * Cues in chronological order, without overlaps, holding all words of the segments. A cue lasts at least 10 ms;
 * where the segments leave no room for that, later cues are delayed.
 */
export function toCues(segments: readonly Segment[], rules: Partial<CaptionRules> = {}): Cue[] {
	const settings = { ...DEFAULT_CAPTION_RULES, ...rules };
	return layOutCues(sortedByStart(segments), settings);
}

/** SubRip: numbered cues, `00:00:01,230 --> 00:00:02,500`; the text starts with the speaker where the speaker changes. */
export function toSrt(segments: readonly Segment[], rules: Partial<CaptionRules> = {}): string {
	const settings = { ...DEFAULT_CAPTION_RULES, ...rules };
	const named = sortedByStart(segments).map((segment, index, all) => {
		const isNew = segment.speaker !== undefined && segment.speaker !== all[index - 1]?.speaker;
		return isNew
			? { ...segment, text: `${oneLine(segment.speaker ?? '')}: ${segment.text}` }
			: segment;
	});
	return layOutCues(named, settings)
		.map(({ startMs, endMs, lines }, index) => {
			const text = lines.map((line) => line.replaceAll('-->', '->')).join('\n');
			return `${index + 1}\n${formatTimestamp(startMs, ',')} --> ${formatTimestamp(endMs, ',')}\n${text}\n`;
		})
		.join('\n');
}

/** WebVTT (W3C) with `<v Speaker>` voice spans; `&`, `<` and `>` are escaped. */
export function toWebVtt(segments: readonly Segment[], rules: Partial<CaptionRules> = {}): string {
	const cues = toCues(segments, rules).map((cue) => {
		const text = cue.lines.map(escapeCueText).join('\n');
		const speaker = oneLine(cue.speaker ?? '').replace(/[<>&]/g, (sign) =>
			sign === '&' ? '&amp;' : '',
		);
		const voiced = speaker === '' ? text : `<v ${speaker}>${text}</v>`;
		return `${formatTimestamp(cue.startMs, '.')} --> ${formatTimestamp(cue.endMs, '.')}\n${voiced}\n`;
	});
	return ['WEBVTT\n', ...cues].join('\n');
}

interface TimedText {
	startMs: number;
	endMs: number;
	text: string;
	speaker: string | undefined;
}

/** Segments with text, sorted by start time. */
function sortedByStart(segments: readonly Segment[]): TimedText[] {
	return segments
		.map((segment) => {
			const speaker = segment.speaker === '' ? undefined : segment.speaker;
			return { ...toMilliseconds(segment), text: oneLine(segment.text), speaker };
		})
		.filter(({ text }) => text !== '')
		.sort((left, right) => left.startMs - right.startMs);
}

function layOutCues(segments: readonly TimedText[], rules: CaptionRules): Cue[] {
	const timed = resolveOverlaps(mergeShortSegments(segments, rules), rules);
	const cues = timed.flatMap((segment, index) => {
		const next = timed[index + 1];
		const endMs = next ? Math.min(segment.endMs, next.startMs) : segment.endMs;
		return cuesOfSegment({ ...segment, endMs: Math.max(endMs, segment.startMs) }, rules);
	});
	return adjustTimes(cues, rules);
}

/** Merges short segments, such as single words with word timestamps, until they can be read. */
function mergeShortSegments(segments: readonly TimedText[], rules: CaptionRules): TimedText[] {
	const joined: TimedText[] = [];
	const isShort = ({ startMs, endMs }: TimedText) => endMs - startMs < rules.minimumMs;
	let mayGrow = false;
	for (const segment of segments) {
		const last = joined[joined.length - 1];
		if (
			last &&
			mayGrow &&
			isShort(segment) &&
			last.speaker === segment.speaker &&
			segment.startMs - last.endMs <= 300 &&
			segment.endMs - last.startMs <= rules.maximumMs &&
			!endsWithPause(last.text) &&
			fits(joinParts(last.text, segment.text), rules)
		) {
			last.text = joinParts(last.text, segment.text);
			last.endMs = Math.max(last.endMs, segment.endMs);
		} else {
			joined.push({ ...segment });
			mayGrow = isShort(segment);
		}
	}
	return joined;
}

/** Overlapping speech: delays each later start just long enough for the earlier text to be read. */
function resolveOverlaps(segments: readonly TimedText[], rules: CaptionRules): TimedText[] {
	const shared = segments.map((segment) => ({ ...segment }));
	shared.forEach((segment, index) => {
		const before = shared[index - 1];
		if (!before) return;
		segment.startMs = Math.max(segment.startMs, before.startMs);
		segment.endMs = Math.max(segment.endMs, segment.startMs);
		if (segment.startMs >= before.endMs) return;
		const read = before.startMs + readingMs([before.text], rules);
		const half = (before.startMs + segment.endMs) / 2;
		segment.startMs = roundToCentiseconds(
			Math.max(segment.startMs, Math.min(read, half, before.endMs)),
		);
	});
	return shared;
}

/** Splits a segment into cues by sentences, clauses and lines; each gets a share of its time by display width. */
function cuesOfSegment({ text, startMs, endMs, speaker }: TimedText, rules: CaptionRules): Cue[] {
	const blocks = packIntoBlocks(text, rules);
	const total = blocks.reduce((sum, lines) => sum + blockWidth(lines), 0);
	let before = 0;
	return blocks.map((lines) => {
		const from = startMs + ((endMs - startMs) * before) / total;
		before += blockWidth(lines);
		const to = startMs + ((endMs - startMs) * before) / total;
		const cue: Cue = { startMs: roundToCentiseconds(from), endMs: roundToCentiseconds(to), lines };
		return speaker === undefined ? cue : { ...cue, speaker };
	});
}

function blockWidth(lines: readonly string[]): number {
	return Math.max(1, widthOf(lines.join(' ')));
}

/** Groups sentences and clauses as long as they fit into one cue. */
function packIntoBlocks(text: string, rules: CaptionRules): string[][] {
	const parts = splitSentences(text)
		.flatMap((sentence) => (fits(sentence, rules) ? [sentence] : sentence.split(CLAUSE)))
		.map((part) => part.trim());
	const blocks: string[][] = [];
	let current = '';
	const close = () => {
		const lines = breakLines(current, rules.lineCharacters);
		for (let at = 0; at < lines.length; at += rules.lines)
			blocks.push(lines.slice(at, at + rules.lines));
	};
	let layout = EMPTY_LAYOUT;
	for (const part of parts) {
		const extended = extendLayout(layout, part, rules.lineCharacters);
		if (extended.lines > rules.lines) {
			close();
			current = part;
			layout = extendLayout(EMPTY_LAYOUT, part, rules.lineCharacters);
		} else {
			current = joinParts(current, part);
			layout = extended;
		}
	}
	close();
	return blocks;
}

function fits(text: string, rules: CaptionRules): boolean {
	// Line breaking is slow, and the width alone decides most cases.
	if (text.length > 4 * rules.lineCharacters * rules.lines) return false;
	const width = widthOf(text);
	if (width <= rules.lineCharacters) return true;
	if (width > rules.lineCharacters * rules.lines + rules.lines) return false;
	return extendLayout(EMPTY_LAYOUT, text, rules.lineCharacters).lines <= rules.lines;
}

function readingMs(lines: readonly string[], rules: CaptionRules): number {
	return Math.max(rules.minimumMs, (blockWidth(lines) * 1000) / rules.charactersPerSecond);
}

function joinParts(left: string, right: string): string {
	const isUnspaced =
		/[、。，．！？：；」』）]$/u.test(left) &&
		/^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}「『（]/u.test(right);
	return isUnspaced ? left + right : `${left} ${right}`;
}

/** Keeps cues in order; extends those too short to read into the silence after them, leaving a small gap. */
function adjustTimes(cues: Cue[], rules: CaptionRules): Cue[] {
	let free = 0;
	return cues.map((cue, index) => {
		const startMs = Math.max(cue.startMs, free);
		const next = cues[index + 1];
		const needed = readingMs(cue.lines, rules);
		const spokenEnd = Math.max(cue.endMs, startMs + 10);
		let endMs = Math.max(spokenEnd, roundToCentiseconds(startMs + needed));
		endMs = Math.min(
			endMs,
			Math.max(startMs + rules.maximumMs, roundToCentiseconds(startMs + needed)),
		);
		if (next) {
			const isExtended = endMs > spokenEnd;
			const limit = next.startMs - (isExtended ? rules.gapMs : 0);
			if (endMs > limit) endMs = Math.max(Math.min(spokenEnd, next.startMs), limit);
		}
		endMs = Math.max(roundToCentiseconds(endMs), startMs + 10);
		free = endMs;
		return { ...cue, startMs, endMs };
	});
}

function toMilliseconds({ start, end }: Segment): { startMs: number; endMs: number } {
	const startMs = roundToCentiseconds(Number.isFinite(start) ? Math.max(0, start) * 1000 : 0);
	const endMs = roundToCentiseconds(Number.isFinite(end) ? Math.max(0, end) * 1000 : startMs);
	return { startMs, endMs: Math.max(startMs, endMs) };
}

/** Milliseconds as a multiple of 10, below 100 hours. */
function roundToCentiseconds(milliseconds: number): number {
	return Math.min(Math.round(milliseconds / 10) * 10, 359_999_990);
}

function formatTimestamp(milliseconds: number, mark: ',' | '.'): string {
	const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
	const seconds = Math.floor(milliseconds / 1000);
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	return `${pad(hours)}:${pad(minutes)}:${pad(seconds % 60)}${mark}${pad(milliseconds % 1000, 3)}`;
}

function escapeCueText(line: string): string {
	return line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
