// Builds WAV files chunk by chunk, valid or not.
import { bytes } from './bytes.mts';

export const le16 = (value: number) => [value & 0xff, value >> 8];
export const le32 = (value: number) => [...le16(value & 0xffff), ...le16(value >>> 16)];
export const chunk = (name: string, body: readonly number[] | Uint8Array, size = body.length) =>
	bytes(name, le32(size), body, Array<number>(body.length % 2).fill(0));
export const riff = (...chunks: Buffer[]) => {
	const body = bytes('WAVE', ...chunks);
	return bytes('RIFF', le32(body.length), body);
};

interface Facts {
	channels?: number;
	rate?: number;
	/** Bytes of a sample of every channel, or of a block of coded sound. */
	block?: number;
	perSecond?: number;
}

export function format(tag: number, bits: number, facts: Facts = {}, ...rest: number[]): Buffer {
	const { channels = 1, rate = 8000 } = facts;
	const block = facts.block ?? (bits / 8) * channels;
	const perSecond = facts.perSecond ?? block * rate;
	const rates = [...le32(rate), ...le32(perSecond)];
	const sizes = [...le16(block), ...le16(bits)];
	return chunk('fmt ', [...le16(tag), ...le16(channels), ...rates, ...sizes, ...rest]);
}

export const data = (...content: number[]) => chunk('data', content);
