// Prepares text for speech: removes markup, detects the language, filters speech tags, cuts it into pieces. Pure.
import type { VoxtralFamily } from '../mistral/model-family';
import { groupPieces } from '../text/sentences/pieces';
import { cutSentences } from '../text/sentences/sentences';
import { removeSpeechTags, replaceSpeechTags } from '../text/speech-tags';
import { toSpeakable } from '../text/speakable';
import { carryDirections, type Directions, keepTags, type TagRule } from '../text/directions';
import { guessLanguage, languageCode } from '../text/language/language';

/** Mistral advises under about 300 words a request; 16 pieces of this size make 10,000 characters. */
export const DEFAULT_PIECE_CHARACTERS = 640;
/** Texts up to this multiple of the piece length are one piece, since a join point can be audible. */
const ONE_PIECE_SHARE = 1.5;

export interface TextSettings {
	readonly written: string;
	readonly cleanText: boolean;
	/** As set by the user: a code or a name. */
	readonly language?: string | undefined;
	/** The field `language` of the incoming item, of any type; used when the language of the text cannot be detected. */
	readonly earlierLanguage?: unknown;
	readonly family: VoxtralFamily;
	readonly tags: TagRule;
	readonly isTrusted: (tag: string) => boolean;
	readonly directions: Directions;
	readonly pieceCharacters: number;
}

export interface PreparedText {
	/** The text without speech tags. */
	readonly spokenText: string;
	/** ISO 639-1; absent when it is unknown. */
	readonly language?: string;
	/** The pieces sent to Mistral, in order; empty when the text has nothing to speak. */
	readonly pieces: readonly string[];
	/** Number of speech tags removed from the text. */
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
	// Before cleaning, which would turn a tag into words, and after it, since cleaning can uncover a tag.
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

/** Pieces of about equal length, cut between sentences; a piece of punctuation alone is joined to the one before it. */
function cutPieces(text: string, pieceCharacters: number): string[] {
	const size = Math.max(50, Math.floor(pieceCharacters) || DEFAULT_PIECE_CHARACTERS);
	if (text.length <= size * ONE_PIECE_SHARE) return [text];
	const targetCharacters = Math.ceil(text.length / Math.round(text.length / size));
	const lengths = { targetCharacters, maxCharacters: Math.ceil(size * ONE_PIECE_SHARE) };
	const pieces: string[] = [];
	let before = '';
	for (const piece of groupPieces(sentencesOf(text), lengths)) {
		const whole = before + piece;
		if (/[\p{L}\p{N}]/u.test(removeSpeechTags(whole))) {
			pieces.push(whole);
			before = '';
		} else if (pieces.length > 0 && countTags(whole) === 0) pieces[pieces.length - 1] += whole;
		else before = whole;
	}
	return pieces.map((piece) => piece.trim());
}

/** Splits before a speech tag that opens a sentence, where the lower-case tag would hide the sentence boundary. */
function sentencesOf(text: string): string[] {
	// The tag is matched before the look-behind, so that long runs of spaces cost no backtracking.
	const beforeTag = /(?=\[(?:emotion|pace)=)(?<=[.!?…。！？।؟]["'”’»)]*\s+)/i;
	return text.split(beforeTag).flatMap((part) => cutSentences(part));
}

function countTags(text: string): number {
	let count = 0;
	replaceSpeechTags(text, (tag) => {
		count += 1;
		return tag;
	});
	return count;
}
