// Grapheme clusters: user-perceived characters of one or more code points.

/** Created at first use: it takes milliseconds. */
let segmenter: Intl.Segmenter | undefined;

/** The grapheme clusters (UAX 29) of `text` in order. */
export function splitGraphemes(text: string): string[] {
	segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
	return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
