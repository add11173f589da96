// Which punctuation a script uses, so that text we build pauses the way its readers expect.

/** Closing quotes and brackets that may stand after the stop of a sentence. */
export const CLOSING_CHARACTERS = '"\'”’»›)]}）］｝」』】〉》〕〗｠”’';

const STOPS: ReadonlyArray<[script: RegExp, stop: string, comma: string, colon: string]> = [
	[/[\p{sc=Hiragana}\p{sc=Katakana}]/u, '。', '、', '：'],
	[/\p{sc=Han}/u, '。', '，', '：'],
	[/[\p{sc=Devanagari}\p{sc=Bengali}\p{sc=Gurmukhi}\p{sc=Oriya}]/u, '।', ', ', ': '],
	[/\p{sc=Arabic}/u, '.', '، ', ': '],
	[/\p{sc=Armenian}/u, '։', ', ', '. '],
	[/\p{sc=Ethiopic}/u, '።', '፣ ', '፦ '],
	[/\p{sc=Myanmar}/u, '။', '၊ ', ': '],
	[/\p{sc=Khmer}/u, '។', ', ', ': '],
	[/\p{sc=Tibetan}/u, '།', ' ', ' '],
	// These scripts have no full stop: a line end is the pause.
	[/[\p{sc=Thai}\p{sc=Lao}]/u, '', ' ', ' '],
];

const ENDS_WITH_PAUSE = /[.!?…:;,‥。！？：；，、．｡､।॥۔؟؛،։՞՜።፧፨፣፤፥၊။។៕།॥⸮‼⁇⁈⁉—–-]$/u;
const HAS_NO_STOP = /[\p{sc=Thai}\p{sc=Lao}\p{M}]$/u;

export interface Punctuation {
	stop: string;
	comma: string;
	colon: string;
}

/** Stop, comma and colon (spaces included) for text whose last letter is in the script of `text`'s end. */
export function punctuationFor(text: string): Punctuation {
	const tail = text.slice(-40);
	const lastLetter = [...tail].reverse().find((character) => /\p{L}/u.test(character)) ?? '';
	const isJapanese = /[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(tail);
	const found = STOPS.find(([script]) =>
		script.test(isJapanese && /\p{sc=Han}/u.test(lastLetter) ? 'か' : lastLetter),
	);
	if (!found) return { stop: '.', comma: ', ', colon: ': ' };
	return { stop: found[1], comma: found[2], colon: found[3] };
}

/** True when a voice would pause after the last character of `text` (closing quotes and brackets skipped). */
export function endsWithPause(text: string): boolean {
	let end = text.length;
	while (end > 0 && CLOSING_CHARACTERS.includes(text[end - 1] ?? '')) end--;
	const tail = text.slice(Math.max(0, end - 4), end);
	return ENDS_WITH_PAUSE.test(tail);
}

/** Adds the stop of the script when nothing at the end makes a voice pause. */
export function withTerminator(text: string): string {
	if (text === '' || endsWithPause(text)) return text;
	return text + punctuationFor(text).stop;
}

/** True for a line after which a new line must be kept: it ends in a pause, or its script has no stops. */
export function endsLine(text: string): boolean {
	return endsWithPause(text) || (HAS_NO_STOP.test(text) && punctuationFor(text).stop === '');
}
