// The third stage: the answer is spoken while it is written.
import { accountOf } from '../../shared/conversation/thread';
import {
	deliveryPreset,
	type DeliveryPreset,
	type Destination,
} from '../../shared/audio/delivery-preset';
import type { SpeechFormat } from '../../shared/audio/formats';
import { preconnectSpeech } from '../../shared/mistral/speech/speech';
import type { AudioSink, SpokenAudio } from '../../shared/mistral/speech/speech-audio';
import type { WithAttempts, HttpClient } from '../../shared/http/client';
import type { WireUsage } from '../../shared/mistral/wire';
import { sharedCharacterRateLimiter } from '../../shared/synthesis/character-rate-limiter';
import { LiveAudio } from '../../shared/synthesis/live-audio';
import { joinPieces, synthesizePiece, sumUsage } from '../../shared/synthesis/synthesize';
import { cacheFiller, cachedFiller } from '../../shared/synthesis/filler-audio-cache';
import { SpeechQueue } from '../../shared/synthesis/speech-queue';
import type { JoinedSpeech } from '../../shared/synthesis/store-audio';
import { readVoice, type ChosenVoice } from '../../shared/fields/speech/voice-reader';
import { asFailure, Failure } from '../../shared/errors/failure';
import type { ItemRun } from '../../shared/execution/operation';
import { sharedSemaphore } from '../../shared/execution/semaphore';
import type { TurnEventStream } from './turn-events';
import type { TurnClock } from './turn-timings';
import type { TalkOptions } from '../talk.options';
import type { SpokenFacts } from '../talk.output';
import type { SpeechChunker } from './speech-chunker';

export const SPEECH_STAGE = 'speak';

/** Pieces begun from the one that is due on: bounds the audio that waits for its turn. */
const PIECES_AHEAD = 8;

const MAX_RESUMES = 2;

export interface SpokenAnswer extends JoinedSpeech {
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
}

interface Filler {
	readonly text: string;
	isTaken: boolean;
	readonly ended: AbortController;
}

export class TtsStage {
	readonly delivery: DeliveryPreset;

	private readonly asked: SpeechFormat;

	private readonly client: HttpClient;

	private readonly ended = new AbortController();

	private readonly queue: SpeechQueue<WithAttempts<SpokenAudio> | undefined>;

	private readonly live: LiveAudio | undefined;

	/** Takes the place of the first piece; no part of the answer. */
	private filler: Filler | undefined;

	private voice: Promise<ChosenVoice> | undefined;

	private isInterrupted = false;

	constructor(
		private readonly run: ItemRun,
		private readonly options: TalkOptions,
		private readonly words: SpeechChunker,
		private readonly caller: TurnEventStream,
		private readonly clock: TurnClock,
	) {
		const { context, itemIndex, client } = run;
		const isLive = caller.mode === 'audio';
		const auto = isLive ? 'wav' : 'mp3';
		const format = options.format === 'auto' ? auto : options.format;
		const destination = context.getNodeParameter('destination', itemIndex, 'file') as Destination;
		this.delivery = deliveryPreset(destination, format, 1);
		// Bare samples begin two seconds sooner than any file format, and make a WAV for nothing.
		this.asked = isLive && this.delivery.ask === 'wav' ? 'pcm' : this.delivery.ask;
		this.client = client.forStage(SPEECH_STAGE, this.ended.signal);
		this.live = isLive
			? new LiveAudio(this.asked, (chunk) => {
					if (chunk.piece >= this.firstPiece) clock.mark('firstAudioMs');
					caller.audio(chunk);
				})
			: undefined;
		this.queue = new SpeechQueue(
			{ next: () => this.nextPiece(), speak: async (text, piece) => await this.speak(text, piece) },
			sharedSemaphore(context, options.piecesAtOnce),
			PIECES_AHEAD,
		);
	}

	/** Something takes its time: whoever listens is told so, unless the answer has begun. */
	fill(): void {
		const { filler: text } = this.options;
		if (!this.live || !text || this.filler || this.words.hasBegun) return;
		this.filler = { text, isTaken: false, ended: new AbortController() };
		this.queue.wake();
	}

	/** The answer is being thought of: by its first words there is a connection for them. */
	expect(): void {
		const left = this.clock.leftOf(this.options.timeoutMs);
		preconnectSpeech(this.client, this.live !== undefined, left);
	}

	push(delta: string): void {
		// What was to bridge the wait must not lengthen it.
		const isFirst = !this.words.hasBegun;
		if (isFirst && this.filler && !this.live?.skip(0)) this.filler.ended.abort();
		this.words.push(delta);
		this.queue.wake();
	}

	/** A tool is at work before the answer goes on: what was said until then is spoken meanwhile. */
	pause(): void {
		this.words.pause();
		this.queue.wake();
	}

	end(): void {
		this.words.end();
		this.queue.close();
	}

	/** Ends everything that is under way. */
	async stop(): Promise<void> {
		this.ended.abort();
		this.queue.stop();
		await this.queue.all().catch(() => undefined);
	}

