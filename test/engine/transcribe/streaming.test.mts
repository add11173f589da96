// Voxtral Transcribe with a streaming trigger: live text, and streams that break.
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import { type Fault, faults } from '../../standin/index.mts';
import { packageRoot } from '../../support/engine.mts';
import { useEngineFixture } from '../../support/engine-fixture.mts';

const dialogue = readFileSync(join(packageRoot, 'test/recordings/dialogue.ogg'));
const text =
	'Good morning. Is the train to Lyon on time? No, it is twenty minutes late. Thank you. Which platform does it leave from? From platform seven.';

const fixture = useEngineFixture();

const run = async (
	options: INodeParameters,
	{
		streaming = true,
		onError,
		items = 1,
	}: { streaming?: boolean; onError?: INode['onError']; items?: number } = {},
) => {
	const item = await fixture.engine.item({ chat: 7 }, { bytes: dialogue });
	const node = {
		type: 'voxtralTranscribe',
		parameters: { options },
		...(onError ? { onError } : {}),
	};
	return await fixture.engine.run({
		nodes: [node],
		items: Array.from({ length: items }, () => item),
		streaming,
	});
};
const heard = (chunks: Awaited<ReturnType<typeof run>>['chunks'], itemIndex = 0) => {
	const own = chunks.filter(({ metadata }) => metadata.itemIndex === itemIndex);
	return {
		types: own.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]),
		pieces: own.filter(({ type }) => type === 'item').map(({ content }) => content ?? ''),
	};
};

describe('live text', () => {
	test('text is streamed as it is recognized, and the item is the same as without streaming', async () => {
		const live = await run({ streamText: true, diarize: true });
		expect(live.error).toBeUndefined();
		const { types, pieces } = heard(live.chunks);
		expect(types).toEqual(['begin', 'item', 'end']);
		expect(pieces.length).toBeGreaterThan(20);
		expect(pieces.join('')).toBe(text);
		expect(fixture.standIn.requests[0]?.form?.fields).toContainEqual(['stream', 'true']);
		expect(fixture.standIn.requests[0]?.headers.accept).toMatch(/text\/event-stream/);
		const whole = await run({ diarize: true });
		expect(whole.chunks).toEqual([]);
		expect(live.items[0]?.json).toEqual(whole.items[0]?.json);
	});

	test('the streams of several items can be told apart', async () => {
		const { chunks } = await run({ streamText: true }, { items: 3 });
		for (const index of [0, 1, 2]) expect(heard(chunks, index).pieces.join('')).toBe(text);
	});

	test.each([
		['the option is off', {}, true],
		['the trigger does not stream', { streamText: true }, false],
	])('no stream is requested when %s', async (_why, options, streaming) => {
		const { chunks, items } = await run(options, { streaming });
		expect(chunks).toEqual([]);
		expect(items[0]?.json.text).toBe(text);
		expect(fixture.standIn.requests[0]?.form?.fields).not.toContainEqual(['stream', 'true']);
	});

	test('a server that cannot stream gives its text at the end', async () => {
		fixture.standIn.inject({ status: 200, body: { text: 'All at once.' } });
		const { chunks, items } = await run({ streamText: true });
		expect(heard(chunks).pieces).toEqual(['All at once.']);
		expect(items[0]?.json.text).toBe('All at once.');
	});

	test('the stream of a vLLM server is read', async () => {
		const events = ['Hel', 'lo.'].map((content) => ({
			object: 'transcription.chunk',
			choices: [{ delta: { content } }],
		}));
		const body = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
		fixture.standIn.inject({ status: 200, body, contentType: 'text/event-stream' });
		const { chunks, items } = await run({ streamText: true });
		expect(heard(chunks).pieces).toEqual(['Hel', 'lo.']);
		expect(items[0]?.json.text).toBe('Hello.');
	});

	test('segments that come only as separate events are collected', async () => {
		const events = [
			{ type: 'transcription.text.delta', text: 'Hi.' },
			{ type: 'transcription.segment', text: 'Hi.', start: 0, end: 1, speaker_id: 'speaker_1' },
			{ type: 'transcription.done', text: 'Hi.', model: 'm', language: null, usage: {} },
		];
		const body = events
			.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
			.join('');
		fixture.standIn.inject({ status: 200, body, contentType: 'text/event-stream' });
		const { items } = await run({ streamText: true, timestamps: true });
		expect(items[0]?.json.segments).toEqual([
			{ start: 0, end: 1, text: 'Hi.', speaker: 'speaker_1' },
		]);
	});
});

describe('an unusual but complete stream', () => {
	const odd: [string, Fault][] = [
		['carriage returns', faults.carriageReturns()],
		['comments, a byte order mark, three bytes at a time', faults.noisyStream()],
		['unknown event types', faults.unknownEvent()],
		['one byte at a time', faults.oneByteSlices()],
	];
	test.each(odd)('the text is complete despite %s', async (_what, fault) => {
		fixture.standIn.inject(fault);
		const { chunks, items } = await run({ streamText: true });
		expect(heard(chunks).pieces.join('')).toBe(text);
		expect(items[0]?.json).toMatchObject({ text, attempts: 1 });
	});

	test('segments may follow the whole text', async () => {
		fixture.standIn.behave({ segmentsAfterDeltas: true, padding: true });
		const { items } = await run({ streamText: true, timestamps: true });
		expect(items[0]?.json.segments).toHaveLength(4);
	});
});

describe('a stream that breaks', () => {
	const broken: [string, Fault, RegExp][] = [
		[
			'without its last event',
			faults.withoutEvent('transcription.done'),
			/ended before the transcription was complete/,
		],
		['by an error event', faults.errorEvent('transcription.done'), /stopped in the middle/],
		['by a lost connection', faults.resetAfterEvents(8), /connection to Mistral broke/],
		['by a clean end', faults.endAfterEvents(8), /ended before the transcription was complete/],
	];
	test.each(broken)(
		'%s fails with the partial text and is not retried',
		async (_how, fault, message) => {
			fixture.standIn.inject(fault);
			const { items, errorItems, chunks } = await run(
				{ streamText: true },
				{ onError: 'continueErrorOutput' },
			);
			expect(items).toEqual([]);
			const { error, details } = errorItems[0]?.json as {
				error: string;
				details: { partial: string };
			};
			expect(error).toMatch(message);
			expect(text.startsWith(details.partial)).toBe(true);
			expect(details.partial.length).toBeGreaterThan(10);
			expect(heard(chunks).types).toEqual(['begin', 'item', 'end']);
			expect(fixture.standIn.requests).toHaveLength(1);
		},
	);

	test('a stream that breaks before its first text is retried', async () => {
		fixture.standIn.inject({ reset: 'after-headers' });
		const { items, chunks } = await run({ streamText: true });
		expect(items[0]?.json).toMatchObject({ text, attempts: 2 });
		expect(heard(chunks).pieces.join('')).toBe(text);
	});
});
