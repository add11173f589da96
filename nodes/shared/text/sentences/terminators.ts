// Sentence terminators, opening and closing punctuation and list labels of all scripts, for sentence boundary detection.

const characters = (text: string): ReadonlySet<string> => new Set(text);

/** Terminators without another use: they end a sentence even when no space follows. */
export const UNAMBIGUOUS_TERMINATORS = characters('。！？｡।॥۔؟։።፧፨။།༎។៕෴᠃꘎꘏⸮‼⁇⁈⁉');
/** Terminators with other uses too, such as the full stop of an abbreviation. */
export const AMBIGUOUS_TERMINATORS = characters('.!?…．‥;:፡');
/** Closing quotes, brackets and Markdown delimiters: after a terminator they still belong to its sentence. */
export const CLOSING_PUNCTUATION = characters('"\'”’“‘»«›‹)]}）］｝」』】〉》〕〗｠*_~`');
/** Opening quotes, brackets, dashes and Markdown delimiters that may precede the first word of a sentence. */
export const OPENING_PUNCTUATION = characters('"\'“‘”’„‚«»‹›([{（［「『【〈《〔¿¡*_`#–—-•‐―');
/** A comma, semicolon, colon or dash with the white space behind it: where a long sentence may be cut. */
export const CLAUSE_END = /[,;:،؛、，；：፣፤၊—–][”"’»)\]]?\s+|[、，；：]|\s[—–-]\s/gu;
export const BULLETS = characters('•‣⁃▪●◦');
export const BRACKET_PAIRS: Readonly<Record<string, string>> = {
	'(': ')',
	'（': '）',
	'「': '」',
	'『': '』',
	'《': '》',
	'〈': '〉',
	'【': '】',
	'“': '”',
};
export const NEWLINE = /[\n\r\v\f\u0085\u2028\u2029]/;
export const THAI_OR_LAO = /[\p{sc=Thai}\p{sc=Lao}]/u;
/** Scripts written without spaces between sentences. */
export const UNSPACED_SCRIPT =
	/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** Polite particles at the end of a Thai sentence. */
export const THAI_FINAL_PARTICLE = /(?:ครับ|ค่ะ|คะ|จ้ะ|จ้า)$/;
/** `1`, `2.1`, `a`, `iv`: the label of a list item, not a sentence. */
export const LIST_LABEL =
	/^[\s"'“(*_#–•-]*(?:\d{1,3}(?:\.\d{1,2})*|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]|[ivxIVX]{2,4})$/u;
/** A reporting clause ("…" he said) after a closing quote continues the sentence. Needs four characters of lookahead. */
export const REPORTING_CLAUSE =
	/^(?:と(?:[言いう述話思叫聞答書語告の呼問尋、]|.{1,2}[言述話思叫聞答呼問尋])|って|を|など|の[^ち]|然后|然後|便|就|并|並|随|隨|于是|於是|\p{sc=Han}{0,3}[说說道问問答喊叫])/u;
