// Inline parser: removes the inline Markdown, HTML and LaTeX markup of one block and leaves the text to be spoken.

import { removeEmphasis } from './emphasis';
import { formulasToPlainText } from './formulas';
import { closeRemovalGaps, REMOVAL_PLACEHOLDER } from './removal-placeholder';
import { decodeEntities, removeHtml } from './html';
import {
	replaceAddressesByHosts,
	removeCitations,
	removeLinkedCitations,
	replaceLinks,
} from './links';
import { replaceSpeechTags } from '../directions';
import { symbolsToWords, type SpokenWords } from '../language/spoken-words';

const MAIL_ADDRESS = /(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])/gi;
const EMOJI =
	/(?![©®™‼⁉ℹ↔-↪])\p{Extended_Pictographic}(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0E|\uFE0F|\u200D|[\u{E0020}-\u{E007F}])*|[\p{Regional_Indicator}\p{Emoji_Modifier}]+/gu;
/** Protected spans are replaced by one private-use character each; the caller has removed all others of that plane. */
const FIRST_PLACEHOLDER = 0xf0000;
const LAST_PLACEHOLDER = 0xffffd;

export interface InlineOptions {
	words: SpokenWords | undefined;
	references: ReadonlySet<string>;
}

export function inlineToPlainText(text: string, { words, references }: InlineOptions): string {
	const protectedSpans: string[] = [];
	const protect = (span: string): string => {
		if (FIRST_PLACEHOLDER + protectedSpans.length > LAST_PLACEHOLDER) return span;
		protectedSpans.push(span);
		return String.fromCodePoint(FIRST_PLACEHOLDER + protectedSpans.length - 1);
	};
	let plain = replaceSpeechTags(text, protect)
		.replace(/<([\w.+-]{1,64}@[\w.-]{1,255})>/g, '$1')
		.replace(MAIL_ADDRESS, protect);
	plain = formulasToPlainText(removeCodeDelimiters(plain));
	plain = removeCitations(replaceLinks(removeLinkedCitations(plain), references));
	plain = decodeEntities(removeHtml(replaceAddressesByHosts(plain)));
	plain = removeBackslashEscapes(plain);
	plain = removeEmphasis(plain);
	plain = removeEmoji(plain);
	plain = closeRemovalGaps(plain.replace(/[^\S\n\v]+/g, ' '));
	plain = symbolsToWords(plain, words);
	return plain.replace(/[\u{F0000}-\u{FFFFD}]/gu, (sign) => {
		return protectedSpans[(sign.codePointAt(0) ?? FIRST_PLACEHOLDER) - FIRST_PLACEHOLDER] ?? '';
	});
}

/** Code spans lose their backticks and brackets and keep their words. A backtick inside a word is an apostrophe. */
function removeCodeDelimiters(text: string): string {
	if (!text.includes('`')) return text;
	// An escaped backtick counts as a delimiter too, and would leave its backslash behind.
	return removeCodeSpanDelimiters(text.replace(/\\(?=`)/g, ''));
}

interface BacktickRun {
	readonly at: number;
	readonly length: number;
	/** The next run of the same length. */
	closing?: BacktickRun;
}

function removeCodeSpanDelimiters(text: string): string {
	const runs: BacktickRun[] = [...text.matchAll(/`+/g)].map((run) => ({
		at: run.index,
		length: run[0].length,
	}));
	const nextOfLength = new Map<number, BacktickRun>();
	for (const run of [...runs].reverse()) {
		run.closing = nextOfLength.get(run.length);
		nextOfLength.set(run.length, run);
	}
	let out = '';
	let from = 0;
	for (const { at, length, closing } of runs) {
		const isInsideCodeSpan = at < from;
		if (isInsideCodeSpan) continue;
		out += text.slice(from, at);
		from = at + length;
		if (closing) {
			out += codeToSpeech(text.slice(from, closing.at));
			from = closing.at + closing.length;
		} else if (/\p{L}$/u.test(out.slice(-2)) && /^\p{L}/u.test(text.slice(from, from + 2))) {
			out += "'";
		}
	}
	return out + text.slice(from);
}

function codeToSpeech(code: string): string {
	return code
		.replace(/<\/?([a-z][\w-]{0,40})\s?\/?>/gi, '$1')
		.replace(/[[\]]+/g, ' ')
		.trim();
}

function removeBackslashEscapes(text: string): string {
	return text.replace(/\\([!"#$%&'()*+,./:;<=>?@[\]^_`{|}~-])/g, '$1');
}

function removeEmoji(text: string): string {
	return text
		.replace(/([0-9#*])\uFE0F?\u20E3/g, '$1')
		.replace(/➡\uFE0F?/gu, '→')
		.replace(EMOJI, REMOVAL_PLACEHOLDER)
		.replace(/[\uFE0E\uFE0F]/g, '');
}
