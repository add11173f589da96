// Streams audio while it is synthesized: chunks of text finish in any order, their audio leaves in text order.
import { guessSampleType, int16FromFloat32 } from '../audio/pcm/pcm';
import type { SpeechFormat } from '../audio/formats';
import type { AudioSink } from '../mistral/speech/speech-audio';

/** An audio event for the caller of a streaming trigger (documented in docs/streaming.md). */
export interface AudioChunk {
	readonly type: 'audio';
	/** Counts from 0 over the whole item. */
	readonly seq: number;
	/** Index of the chunk of text; in compressed formats the audio of each is a file of its own. */
	readonly piece: number;
	/** `pcm_s16le` (headerless samples), or `mp3`, `opus`, `flac`. */
	readonly format: string;
	readonly sampleRate: number;
	readonly channels: number;
	/** Base64. */
	readonly data: string;
}

const SAMPLE_RATE = 24_000;
/** After this much silence (one second of float32) float32, Mistral's sample type, is assumed. */
const TYPE_SAMPLE_BYTES = SAMPLE_RATE * 4;

/** Converts a byte stream of float32 or int16 samples, split anywhere, to whole int16 samples. */
export class Int16Framer {
	private held: Buffer = Buffer.alloc(0);

	private type: 'float32' | 'int16' | undefined;

	push(bytes: Uint8Array, isLast = false): Uint8Array {
		const all = Buffer.concat([this.held, bytes]);
		this.type ??=
			guessSampleType(all) ?? (isLast || all.length >= TYPE_SAMPLE_BYTES ? 'float32' : undefined);
		if (this.type === undefined) return this.passSilence(all);
		const whole = all.length - (all.length % (this.type === 'int16' ? 2 : 4));
		this.held = all.subarray(whole);
		const samples = all.subarray(0, whole);
		return this.type === 'float32' ? int16FromFloat32(samples) : samples;
	}

	/** Passes zeros on before the sample type is known; if it turns out to be int16, half of the silence is lost. */
	private passSilence(all: Buffer): Uint8Array {
		const sound = all.findIndex((byte) => byte !== 0);
		const silent = sound < 0 ? all.length : sound;
		const whole = silent - (silent % 4);
		this.held = all.subarray(whole);
		return new Uint8Array(whole / 2);
	}
}

interface PieceState {
	waiting: Uint8Array[];
	framer: Int16Framer;
	commit: () => void;
	isDone: boolean;
	/** Bytes sent, of all attempts together. */
	sentBytes: number;
	/** Bytes of this attempt that an earlier attempt has sent already and that are skipped. */
	knownBytes: number;
}

/** Sends the audio of the earliest unfinished piece at once and buffers that of later pieces. */
export class LiveAudio {
	private readonly pieces: PieceState[] = [];

	/** The piece whose audio is being sent. */
	private current = 0;

	private seq = 0;

	/** Number of pieces of which audio was sent. */
	private startedPieces = 0;

	constructor(
		private readonly format: SpeechFormat,
		private readonly send: (chunk: AudioChunk) => void,
	) {}

	/** `piece` counts from 0 in text order. */
	sink(piece: number): AudioSink {
		this.pieces[piece] ??= blankPiece();
		return {
			begin: (commit) => {
				if (piece >= this.current) this.pieces[piece] = { ...this.nextAttempt(piece), commit };
			},
			push: (audio) => this.take(piece, audio, false),
			abandon: () => {
				if (piece >= this.current) this.pieces[piece] = this.nextAttempt(piece);
			},
		};
	}

	/** The piece is complete: the next one follows. */
	end(piece: number): void {
		this.take(piece, new Uint8Array(), true);
		const state = this.pieces[piece];
		if (state) state.isDone = true;
		this.advance();
	}

	/**
	 * Whether part of the piece was sent, so that another attempt may continue where it broke off. Only PCM
	 * samples can be continued, which two attempts produce alike; in other formats each attempt is a file.
	 */
	canResume(piece: number): boolean {
		return this.format === 'pcm' && (this.pieces[piece]?.sentBytes ?? 0) > 0;
	}

	private nextAttempt(piece: number): PieceState {
		const sentBytes = this.pieces[piece]?.sentBytes ?? 0;
		return { ...blankPiece(), sentBytes, knownBytes: sentBytes };
	}

	private advance(): void {
		while (this.pieces[this.current]?.isDone) {
			this.current += 1;
			this.release();
		}
	}

	/** Drops a piece unless its audio is being sent already. Returns whether it is. */
	skip(piece: number): boolean {
		if (this.startedPieces > piece || piece < this.current) return true;
		this.pieces[piece] = { ...blankPiece(), isDone: true };
		this.advance();
		return false;
	}

	private take(piece: number, audio: Uint8Array, isLast: boolean): void {
		const state = this.pieces[piece];
		if (!state || piece < this.current) return;
		const all = this.format === 'pcm' ? state.framer.push(audio, isLast) : audio;
		const bytes = all.subarray(Math.min(state.knownBytes, all.length));
		state.knownBytes -= all.length - bytes.length;
		if (bytes.length > 0) state.waiting.push(bytes);
		this.release();
	}

	private release(): void {
		const state = this.pieces[this.current];
		if (!state || state.waiting.length === 0) return;
		state.commit();
		this.startedPieces = this.current + 1;
		for (const bytes of state.waiting) {
			this.send({
				type: 'audio',
				seq: this.seq++,
				piece: this.current,
				format: this.format === 'pcm' ? 'pcm_s16le' : this.format,
				sampleRate: SAMPLE_RATE,
				channels: 1,
				data: Buffer.from(bytes).toString('base64'),
			});
			state.sentBytes += bytes.length;
		}
		state.waiting = [];
	}
}

function blankPiece(): PieceState {
	return {
		waiting: [],
		framer: new Int16Framer(),
		commit: () => undefined,
		isDone: false,
		sentBytes: 0,
		knownBytes: 0,
	};
}
