// Takes marks out of a line without leaving doubled spaces or a space before a stop.

/** Stands where a mark was taken out, until `closeGaps` decides about the space around it. */
export const REMOVED = '\uE000';

/** Closes the gaps that removed marks leave: no space before a stop, one space between words. */
export function closeGaps(text: string): string {
	if (!text.includes(REMOVED)) return text;
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
