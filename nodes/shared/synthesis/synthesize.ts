// Synthesizes the chunks of a prepared text in parallel and joins their audio in order.
import { AudioError } from '../audio/audio-error';
import type { SpeechFormat } from '../audio/formats';
import { joinAudio } from '../audio/join/join';
import type { AudioSink, SpokenAudio } from '../mistral/speech/speech-audio';
import { speak, type SpeechRequest } from '../mistral/speech/speech';
import type { WithAttempts, HttpClient } from '../http/client';
import type { WireUsage } from '../mistral/wire';
import { asFailure, Failure } from '../errors/failure';
import { mapWithSemaphore, type Semaphore } from '../execution/semaphore';
import { runCooperatively } from '../execution/cooperative';
import { pcmLayoutOf } from '../audio/delivery-preset';
import type { CharacterRateLimiter } from './character-rate-limiter';
import type { LiveAudio } from './live-audio';

/** Range of pauses between sentences in natural speech, and the gap for formats whose silence cannot be measured. */
const NATURAL_PAUSES = { leastMs: 80, mostMs: 250 };
const NATURAL_GAP_MS = 120;

export interface SynthesisRequest {
	readonly operation: string;
	readonly format: SpeechFormat;
	readonly requests: readonly SpeechRequest[];
	/** Silence added between two pieces, in milliseconds; natural pauses when undefined. */
	readonly pauseMs: number | undefined;
	readonly rateLimiter: CharacterRateLimiter;
	/** Time limit per piece; when absent, only the budget of the client applies. */
	readonly pieceTimeoutMs?: number;
	/** Streams the audio while it is synthesized. */
	readonly live?: LiveAudio;
}

export interface SynthesizedSpeech {
	readonly audio: Uint8Array;
	/** Requests sent, retries included. */
	readonly attempts: number;
	/** Total of all pieces, when every one reported it. */
	readonly usage?: WireUsage;
}

/** @throws Failure that names the failed piece when there are several */
export async function synthesize(
	client: HttpClient,
	semaphore: Semaphore,
	synthesis: SynthesisRequest,
): Promise<SynthesizedSpeech> {
	const { operation, format, requests, pauseMs, live } = synthesis;
	const spoken = await mapWithSemaphore(semaphore, client, requests, async (request, index) => {
		try {
			const sink: AudioSink | undefined = live?.sink(index);
			const sent = await synthesizePiece(client, synthesis, request, sink);
			live?.end(index);
			return sent;
		} catch (thrown) {
			throw namingPiece(asFailure(thrown, operation), index, requests.length);
		}
	});
	const pieces = spoken.map(({ value }) => value.audio);
	const usage = sumUsage(spoken.map(({ value }) => value.usage));
	return {
		audio: await joinPieces(format, pieces, pauseMs, operation),
		attempts: spoken.reduce(
			(total: number, { attempts }: WithAttempts<unknown>) => total + attempts,
			0,
		),
		...(usage ? { usage } : {}),
	};
}

/**
 * Synthesizes one piece once the rate limiter admits it. `pieceTimeoutMs` starts after that wait; the
 * budget of the client includes it.
 */
export async function synthesizePiece(
	client: HttpClient,
	{ rateLimiter, pieceTimeoutMs }: Pick<SynthesisRequest, 'rateLimiter' | 'pieceTimeoutMs'>,
	request: SpeechRequest,
	sink: AudioSink | undefined,
): Promise<WithAttempts<SpokenAudio>> {
	const { operation, budget } = client;
	await rateLimiter.acquire(request.text.length, budget, operation);
	const piece =
		pieceTimeoutMs === undefined
			? client
			: client.forStage(operation, budget.narrowedTo(pieceTimeoutMs));
	const sent = await speak(piece, request, sink);
	if (sent.value.characterLimit) rateLimiter.learn(sent.value.characterLimit);
	return sent;
}

function namingPiece(failure: Failure, index: number, total: number): Failure {
	if (total === 1) return failure;
	const place = `Piece ${index + 1} of ${total} of the text could not be spoken.`;
	return failure.with({ hint: `${place} ${failure.facts.hint ?? ''}`.trim() });
}

/** @throws Failure `cannot-join` */
export async function joinPieces(
	format: SpeechFormat,
	pieces: readonly Buffer[],
	pauseMs: number | undefined,
	operation: string,
): Promise<Uint8Array> {
	const [first] = pieces;
	const only = pieces.length === 1 ? first : undefined;
	// Headerless samples need neither sizes nor an index.
	if (only && format === 'pcm') return only;
	try {
		const steps = joinAudio(format, pieces, {
			...(pauseMs === undefined
				? { pauses: NATURAL_PAUSES, gapMs: NATURAL_GAP_MS }
				: { gapMs: pauseMs }),
			...(format === 'pcm' && first ? { pcm: pcmLayoutOf(first) } : {}),
		});
		return await runCooperatively(steps);
	} catch (thrown) {
		// A single piece stays as it is, whatever a server sent in place of the format asked for.
		if (only) return only;
		throw notJoined(thrown, operation);
	}
}

function notJoined(thrown: unknown, operation: string): Failure {
	if (!(thrown instanceof AudioError)) return asFailure(thrown, operation);
	return new Failure({
		stage: `${operation}.cannot-join`,
		message: `The pieces of the speech do not fit together: ${thrown.message}`,
		hint: 'Run the workflow again; if it stays like this, choose WAV as Format, or a larger Piece Length in the options.',
	});
}

/** The total; undefined unless every request reported its usage. */
export function sumUsage(usages: ReadonlyArray<WireUsage | undefined>): WireUsage | undefined {
	const known = usages.filter((usage) => usage !== undefined);
	if (known.length === 0 || known.length < usages.length) return undefined;
	const sum = (key: 'prompt_tokens' | 'completion_tokens' | 'total_tokens') =>
		known.reduce((total, usage) => total + (usage[key] ?? 0), 0);
	return {
		prompt_tokens: sum('prompt_tokens'),
		completion_tokens: sum('completion_tokens'),
		total_tokens: sum('total_tokens'),
	};
}
