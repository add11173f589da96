// HTML that an assistant mixes into its text: known tags go, entities become characters, comparisons stay.

const BLOCK_TAGS =
	'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html legend li main nav ol optgroup option p pre section select summary table tbody td tfoot th thead title tr ul';
const INLINE_TAGS =
	'a abbr acronym audio b bdi bdo big button cite code data del dfn em embed figcap font i iframe img input ins kbd label link map mark math meta meter noscript object output param picture progress q rp rt ruby s samp small source span strike strong sub sup svg textarea time track tt u var video wbr';
const blockTags = new Set(BLOCK_TAGS.split(' '));
const inlineTags = new Set(INLINE_TAGS.split(' '));

const TAG =
	/<(\/?)([a-z][a-z0-9]{0,11})((?:\s+[\w:.-]{1,40}(?:\s?=\s?(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))?)*)\s?\/?>/gi;

const NAMED: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
	ensp: ' ',
	emsp: ' ',
	thinsp: ' ',
	shy: '',
	zwnj: '\u200C',
	zwj: '\u200D',
	ndash: '–',
	mdash: '—',
	hellip: '…',
	laquo: '«',
	raquo: '»',
	lsquo: '‘',
	rsquo: '’',
	ldquo: '“',
	rdquo: '”',
	sbquo: '‚',
	bdquo: '„',
	bull: '•',
	middot: '·',
	copy: '©',
	reg: '®',
	trade: '™',
	deg: '°',
	plusmn: '±',
	times: '×',
	divide: '÷',
	minus: '−',
	ne: '≠',
	le: '≤',
	ge: '≥',
	asymp: '≈',
	infin: '∞',
	rarr: '→',
	larr: '←',
	harr: '↔',
	euro: '€',
	pound: '£',
	yen: '¥',
	cent: '¢',
	sect: '§',
	para: '¶',
	frac12: '½',
	frac14: '¼',
	frac34: '¾',
	sup2: '²',
	sup3: '³',
	micro: 'µ',
	agrave: 'à',
	aacute: 'á',
	acirc: 'â',
	atilde: 'ã',
	auml: 'ä',
	aring: 'å',
	aelig: 'æ',
	ccedil: 'ç',
	egrave: 'è',
	eacute: 'é',
	ecirc: 'ê',
	euml: 'ë',
	iacute: 'í',
	ntilde: 'ñ',
	oacute: 'ó',
	otilde: 'õ',
	ouml: 'ö',
	oslash: 'ø',
	uacute: 'ú',
	uuml: 'ü',
	szlig: 'ß',
	Auml: 'Ä',
	Ouml: 'Ö',
	Uuml: 'Ü',
	Eacute: 'É',
};

/** Removes comments, scripts, styles and known tags. Block tags and `<br>` become line breaks. */
export function removeHtml(text: string): string {
	if (!text.includes('<')) return text;
	const lower = text.toLowerCase();
	const isClosed = new Map<string, boolean>();
	return dropElements(text).replace(
		TAG,
		(whole: string, _slash: string, name: string, attributes: string) => {
			const tag = name.toLowerCase();
			if (tag === 'br' || tag === 'hr') return '\n';
			if (!blockTags.has(tag) && !inlineTags.has(tag)) return whole;
			// `a <b and c> d` compares; attributes of a real tag have a value somewhere.
			if (attributes !== '' && !attributes.includes('=') && !isBareAttribute(attributes)) {
				return whole;
			}
			if (tag.length === 1 && !isClosed.has(tag)) isClosed.set(tag, lower.includes(`</${tag}>`));
			if (isClosed.get(tag) === false) return whole;
			return blockTags.has(tag) ? '\n' : '';
		},
	);
}

function isBareAttribute(attributes: string): boolean {
	return /^\s*(?:open|checked|disabled|controls|hidden|selected|autoplay|loop|muted)\s*$/i.test(
		attributes,
	);
}

/** Drops comments and the inside of script and style elements; one left open is kept as text. */
function dropElements(text: string): string {
	let rest = dropBetween(text, '<!--', '-->');
	rest = dropBetween(rest, '<script', '</script>');
	return dropBetween(rest, '<style', '</style>');
}

function dropBetween(text: string, open: string, close: string): string {
	const lower = text.toLowerCase();
	// Some letters change length in lower case, which would shift the cuts.
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

/** Turns entities into characters; `&lt;b&gt;` becomes the word `b`, so that it is not taken for a tag later. */
export function decodeEntities(text: string): string {
	if (!text.includes('&')) return text;
	return text
		.replace(/&(?:amp;)+(?=#?\w{1,8};)/g, '&')
		.replace(/&lt;\/?([a-z][a-z0-9]{0,11})\s?\/?&gt;/gi, '$1')
		.replace(
			/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,7}));/gi,
			(whole: string, decimal?: string, hex?: string, name?: string) => {
				if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : whole;
				const code = decimal !== undefined ? Number(decimal) : parseInt(hex ?? '', 16);
				const isCharacter = code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
				return isCharacter ? String.fromCodePoint(code) : ' ';
			},
		);
}
