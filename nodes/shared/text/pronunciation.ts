// How names and rare words are said (family 3): hints from the node's table, for the pieces they occur in.

export interface Pronunciation {
	readonly word?: string;
	/** Sounds of the International Phonetic Alphabet, spaces between them. */
	readonly sounds?: string;
}

/**
 * Hints for the words of `piece`, each in the spelling it has there: Mistral refuses hints for words
 * that do not occur.
 */
export function hintsFor(
	piece: string,
	table: readonly Pronunciation[],
): Record<string, string[]> | undefined {
	const hints: Record<string, string[]> = {};
	for (const { word = '', sounds = '' } of table) {
		const phonemes = sounds
			.trim()
			.split(/[\s,]+/)
			.filter((sound) => sound !== '');
		if (word.trim() === '' || phonemes.length === 0) continue;
		for (const spelling of spellingsOf(word.trim(), piece)) hints[spelling] = phonemes;
	}
	return Object.keys(hints).length > 0 ? hints : undefined;
}

function spellingsOf(word: string, piece: string): string[] {
	const literal = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const asWord = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${literal}(?![\\p{L}\\p{M}\\p{N}])`, 'giu');
	return [...new Set(piece.match(asWord) ?? [])];
}