	/** Says nothing more, since the listener is no longer listening to this. */
	interrupt(): void {
		if (this.queue.isDone) return;
		this.isInterrupted = true;
		this.ended.abort();
		this.queue.stop();
	}

	/** @throws Failure when no voice is chosen */
	async assertVoice(): Promise<void> {
		await readVoice(this.run, SPEECH_STAGE, undefined, []);
	}

	async facts(): Promise<SpokenFacts> {
		const { label } = await this.chosenVoice();
		return {
			...this.words.facts,
			language: this.words.language,
			voice: label,
			model: this.options.speakingModel,
			destination: this.delivery.destination,
		};
	}

	/** @throws Failure of the earliest piece that could not be spoken */
	async finished(): Promise<SpokenAnswer> {
		const spoken = await this.queue.all().catch((thrown: unknown) => {
			throw this.isInterrupted ? interrupted() : asFailure(thrown, SPEECH_STAGE);
		});
		if (this.isInterrupted) throw interrupted();
		const own = spoken.slice(this.firstPiece).filter((sent) => sent !== undefined);
		if (own.length === 0) throw nothingToSay();
		const pieces = own.map(({ value }) => value.audio);
		return {
			audio: await joinPieces(this.asked, pieces, undefined, SPEECH_STAGE),
			asked: this.asked,
			attempts: spoken.reduce((total, sent) => total + (sent?.attempts ?? 0), 0),
			usage: sumUsage(own.map(({ value }) => value.usage)),
		};
	}

	private get firstPiece(): number {
		return this.filler ? 1 : 0;
	}

	private nextPiece(): string | undefined {
		if (this.filler && !this.filler.isTaken) {
			this.filler.isTaken = true;
			return this.filler.text;
		}
		return this.words.take();
	}

	private async speak(text: string, piece: number): Promise<WithAttempts<SpokenAudio> | undefined> {
		if (this.filler && piece === 0) return await this.bridge(this.filler);
		const sent = await this.sayWhole(text, piece);
		if (!this.live) this.clock.mark('firstAudioMs');
		this.live?.end(piece);
		await this.caller.drained();
		return sent;
	}

	/** A piece that breaks off while it is heard goes on where it broke, rather than end the speech. */
	private async sayWhole(text: string, piece: number): Promise<WithAttempts<SpokenAudio>> {
		let earlier = 0;
		for (let resumed = 0; ; resumed++) {
			const sink = this.live?.sink(piece);
			try {
				const { value, attempts } = await this.say(text, this.client, sink);
				return { value, attempts: attempts + earlier };
			} catch (thrown) {
				const failure = asFailure(thrown, SPEECH_STAGE);
				earlier += failure.facts.attempts ?? 1;
				// After damaged sound nobody knows where in it the listener is.
				const isOver = /\.(cancelled|damaged-audio)$/.test(failure.facts.stage);
				if (isOver || resumed >= MAX_RESUMES || !this.live?.canResume(piece))
					throw failure.with({ attempts: earlier });
			}
		}
	}

	private async say(text: string, client: HttpClient, sink: AudioSink | undefined) {
		const { speakingModel: model, timeoutMs } = this.options;
		const { voice } = await this.chosenVoice();
		const plan = {
			operation: SPEECH_STAGE,
			rateLimiter: sharedCharacterRateLimiter(this.run.context),
		};
		const left = this.clock.leftOf(timeoutMs);
		const request = { text, model, voice, format: this.asked, timeoutMs: left };
		return await synthesizePiece(client, plan, request, sink);
	}

	/** Nothing depends on it: when it fails, the answer simply comes without it. */
	private async bridge({ text, ended }: Filler): Promise<WithAttempts<SpokenAudio> | undefined> {
		const { run, live, asked, options } = this;
		try {
			const { label: voice } = await this.chosenVoice();
			const account = accountOf(run.context);
			const as = { account, model: options.speakingModel, voice, format: asked, text };
			const known = cachedFiller(as);
			const sink = live?.sink(0);
			if (known) {
				sink?.begin(() => undefined);
				sink?.push(known);
				return undefined;
			}
			const stop = AbortSignal.any([this.ended.signal, ended.signal]);
			const client = run.client.forStage(SPEECH_STAGE, stop);
			const sent = await this.say(text, client, sink);
			cacheFiller(as, sent.value.audio);
			return sent;
		} catch {
			return undefined;
		} finally {
			live?.end(0);
		}
	}

	private async chosenVoice(): Promise<ChosenVoice> {
		const { run, options, words } = this;
		this.voice ??= readVoice(run, SPEECH_STAGE, words.language, options.voices);
		return await this.voice;
	}
}

function interrupted(): Failure {
	return new Failure({
		stage: `${SPEECH_STAGE}.interrupted`,
		message: 'The listener spoke again before the answer was over',
		hint: 'Nothing to do: the next turn of the session answers. What had been written is on the item.',
	});
}

function nothingToSay(): Failure {
	return new Failure({
		stage: `${SPEECH_STAGE}.no-text`,
		message: 'The answer has nothing in it that can be spoken',
		hint: 'Ask again, or say in Instructions that answers are to be sentences.',
	});
}
