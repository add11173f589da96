// Stands in for removed markup until the white space around it is closed up.

/** Private-use character in place of removed markup; `closeRemovalGaps` takes it out. */
export const REMOVAL_PLACEHOLDER = '\uE000';

/** Removes placeholders with the surplus spaces around them: none before punctuation, one between words. */
export function closeRemovalGaps(text: string): string {
	if (!text.includes(REMOVAL_PLACEHOLDER)) return text;
	return text.replace(/ ?\uE000[ \uE000]*/g, (gap: string, offset: number, whole: string) => {
		const after = whole[offset + gap.length] ?? '';
		const before = whole[offset - 1] ?? '';
		if (
			before === '' ||
			before === '\n' ||
			// An empty `after` is included too: every string contains it.
			'.,;:!?…)]}。，、！？；：）」』”»\n'.includes(after)
		)
			return '';
		return gap.includes(' ') ? ' ' : '';
	});
}
