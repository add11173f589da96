// Cuts the streamed answer into chunks for text to speech: markup removed, split at sentences, while it is generated.
import { voxtralFamily } from '../../shared/mistral/model-family';
import { carryDirections, keepTags, removeSpeechTags } from '../../shared/text/directions';
import { guessLanguage, languageCode } from '../../shared/text/language/language-identification';
import { toSpeakable } from '../../shared/text/speakable';
import { StreamingChunker } from '../../shared/text/sentences/streaming-chunker';
import type { Heard } from './stt';
import type { TalkOptions } from '../talk.options';

/** A short first chunk for low latency, longer ones after it for natural prosody. */
const LENGTHS = {
	firstCharacters: 25,
	nextCharacters: 60,
	targetCharacters: 120,
	maxCharacters: 250,
};
/** Length of the beginning of the answer by which its language is detected. */
const LANGUAGE_SAMPLE_CHARACTERS = 2000;

export class SpeechChunker {
	private readonly pieces = new StreamingChunker(
		(markdown, isPart) => this.toSpeech(markdown, isPart),
		LENGTHS,
	);

	private readonly taken: string[] = [];

	/** The beginning of the answer as generated. */
	private written = '';

	private question: Pick<Heard, 'text' | 'language'> = { text: '' };

	/** Only models of family 3 support speech tags such as `[emotion=happy]`. */
	private readonly supportsTags: boolean;

	constructor(private readonly options: Pick<TalkOptions, 'language' | 'speakingModel'>) {
		this.supportsTags = voxtralFamily(options.speakingModel) === 3;
	}

	/** The question: its speech tags are not obeyed, and its language is the fallback for that of the answer. */
	setQuestion(question: Pick<Heard, 'text' | 'language'>): void {
		this.question = question;
	}

	push(delta: string): void {
		if (this.written.length < LANGUAGE_SAMPLE_CHARACTERS) this.written += delta;
		this.pieces.push(delta);
	}

	/** Makes the text so far available as a chunk, before the pause of a tool execution. */
	flush(): void {
		this.pieces.pause();
	}

	end(): void {
		this.pieces.end();
	}

	/** The next chunk as sent to Mistral; undefined while more text is needed, or after the last chunk. */
	take(): string | undefined {
		const piece = this.pieces.take();
		if (piece === undefined) return undefined;
		this.taken.push(piece);
		return this.supportsTags ? carryDirections(this.taken, {}).at(-1) : piece;
	}

	get hasBegun(): boolean {
		return this.written !== '';
	}

	/** Language of the answer, ISO 639-1; undefined when it is unknown. */
	get language(): string | undefined {
		return (
			languageCode(this.options.language) ??
			guessLanguage(removeSpeechTags(this.written)) ??
			languageCode(this.question.language)
		);
	}

	/** The text of all chunks without speech tags, and their number. */
	get facts(): { spokenText: string; pieces: number } {
		return { spokenText: removeSpeechTags(this.taken.join(' ')), pieces: this.taken.length };
	}

	/** Speech tags that also occur in the question are removed: the caller may have dictated them. */
	private toSpeech(markdown: string, isPart: boolean): string {
		const { language } = this;
		const question = this.question.text.toLowerCase();
		const obeyed = (tag: string) => this.supportsTags && !question.includes(tag.toLowerCase());
		const about = { keepTags: true, isPart, ...(language ? { language } : {}) };
		return keepTags(toSpeakable(keepTags(markdown, obeyed), about), obeyed);
	}
}
