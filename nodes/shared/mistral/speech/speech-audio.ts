// What comes back from the speech endpoint, and how base64 becomes sound without trusting it.
import { Failure } from '../../errors/failure';
import type { Headers } from '../../http/retry';
import type { WireUsage } from '../wire';

export interface SpokenAudio {
	/** The complete file in the format asked for. */
	readonly audio: Buffer;
	/** Told by streams only. */
	readonly usage?: WireUsage;
	/** How much text the account may have spoken a minute, when Mistral told it. */
	readonly allowance?: CharacterAllowance;
}

export interface CharacterAllowance {
	readonly perMinute: number;
	readonly remaining: number;
}

export function readAllowance(headers: Headers): CharacterAllowance | undefined {
	const read = (name: string) => {
		const value = headers[`x-ratelimit-${name}-input-characters-minute`]?.trim() ?? '';
		return /^\d{1,12}$/.test(value) ? Number(value) : undefined;
	};
	const perMinute = read('limit');
	if (!perMinute) return undefined;
	return { perMinute, remaining: Math.min(perMinute, read('remaining') ?? perMinute) };
}

/** Takes audio while it arrives. */
export interface AudioSink {
	/**
	 * A try begins. `commit` is to be called as soon as audio of this try is passed on, so that it is
	 * not asked for again.
	 */
	begin(commit: () => void): void;
	push(audio: Uint8Array): void;
	/** The try failed: what it brought and was not passed on yet is void. */
	abandon(): void;
}

/** Strict, where `Buffer.from` would silently drop what does not belong; undefined when it is no base64. */
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
