// Speech for a caller who listens while it is made.
import { describe, expect, jest, test } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { faults, type Fault } from '../../standin/index.mts';
import { probeWarnings } from '../../support/media.mts';
import { useBench } from '../../support/engine-fixture.mts';

jest.setTimeout(30_000);

const bench = useBench('filesystem');

const TEXT =
	'The first part tells us about the rain of last week. The second part tells us about the snow in the north.';
const options = { pieceCharacters: 50, pauseMs: 0 };

interface Chunk {
	type: string;
	seq: number;
	piece: number;
	format: string;
	sampleRate: number;
	data: string;
}

async function listen(parameters: INodeParameters, fault?: Fault) {
	if (fault) bench.standIn.inject({ ...fault, match: { path: '/v1/audio/speech' } });
	const result = await bench.engine.run({
		nodes: [{ type: 'voxtralSpeak', parameters: { text: TEXT, options, ...parameters } }],
		streaming: true,
	});
	const kinds = result.chunks.map(({ type }) => type);
	const audio = result.chunks.flatMap(({ type, content }) =>
		type === 'item' ? [JSON.parse(String(content)) as Chunk] : [],
	);
	const heard = Buffer.concat(audio.map(({ data }) => Buffer.from(data, 'base64')));
	return {
		...result,
		kinds,
		audio,
		heard,
		json: result.items[0]?.json ?? {},
		item: result.items[0],
	};
}

describe('chunks', () => {
	test('leave in order of the text as bare samples, and the file holds the same samples', async () => {
		const { error, kinds, audio, heard, json, item } = await listen({ format: 'wav' });
		expect(error).toBeUndefined();
		expect([kinds[0], kinds.at(-1)]).toEqual(['begin', 'end']);
		expect(audio.map(({ seq }) => seq)).toEqual(audio.map((_, index) => index));
		expect(audio.map(({ piece }) => piece)).toEqual(audio.map(({ piece }) => piece).toSorted());
		expect(new Set(audio.map(({ piece }) => piece))).toEqual(new Set([0, 1]));
		expect(audio[0]).toMatchObject({
			type: 'audio',
			format: 'pcm_s16le',
			sampleRate: 24_000,
			channels: 1,
		});
		const file = await bench.engine.bytes(item);
		expect(file.subarray(44).equals(heard)).toBe(true);
		expect(json).toMatchObject({
			pieces: 2,
			format: 'wav',
			usage: { completion_tokens: heard.length / 2 },
		});
	});

	test('of MP3 are the pieces as files of their own, the item has one right file', async () => {
		const { audio, item } = await listen({ format: 'mp3' });
		for (const piece of [0, 1]) {
			const bytes = Buffer.concat(
				audio
					.filter((chunk) => chunk.piece === piece)
					.map(({ data }) => Buffer.from(data, 'base64')),
			);
			expect(bytes.subarray(0, 3).toString('latin1')).toMatch(/^ID3|^\xff/);
		}
		expect(await probeWarnings(await bench.engine.bytes(item))).toBe('');
	});

	test('are not sent without a streaming trigger, nor when switched off', async () => {
		expect((await listen({ options: { ...options, stream: false } })).kinds).toEqual([]);
		expect(
			bench.standIn.requests.every(({ json }) => (json as { stream: boolean }).stream === false),
		).toBe(true);
	});
});

describe('broken streams', () => {
	test.each<[string, Fault]>([
		['without an end', faults.withoutEvent('speech.audio.done')],
		['cut in the middle', faults.resetAfterEvents(1)],
		['not base64', faults.notBase64()],
		['an error event', faults.errorEvent('speech.audio.done')],
		['audio after the end', { events: { reverse: true } }],
	])('%s: a piece that was not heard yet is asked for again', async (_, fault) => {
		// The first piece is held back, so that nothing of the second, which breaks, has left.
		bench.standIn.inject({ ...faults.slow(700), match: { path: '/v1/audio/speech' } });
		const { error, json, heard, item } = await listen({ format: 'wav' }, fault);
		expect(error).toBeUndefined();
		expect(json).toMatchObject({ attempts: 3 });
		expect((await bench.engine.bytes(item)).subarray(44).equals(heard)).toBe(true);
	});

	test('once heard, a piece is not spoken twice: the failure is told', async () => {
		const oneAtOnce = { ...options, piecesAtOnce: 1 };
		const { error, kinds } = await listen(
			{ format: 'wav', options: oneAtOnce },
			faults.withoutEvent('speech.audio.done'),
		);
		const sent = bench.standIn.requests.map(({ json }) => (json as { input: string }).input);
		expect(new Set(sent).size).toBe(sent.length);
		expect(error?.message).toMatch(/audio ended too early/);
		expect(kinds).toContain('end');
	});

	test('noise, odd line ends and slices change nothing', async () => {
		const short = { format: 'wav', text: 'Hello.' };
		const plain = await listen(short);
		for (const fault of [faults.noisyStream(), faults.carriageReturns(), faults.unknownEvent()]) {
			const { error, heard } = await listen(short, fault);
			expect(error).toBeUndefined();
			expect(heard.equals(plain.heard)).toBe(true);
		}
	});
});
