// Takes out of a server's words what the person asked, said or recorded: servers repeat what they were sent.

const MASK = '[your text]';
/** So many characters in a row that also stand in what was sent are no chance. */
const RUN_CHARACTERS = 24;
/** Longest server text that is shown at all. */
const MAX_SHOWN_CHARACTERS = 1_000;
/** Where more was sent than is searched for, nothing of the server's words is shown. */
const MAX_SEARCHED_CHARACTERS = 128 * 1024;
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

/** What a request holds of the person's own, longest first; undefined when it is too much to search for. */
export type PrivateTexts = readonly string[] | undefined;

export function privateTexts(body: unknown): PrivateTexts {
	const found = new Set<string>();
	let characters = 0;
	const visit = (value: unknown, isPrivate: boolean): void => {
		if (characters > MAX_SEARCHED_CHARACTERS) return;
		if (typeof value === 'string') {
			if (!isPrivate) return;
			characters += value.length;
			if (characters <= MAX_SEARCHED_CHARACTERS) formsOf(value).forEach((form) => found.add(form));
		} else if (Array.isArray(value)) {
			for (const entry of value) visit(entry, isPrivate);
		} else if (typeof value === 'object' && value !== null) {
			for (const [name, inner] of Object.entries(value)) {
				visit(
					inner,
					!TECHNICAL_PROPERTIES.has(name) && (isPrivate || PRIVATE_PROPERTIES.has(name)),
				);
			}
		}
	};
	if (body instanceof FormData) {
		for (const [name, value] of body as unknown as Iterable<[string, unknown]>) {
			visit(value, PRIVATE_PROPERTIES.has(name));
		}
	} else {
		visit(body, false);
	}
	if (characters > MAX_SEARCHED_CHARACTERS) return undefined;
	return [...found].sort((a, b) => b.length - a.length);
}

/** Servers show white space as they like, and often the query of a signed URL is all it takes to fetch it. */
function formsOf(text: string): string[] {
	return [text.trim(), text.replace(/\s+/g, ' ').trim(), ...queryParts(text)];
}

function queryParts(text: string): string[] {
	if (!/^\s*https?:\/\//i.test(text) || !URL.canParse(text)) return [];
	const { search, searchParams } = new URL(text);
	const written = search.slice(1).split('&');
	return [search, ...searchParams.values(), ...written.map((pair) => pair.replace(/^[^=]*=/, ''))];
}

/**
 * At most the first 1,000 characters of `text`, without what was sent. `runs` redacts longer pieces;
 * short texts are redacted as a whole only in a server's own words, since they may be any word of ours.
 */
export function redactPrivateTexts(
	text: string,
	sent: PrivateTexts,
	what: 'runs' | 'runs and whole texts',
): string {
	if (sent === undefined) return what === 'runs' ? text.slice(0, MAX_SHOWN_CHARACTERS) : MASK;
	let shown = text.slice(0, MAX_SHOWN_CHARACTERS).replace(BASE64_RUN, MASK);
	shown = redactRuns(
		shown,
		sent.filter(({ length }) => length >= RUN_CHARACTERS),
	);
	if (what === 'runs') return shown;
	for (const short of sent) {
		if (short.length > 3 && short.length < RUN_CHARACTERS) shown = shown.split(short).join(MASK);
	}
	return shown;
}

/**
 * Masks every run of {@link RUN_CHARACTERS} and more that `text` shares with one of the secrets.
 * Every such run covers a whole window of the secret where windows are taken half a run apart, so only
 * those are looked up: linear in the secrets, whatever stands in them.
 */
function redactRuns(text: string, secrets: readonly string[]): string {
	const window = RUN_CHARACTERS / 2;
	const starts = new Map<string, number[]>();
	for (let at = 0; at + window <= text.length; at++) {
		const gram = text.slice(at, at + window);
		starts.set(gram, [...(starts.get(gram) ?? []), at]);
	}
	const isMasked = new Array<boolean>(text.length).fill(false);
	for (const secret of secrets) {
		for (let at = 0; at + window <= secret.length; at += window) {
			const gram = secret.slice(at, at + window);
			const open = starts.get(gram)?.filter((start) => !isMasked[start]);
			for (const start of open ?? []) maskRun(text, start, secret, at, isMasked);
			if (open?.length === 0) starts.delete(gram);
		}
	}
	return masked(text, isMasked);
}

/** Masks the longest run around `text[start]` and `secret[at]`, which are known to begin alike. */
function maskRun(
	text: string,
	start: number,
	secret: string,
	at: number,
	isMasked: boolean[],
): void {
	let before = 0;
	while (before < start && before < at && text[start - before - 1] === secret[at - before - 1])
		before++;
	let after = RUN_CHARACTERS / 2;
	while (start + after < text.length && text[start + after] === secret[at + after]) after++;
	if (before + after >= RUN_CHARACTERS) isMasked.fill(true, start - before, start + after);
}

function masked(text: string, isMasked: readonly boolean[]): string {
	let shown = '';
	for (let at = 0; at < text.length; at++) {
		if (!isMasked[at]) shown += text[at];
		else if (!isMasked[at - 1]) shown += MASK;
	}
	return shown;
}
