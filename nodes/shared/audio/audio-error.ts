// The error type of all audio code: bytes that are not what they should be.

/**
 * - `unreadable`: the bytes are not a file of the format they were taken for, or hold no audio
 * - `mismatched`: pieces to be joined differ in sample rate, channels or sample type
 * - `cannot-join`: this format cannot be joined without re-encoding it
 * - `too-large`: the result would not fit its container
 */
export type AudioErrorCode = 'unreadable' | 'mismatched' | 'cannot-join' | 'too-large';

export class AudioError extends Error {
	readonly code: AudioErrorCode;

	constructor(code: AudioErrorCode, message: string) {
		super(message);
		this.name = 'AudioError';
		this.code = code;
	}
}
