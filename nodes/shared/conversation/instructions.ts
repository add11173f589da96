// The system instructions as sent: those of the user, then one line each for persona, language, length and date.

export interface Style {
	readonly instructions: string;
	readonly persona?: string | undefined;
	/** `asAsked`, a language code, or the name of a language. */
	readonly language?: string | undefined;
	readonly speechSeconds?: number | undefined;
	/** The current date, when it is to be part of the instructions: the model does not know it. */
	readonly today?: { readonly now: Date; readonly timeZone: string } | undefined;
}

/** Speaking rate of unhurried speech in most European languages. */
const WORDS_PER_SECOND = 2.5;

export function instructionsOf({
	instructions,
	persona,
	language,
	speechSeconds,
	today,
}: Style): string {
	const paragraphs = [
		instructions.trim(),
		persona?.trim() ? `Speak as this character: ${persona.trim()}.` : '',
		languageLine(language?.trim()),
		lengthLine(speechSeconds),
		today ? dateLine(today) : '',
	];
	return paragraphs.filter((line) => line !== '').join('\n\n');
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
