// Language codes as people write them, made into what Mistral takes.
import { Failure } from '../../errors/failure';

/** `de-DE`, `pt_BR` or `EN` as the two letters the API takes; empty means: detect. */
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
