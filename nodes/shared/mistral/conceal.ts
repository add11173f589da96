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

/** The text without the key: whole, cut off by somebody else, or encoded for an address or a header. */
export function withoutKey(text: string, apiKey: string): string {
	if (apiKey === '' || text === '') return text;
	if (apiKey.length < SHORT_KEY) {
		return text
			.split(/([\p{L}\p{N}_-]+)/u)
			.map((word) => (word === apiKey ? '[key]' : word))
			.join('');
	}
	const forms = new Set([
		apiKey,
		encodeURIComponent(apiKey),
		Buffer.from(apiKey).toString('base64').replace(/=+$/, ''),
	]);
	let shown = text;
	for (const form of forms) shown = withoutRuns(shown, form, KEY_RUN, '[key]');
	return shown;
}

/** The text without longer pieces of what was sent; `exactly` also takes out short texts as a whole. */
export function withoutTexts(text: string, sent: readonly string[], exactly: boolean): string {
	let shown = text.slice(0, MAX_SEARCHED_CHARACTERS);
	for (const secret of sent) {
		if (secret.length >= TEXT_RUN) shown = withoutRuns(shown, secret, TEXT_RUN, '[your text]');
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
			if (isPrivate) found.push(value.trim(), value.replace(/\s+/g, ' ').trim());
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

/** `text` with every run of at least `length` characters that also stands in `secret` replaced by `word`. */
function withoutRuns(text: string, secret: string, length: number, word: string): string {
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
