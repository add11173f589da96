// Speech on its way out while it is made: pieces arrive in any order, chunks leave in the order of the text.
import { guessSampleType, int16FromFloat32 } from '../audio/pcm/pcm';
import type { SpeechFormat } from '../audio/formats';
import type { AudioSink } from '../mistral/speech/speech-audio';

/** One chunk as a streaming trigger's caller gets it (documented in the README). */
export interface AudioChunk {
	readonly type: 'audio';
	/** Counts from 0 over the whole item. */
	readonly seq: number;
	/** Which piece of the text; in compressed formats every piece is a file of its own. */
	readonly piece: number;
	/** `pcm_s16le` (bare samples), or `mp3`, `opus`, `flac`. */
	readonly format: string;
	readonly sampleRate: number;
	readonly channels: number;
	/** Base64. */
	readonly data: string;
}

const SAMPLE_RATE = 24_000;
/** This much (a second of float32) is looked at before silence is taken for float32, Mistral's sample type. */
const TELLING_BYTES = SAMPLE_RATE * 4;

/** Turns samples of either type, cut anywhere, into whole 16-bit samples. */
export class Int16Framer {
	private held: Buffer = Buffer.alloc(0);

	private type: 'float32' | 'int16' | undefined;

	push(bytes: Uint8Array, isLast = false): Uint8Array {
		const all = Buffer.concat([this.held, bytes]);
		this.type ??=
			guessSampleType(all) ?? (isLast || all.length >= TELLING_BYTES ? 'float32' : undefined);
		if (this.type === undefined) return this.passSilence(all);
		const whole = all.length - (all.length % (this.type === 'int16' ? 2 : 4));
		this.held = all.subarray(whole);
		const samples = all.subarray(0, whole);
		return this.type === 'float32' ? int16FromFloat32(samples) : samples;
	}

	/** Silence is the same in both types, so it need not wait; of int16 it comes out half as long. */
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
	cutter: Int16Framer;
	commit: () => void;
	isDone: boolean;
	/** Bytes that have left, of all tries together. */
	sentBytes: number;
	/** Bytes of this try that an earlier one has sent already. */
	knownBytes: number;
}

/** Lets the piece whose turn it is through at once and keeps later ones until theirs. */
export class LiveAudio {
	private readonly pieces: PieceState[] = [];

	private turn = 0;

	private seq = 0;

	/** Pieces of which something has left. */
	private heard = 0;

	constructor(
		private readonly format: SpeechFormat,
		private readonly send: (chunk: AudioChunk) => void,
	) {}

	/** `piece` counts from 0 in the order of the text; how many there will be need not be known. */
	sink(piece: number): AudioSink {
		this.pieces[piece] ??= blankPiece();
		return {
			begin: (commit) => {
				if (piece >= this.turn) this.pieces[piece] = { ...this.nextTry(piece), commit };
			},
			push: (audio) => this.take(piece, audio, false),
			abandon: () => {
				if (piece >= this.turn) this.pieces[piece] = this.nextTry(piece);
			},
		};
	}

	/** The piece is complete: the next one may speak. */
	end(piece: number): void {
		this.take(piece, new Uint8Array(), true);
		const state = this.pieces[piece];
		if (state) state.isDone = true;
		this.advance();
	}

	/**
	 * Has part of the piece left, so that another try may go on where it broke off? Samples of the same
	 * words by the same voice come close enough; of other formats every try is a file of its own.
	 */
	canResume(piece: number): boolean {
		return this.format === 'pcm' && (this.pieces[piece]?.sentBytes ?? 0) > 0;
	}

	private nextTry(piece: number): PieceState {
		const sentBytes = this.pieces[piece]?.sentBytes ?? 0;
		return { ...blankPiece(), sentBytes, knownBytes: sentBytes };
	}

	private advance(): void {
		while (this.pieces[this.turn]?.isDone) {
			this.turn += 1;
			this.release();
		}
	}

	/** The piece is not wanted any more. Returns whether some of it has left already: then it goes on. */
	skip(piece: number): boolean {
		if (this.heard > piece || piece < this.turn) return true;
		this.pieces[piece] = { ...blankPiece(), isDone: true };
		this.advance();
		return false;
	}

	private take(piece: number, audio: Uint8Array, isLast: boolean): void {
		const state = this.pieces[piece];
		if (!state || piece < this.turn) return;
		const all = this.format === 'pcm' ? state.cutter.push(audio, isLast) : audio;
		const bytes = all.subarray(Math.min(state.knownBytes, all.length));
		state.knownBytes -= all.length - bytes.length;
		if (bytes.length > 0) state.waiting.push(bytes);
		this.release();
	}

	private release(): void {
		const state = this.pieces[this.turn];
		if (!state || state.waiting.length === 0) return;
		state.commit();
		this.heard = this.turn + 1;
		for (const bytes of state.waiting) {
			this.send({
				type: 'audio',
				seq: this.seq++,
				piece: this.turn,
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
		cutter: new Int16Framer(),
		commit: () => undefined,
		isDone: false,
		sentBytes: 0,
		knownBytes: 0,
	};
}
