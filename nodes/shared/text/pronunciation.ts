// Pronunciation hints of Voxtral TTS 3: phonemes from the node's table for the words that a chunk holds.

export interface Pronunciation {
	readonly word?: string;
	/** Phonemes of the International Phonetic Alphabet, separated by spaces. */
	readonly sounds?: string;
}

/**
 * Hints for the words of `chunk`, each in the spelling found there: Mistral rejects hints for words that do not
 * occur in the text.
 */
export function hintsFor(
	chunk: string,
	table: readonly Pronunciation[],
): Record<string, string[]> | undefined {
	const hints: Record<string, string[]> = {};
	for (const { word = '', sounds = '' } of table) {
		const phonemes = sounds
			.trim()
			.split(/[\s,]+/)
			.filter((sound) => sound !== '');
		if (word.trim() === '' || phonemes.length === 0) continue;
		for (const spelling of spellingsOf(word.trim(), chunk)) hints[spelling] = phonemes;
	}
	return Object.keys(hints).length > 0 ? hints : undefined;
}

function spellingsOf(word: string, chunk: string): string[] {
	const literal = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	const asWord = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${literal}(?![\\p{L}\\p{M}\\p{N}])`, 'giu');
	return [...new Set(chunk.match(asWord) ?? [])];
}
