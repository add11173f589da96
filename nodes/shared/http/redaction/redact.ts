// Takes out of texts what only the sender may read: the key, and whatever was asked, said or recorded.

/** A run this long that is found in a secret is no chance. */
const KEY_RUN = 12;
const TEXT_RUN = 24;
/** Below this a key is taken out only where it stands alone: else it would be found in any word. */
const SHORT_KEY = 8;
/** Longest server text that is looked through for what the person sent. */
const MAX_SEARCHED_CHARACTERS = 1_000;

/** Keys of request bodies under which the person's own words, recordings and addresses are. */
const PRIVATE_KEYS = new Set([
	'arguments',
	'audio_data',
	'content',
	'context_bias',
	'file_url',
	'input',
	'inputs',
	'instructions',
	'prompt',
	'ref_audio',
	'result',
	'sample_audio',
	'text',
	'url',
]);
const TECHNICAL_KEYS = new Set(['role', 'type', 'object', 'id', 'tool_call_id', 'model']);

/**
 * How the key may be written: as it is, escaped for JSON, an address or a page, or packed as base64,
 * by itself or behind other bytes ("Bearer …"). None for a key so short that these could be any text.
 */
export function keyEncodings(apiKey: string): string[] {
	if (apiKey.length < SHORT_KEY) return [];
	const inAddress = encodeURIComponent(apiKey);
	const forms = [
		apiKey,
		JSON.stringify(apiKey).slice(1, -1),
		inAddress,
		inAddress.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase()),
		apiKey.replace(/[&<>"']/g, (sign) => PAGE_SIGNS[sign] ?? sign),
		...[0, 1, 2].map((before) => packedBehind(apiKey, before)),
	];
	const inAddresses = forms.map((form) => form.replace(/\+/g, '-').replace(/\//g, '_'));
	return [...new Set([...forms, ...inAddresses])];
}

const PAGE_SIGNS: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** As base64 writes it when so many bytes stand before it, without characters that hold bits of neighbours. */
function packedBehind(apiKey: string, bytesBefore: number): string {
	const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(apiKey)]);
	const packed = bytes.toString('base64').replace(/=+$/, '');
	const isWhole = bytes.length % 3 === 0 || bytesBefore === 0;
	return packed.slice(Math.ceil((bytesBefore * 4) / 3), isWhole ? undefined : -1);
}

/** The text without the key: whole, cut off by somebody else, or in another form of writing. */
export function redactKey(text: string, apiKey: string): string {
	if (apiKey === '' || text === '') return text;
	if (apiKey.length < SHORT_KEY) {
		return text
			.split(/([\p{L}\p{N}_-]+)/u)
			.map((word) => (word === apiKey ? '[key]' : word))
			.join('');
	}
	const forms = keyEncodings(apiKey);
	let shown = text;
	// First whole ones: a form shares runs with others, and the rest of it would stay.
	for (const form of forms) shown = shown.split(form).join('[key]');
	for (const form of forms) shown = redactRuns(shown, form, KEY_RUN, '[key]');
	return shown;
}

/** The text without longer pieces of what was sent; `exactly` also takes out short texts as a whole. */
export function redactTexts(text: string, sent: readonly string[], exactly: boolean): string {
	let shown = text.slice(0, MAX_SEARCHED_CHARACTERS);
	for (const secret of sent) {
		if (secret.length >= TEXT_RUN) shown = redactRuns(shown, secret, TEXT_RUN, '[your text]');
		else if (exactly && secret.length > 3) shown = shown.split(secret).join('[your text]');
	}
	return shown;
}

/** What a request holds of the person's own, longest first. */
export function privateTexts(body: unknown): string[] {
	const found: string[] = [];
	const visit = (value: unknown, isPrivate: boolean): void => {
		if (typeof value === 'string') {
			// Servers show white space as they like; a run of words is compared with single spaces.
			if (isPrivate)
				found.push(value.trim(), value.replace(/\s+/g, ' ').trim(), ...signedPart(value));
		} else if (Array.isArray(value)) {
			for (const entry of value) visit(entry, isPrivate);
		} else if (typeof value === 'object' && value !== null) {
			for (const [name, inner] of Object.entries(value)) {
				visit(inner, !TECHNICAL_KEYS.has(name) && (isPrivate || PRIVATE_KEYS.has(name)));
			}
		}
	};
	if (body instanceof FormData) {
		for (const [name, value] of body as unknown as Iterable<[string, unknown]>) {
			visit(value, PRIVATE_KEYS.has(name));
		}
	} else {
		visit(body, false);
	}
	return [...new Set(found)].sort((a, b) => b.length - a.length);
}

/** What an address holds behind its path, which often is all it takes to fetch the recording. */
function signedPart(text: string): string[] {
	if (!/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) return [];
	const { search, searchParams } = new URL(text);
	const written = search.slice(1).split('&');
	return [search, ...searchParams.values(), ...written.map((pair) => pair.replace(/^[^=]*=/, ''))];
}

/** `text` with every run of at least `length` characters that also stands in `secret` replaced by `word`. */
function redactRuns(text: string, secret: string, length: number, word: string): string {
	const run = Math.min(length, secret.length);
	let shown = '';
	let kept = 0;
	for (let at = 0; at + run <= text.length; ) {
		if (!secret.includes(text.slice(at, at + run))) {
			at++;
			continue;
		}
		let end = at + run;
		while (end < text.length && secret.includes(text.slice(at, end + 1))) end++;
		shown += text.slice(kept, at) + word;
		kept = end;
		at = end;
	}
	return shown + text.slice(kept);
}
