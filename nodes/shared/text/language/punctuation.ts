// Punctuation of each script, so that generated text makes a voice pause as its readers expect.

/** Closing quotes and brackets that may follow a sentence terminator. */
export const CLOSING_CHARACTERS = '"\'”’»›)]}）］｝」』】〉》〕〗｠”’';

const PUNCTUATION_BY_SCRIPT: ReadonlyArray<
	[script: RegExp, stop: string, comma: string, colon: string]
> = [
	[/[\p{sc=Hiragana}\p{sc=Katakana}]/u, '。', '、', '：'],
	[/\p{sc=Han}/u, '。', '，', '：'],
	[/[\p{sc=Devanagari}\p{sc=Bengali}\p{sc=Gurmukhi}\p{sc=Oriya}]/u, '।', ', ', ': '],
	[/\p{sc=Arabic}/u, '.', '، ', ': '],
	[/\p{sc=Armenian}/u, '։', ', ', '. '],
	[/\p{sc=Ethiopic}/u, '።', '፣ ', '፦ '],
	[/\p{sc=Myanmar}/u, '။', '၊ ', ': '],
	[/\p{sc=Khmer}/u, '។', ', ', ': '],
	[/\p{sc=Tibetan}/u, '།', ' ', ' '],
	// These scripts have no full stop: a line break makes the pause.
	[/[\p{sc=Thai}\p{sc=Lao}]/u, '', ' ', ' '],
];

const PAUSE_AT_END = /[.!?…:;,‥。！？：；，、．｡､।॥۔؟؛،։՞՜።፧፨፣፤፥၊။។៕།॥⸮‼⁇⁈⁉—–-]$/u;
const UNPUNCTUATED_SCRIPT = /[\p{sc=Thai}\p{sc=Lao}\p{M}]$/u;

export interface Punctuation {
	stop: string;
	comma: string;
	colon: string;
}

/** Full stop, comma and colon, with their spaces, in the script of the last letter of `text`. */
export function punctuationFor(text: string): Punctuation {
	const tail = text.slice(-40);
	const lastLetter = [...tail].reverse().find((character) => /\p{L}/u.test(character)) ?? '';
	const isJapanese = /[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(tail);
	const found = PUNCTUATION_BY_SCRIPT.find(([script]) =>
		script.test(isJapanese && /\p{sc=Han}/u.test(lastLetter) ? 'か' : lastLetter),
	);
	if (!found) return { stop: '.', comma: ', ', colon: ': ' };
	return { stop: found[1], comma: found[2], colon: found[3] };
}

/** Does `text` end with punctuation that makes a voice pause? Closing quotes and brackets are skipped. */
export function endsWithPause(text: string): boolean {
	let end = text.length;
	while (end > 0 && CLOSING_CHARACTERS.includes(text[end - 1] ?? '')) end--;
	const tail = text.slice(Math.max(0, end - 4), end);
	return PAUSE_AT_END.test(tail);
}

/** Adds the full stop of the script unless punctuation at the end makes a voice pause already. */
export function withTerminator(text: string): string {
	if (text === '' || endsWithPause(text)) return text;
	return text + punctuationFor(text).stop;
}

/** Must the line break after this line stay? It ends with a pause, or its script has no full stop. */
export function endsLine(text: string): boolean {
	return (
		endsWithPause(text) || (UNPUNCTUATED_SCRIPT.test(text) && punctuationFor(text).stop === '')
	);
}
