// Streamed audio: sample framing, and the order of chunks over several pieces.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { int16FromFloat32 } from '../../../nodes/shared/audio/pcm/pcm.ts';
import {
	type AudioChunk,
	Int16Framer,
	LiveAudio,
} from '../../../nodes/shared/synthesis/live-audio.ts';

/** A signal loud enough for its sample type to be detected. */
const floats = (count: number, seed = 1) => {
	const samples = Float32Array.from(
		{ length: count },
		(_, n) => 0.4 * Math.sin(n / 7 + seed) + 0.001,
	);
	return new Uint8Array(samples.buffer);
};

const cuts = (bytes: Uint8Array, sizes: readonly number[]) => {
	const parts: Uint8Array[] = [];
	let at = 0;
	for (let turn = 0; at < bytes.length; turn++) {
		const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
		parts.push(bytes.subarray(at, at + size));
		at += size;
	}
	return parts;
};

const sizes = fc.array(fc.integer({ min: 1, max: 977 }), { minLength: 1, maxLength: 8 });

describe('sample framing', () => {
	test('float32 samples split anywhere become the same 16-bit samples', () => {
		const speech = floats(3000);
		fc.assert(
			fc.property(sizes, (pattern) => {
				const cutter = new Int16Framer();
				const out = [
					...cuts(speech, pattern).map((part) => cutter.push(part)),
					cutter.push(new Uint8Array(), true),
				];
				expect(Buffer.concat(out).equals(Buffer.from(int16FromFloat32(speech)))).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	test('16-bit samples of other servers are passed on unchanged', () => {
		const speech = int16FromFloat32(floats(3000));
		fc.assert(
			fc.property(sizes, (pattern) => {
				const cutter = new Int16Framer();
				const out = [
					...cuts(speech, pattern).map((part) => cutter.push(part)),
					cutter.push(new Uint8Array(), true),
				];
				expect(Buffer.concat(out).equals(Buffer.from(speech))).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	test('silence leaves at once, and the sample type is still detected after it', () => {
		for (const [sound, length] of [
			[floats(3000), 6000],
			[int16FromFloat32(floats(3000)), 6000],
		] as const) {
			const cutter = new Int16Framer();
			expect(cutter.push(new Uint8Array(402))).toHaveLength(200);
			const rest = [
				cutter.push(new Uint8Array(2)),
				cutter.push(sound),
				cutter.push(new Uint8Array(), true),
			];
			const heard = Buffer.concat(rest);
			expect(heard.subarray(-length).equals(Buffer.from(int16FromFloat32(floats(3000))))).toBe(
				true,
			);
		}
	});

	test('silence alone is complete', () => {
		const cutter = new Int16Framer();
		expect(cutter.push(new Uint8Array(400))).toHaveLength(200);
		expect(cutter.push(new Uint8Array(400), true)).toHaveLength(200);
	});
});

interface Step {
	piece: number;
	action: 'push' | 'end';
}

/** A random interleaving of pieces that each push some parts and end. */
const interleaving = fc
	.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
	.chain((pushes) => {
		const steps = pushes.flatMap((count, piece) => Array.from({ length: count + 1 }, () => piece));
		return fc.tuple(fc.constant(pushes), fc.shuffledSubarray(steps, { minLength: steps.length }));
	})
	.map(([pushes, order]) => {
		const left = [...pushes];
		return {
			pieces: pushes.length,
			steps: order.map(
				(piece): Step => ({
					piece,
					action: (left[piece] ?? 0) > 0 ? ((left[piece] = (left[piece] ?? 0) - 1), 'push') : 'end',
				}),
			),
		};
	});

describe('order', () => {
	test('chunks are sent in text order, each once, whatever arrives first', () => {
		fc.assert(
			fc.property(interleaving, ({ pieces, steps }) => {
				const chunks: AudioChunk[] = [];
				const live = new LiveAudio('mp3', (chunk) => chunks.push(chunk));
				const sinks = Array.from({ length: pieces }, (_, piece) => live.sink(piece));
				for (const sink of sinks) sink.begin(() => undefined);
				const sent: string[][] = Array.from({ length: pieces }, () => []);
				for (const { piece, action } of steps) {
					if (action === 'end') live.end(piece);
					else {
						const name = `${piece}.${sent[piece]?.length}`;
						sent[piece]?.push(name);
						sinks[piece]?.push(Buffer.from(name));
					}
				}
				expect(chunks.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual(
					sent.flat(),
				);
				expect(chunks.map(({ seq }) => seq)).toEqual(chunks.map((_, index) => index));
			}),
		);
	});

	test('a failed attempt of which nothing was sent is discarded, one that was partly sent is final', () => {
		const chunks: AudioChunk[] = [];
		const commits: string[] = [];
		const live = new LiveAudio('mp3', (chunk) => chunks.push(chunk));
		const [first, second] = [live.sink(0), live.sink(1)];
		second.begin(() => commits.push('second, first try'));
		second.push(Buffer.from('lost'));
		second.abandon();
		second.begin(() => commits.push('second'));
		second.push(Buffer.from('B'));
		first.begin(() => commits.push('first'));
		expect(commits).toEqual([]);
		first.push(Buffer.from('A'));
		expect(commits).toEqual(['first']);
		live.end(0);
		expect(commits).toEqual(['first', 'second']);
		live.end(1);
		expect(
			chunks.map(({ piece, data }) => `${piece}${Buffer.from(data, 'base64').toString()}`),
		).toEqual(['0A', '1B']);
	});
});

test('buffered audio of a failed attempt is not sent when its turn comes before the retry', () => {
	const chunks: AudioChunk[] = [];
	const live = new LiveAudio('mp3', (chunk) => chunks.push(chunk));
	live.sink(1).begin(() => undefined);
	live.sink(1).push(Buffer.from('lost'));
	live.sink(1).abandon();
	live.end(0);
	expect(chunks).toEqual([]);
});

test('an attempt that broke while it was sent is resumed where it broke', () => {
	fc.assert(
		fc.property(fc.nat({ max: 2000 }), sizes, (brokenAt, pattern) => {
			const speech = int16FromFloat32(floats(2000));
			const chunks: AudioChunk[] = [];
			const live = new LiveAudio('pcm', (chunk) => chunks.push(chunk));
			const sink = live.sink(0);
			sink.begin(() => undefined);
			for (const part of cuts(speech.subarray(0, brokenAt), pattern)) sink.push(part);
			sink.abandon();
			expect(live.canResume(0)).toBe(chunks.length > 0);
			let commits = 0;
			sink.begin(() => (commits += 1));
			for (const part of cuts(speech, pattern)) sink.push(part);
			live.end(0);
			const heard = Buffer.concat(chunks.map(({ data }) => Buffer.from(data, 'base64')));
			expect(heard.equals(Buffer.from(speech))).toBe(true);
			expect(commits > 0 || heard.length === brokenAt - (brokenAt % 2)).toBe(true);
		}),
		{ numRuns: 60 },
	);
});

test('a piece that is not wanted any more is skipped, unless part of it has been sent', () => {
	const chunks: AudioChunk[] = [];
	const live = new LiveAudio('mp3', (chunk) => chunks.push(chunk));
	const [first, second] = [live.sink(0), live.sink(1)];
	for (const sink of [first, second]) sink.begin(() => undefined);
	second.push(Buffer.from('B'));
	expect(live.skip(0)).toBe(false);
	first.push(Buffer.from('late'));
	live.end(0);
	expect(live.skip(1)).toBe(true);
	second.push(Buffer.from('C'));
	live.end(1);
	expect(chunks.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual(['B', 'C']);
});
