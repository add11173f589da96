// A script spoken: its pieces at once, each on its own connection, joined in order into one sound.
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

/** Between sentences people pause this long; formats that cannot be looked into get the middle less what voices bring. */
const NATURAL_PAUSES = { leastMs: 80, mostMs: 250 };
const NATURAL_GAP_MS = 120;

export interface SynthesisRequest {
	readonly operation: string;
	readonly format: SpeechFormat;
	readonly requests: readonly SpeechRequest[];
	/** Silence added between two pieces; natural pauses when absent. */
	readonly pauseMs: number | undefined;
	readonly rateLimiter: CharacterRateLimiter;
	/** For each piece; the budget of the client alone when absent. */
	readonly pieceTimeoutMs?: number;
	/** Where the audio goes while it is made. */
	readonly live?: LiveAudio;
}

export interface SynthesizedSpeech {
	readonly audio: Uint8Array;
	/** Requests in all, repeated ones included. */
	readonly attempts: number;
	/** Of all pieces together, when every one told it. */
	readonly usage?: WireUsage;
}

/** @throws Failure naming the piece, when there are several */
export async function synthesize(
	client: HttpClient,
	semaphore: Semaphore,
	plan: SynthesisRequest,
): Promise<SynthesizedSpeech> {
	const { operation, format, requests, pauseMs, live } = plan;
	const spoken = await mapWithSemaphore(semaphore, client, requests, async (request, index) => {
		try {
			const sink: AudioSink | undefined = live?.sink(index);
			const sent = await synthesizePiece(client, plan, request, sink);
			live?.end(index);
			return sent;
		} catch (thrown) {
			throw inPiece(asFailure(thrown, operation), index, requests.length);
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
 * One piece, as soon as the characters a minute of the account allow it. `pieceTimeoutMs` begins after
 * that wait; the budget of the client counts it.
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
	if (sent.value.allowance) rateLimiter.learn(sent.value.allowance);
	return sent;
}

function inPiece(failure: Failure, index: number, total: number): Failure {
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

/** Undefined unless every piece told it. */
export function sumUsage(usages: ReadonlyArray<WireUsage | undefined>): WireUsage | undefined {
	const told = usages.filter((usage) => usage !== undefined);
	if (told.length === 0 || told.length < usages.length) return undefined;
	const sum = (key: 'prompt_tokens' | 'completion_tokens' | 'total_tokens') =>
		told.reduce((total, usage) => total + (usage[key] ?? 0), 0);
	return {
		prompt_tokens: sum('prompt_tokens'),
		completion_tokens: sum('completion_tokens'),
		total_tokens: sum('total_tokens'),
	};
}
