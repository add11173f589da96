// Text preparation for synthesis: normalization, language identification, direction tags and chunking. Pure.
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

/** Mistral advises fewer than about 300 words a request; 10,000 characters make 16 pieces of this size. */
export const DEFAULT_PIECE_CHARACTERS = 640;
/** A text up to this many times the piece length stays whole: no join point is better than a good one. */
const ONE_PIECE_SHARE = 1.5;

export interface TextSettings {
	readonly written: string;
	readonly cleanText: boolean;
	/** As set in the node: a code, a locale or a name. */
	readonly language?: string | undefined;
	/** Language that an earlier node put on the item, unvalidated: the fallback where the text does not tell. */
	readonly earlierLanguage?: unknown;
	readonly family: VoxtralFamily;
	readonly tags: TagRule;
	readonly isTrusted: (tag: string) => boolean;
	readonly directions: Directions;
	readonly pieceCharacters: number;
}

export interface PreparedText {
	/** The text as a listener hears it, without direction tags. */
	readonly spokenText: string;
	/** ISO 639-1, where it is known or identified. */
	readonly language?: string;
	/** Texts of the speech requests, in order; empty when there is nothing to say. */
	readonly pieces: readonly string[];
	/** Number of direction tags that were not obeyed. */
	readonly tagsRemoved: number;
}

export function prepareText(settings: TextSettings): PreparedText {
	const { written, family, tags, isTrusted, directions, earlierLanguage } = settings;
	const language =
		languageCode(settings.language) ??
		guessLanguage(removeSpeechTags(written)) ??
		(typeof earlierLanguage === 'string' ? languageCode(earlierLanguage) : undefined);
	const isObeyed = (tag: string) =>
		family === 3 && (tags === 'all' || (tags === 'trusted' && isTrusted(tag)));
	// Before normalization, so that no remains of a tag are spoken; after it, because normalization can uncover one.
	const allowed = keepTags(written, isObeyed);
	const clean = settings.cleanText
		? toSpeakable(allowed, { keepTags: true, ...(language ? { language } : {}) })
		: allowed.trim();
	const text = keepTags(clean, isObeyed);
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

/** Pieces of about equal length, cut between sentences; text without letters or digits joins the piece before it. */
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

/** A tag behind a terminator starts a sentence; the splitter alone would take its lower-case letter for a continuation. */
function sentencesOf(text: string): string[] {
	// The lookahead for the tag comes first, so that long runs of spaces take linear time.
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
