// Audio of the speech endpoint: the result of a request, its sink while it streams, and strict base64 decoding.
import { Failure } from '../../errors/failure';
import type { Headers } from '../../http/retry';
import type { WireUsage } from '../wire';

export interface SpokenAudio {
	/** The complete file in the format asked for. */
	readonly audio: Buffer;
	/** Reported by streams only. */
	readonly usage?: WireUsage;
	/** The account's rate limit, when the reply headers name it. */
	readonly characterLimit?: CharacterLimit;
}

/** Rate limit of input characters per minute. */
export interface CharacterLimit {
	readonly perMinute: number;
	readonly remaining: number;
}

/** Reads the `x-ratelimit-…-input-characters-minute` headers; undefined without a limit. */
export function readCharacterLimit(headers: Headers): CharacterLimit | undefined {
	const read = (name: string) => {
		const value = headers[`x-ratelimit-${name}-input-characters-minute`]?.trim() ?? '';
		return /^\d{1,12}$/.test(value) ? Number(value) : undefined;
	};
	const perMinute = read('limit');
	if (!perMinute) return undefined;
	return { perMinute, remaining: Math.min(perMinute, read('remaining') ?? perMinute) };
}

/** Receives audio while it arrives. */
export interface AudioSink {
	/**
	 * An attempt begins. Call `commit` once audio of this attempt was handed on: from then on the request
	 * is not retried.
	 */
	begin(commit: () => void): void;
	push(audio: Uint8Array): void;
	/** The attempt failed: its audio that was not handed on yet is discarded. */
	abandon(): void;
}

/** Undefined for empty or invalid base64, of which `Buffer.from` would silently skip the invalid characters. */
export function decodeBase64(encoded: string): Buffer | undefined {
	const audio = Buffer.from(encoded, 'base64');
	const isWhole = audio.length > 0 && audio.length === Buffer.byteLength(encoded, 'base64');
	return isWhole ? audio : undefined;
}

export function damagedAudio(operation: string): Failure {
	return new Failure({
		stage: `${operation}.damaged-audio`,
		message: 'The audio arrived damaged',
		hint: 'Run the workflow again; a proxy between n8n and Mistral may alter answers.',
	});
}
