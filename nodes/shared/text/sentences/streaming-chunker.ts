// Streaming chunker: cuts an answer that is still being generated into a short first chunk and ever longer ones after it.

import { StreamingMarkdownParser, type MarkdownSegment } from '../markdown/streaming-parser';
import { chunkSentences } from './chunks';
import { withTerminator } from '../language/punctuation';

export interface StreamingChunkLengths {
	/** The first chunk may end at a clause once it is this long (UTF-16 units): speech starts early. */
	readonly firstCharacters: number;
	/** Length of the chunks after it, unless the text ends. */
	readonly nextCharacters: number;
	/** Length they grow to: longer chunks sound more natural, and the audio already taken covers their latency. */
	readonly targetCharacters: number;
	readonly maxCharacters: number;
}

/** Push text as it arrives; take the next chunk whenever a speech request can be sent. */
export class StreamingChunker {
	private readonly stream = new StreamingMarkdownParser();

	/** Normalized sentences that no chunk holds yet, each with a space behind it. */
	private ready: string[] = [];

	private isFirst = true;

	/** No audio is playing, at the beginning and after a pause: the next chunk may be short. */
	private isListenerWaiting = true;

	private isPaused = false;

	private takenCharacters = 0;

	private isOver = false;

	/** Markdown that gave nothing to say, kept while no other text has come. */
	private unspoken = '';

	/** `normalize` turns Markdown into text for speech; a part for which it returns an empty string is skipped. */
	constructor(
		private readonly normalize: (markdown: string, isPart: boolean) => string,
		private readonly lengths: StreamingChunkLengths,
	) {}

	push(delta: string): void {
		this.isPaused = false;
		this.add(this.stream.push(delta));
	}

	/** No text comes for a while: flushes what has come, and lets the chunk after the pause be short again. */
	pause(): void {
		this.add(this.stream.end());
		this.isPaused = true;
		this.expectFirstChunk();
	}

	end(): void {
		this.add(this.stream.end());
		this.isOver = true;
		// An answer of nothing but code is read out rather than answered with silence.
		if (this.isFirst && this.ready.length === 0)
			this.addReady(this.normalize(this.unspoken, false));
	}

	/** Undefined while more text has to come, or when none is left. */
	take(): string | undefined {
		const { firstCharacters, maxCharacters } = this.lengths;
		const isComplete = this.isOver || this.isPaused;
		if (this.isListenerWaiting && !isComplete && this.readyCharacters < firstCharacters)
			this.addClause();
		const targetCharacters = this.laterChunkCharacters;
		const minimum = this.isListenerWaiting ? firstCharacters : targetCharacters;
		if (this.readyCharacters === 0 || (!isComplete && this.readyCharacters < minimum))
			return undefined;
		const lengths = { targetCharacters, maxCharacters };
		const [chunk = ''] = chunkSentences(
			this.ready,
			this.isListenerWaiting ? { ...lengths, firstCharacters } : lengths,
		);
		this.isFirst = false;
		this.takenCharacters += chunk.length;
		this.dropReady(chunk.length);
		this.isListenerWaiting = false;
		this.expectFirstChunk();
		return chunk.trim();
	}

	private expectFirstChunk(): void {
		if (!this.isPaused || this.readyCharacters > 0) return;
		this.isListenerWaiting = true;
		this.takenCharacters = 0;
	}

	/** Half of the text taken so far, which is still playing while the next chunk is synthesized. */
	private get laterChunkCharacters(): number {
		const { nextCharacters, targetCharacters } = this.lengths;
		return Math.min(targetCharacters, Math.max(nextCharacters, this.takenCharacters / 2));
	}

	/** Characters that a chunk could take now. */
	private get readyCharacters(): number {
		return this.ready.reduce((total, sentence) => total + sentence.length, 0);
	}

	private addClause(): void {
		const missing = this.lengths.firstCharacters - this.readyCharacters;
		const clause = this.stream.takeClause(
			(markdown) => markdown.length >= missing && this.normalize(markdown, true).length >= missing,
		);
		if (clause) this.add([clause]);
	}

	private add(segments: readonly MarkdownSegment[]): void {
		for (const { markdown, endsLine } of segments) {
			const text = this.normalize(markdown, true);
			if (this.isFirst && this.ready.length === 0) this.unspoken += markdown;
			this.addReady(endsLine ? withTerminator(text) : text);
		}
	}

	private addReady(text: string): void {
		// Text without letters or digits has nothing to say.
		if (/[\p{L}\p{N}]/u.test(text)) this.ready.push(`${text} `);
	}

	private dropReady(characters: number): void {
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
