// The instructions as they are sent: what the person wrote, then the voice style and the date, each in one short line.

export interface Style {
	readonly instructions: string;
	readonly persona?: string | undefined;
	/** `asAsked`, a language code, or any name of a language. */
	readonly language?: string | undefined;
	readonly speechSeconds?: number | undefined;
	/** Today, where the model should know it: it does not by itself, and people ask about it. */
	readonly today?: { readonly now: Date; readonly timeZone: string } | undefined;
}

/** Unhurried speech, in most languages of Europe. */
const WORDS_PER_SECOND = 2.5;

export function instructionsOf({
	instructions,
	persona,
	language,
	speechSeconds,
	today,
}: Style): string {
	const lines = [
		instructions.trim(),
		persona?.trim() ? `Speak as this character: ${persona.trim()}.` : '',
		languageLine(language?.trim()),
		lengthLine(speechSeconds),
		today ? dateLine(today) : '',
	];
	return lines.filter((line) => line !== '').join('\n\n');
}

function languageLine(language: string | undefined): string {
	if (!language) return '';
	if (language === 'asAsked') return 'Answer in the language of the question.';
	return `Always answer in ${languageName(language)}, whatever the language of the question.`;
}

function languageName(language: string): string {
	try {
		return (
			new Intl.DisplayNames(['en'], { type: 'language' }).of(language.replace('_', '-')) ?? language
		);
	} catch {
		return language;
	}
}

function lengthLine(seconds: number | undefined): string {
	if (!seconds || seconds <= 0) return '';
	const words = Math.max(5, Math.round(seconds * WORDS_PER_SECOND));
	return `Keep the answer to at most ${words} words, about ${seconds} seconds aloud; this overrules any other length.`;
}

function dateLine({ now, timeZone }: NonNullable<Style['today']>): string {
	const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone }).format(now);
	return `Today is ${today} (time zone ${timeZone}).`;
}
