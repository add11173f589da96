// Keeps the key out of text that is passed on while it arrives, wherever a server that repeats it cuts it.
import { keyEncodings, redactKey } from './redact';

/** Shorter beginnings of the key tell nothing, and many a word ends like that. */
const MIN_PREFIX_CHARACTERS = 4;

/** Holds back what may be the beginning of the key until it is known whether it is. */
export class StreamRedactor {
	private held = '';

	/** The last that was passed on, in which the key may have begun. */
	private told = '';

	private readonly forms: readonly string[];

	constructor(
		private readonly apiKey: string,
		private readonly pass: (text: string) => void,
	) {
		this.forms =
			apiKey.length < MIN_PREFIX_CHARACTERS ? [] : [...new Set([apiKey, ...keyEncodings(apiKey)])];
	}

	push(piece: string): void {
		const text = this.held + piece;
		const end = Math.max(0, text.length - this.keyPrefixLength(this.told + text));
		this.held = text.slice(end);
		this.tell(text.slice(0, end));
	}

	/** Nothing follows: what was held back is no key. */
	end(): void {
		this.tell(this.held);
		this.held = '';
	}

	private tell(text: string): void {
		if (text === '') return;
		this.told = (this.told + text).slice(-MIN_PREFIX_CHARACTERS);
		this.pass(redactKey(text, this.apiKey));
	}

	/** How much of the end of `text` is a beginning of the key in one of its forms, but not all of it. */
	private keyPrefixLength(text: string): number {
		return Math.max(0, ...this.forms.map((form) => begunCharacters(text, form)));
	}
}

function begunCharacters(text: string, form: string): number {
	for (
		let length = Math.min(text.length, form.length - 1);
		length >= MIN_PREFIX_CHARACTERS;
		length--
	) {
		if (text.endsWith(form.slice(0, length))) return length;
	}
	return 0;
}

/** The value with the key taken out of every text and name in it; bytes stay as they are. */
export function redactKeyDeep<T>(value: T, apiKey: string): T {
	if (apiKey === '') return value;
	const forms = [...new Set([apiKey, ...keyEncodings(apiKey)])];
	const clean = (text: string) =>
		forms.some((form) => text.includes(form)) ? redactKey(text, apiKey) : text;
	return cleaned(value, clean) as T;
}

function cleaned(value: unknown, clean: (text: string) => string): unknown {
	if (typeof value === 'string') return clean(value);
	if (Array.isArray(value)) return value.map((entry) => cleaned(entry, clean));
	const isPlain =
		typeof value === 'object' &&
		value !== null &&
		Object.getPrototypeOf(value) === Object.prototype;
	if (!isPlain) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [clean(name), cleaned(inner, clean)]),
	);
}
