// Text to speech, the third stage of a turn: the answer is spoken while it is written.
import {
	type DeliveryPreset,
	deliveryPreset,
	type Destination,
} from '../../shared/audio/delivery-preset';
import type { SpeechFormat } from '../../shared/audio/formats';
import { asFailure, Failure } from '../../shared/errors/failure';
import type { ItemRun } from '../../shared/execution/operation';
import { sharedSemaphore } from '../../shared/execution/semaphore';
import { type ChosenVoice, readVoice } from '../../shared/fields/speech/voice-reader';
import type { HttpClient, WithAttempts } from '../../shared/http/client';
import { preconnectSpeech } from '../../shared/mistral/speech/speech';
import type { AudioSink, SpokenAudio } from '../../shared/mistral/speech/speech-audio';
import type { WireUsage } from '../../shared/mistral/wire';
import { sharedCharacterRateLimiter } from '../../shared/synthesis/character-rate-limiter';
import { LiveAudio } from '../../shared/synthesis/live-audio';
import { SpeechQueue } from '../../shared/synthesis/speech-queue';
import type { JoinedSpeech } from '../../shared/synthesis/store-audio';
import { joinPieces, sumUsage, synthesizePiece } from '../../shared/synthesis/synthesize';
import type { TalkOptions } from '../talk.options';
import type { SpokenWords } from '../../shared/synthesis/speech-output';
import { Filler } from './filler';
import type { SpeechChunker } from './speech-chunker';
import type { TurnEventStream } from './turn-events';
import type { TurnClock } from './turn-timings';

/** Chunks of text under way from the one that is due on: bounds the audio that waits for its turn. */
const CHUNKS_AHEAD = 8;

const MAX_RESUMES = 2;

export interface SpokenAnswer extends JoinedSpeech {
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
}

/** What the stages of a turn share. */
export interface TurnContext {
	readonly options: TalkOptions;
	readonly chunker: SpeechChunker;
	readonly events: TurnEventStream;
	readonly clock: TurnClock;
}

export class TtsStage {
	readonly delivery: DeliveryPreset;

	/** What Mistral is asked for. */
	private readonly format: SpeechFormat;

	private readonly run: ItemRun;

	private readonly ended = new AbortController();

	private readonly queue: SpeechQueue<WithAttempts<SpokenAudio> | undefined>;

	private readonly live: LiveAudio | undefined;

	/** Takes the place of the first chunk. */
	private filler: Filler | undefined;

	private voice: Promise<ChosenVoice> | undefined;

	private isInterrupted = false;

	constructor(
		run: ItemRun,
		private readonly turn: TurnContext,
	) {
		const { context, itemIndex } = run;
		const { options, events, clock } = turn;
		const client = run.client.forStage('speak', run.client.budget.with(this.ended.signal));
		this.run = { ...run, client };
		const isLive = events.mode === 'audio';
		const auto = isLive ? 'wav' : 'mp3';
		const format = options.format === 'auto' ? auto : options.format;
		const destination = context.getNodeParameter('destination', itemIndex, 'file') as Destination;
		this.delivery = deliveryPreset(destination, format, 1);
		// Bare samples begin two seconds sooner than any file format, and make a WAV for nothing.
		this.format = isLive && this.delivery.ask === 'wav' ? 'pcm' : this.delivery.ask;
		this.live = isLive
			? new LiveAudio(this.format, (chunk) => {
					if (chunk.piece >= this.firstChunk) clock.mark('firstAudioMs');
					events.audio(chunk);
				})
			: undefined;
		this.queue = new SpeechQueue(
			{ next: () => this.nextChunk(), speak: async (text, chunk) => await this.speak(text, chunk) },
			sharedSemaphore(context, options.piecesAtOnce),
			client,
			CHUNKS_AHEAD,
		);
	}

	/** The answer is being thought of: by its first words there is a connection for them. */
	preconnect(): void {
		preconnectSpeech(this.run.client, this.live !== undefined);
	}

	/** A tool takes its time: whoever listens hears the filler sentence, unless the answer has begun. */
	fill(): void {
		const { options, chunker } = this.turn;
		if (!this.live || !options.filler || this.filler || chunker.hasBegun) return;
		this.filler = new Filler(options.filler);
		this.queue.wake();
	}

	push(delta: string): void {
		const { chunker } = this.turn;
		if (!chunker.hasBegun && this.filler && !this.live?.skip(0)) this.filler.skip();
		chunker.push(delta);
		this.queue.wake();
	}

	/** A tool is at work before the answer goes on: what was said until then is spoken meanwhile. */
	flush(): void {
		this.turn.chunker.flush();
		this.queue.wake();
	}

	/** The answer is complete. */
	end(): void {
		this.turn.chunker.end();
		this.queue.close();
	}

