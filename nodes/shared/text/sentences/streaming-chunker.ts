// Pieces of speech from an answer that is still being written: a short one first, longer and longer ones after it.

import { StreamingMarkdownParser, type MarkdownSegment } from '../markdown/streaming-parser';
import { chunkSentences } from './chunks';
import { withTerminator } from '../language/punctuation';

export interface StreamingChunkLengths {
	/** The first piece may end at a clause once it is this long (UTF-16 units): speech begins early. */
	readonly firstCharacters: number;
	/** The pieces after it are about this long, unless the text ends. */
	readonly nextCharacters: number;
	/** And later this long: much has been said, so there is time for a voice to sound natural. */
	readonly targetCharacters: number;
	readonly maxCharacters: number;
}

/** Text goes in as it comes; whoever has time to speak takes the next piece. */
export class StreamingChunker {
	private readonly stream = new StreamingMarkdownParser();

	/** Sentences fit to be spoken, each with the space behind it. */
	private ready: string[] = [];

	private isFirst = true;

	/** A listener waits in silence: at the beginning, and after a pause. */
	private isAwaited = true;

	private isPaused = false;

	private taken = 0;

	private isOver = false;

	/** What nothing was made of, while nothing else has come. */
	private silent = '';

	/** `toSpeech` makes Markdown speakable; what it makes nothing of as a part is passed over. */
	constructor(
		private readonly toSpeech: (markdown: string, isPart: boolean) => string,
		private readonly lengths: StreamingChunkLengths,
	) {}

	push(delta: string): void {
		this.isPaused = false;
		this.add(this.stream.push(delta));
	}

	/** Nothing comes for a while: what has come is spoken meanwhile, and soon again when more comes. */
	pause(): void {
		this.add(this.stream.end());
		this.isPaused = true;
		this.awaitMore();
	}

	end(): void {
		this.add(this.stream.end());
		this.isOver = true;
		// Nothing but code: better its words than silence.
		if (this.isFirst && this.ready.length === 0) this.say(this.toSpeech(this.silent, false));
	}

	/** Undefined while more text has to come, or when there is none left. */
	take(): string | undefined {
		const { firstCharacters, maxCharacters } = this.lengths;
		const isWhole = this.isOver || this.isPaused;
		if (this.isAwaited && !isWhole && this.waiting < firstCharacters) this.addClause();
		const targetCharacters = this.laterCharacters;
		const least = this.isAwaited ? firstCharacters : targetCharacters;
		if (this.waiting === 0 || (!isWhole && this.waiting < least)) return undefined;
		const lengths = { targetCharacters, maxCharacters };
		const [piece = ''] = chunkSentences(
			this.ready,
			this.isAwaited ? { ...lengths, firstCharacters } : lengths,
		);
		this.isFirst = false;
		this.taken += piece.length;
		this.drop(piece.length);
		this.isAwaited = false;
		this.awaitMore();
		return piece.trim();
	}

	private awaitMore(): void {
		if (!this.isPaused || this.waiting > 0) return;
		this.isAwaited = true;
		this.taken = 0;
	}

	/** Half of what has been taken: that is still being heard while the next piece is made. */
	private get laterCharacters(): number {
		const { nextCharacters, targetCharacters } = this.lengths;
		return Math.min(targetCharacters, Math.max(nextCharacters, this.taken / 2));
	}

	/** Characters that could be spoken now. */
	private get waiting(): number {
		return this.ready.reduce((total, sentence) => total + sentence.length, 0);
	}

	private addClause(): void {
		const missing = this.lengths.firstCharacters - this.waiting;
		const clause = this.stream.takeClause(
			(markdown) => markdown.length >= missing && this.toSpeech(markdown, true).length >= missing,
		);
		if (clause) this.add([clause]);
	}

	private add(stretches: readonly MarkdownSegment[]): void {
		for (const { markdown, endsLine } of stretches) {
			const text = this.toSpeech(markdown, true);
			if (this.isFirst && this.ready.length === 0) this.silent += markdown;
			this.say(endsLine ? withTerminator(text) : text);
		}
	}

	private say(text: string): void {
		// Signs alone are nothing to say.
		if (/[\p{L}\p{N}]/u.test(text)) this.ready.push(`${text} `);
	}

	private drop(characters: number): void {
		let left = characters;
		while (left > 0) {
			const [first = ''] = this.ready;
			if (first.length > left) {
				this.ready[0] = first.slice(left);
				return;
			}
			left -= first.length;
			this.ready.shift();
		}
	}
}
