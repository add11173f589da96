// Voxtral Speak with a streaming trigger: audio chunks, broken streams, resumption.
import { describe, expect, jest, test } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { faults, type Fault } from '../../standin/index.mts';
import { probeWarnings } from '../../support/media.mts';
import { useEngineFixture } from '../../support/engine-fixture.mts';

jest.setTimeout(30_000);

const fixture = useEngineFixture('filesystem');

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
	if (fault) fixture.standIn.inject({ ...fault, match: { path: '/v1/audio/speech' } });
	const result = await fixture.engine.run({
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
	test('PCM chunks are streamed in text order, and the file holds the same samples', async () => {
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
		const file = await fixture.engine.bytes(item);
		expect(file.subarray(44).equals(heard)).toBe(true);
		expect(json).toMatchObject({
			pieces: 2,
			format: 'wav',
			usage: { completion_tokens: heard.length / 2 },
		});
	});

	test('MP3 chunks are one file for each piece, and the item holds one joined file', async () => {
		const { audio, item } = await listen({ format: 'mp3' });
		for (const piece of [0, 1]) {
			const bytes = Buffer.concat(
				audio
					.filter((chunk) => chunk.piece === piece)
					.map(({ data }) => Buffer.from(data, 'base64')),
			);
			expect(bytes.subarray(0, 3).toString('latin1')).toMatch(/^ID3|^\xff/);
		}
		expect(await probeWarnings(await fixture.engine.bytes(item))).toBe('');
	});

	test('no chunk is sent without a streaming trigger or with streaming switched off', async () => {
		expect((await listen({ options: { ...options, stream: false } })).kinds).toEqual([]);
		expect(
			fixture.standIn.requests.every(({ json }) => (json as { stream: boolean }).stream === false),
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
	])('%s: a piece of which nothing was streamed yet is retried', async (_, fault) => {
		// The first piece is delayed, so that nothing of the second one, which breaks, has been sent yet.
		fixture.standIn.inject({ ...faults.slow(700), match: { path: '/v1/audio/speech' } });
		const { error, json, heard, item } = await listen({ format: 'wav' }, fault);
		expect(error).toBeUndefined();
		expect(json).toMatchObject({ attempts: 3 });
		expect((await fixture.engine.bytes(item)).subarray(44).equals(heard)).toBe(true);
	});

	test('a piece that was partly streamed is not spoken again, and the failure is reported', async () => {
		const oneAtOnce = { ...options, piecesAtOnce: 1 };
		const { error, kinds } = await listen(
			{ format: 'wav', options: oneAtOnce },
			faults.withoutEvent('speech.audio.done'),
		);
		const sent = fixture.standIn.requests.map(({ json }) => (json as { input: string }).input);
		expect(new Set(sent).size).toBe(sent.length);
		expect(error?.message).toMatch(/audio ended too early/);
		// n8n itself ends the stream of a failed execution.
		expect(kinds.at(-1)).toBe('error');
		expect(kinds).not.toContain('end');
	});

	test('comments, unusual line ends and single-byte chunks do not change the result', async () => {
		const short = { format: 'wav', text: 'Hello.' };
		const plain = await listen(short);
		for (const fault of [faults.noisyStream(), faults.carriageReturns(), faults.unknownEvent()]) {
			const { error, heard } = await listen(short, fault);
			expect(error).toBeUndefined();
			expect(heard.equals(plain.heard)).toBe(true);
		}
	});
});