	/** Ends everything that is under way. */
	async stop(): Promise<void> {
		this.ended.abort();
		this.queue.stop();
		await this.queue.all().catch(() => undefined);
	}

	/** Barge-in: says nothing more, since the listener has spoken again. */
	interrupt(): void {
		if (this.queue.isDone) return;
		this.isInterrupted = true;
		this.ended.abort();
		this.queue.stop();
	}

	/** How the file is called, and which stage it belongs to. */
	get file() {
		return { operation: this.run.client.operation, fileName: this.turn.options.fileName };
	}

	async facts(): Promise<SpokenWords> {
		const { label } = await this.chosenVoice();
		const { chunker, options } = this.turn;
		return {
			...chunker.facts,
			language: chunker.language,
			voice: label,
			model: options.speakingModel,
			destination: this.delivery.destination,
		};
	}

	/** @throws Failure of the earliest chunk that could not be spoken */
	async finished(): Promise<SpokenAnswer> {
		const { operation } = this.run.client;
		const spoken = await this.queue.all().catch((thrown: unknown) => {
			throw this.isInterrupted ? interrupted(operation) : asFailure(thrown, operation);
		});
		if (this.isInterrupted) throw interrupted(operation);
		const own = spoken.slice(this.firstChunk).filter((sent) => sent !== undefined);
		if (own.length === 0) throw nothingToSay(operation);
		const pieces = own.map(({ value }) => value.audio);
		return {
			audio: await joinPieces(this.format, pieces, undefined, operation),
			asked: this.format,
			attempts: spoken.reduce((total, sent) => total + (sent?.attempts ?? 0), 0),
			usage: sumUsage(own.map(({ value }) => value.usage)),
		};
	}

	private get firstChunk(): number {
		return this.filler ? 1 : 0;
	}

	private nextChunk(): string | undefined {
		if (this.filler && !this.filler.isTaken) {
			this.filler.isTaken = true;
			return this.filler.text;
		}
		return this.turn.chunker.take();
	}

	private async speak(text: string, chunk: number): Promise<WithAttempts<SpokenAudio> | undefined> {
		if (this.filler && chunk === 0) return await this.speakFiller(this.filler);
		const sent = await this.speakResumably(text, chunk);
		if (!this.live) this.turn.clock.mark('firstAudioMs');
		this.live?.end(chunk);
		await this.turn.events.drained();
		return sent;
	}

	private async speakFiller(filler: Filler): Promise<WithAttempts<SpokenAudio> | undefined> {
		const { live, format, turn } = this;
		try {
			const { label: voice } = await this.chosenVoice();
			const sink = live?.sink(0);
			const as = { model: turn.options.speakingModel, voice, format };
			return await filler.speak(
				this.run,
				as,
				sink,
				async (client) => await this.synthesize(filler.text, client, sink),
			);
		} catch {
			return undefined;
		} finally {
			live?.end(0);
		}
	}

	/** A chunk that breaks off while it is heard goes on where it broke, rather than end the speech. */
	private async speakResumably(text: string, chunk: number): Promise<WithAttempts<SpokenAudio>> {
		const { client } = this.run;
		let earlier = 0;
		for (let resumed = 0; ; resumed++) {
			try {
				const sent = await this.synthesize(text, client, this.live?.sink(chunk));
				return { value: sent.value, attempts: sent.attempts + earlier };
			} catch (thrown) {
				const failure = asFailure(thrown, client.operation);
				earlier += failure.facts.attempts ?? 1;
				// After damaged sound nobody knows where in it the listener is.
				const isOver = /\.(cancelled|damaged-audio)$/.test(failure.facts.stage);
				if (isOver || resumed >= MAX_RESUMES || !this.live?.canResume(chunk))
					throw failure.with({ attempts: earlier });
			}
		}
	}

	private async synthesize(text: string, client: HttpClient, sink: AudioSink | undefined) {
		const { speakingModel: model } = this.turn.options;
		const { voice } = await this.chosenVoice();
		const rateLimiter = sharedCharacterRateLimiter(this.run.context);
		const request = { text, model, voice, format: this.format };
		return await synthesizePiece(client, { rateLimiter }, request, sink);
	}

	private async chosenVoice(): Promise<ChosenVoice> {
		const { options, chunker } = this.turn;
		this.voice ??= readVoice(this.run, 'speak', chunker.language, options.voices);
		return await this.voice;
	}
}

function interrupted(operation: string): Failure {
	return new Failure({
		stage: `${operation}.interrupted`,
		message: 'The listener spoke again before the answer was over',
		hint: 'Nothing to do: the next turn of the session answers. What had been written is on the item.',
	});
}

function nothingToSay(operation: string): Failure {
	return new Failure({
		stage: `${operation}.no-text`,
		message: 'The answer has nothing in it that can be spoken',
		hint: 'Ask again, or say in Instructions that answers are to be sentences.',
	});
}
