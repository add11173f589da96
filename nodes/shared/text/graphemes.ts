// What a reader sees as one character, however many code points it takes.

/** Made at its first use: it takes milliseconds. */
let segmenter: Intl.Segmenter | undefined;

/** Graphemes (UAX 29) of `text` in order. */
export function splitGraphemes(text: string): string[] {
	segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
	return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
