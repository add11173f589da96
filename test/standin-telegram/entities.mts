// Telegram's HTML: plain text of a formatted message, and the errors for invalid tags.

/** Bot API, "HTML style". */
const tags = new Set(
	'a b blockquote code del em i ins pre s span strike strong tg-emoji tg-spoiler u'.split(' '),
);
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

export class EntityError extends Error {}

const offset = (text: string, index: number) => Buffer.byteLength(text.slice(0, index));

const decode = (text: string): string =>
	text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name: string) => {
		if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
		if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex as string, 16));
		return named[name] ?? whole;
	});

export interface Parsed {
	/** The visible text. */
	text: string;
	links: { url: string; text: string }[];
}

/** @throws EntityError as Telegram words it */
export function parseHtml(source: string): Parsed {
	let text = '';
	const links: Parsed['links'] = [];
	const open: { tag: string; url: string | undefined; from: number }[] = [];
	for (const match of source.matchAll(/<([^>]*)>?|[^<]+/g)) {
		const [whole, inside] = match;
		if (inside === undefined) {
			text += decode(whole);
			continue;
		}
		const at = offset(source, match.index);
		const end = /^\/([a-z-]+)$/i.exec(inside);
		const start = /^([a-z-]+)(?:\s+href="([^"]*)")?$/i.exec(inside);
		const tag = (end ?? start)?.[1]?.toLowerCase() ?? inside;
		if (!whole.endsWith('>') || !tags.has(tag))
			throw new EntityError(`Unsupported start tag "${tag}" at byte offset ${at}`);
		if (!end) {
			open.push({ tag, url: start?.[2], from: text.length });
			continue;
		}
		const last = open.pop();
		if (last?.tag !== tag)
			throw new EntityError(`Unmatched end tag at byte offset ${at}, expected "</${last?.tag}>"`);
		if (last.url !== undefined) links.push({ url: decode(last.url), text: text.slice(last.from) });
	}
	if (open.length > 0)
		throw new EntityError(`Can't find end tag corresponding to start tag ${open.at(-1)?.tag}`);
	return { text, links };
}
