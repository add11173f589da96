// What is said: the text made fit for speech, its language, and the pieces it is spoken in. Pure.
import type { VoxtralFamily } from '../mistral/model-family';
import { chunkSentences } from '../text/sentences/chunks';
import { splitSentences } from '../text/sentences/sentence-splitter';
import { toSpeakable } from '../text/speakable';
import {
	carryDirections,
	type Directions,
	keepTags,
	removeSpeechTags,
	replaceSpeechTags,
	type TagRule,
} from '../text/directions';
import { guessLanguage, languageCode } from '../text/language/language-identification';

/** Mistral advises under about 300 words a request; 16 pieces of this size make 10,000 characters. */
export const DEFAULT_PIECE_CHARACTERS = 640;
/** Shorter texts are spoken in one breath: no seam at all is better than a good one. */
const ONE_PIECE_SHARE = 1.5;

export interface TextSettings {
	readonly written: string;
	readonly cleanText: boolean;
	/** As the person named it. */
	readonly language?: string | undefined;
	/** What an earlier node recognised, in whatever shape: counts when the words themselves do not tell. */
	readonly earlierLanguage?: unknown;
	readonly family: VoxtralFamily;
	readonly tags: TagRule;
	readonly isTrusted: (tag: string) => boolean;
	readonly directions: Directions;
	readonly pieceCharacters: number;
}

export interface PreparedText {
	/** What a listener hears, without directions. */
	readonly spokenText: string;
	/** ISO 639-1, where it can be told. */
	readonly language?: string;
	/** What Mistral gets, in order; empty when there is nothing to say. */
	readonly pieces: readonly string[];
	/** Directions that were not obeyed. */
	readonly tagsRemoved: number;
}

export function prepareText(settings: TextSettings): PreparedText {
	const { written, family, tags, isTrusted, directions } = settings;
	const { earlierLanguage } = settings;
	const language =
		languageCode(settings.language) ??
		guessLanguage(removeSpeechTags(written)) ??
		(typeof earlierLanguage === 'string' ? languageCode(earlierLanguage) : undefined);
	const obeyed = (tag: string) =>
		family === 3 && (tags === 'all' || (tags === 'trusted' && isTrusted(tag)));
	// Before cleaning, so that what it makes of a tag is not spoken; after it, because cleaning can uncover one.
	const allowed = keepTags(written, obeyed);
	const clean = settings.cleanText
		? toSpeakable(allowed, { keepTags: true, ...(language ? { language } : {}) })
		: allowed.trim();
	const text = keepTags(clean, obeyed);
	const spokenText = removeSpeechTags(text).trim();
	const isSilent = spokenText === '' || (settings.cleanText && !/[\p{L}\p{N}]/u.test(spokenText));
	const pieces = isSilent ? [] : cutPieces(text, settings.pieceCharacters);
	return {
		spokenText: isSilent ? '' : spokenText,
		...(language ? { language } : {}),
		pieces: family === 3 ? carryDirections(pieces, directions) : pieces,
		tagsRemoved: Math.max(0, countTags(written) - countTags(text)),
	};
}

/** Pieces of about equal length, cut between sentences; what only holds signs joins the piece before it. */
function cutPieces(text: string, pieceCharacters: number): string[] {
	const size = Math.max(50, Math.floor(pieceCharacters) || DEFAULT_PIECE_CHARACTERS);
	if (text.length <= size * ONE_PIECE_SHARE) return [text];
	const targetCharacters = Math.ceil(text.length / Math.round(text.length / size));
	const lengths = { targetCharacters, maxCharacters: Math.ceil(size * ONE_PIECE_SHARE) };
	const pieces: string[] = [];
	let before = '';
	for (const piece of chunkSentences(sentencesOf(text), lengths)) {
		const whole = before + piece;
		if (/[\p{L}\p{N}]/u.test(removeSpeechTags(whole))) {
			pieces.push(whole);
			before = '';
		} else if (pieces.length > 0 && countTags(whole) === 0) pieces[pieces.length - 1] += whole;
		else before = whole;
	}
	return pieces.map((piece) => piece.trim());
}

/** A direction behind a stop opens a sentence; the cutter alone would take its small letter for a sentence going on. */
function sentencesOf(text: string): string[] {
	// The tag is looked for first, so that long runs of spaces cost nothing.
	const opening = /(?=\[(?:emotion|pace)=)(?<=[.!?…。！？।؟]["'”’»)]*\s+)/i;
	return text.split(opening).flatMap((part) => splitSentences(part));
}

function countTags(text: string): number {
	let count = 0;
	replaceSpeechTags(text, (tag) => {
		count += 1;
		return tag;
	});
	return count;
}
