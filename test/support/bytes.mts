// Builds binary files for tests byte by byte; numbers are big-endian.
import { expect } from '@jest/globals';
import { AudioError } from '../../nodes/shared/audio/audio-error.ts';

export const bytes = (...parts: Array<string | readonly number[] | Uint8Array>): Buffer =>
	Buffer.concat(
		parts.map((part) =>
			typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
		),
	);
export const u16 = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff];
export const u32 = (value: number): number[] => [...u16(Math.floor(value / 65_536)), ...u16(value)];
export const u64 = (value: number): number[] => [
	...u32(Math.floor(value / 2 ** 32)),
	...u32(value % 2 ** 32),
];

/** Expects the one error by which an audio reader may reject a file. */
export function expectUnreadable(read: () => unknown, message: string): void {
	let thrown: unknown;
	try {
		read();
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(AudioError);
	expect(thrown).toMatchObject({ name: 'AudioError', code: 'unreadable', message });
}
