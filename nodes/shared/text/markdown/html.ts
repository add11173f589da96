// HTML inside Markdown: strips known tags and decodes entities; comparisons such as `a < b` stay.

import { decodeHTMLStrict } from 'entities';

const tagSet = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const BLOCK_TAGS = tagSet(
	'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html legend li main nav ol optgroup option p pre section select summary table tbody td tfoot th thead title tr ul',
);
const INLINE_TAGS = tagSet(
	'a abbr acronym audio b bdi bdo big button cite code data del dfn em embed figcap font i iframe img input ins kbd label link map mark math meta meter noscript object output param picture progress q rp rt ruby s samp small source span strike strong sub sup svg textarea time track tt u var video wbr',
);

const TAG =
	/<(\/?)([a-z][a-z0-9]{0,11})((?:\s+[\w:.-]{1,40}(?:\s?=\s?(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))?)*)\s?\/?>/gi;

/** Strips comments, scripts, styles and known tags. Block tags and `<br>` become line breaks. */
export function removeHtml(text: string): string {
	if (!text.includes('<')) return text;
	const lower = text.toLowerCase();
	const isClosed = new Map<string, boolean>();
	return dropElements(text).replace(
		TAG,
		(whole: string, _slash: string, name: string, attributes: string) => {
			const tag = name.toLowerCase();
			if (tag === 'br' || tag === 'hr') return '\n';
			if (!BLOCK_TAGS.has(tag) && !INLINE_TAGS.has(tag)) return whole;
			// `a <b and c> d` is a comparison; the attributes of a tag have a value somewhere.
			if (attributes !== '' && !attributes.includes('=') && !isBooleanAttribute(attributes)) {
				return whole;
			}
			if (tag.length === 1 && !isClosed.has(tag)) isClosed.set(tag, lower.includes(`</${tag}>`));
			if (isClosed.get(tag) === false) return whole;
			return BLOCK_TAGS.has(tag) ? '\n' : '';
		},
	);
}

function isBooleanAttribute(attributes: string): boolean {
	return /^\s*(?:open|checked|disabled|controls|hidden|selected|autoplay|loop|muted)\s*$/i.test(
		attributes,
	);
}

/** Drops comments and script and style elements with their content; an unclosed one is kept as text. */
function dropElements(text: string): string {
	let rest = dropBetween(text, '<!--', '-->');
	rest = dropBetween(rest, '<script', '</script>');
	return dropBetween(rest, '<style', '</style>');
}

function dropBetween(text: string, open: string, close: string): string {
	const lower = text.toLowerCase();
	// Some letters change length in lower case, which would shift the indexes.
	if (lower.length !== text.length || !lower.includes(open)) return text;
	let kept = '';
	let from = 0;
	for (;;) {
		const start = lower.indexOf(open, from);
		const end = start < 0 ? -1 : lower.indexOf(close, start + open.length);
		if (end < 0) return kept + text.slice(from);
		kept += `${text.slice(from, start)} `;
		from = end + close.length;
	}
}

/** Named and numeric character references that end with a semicolon; the longest name has 31 characters. */
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});/gi;

/** Decodes HTML entities; `&lt;b&gt;` becomes the word `b`, so that it is not taken for a tag later. */
export function decodeEntities(text: string): string {
	if (!text.includes('&')) return text;
	return text
		.replace(/&(?:amp;)+(?=#?\w{1,31};)/g, '&')
		.replace(/&lt;\/?([a-z][a-z0-9]{0,11})\s?\/?&gt;/gi, '$1')
		.replace(ENTITY, decodeEntity);
}

/** Every kind of space and whatever is no character becomes a plain space; invisible characters are dropped. */
function decodeEntity(entity: string): string {
	const decoded = decodeHTMLStrict(entity);
	if (/^[\u00AD\u200B\u2060-\u2064\uFEFF]$/.test(decoded)) return '';
	return /^[\p{Zs}\p{Cc}\uFFFD]$/u.test(decoded) ? ' ' : decoded;
}
