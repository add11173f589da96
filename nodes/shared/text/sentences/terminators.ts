// The signs that end, open and close sentences, over all scripts, as the sentence cutter needs them.

const signs = (text: string): ReadonlySet<string> => new Set(text);

/** Stops nothing else uses: no space has to follow. */
export const UNAMBIGUOUS_TERMINATORS = signs('。！？｡।॥۔؟։።፧፨။།༎។៕෴᠃꘎꘏⸮‼⁇⁈⁉');
/** Stops that also have other uses. */
export const AMBIGUOUS_TERMINATORS = signs('.!?…．‥;:፡');
/** Marks that may follow a stop and belong to its sentence; Markdown marks too, for text that is still raw. */
export const CLOSING_PUNCTUATION = signs('"\'”’“‘»«›‹)]}）］｝」』】〉》〕〗｠*_~`');
/** Marks that may stand before the first word of the next sentence. */
export const OPENING_PUNCTUATION = signs('"\'“‘”’„‚«»‹›([{（［「『【〈《〔¿¡*_`#–—-•‐―');
/** A comma, semicolon, colon or dash with the white space behind it: where a long sentence may be cut. */
export const CLAUSE_END = /[,;:،؛、，；：፣፤၊—–][”"’»)\]]?\s+|[、，；：]|\s[—–-]\s/gu;
export const BULLETS = signs('•‣⁃▪●◦');
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
/** Scripts that put no spaces between sentences. */
export const UNSPACED_SCRIPT =
	/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** Polite particles that close a Thai sentence. */
export const THAI_FINAL_PARTICLE = /(?:ครับ|ค่ะ|คะ|จ้ะ|จ้า)$/;
/** `1`, `2.1`, `a`, `iv`: the number of a list item, not a sentence. */
export const LIST_LABEL =
	/^[\s"'“(*_#–•-]*(?:\d{1,3}(?:\.\d{1,2})*|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]|[ivxIVX]{2,4})$/u;
/** After a closed quotation: "said", so the sentence goes on. Up to four characters are looked at. */
export const REPORTING_CLAUSE =
	/^(?:と(?:[言いう述話思叫聞答書語告の呼問尋、]|.{1,2}[言述話思叫聞答呼問尋])|って|を|など|の[^ち]|然后|然後|便|就|并|並|随|隨|于是|於是|\p{sc=Han}{0,3}[说說道问問答喊叫])/u;
