// Reads a language tag such as `de-DE` as the two-letter code that the transcription API accepts.
import { Failure } from '../../errors/failure';

/** `de` for `de-DE`; undefined for an empty text, so that the language is detected. @throws Failure for anything else */
export function twoLetterLanguage(value: string, operation: string): string | undefined {
	const text = value.trim().toLowerCase();
	if (text === '' || text === 'auto') return undefined;
	const match = /^([a-z]{2})(?:[-_][a-z0-9]{2,8})*$/.exec(text);
	if (match?.[1]) return match[1];
	throw new Failure({
		stage: `${operation}.language`,
		message: `Language "${value.slice(0, 20)}" is not a language code`,
		hint: 'Use two letters such as en, de or fr, or leave Language empty so that it is detected.',
	});
}
