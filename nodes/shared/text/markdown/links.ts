// Links, images, bare URLs and citation marks: labels and host names stay for speech, the rest is removed.

import { REMOVAL_PLACEHOLDER } from './removal-placeholder';
import { CLOSING_CHARACTERS } from '../language/punctuation';

const URL_CHARACTERS =
	'[^\\s<>"`{}|\\\\^\\[\\]“”‘’«»\\u3000-\\u303f\\uff00-\\uffef\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\uE000]';
const ADDRESS = new RegExp(
	`(?<![A-Za-z0-9])(?:(?:https?|ftps?)://|www\\.)${URL_CHARACTERS}+`,
	'giu',
);
const DOMAIN_WITH_PATH = new RegExp(
	`(?<![\\w@/.-])((?:[a-z0-9-]{1,63}\\.){1,4}(?:com|org|net|edu|gov))/${URL_CHARACTERS}*`,
	'giu',
);
const DESTINATION =
	/\(\s{0,3}(<[^<>\n]{0,2083}>|(?:[^\s()]|\([^\s()]{0,300}\)){0,2083})(?:\s{1,3}(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\s{0,3}\)/y;
const LOOKS_LIKE_ADDRESS = /^<|^[a-z][a-z0-9+.-]{1,20}:|^[/#?.]|^www\.|\/|\.[a-z]{2,}/i;

/** `[label](url)` and `[label][reference]` become the label, `![alt](url)` the alt text. */
export function replaceLinks(text: string, references: ReadonlySet<string>): string {
	if (!text.includes('[')) return text;
	const out: string[] = [];
	const opened: number[] = [];
	let index = 0;
	while (index < text.length) {
		const character = text[index] ?? '';
		if (character === '[') {
			opened.push(out.length);
		} else if (character === ']') {
			const start = opened.pop();
			const skip = targetLength(text, index + 1, references);
			if (start !== undefined && skip > 0) {
				out[start] = '';
				if (out[start - 1] === '!') out[start - 1] = '';
				index += 1 + skip;
				continue;
			}
		}
		out.push(character);
		index++;
	}
	return out.join('');
}

/** Length of the link destination `(url "title")` or link reference `[name]` at `index`; 0 when there is none. */
function targetLength(text: string, index: number, references: ReadonlySet<string>): number {
	if (text[index] === '(') {
		DESTINATION.lastIndex = index;
		const found = DESTINATION.exec(text);
		const address = found?.[1] ?? '';
		if (!found || (address !== '' && !LOOKS_LIKE_ADDRESS.test(address))) return 0;
		return found[0].length;
	}
	if (text[index] === '[') {
		const end = text.indexOf(']', index);
		if (end > 0 && end - index < 200 && references.has(text.slice(index + 1, end).toLowerCase())) {
			return end - index + 1;
		}
	}
	return 0;
}

/** URLs become their host: `https://www.example.com/a?b` becomes `example.com`. Mail addresses stay. */
export function replaceAddressesByHosts(text: string): string {
	return text
		.replace(/(?<![A-Za-z0-9])mailto:(?=\S)/gi, '')
		.replace(/<((?:https?:\/\/|www\.)[^\s<>]{1,2083})>/gi, '$1')
		.replace(ADDRESS, hostOf)
		.replace(DOMAIN_WITH_PATH, hostOf);
}

function hostOf(found: string): string {
	let end = found.length;
	let surplus = 0;
	for (const character of found) {
		if (character === '(') surplus--;
		if (character === ')') surplus++;
	}
	while (end > 0) {
		const last = found[end - 1] ?? '';
		if (last === ')' && surplus > 0) surplus--;
		else if (!".,;:!?'*_~…。".includes(last)) break;
		end--;
	}
	const host =
		/^(?:[a-z]+:\/\/)?(?:[^/?#@]*@)?(?:www\.(?=[^/?#:]+\.))?([^/?#:@]+)/i.exec(
			found.slice(0, end),
		)?.[1] ?? '';
	if (!/[\p{L}\p{N}]/u.test(host)) return found;
	return host + found.slice(end);
}

/** Removes linked citations: `([Site](https://…))`, `[1](https://…)`, `(source: …)`. */
export function removeLinkedCitations(text: string): string {
	return text
		.replace(
			/\((?:\[[^[\]\n]{1,200}\]\((?:https?:|www\.)[^()\s]{1,2083}\)[,;\s]{0,3})+\)/gi,
			REMOVAL_PLACEHOLDER,
		)
		.replace(/\[\[?\d{1,3}\]?\]\((?:https?:|www\.|#)[^()\s]{0,2083}\)/gi, REMOVAL_PLACEHOLDER)
		.replace(
			/\((?:sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|källa|kilde)\s?: (?:[^()\n]|\([^()\n]{0,2083}\)){1,200}\)/gi,
			REMOVAL_PLACEHOLDER,
		);
}

/** Removes citation marks without a link: `[1]`, `[^1]`, `【1†source】`. */
export function removeCitations(text: string): string {
	return text
		.replace(
			/【(?:\d[^【】\n]{0,60}|[^【】\n]{0,60}†[^【】\n]{0,60}|source)】/gi,
			REMOVAL_PLACEHOLDER,
		)
		.replace(/\[\^[^[\]\s]{1,40}\](?!:)/g, REMOVAL_PLACEHOLDER)
		.replace(
			/\[[1-9]\d{0,2}(?:[,;–-] ?\d{1,3}){0,20}\]/g,
			(mark: string, offset: number, whole: string) =>
				isCitation(mark, offset, whole) ? REMOVAL_PLACEHOLDER : mark,
		);
}

/** `[1]` may also be an array index or a choice; it counts as a citation only in a citation's position. */
function isCitation(mark: string, offset: number, whole: string): boolean {
	const before = whole[offset - 1] ?? '';
	const beforeThat = whole[offset - 2] ?? ' ';
	const next = whole.slice(offset + mark.length, offset + mark.length + 3);
	if (before === '') return false;
	if (/^ ?[=+*/<>]|^[\p{L}\p{N}(_]/u.test(next)) return false;
	const endsPhrase =
		next === '' || /^[.,;:!?…。，、)»”"'’\n\uE000[]/.test(next) || /^ \[/.test(next);
	if (before === ' ') return endsPhrase && /^\[\d+\]$/.test(mark);
	if (before === REMOVAL_PLACEHOLDER) return true;
	if (/[.,;:!?…。，、]/.test(before)) return true;
	if (CLOSING_CHARACTERS.includes(before)) return true;
	// `x[1]` is an array index; `growth[1]` is a citation.
	return /[\p{L}\p{N}\p{M}%°]/u.test(before) && !/^[\s(=+*/,;]$/.test(beforeThat);
}
