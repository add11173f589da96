// The third stage: the answer is spoken while it is written.
import { deliveryFor, type Delivery, type Destination } from '../shared/audio/delivery';
import type { SpeechFormat } from '../shared/audio/formats';
import { voxtralFamily } from '../shared/mistral/family';
import type { SpokenAudio } from '../shared/mistral/speech-audio';
import type { Sent, Transport } from '../shared/mistral/transport';
import type { WireUsage } from '../shared/mistral/wire';
import { sharedAllowance } from '../shared/narration/allowance';
import { LiveSpeech } from '../shared/narration/live';
import { joinPieces, speakPiece, sumUsage } from '../shared/narration/narrate';
import { SpeechQueue } from '../shared/narration/speech-queue';
import type { Speech } from '../shared/narration/store';
import { readVoice, type ChosenVoice } from '../shared/narration/voice-choice';
import { asFailure, Failure } from '../shared/run/failure';
import type { ItemRun } from '../shared/run/operation';
import { sharedPool } from '../shared/run/pool';
import { carryDirections, keepTags } from '../shared/speech/directions';
import { guessLanguage, languageCode } from '../shared/speech/language';
import { removeSpeechTags } from '../shared/speech/speech-tags';
import { toSpeakable } from '../shared/speech/speakable';
import { StreamedPieces } from '../shared/speech/streamed-pieces';
import type { Caller } from './talk.caller';
import type { Clock } from './talk.clock';
import type { Heard } from './talk.hear';
import type { TalkOptions } from './talk.options';
import type { SpokenFacts } from './talk.output';

export const SPEECH_STAGE = 'speak';

/** A listener who waits is worth a short first piece, a voice that sounds natural a longer one after it. */
const LENGTHS = { firstCharacters: 25, targetCharacters: 120, maxCharacters: 250 };
/** Pieces begun from the one that is due on: bounds the audio that waits for its turn. */
const PIECES_AHEAD = 8;
/** What of an answer is looked at to tell its language. */
const TELLING_CHARACTERS = 2000;

export interface SpokenAnswer extends Speech {
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
}

export class Speaker {
	readonly delivery: Delivery;

	private readonly asked: SpeechFormat;

	private readonly transport: Transport;

	private readonly ended = new AbortController();

	private readonly pieces = new StreamedPieces(
		(markdown, isPart) => this.toSpeech(markdown, isPart),
		LENGTHS,
	);

	private readonly queue: SpeechQueue<Sent<SpokenAudio>>;

	private readonly live: LiveSpeech | undefined;

	/** What is spoken, in order. */
	private readonly said: string[] = [];

	private written = '';

	private heard: Pick<Heard, 'text' | 'language'> = { text: '' };

	private voice: Promise<ChosenVoice> | undefined;

	constructor(
		private readonly run: ItemRun,
		private readonly options: TalkOptions,
		private readonly caller: Caller,
		private readonly clock: Clock,
	) {
		const { context, itemIndex, transport } = run;
		const isLive = caller.hearing === 'audio';
		const auto = isLive ? 'wav' : 'mp3';
		const format = options.format === 'auto' ? auto : options.format;
		const destination = context.getNodeParameter('destination', itemIndex, 'file') as Destination;
		this.delivery = deliveryFor(destination, format, 1);
		// Bare samples begin two seconds sooner than any file format, and make a WAV for nothing.
		this.asked = isLive && this.delivery.ask === 'wav' ? 'pcm' : this.delivery.ask;
		this.transport = transport.forStage(SPEECH_STAGE, this.ended.signal);
		this.live = isLive
			? new LiveSpeech(this.asked, (chunk) => {
					clock.mark('firstAudioMs');
					caller.audio(chunk);
				})
			: undefined;
		this.queue = new SpeechQueue(
			{ next: () => this.nextPiece(), speak: async (text, piece) => await this.speak(text, piece) },
			sharedPool(context, options.piecesAtOnce),
			PIECES_AHEAD,
		);
	}

