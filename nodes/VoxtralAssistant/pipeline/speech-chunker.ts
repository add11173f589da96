// The words of the answer on their way to the voice: made speakable and cut into pieces while they are written.
import { voxtralFamily } from '../../shared/mistral/model-family';
import { carryDirections, keepTags, removeSpeechTags } from '../../shared/text/directions';
import { guessLanguage, languageCode } from '../../shared/text/language/language-identification';
import { toSpeakable } from '../../shared/text/speakable';
import { StreamingChunker } from '../../shared/text/sentences/streaming-chunker';
import type { Heard } from './stt';
import type { TalkOptions } from '../talk.options';

/** A listener who waits is worth a short first piece, a voice that sounds natural longer ones after it. */
const LENGTHS = {
	firstCharacters: 25,
	nextCharacters: 60,
	targetCharacters: 120,
	maxCharacters: 250,
};
/** What of an answer is looked at to tell its language. */
const TELLING_CHARACTERS = 2000;

export class SpeechChunker {
	private readonly pieces = new StreamingChunker(
		(markdown, isPart) => this.toSpeech(markdown, isPart),
		LENGTHS,
	);

	private readonly said: string[] = [];

	private written = '';

	private question: Pick<Heard, 'text' | 'language'> = { text: '' };

	/** Only models of family 3 know directions such as `[emotion=happy]`. */
	private readonly isDirected: boolean;

	constructor(private readonly options: Pick<TalkOptions, 'language' | 'speakingModel'>) {
		this.isDirected = voxtralFamily(options.speakingModel) === 3;
	}

	/** Decides whose directions are obeyed, and helps to tell the language. */
	answers(question: Pick<Heard, 'text' | 'language'>): void {
		this.question = question;
	}

	push(delta: string): void {
		if (this.written.length < TELLING_CHARACTERS) this.written += delta;
		this.pieces.push(delta);
	}

	/** A tool is at work before the answer goes on: what was written so far may be spoken. */
	flush(): void {
		this.pieces.pause();
	}

	end(): void {
		this.pieces.end();
	}

	/** The next piece as Mistral gets it; undefined while more text has to come, or when all is taken. */
	take(): string | undefined {
		const piece = this.pieces.take();
		if (piece === undefined) return undefined;
		this.said.push(piece);
		return this.isDirected ? carryDirections(this.said, {}).at(-1) : piece;
	}

	get hasBegun(): boolean {
		return this.written !== '';
	}

	/** ISO 639-1, where it can be told. */
	get language(): string | undefined {
		return (
			languageCode(this.options.language) ??
			guessLanguage(removeSpeechTags(this.written)) ??
			languageCode(this.question.language)
		);
	}

	/** What a listener hears, and in how many pieces. */
	get facts(): { spokenText: string; pieces: number } {
		return { spokenText: removeSpeechTags(this.said.join(' ')), pieces: this.said.length };
	}

	/** A direction that the caller's own words hold is not the answer's. */
	private toSpeech(markdown: string, isPart: boolean): string {
		const { language } = this;
		const foreign = this.question.text.toLowerCase();
		const obeyed = (tag: string) => this.isDirected && !foreign.includes(tag.toLowerCase());
		const about = { keepTags: true, isPart, ...(language ? { language } : {}) };
		return keepTags(toSpeakable(keepTags(markdown, obeyed), about), obeyed);
	}
}
