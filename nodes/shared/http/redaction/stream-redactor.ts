// Keeps the API key out of text that is passed on while it arrives, wherever a server that repeats it cuts it.
import type { KeyRedactor } from './key-redactor';

/** Shorter prefixes of the key reveal nothing, and many words end like that. */
const MIN_PREFIX_CHARACTERS = 4;

/** Holds back what may be a prefix of the key until it is known whether the rest follows. */
export class StreamRedactor {
	private held = '';

	/** The last characters that were passed on, in which the key may have begun. */
	private passed = '';

	constructor(
		private readonly redactor: KeyRedactor,
		private readonly pass: (text: string) => void,
	) {}

	push(piece: string): void {
		const text = this.held + piece;
		const end = Math.max(0, text.length - this.prefixLength(this.passed + text));
		this.held = text.slice(end);
		this.passOn(text.slice(0, end));
	}

	/** Nothing follows: what was held back is no key. */
	end(): void {
		this.passOn(this.held);
		this.held = '';
	}

	private passOn(text: string): void {
		if (text === '') return;
		this.passed = (this.passed + text).slice(-MIN_PREFIX_CHARACTERS);
		this.pass(this.redactor.redact(text));
	}

	/** How much of the end of `text` is the beginning of an encoding of the key, but not all of it. */
	private prefixLength(text: string): number {
		return Math.max(0, ...this.redactor.encodings.map((encoding) => prefixLength(text, encoding)));
	}
}

function prefixLength(text: string, encoding: string): number {
	const longest = Math.min(text.length, encoding.length - 1);
	for (let length = longest; length >= MIN_PREFIX_CHARACTERS; length--) {
		if (text.endsWith(encoding.slice(0, length))) return length;
	}
	return 0;
}