	/** What the answer answers: decides whose directions are obeyed, and helps to tell the language. */
	answers(heard: Pick<Heard, 'text' | 'language'>): void {
		this.heard = heard;
	}

	push(delta: string): void {
		if (this.written.length < TELLING_CHARACTERS) this.written += delta;
		this.pieces.push(delta);
		this.queue.wake();
	}

	end(): void {
		this.pieces.end();
		this.queue.close();
	}

	/** Ends everything that is under way. */
	async stop(): Promise<void> {
		this.ended.abort();
		this.queue.stop();
		await this.queue.all().catch(() => undefined);
	}

	/** @throws Failure when no voice is chosen */
	async assertVoice(): Promise<void> {
		await readVoice(this.run, SPEECH_STAGE, undefined, []);
	}

	async facts(): Promise<SpokenFacts> {
		const { label } = await this.chosenVoice();
		return {
			spokenText: removeSpeechTags(this.said.join(' ')),
			pieces: this.said.length,
			language: this.language,
			voice: label,
			model: this.options.speakingModel,
			destination: this.delivery.destination,
		};
	}

	/** @throws Failure of the earliest piece that could not be spoken */
	async finished(): Promise<SpokenAnswer> {
		const spoken = await this.queue.all().catch((thrown: unknown) => {
			throw asFailure(thrown, SPEECH_STAGE);
		});
		if (spoken.length === 0) throw nothingToSay();
		const pieces = spoken.map(({ value }) => value.audio);
		return {
			audio: joinPieces(this.asked, pieces, undefined, SPEECH_STAGE),
			asked: this.asked,
			attempts: spoken.reduce((total, { attempts }) => total + attempts, 0),
			usage: sumUsage(spoken.map(({ value }) => value.usage)),
		};
	}

	private nextPiece(): string | undefined {
		const piece = this.pieces.take();
		if (piece === undefined) return undefined;
		this.said.push(piece);
		return this.isDirected ? carryDirections(this.said, {}).at(-1) : piece;
	}

	private async speak(text: string, piece: number): Promise<Sent<SpokenAudio>> {
		const { voice } = await this.chosenVoice();
		const plan = { operation: SPEECH_STAGE, allowance: sharedAllowance(this.run.context) };
		const { speakingModel: model, timeoutMs } = this.options;
		const request = {
			text,
			model,
			voice,
			format: this.asked,
			timeoutMs: this.clock.leftOf(timeoutMs),
		};
		const sent = await speakPiece(this.transport, plan, request, this.live?.sink(piece));
		if (!this.live) this.clock.mark('firstAudioMs');
		this.live?.end(piece);
		await this.caller.drained();
		return sent;
	}

	private get language(): string | undefined {
		return (
			languageCode(this.options.language) ??
			guessLanguage(removeSpeechTags(this.written)) ??
			languageCode(this.heard.language)
		);
	}

	private async chosenVoice(): Promise<ChosenVoice> {
		this.voice ??= readVoice(this.run, SPEECH_STAGE, this.language, this.options.voices);
		return await this.voice;
	}

	private get isDirected(): boolean {
		return voxtralFamily(this.options.speakingModel) === 3;
	}

	/** A direction that the caller's own words hold is not the answer's. */
	private toSpeech(markdown: string, isPart: boolean): string {
		const { language } = this;
		const foreign = this.heard.text.toLowerCase();
		const obeyed = (tag: string) => this.isDirected && !foreign.includes(tag.toLowerCase());
		const allowed = keepTags(markdown, obeyed);
		const about = { keepTags: true, isPart, ...(language ? { language } : {}) };
		const clean = toSpeakable(allowed, about);
		return keepTags(clean, obeyed);
	}
}

function nothingToSay(): Failure {
	return new Failure({
		stage: `${SPEECH_STAGE}.no-text`,
		message: 'The answer has nothing in it that can be spoken',
		hint: 'Ask again, or say in Instructions that answers are to be sentences.',
	});
}
