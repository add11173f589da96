// A timed segment of a transcript: what subtitles and speaker turns are made of.

export interface Segment {
	/** Seconds from the start of the recording. */
	start: number;
	end: number;
	text: string;
	speaker?: string;
}

/** Scripts written without spaces between words. */
export const UNSPACED_SCRIPT = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;

/** White space and control characters become single spaces. */
export function oneLine(text: string): string {
	return text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
}
