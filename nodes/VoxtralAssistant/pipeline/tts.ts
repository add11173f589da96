// TTS stage of a turn: synthesizes the answer chunk by chunk while it is generated, and streams or joins the audio.
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

/** Most chunks in synthesis at a time, counted from the earliest unfinished one: bounds the buffered audio. */
const CHUNKS_AHEAD = 8;

/** Requests that continue a chunk whose audio stream broke off. */
const MAX_RESUMES = 2;

/** Shared by the stages of a turn. */
export interface TurnContext {
	readonly options: TalkOptions;
	readonly chunker: SpeechChunker;
	readonly events: TurnEventStream;
	readonly clock: TurnClock;
}

export class TtsStage {
	readonly preset: DeliveryPreset;

	/** Requested from Mistral. */
	private readonly format: SpeechFormat;

	private readonly run: ItemRun;

	private readonly ended = new AbortController();

	private readonly queue: SpeechQueue<WithAttempts<SpokenAudio> | undefined>;

	private readonly live: LiveAudio | undefined;

	/** Synthesized in place of the first chunk. */
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
		this.preset = deliveryPreset(destination, format, 1);
		// Headerless PCM samples arrive two seconds sooner than any file format, and a WAV file is made of them.
		this.format = isLive && this.preset.ask === 'wav' ? 'pcm' : this.preset.ask;
		this.live = isLive
			? new LiveAudio(this.format, (chunk) => {
					if (chunk.piece >= this.firstChunk) clock.mark('firstAudioMs');
					events.audio(chunk);
				})
			: undefined;
		this.queue = new SpeechQueue(
			{
				next: () => this.nextChunk(),
				speak: async (text, chunk) => await this.speakChunk(text, chunk),
			},
			sharedSemaphore(context, options.piecesAtOnce),
			client,
			CHUNKS_AHEAD,
		);
	}

	/** Opens a connection while the model generates the answer. */
	preconnect(): void {
		preconnectSpeech(this.run.client, this.live !== undefined);
	}

	/** Streams the filler sentence while a tool runs, unless the answer has begun. */
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

	/** Synthesizes the text so far while a tool runs. */
	flush(): void {
		this.turn.chunker.flush();
		this.queue.wake();
	}

	/** The answer is complete: no more text follows. */
	end(): void {
		this.turn.chunker.end();
		this.queue.close();
	}

	/** Cancels all requests and waits for them to end. */
	async stop(): Promise<void> {
		this.ended.abort();
		this.queue.stop();
		await this.queue.all().catch(() => undefined);
	}

	/** Barge-in: stops the speech, since the listener has spoken again. */
	interrupt(): void {
		if (this.queue.isDone) return;
		this.isInterrupted = true;
		this.ended.abort();
		this.queue.stop();
	}

	/** File name of the audio, and the stage that failures of its conversion belong to. */
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
			destination: this.preset.destination,
		};
	}

	/** The joined audio of the whole answer, without the filler. @throws Failure of the earliest chunk that failed */
	async finished(): Promise<JoinedSpeech> {
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
			format: this.format,
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

	private async speakChunk(
		text: string,
		chunk: number,
	): Promise<WithAttempts<SpokenAudio> | undefined> {
		if (this.filler && chunk === 0) return await this.speakFiller(this.filler);
		const sent = await this.speakResumably(text, chunk);
		if (!this.live) this.turn.clock.mark('firstAudioMs');
		this.live?.end(chunk);
		await this.turn.events.drained();
		return sent;
	}

	/** A filler that fails is left out. */
	private async speakFiller(filler: Filler): Promise<WithAttempts<SpokenAudio> | undefined> {
		const { live, format, turn } = this;
		try {
			const { label: voice } = await this.chosenVoice();
			const sink = live?.sink(0);
			const key = { model: turn.options.speakingModel, voice, format };
			const synthesize = async (client: HttpClient) =>
				await this.synthesize(filler.text, client, sink);
			return await filler.speak(this.run, key, sink, synthesize);
		} catch {
			return undefined;
		} finally {
			live?.end(0);
		}
	}

	/** A chunk whose stream breaks off is requested again, and its audio continues where it broke off. */
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
				// After damaged audio the position in the chunk is unknown.
				const isFinal = /\.(cancelled|damaged-audio)$/.test(failure.facts.stage);
				if (isFinal || resumed >= MAX_RESUMES || !this.live?.canResume(chunk))
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
