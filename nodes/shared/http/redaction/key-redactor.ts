// Takes the API key out of texts: whole, cut short, or in another encoding.

const MASK = '[key]';
/** So many characters in a row that also stand in the key are no chance. */
const RUN_CHARACTERS = 12;
/** A shorter key is redacted only where it stands alone: it could be part of any word. */
const SHORT_KEY_CHARACTERS = 8;

const HTML_ESCAPES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/**
 * How the key may be written: as it is, escaped for JSON, a URL or HTML, or as base64, by itself or
 * behind other bytes ("Bearer …"). None for a key so short that these could be any text.
 */
export function keyEncodings(apiKey: string): string[] {
	if (apiKey.length < SHORT_KEY_CHARACTERS) return [];
	const inUrl = encodeURIComponent(apiKey);
	const encodings = [
		apiKey,
		JSON.stringify(apiKey).slice(1, -1),
		inUrl,
		inUrl.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()),
		apiKey.replace(/[&<>"']/g, (sign) => HTML_ESCAPES[sign] ?? sign),
		...[0, 1, 2].map((offset) => base64Behind(apiKey, offset)),
	];
	const urlSafe = encodings.map((text) => text.replace(/\+/g, '-').replace(/\//g, '_'));
	return [...new Set([...encodings, ...urlSafe])];
}

/** As base64 writes it behind so many bytes, without characters that hold bits of neighbours. */
function base64Behind(apiKey: string, bytesBefore: number): string {
	const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(apiKey)]);
	const encoded = bytes.toString('base64').replace(/=+$/, '');
	const isWhole = bytes.length % 3 === 0 || bytesBefore === 0;
	return encoded.slice(Math.ceil((bytesBefore * 4) / 3), isWhole ? undefined : -1);
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Made once for a key; every method takes time linear in the text. */
export class KeyRedactor {
	/** Everything that counts as the key when it stands whole. */
	readonly encodings: readonly string[];

	private readonly whole: RegExp | undefined;

	private readonly shortest: number;

	private readonly runs = new Set<string>();

	constructor(private readonly apiKey: string) {
		const encodings = keyEncodings(apiKey);
		this.encodings = encodings.length > 0 || apiKey === '' ? encodings : [apiKey];
		this.shortest = Math.min(...this.encodings.map(({ length }) => length));
		if (encodings.length === 0) return;
		// Longest first: where one encoding begins with another, nothing of it may stay.
		const longestFirst = [...encodings].sort((a, b) => b.length - a.length);
		this.whole = new RegExp(longestFirst.map(escapeRegExp).join('|'), 'g');
		for (const encoding of encodings) {
			const run = Math.min(RUN_CHARACTERS, encoding.length);
			for (let at = 0; at + run <= encoding.length; at++)
				this.runs.add(encoding.slice(at, at + run));
		}
	}

	/** Without the key, and without any part of it of 12 characters and more. */
	redact(text: string): string {
		return this.whole ? this.redactRuns(this.redactWhole(text)) : this.redactShort(text);
	}

	/** Without the key where it stands whole. */
	redactWhole(text: string): string {
		if (!this.whole || text.length < this.shortest) return text;
		return text.replace(this.whole, MASK);
	}

	/** {@link redact} for every text among the values of an object. */
	redactTexts<T extends object>(facts: T): T {
		const entries = Object.entries(facts).map(([name, value]: [string, unknown]) => [
			name,
			typeof value === 'string' ? this.redact(value) : value,
		]);
		return Object.fromEntries(entries) as T;
	}

	/**
	 * The value with the key taken out of every text and property name in it; bytes stay as they are.
	 * The value itself where the key is not in it. Parts of the key alone are left in what a model
	 * wrote: most of it is long, none of it an error.
	 */
	redactDeep<T>(value: T): T {
		return this.isIn(value) ? (this.redactedCopy(value) as T) : value;
	}

	private isIn(value: unknown): boolean {
		if (typeof value === 'string') {
			if (value.length < this.shortest) return false;
			return this.whole ? value.search(this.whole) >= 0 : this.redactShort(value) !== value;
		}
		if (Array.isArray(value)) return value.some((entry) => this.isIn(entry));
		if (!isPlainObject(value)) return false;
		// No list of entries: there are a hundred thousand in a timed transcript.
		for (const name in value) if (this.isIn(name) || this.isIn(value[name])) return true;
		return false;
	}

	private redactedCopy(value: unknown): unknown {
		if (typeof value === 'string') return this.isIn(value) ? this.redact(value) : value;
		if (Array.isArray(value)) return value.map((entry) => this.redactedCopy(entry));
		if (!isPlainObject(value)) return value;
		return Object.fromEntries(
			Object.entries(value).map((entry) => entry.map((part) => this.redactedCopy(part))),
		) as unknown;
	}

	private redactShort(text: string): string {
		if (this.apiKey === '' || !text.includes(this.apiKey)) return text;
		return text
			.split(/([\p{L}\p{N}_-]+)/u)
			.map((word) => (word === this.apiKey ? MASK : word))
			.join('');
	}

	private redactRuns(text: string): string {
		const run = Math.min(RUN_CHARACTERS, this.shortest);
		let shown = '';
		let kept = 0;
		for (let at = 0; at + run <= text.length; at++) {
			if (!this.runs.has(text.slice(at, at + run))) continue;
			let end = at + run;
			while (end < text.length && this.runs.has(text.slice(end - run + 1, end + 1))) end++;
			shown += text.slice(kept, at) + MASK;
			kept = end;
			at = end - 1;
		}
		return shown + text.slice(kept);
	}
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
	return (
		typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
	);
}
