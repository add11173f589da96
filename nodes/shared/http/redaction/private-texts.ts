// Takes out of a server's words what the person asked, said or recorded: servers repeat what they were sent.

const MASK = '[your text]';
/** So many characters in a row that also stand in what was sent are no chance. */
const RUN_CHARACTERS = 24;
/** A shorter text could be any word. */
const MIN_WHOLE_CHARACTERS = 4;
/** Longest server text that is shown at all. */
const MAX_SHOWN_CHARACTERS = 1_000;
/** Base64 of a recording is recognised by its length, and never searched for. */
const BASE64_RUN = /[A-Za-z0-9+/_=-]{64,}/g;

/** Properties of request bodies that hold the person's own words and addresses. */
const PRIVATE_PROPERTIES = new Set([
	'arguments',
	'content',
	'context_bias',
	'file_url',
	'input',
	'inputs',
	'instructions',
	'prompt',
	'result',
	'text',
	'url',
]);
const TECHNICAL_PROPERTIES = new Set(['role', 'type', 'object', 'id', 'tool_call_id', 'model']);

/** What a request holds of the person's own: each text once, as written and with white space as a server may show it. */
export function privateTexts(body: unknown): readonly string[] {
	const found = new Set<string>();
	const search = (value: unknown, isPrivate: boolean): void => {
		if (typeof value === 'string') {
			if (isPrivate) formsOf(value).forEach((form) => found.add(form));
		} else if (Array.isArray(value)) {
			for (const entry of value) search(entry, isPrivate);
		} else if (typeof value === 'object' && value !== null) {
			for (const [name, inner] of Object.entries(value)) searchProperty(name, inner, isPrivate);
		}
	};
	const searchProperty = (name: string, value: unknown, isPrivate: boolean): void => {
		if (TECHNICAL_PROPERTIES.has(name)) return search(value, false);
		search(value, isPrivate || PRIVATE_PROPERTIES.has(name));
	};
	// Not `instanceof FormData`, which would load Node's HTTP client for a body that is none.
	const isForm = typeof body === 'object' && body !== null && Symbol.iterator in body;
	if (isForm && !Array.isArray(body)) {
		for (const [name, value] of body as Iterable<[string, unknown]>) {
			searchProperty(name, value, false);
		}
	} else {
		search(body, false);
	}
	return [...found];
}

/** Often the query of a signed URL is all it takes to fetch it. */
function formsOf(text: string): string[] {
	const isSpaced = /[^\S ]| {2}/.test(text);
	return [
		text.trim(),
		...(isSpaced ? [text.replace(/\s+/g, ' ').trim()] : []),
		...queryParts(text),
	];
}

function queryParts(text: string): string[] {
	if (!/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) return [];
	const { search, searchParams } = new URL(text);
	const written = search.slice(1).split('&');
	return [search, ...searchParams.values(), ...written.map((pair) => pair.replace(/^[^=]*=/, ''))];
}

/**
 * At most the first 1,000 characters of `text`, without what was sent; the time it takes is linear in
 * both. `runs` redacts longer pieces; short texts are redacted as a whole only in a server's own words,
 * since they may be any word of ours.
 */
export function redactPrivateTexts(
	text: string,
	sent: readonly string[],
	what: 'runs' | 'runs and whole texts',
): string {
	const shown = text.slice(0, MAX_SHOWN_CHARACTERS);
	const isMasked = new Array<boolean>(shown.length).fill(false);
	const mask = (start: number, length: number): void => {
		isMasked.fill(true, start, start + length);
	};
	for (const { 0: run, index } of shown.matchAll(BASE64_RUN)) mask(index, run.length);
	maskRuns(shown, sent, mask);
	if (what === 'runs and whole texts') maskWholeTexts(shown, new Set(sent), mask);
	return masked(shown, isMasked);
}

type Mask = (start: number, length: number) => void;

/**
 * Every run of {@link RUN_CHARACTERS} and more that `text` shares with one of the secrets, by a rolling
 * hash (Rabin and Karp). A run that was found once is not looked for again, so that repetitions on
 * both sides cost nothing.
 */
function maskRuns(text: string, secrets: readonly string[], mask: Mask): void {
	const starts = new Map<string, number[]>();
	/** How many runs are looked for under each hash. */
	const wanted = new Uint16Array(HASHES);
	forEachRun(text, (hash, start) => {
		const run = text.slice(start, start + RUN_CHARACTERS);
		const known = starts.get(run);
		if (known) return known.push(start);
		starts.set(run, [start]);
		wanted[hash] = (wanted[hash] ?? 0) + 1;
	});
	for (const secret of secrets) {
		forEachRun(secret, (hash, at) => {
			const count = wanted[hash] ?? 0;
			if (count === 0) return;
			const run = secret.slice(at, at + RUN_CHARACTERS);
			const found = starts.get(run);
			if (!found) return;
			for (const start of found) mask(start, RUN_CHARACTERS);
			starts.delete(run);
			wanted[hash] = count - 1;
		});
	}
}

/** Any odd number whose powers fill 32 bits. */
const BASE = 0x01000193;
const BASE_TO_RUN = Array.from({ length: RUN_CHARACTERS }).reduce<number>(
	(power) => Math.imul(power, BASE),
	1,
);
const HASHES = 2 ** 16;

function forEachRun(text: string, take: (hash: number, start: number) => void): void {
	let sum = 0;
	for (let end = 0; end < text.length; end++) {
		const start = end + 1 - RUN_CHARACTERS;
		const left = start > 0 ? text.charCodeAt(start - 1) : 0;
		sum = (Math.imul(sum, BASE) + text.charCodeAt(end) - Math.imul(left, BASE_TO_RUN)) | 0;
		if (start >= 0) take(sum >>> 16, start);
	}
}

/** Short texts, wherever they stand: a text has fewer places than a person may have words. */
function maskWholeTexts(text: string, secrets: ReadonlySet<string>, mask: Mask): void {
	for (let start = 0; start < text.length; start++) {
		for (let length = MIN_WHOLE_CHARACTERS; length < RUN_CHARACTERS; length++) {
			if (secrets.has(text.slice(start, start + length))) mask(start, length);
		}
	}
}

function masked(text: string, isMasked: readonly boolean[]): string {
	let shown = '';
	for (let at = 0; at < text.length; at++) {
		if (!isMasked[at]) shown += text[at];
		else if (!isMasked[at - 1]) shown += MASK;
	}
	return shown;
}
