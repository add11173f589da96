// Takes marks out of a line without leaving doubled spaces or a space before a stop.

/** Stands where a mark was taken out, until `closeRemovalGaps` decides about the space around it. */
export const REMOVAL_PLACEHOLDER = '\uE000';

/** Closes the gaps that removed marks leave: no space before a stop, one space between words. */
export function closeRemovalGaps(text: string): string {
	if (!text.includes(REMOVAL_PLACEHOLDER)) return text;
	return text.replace(/ ?\uE000[ \uE000]*/g, (gap: string, offset: number, whole: string) => {
		const after = whole[offset + gap.length] ?? '';
		const before = whole[offset - 1] ?? '';
		if (
			before === '' ||
			before === '\n' ||
			// An empty `after` is in it too.
			'.,;:!?…)]}。，、！？；：）」』”»\n'.includes(after)
		)
			return '';
		return gap.includes(' ') ? ' ' : '';
	});
}
