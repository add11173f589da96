import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ServerSentEvent } from '../../../../nodes/shared/http/response/sse.ts';
import {
	readServerSentEvents,
	ServerSentEventParser,
} from '../../../../nodes/shared/http/response/sse.ts';

const CAP = 1_000_000;
const parse = (...pieces: string[]): ServerSentEvent[] => {
	const parser = new ServerSentEventParser(CAP);
	return pieces.flatMap((piece) => parser.push(piece));
};

const readBytes = async (pieces: Uint8Array[]): Promise<ServerSentEvent[]> => {
	async function* source() {
		yield* pieces;
	}
	const events: ServerSentEvent[] = [];
	for await (const event of readServerSentEvents(source(), CAP)) events.push(event);
	return events;
};

describe('the standard, rule by rule', () => {
	test.each<[string, string, ServerSentEvent[]]>([
		['event and data', 'event: a\ndata: 1\n\n', [{ event: 'a', data: '1' }]],
		['the default name', 'data: 1\n\n', [{ event: 'message', data: '1' }]],
		['CRLF', 'event: a\r\ndata: 1\r\n\r\n', [{ event: 'a', data: '1' }]],
		['CR', 'event: a\rdata: 1\r\r', [{ event: 'a', data: '1' }]],
		['several data lines', 'data: 1\ndata: 2\n\n', [{ event: 'message', data: '1\n2' }]],
		['only one leading space goes', 'data:  x\n\n', [{ event: 'message', data: ' x' }]],
		['no colon: an empty value', 'data\n\n', [{ event: 'message', data: '' }]],
		['comments', ': hello\ndata: 1\n:\n\n', [{ event: 'message', data: '1' }]],
		['unknown fields', 'id: 9\nretry: 1\nx: y\ndata: 1\n\n', [{ event: 'message', data: '1' }]],
		['an event without data is none', 'event: a\n\n', []],
		[
			'a name does not outlive its event',
			'event: a\n\ndata: 1\n\n',
			[{ event: 'message', data: '1' }],
		],
		['an unfinished event is dropped', 'data: 1\n\ndata: 2\n', [{ event: 'message', data: '1' }]],
		['colons in values stay', 'data: {"a":1}\n\n', [{ event: 'message', data: '{"a":1}' }]],
	])('%s', (_, text, expected) => {
		expect(parse(text)).toEqual(expected);
	});

	test('CR at the end of one piece and LF at the start of the next are one line end', () => {
		expect(parse('data: 1\r', '\ndata: 2\r', '\n\r', '\n')).toEqual([
			{ event: 'message', data: '1\n2' },
		]);
	});

	test('a byte order mark at the start is dropped', async () => {
		const bytes = Buffer.from('\uFEFFdata: 1\n\n');
		expect(await readBytes([bytes])).toEqual([{ event: 'message', data: '1' }]);
	});
});

test('any cut into bytes gives the same events', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.stringMatching(/^[a-zé漢😀 :{}"]{0,12}$/u), { maxLength: 6 }),
			fc.constantFrom('\n', '\r\n', '\r'),
			fc.array(fc.nat(200), { maxLength: 12 }),
			async (values, lineEnd, cuts) => {
				const text = values
					.map((value, n) => `event: e${n}${lineEnd}data: ${value}${lineEnd}${lineEnd}`)
					.join('');
				const bytes = Buffer.from(text);
				const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length];
				borders.sort((a, b) => a - b);
				const pieces = borders.slice(1).map((end, n) => bytes.subarray(borders[n], end));
				const expected = values.map((data, n) => ({ event: `e${n}`, data }));
				expect(await readBytes(pieces)).toEqual(expected);
			},
		),
	);
});

test('an event beyond the cap is refused while it grows, not when it ends', () => {
	const parser = new ServerSentEventParser(100);
	expect(() => {
		for (let n = 0; n < 20; n++) parser.push(`data: ${'x'.repeat(4)}\n`);
		for (let n = 0; n < 20; n++) parser.push('y'.repeat(10));
	}).toThrow(RangeError);
});

test('a large event costs time in proportion to its size', () => {
	const cost = (mebibytes: number) => {
		const text = `data: ${'x'.repeat(mebibytes * 1024 * 1024)}\n\n`;
		let best = Infinity;
		for (let run = 0; run < 7; run++) {
			const parser = new ServerSentEventParser(64 * 1024 * 1024);
			const began = process.cpuUsage();
			let seen = 0;
			for (let at = 0; at < text.length; at += 16_384)
				seen += parser.push(text.slice(at, at + 16_384)).length;
			expect(seen).toBe(1);
			const { user, system } = process.cpuUsage(began);
			best = Math.min(best, user + system);
		}
		return best / 1000;
	};
	const four = cost(4);
	expect(four).toBeLessThan(15);
	// A floor, because two very short times have no ratio.
	expect(cost(8)).toBeLessThan(Math.max(2.2 * four, 15));
});

test('a million empty data lines are too large an event', () => {
	const parser = new ServerSentEventParser(CAP);
	expect(() => parser.push('data\n'.repeat(1_000_000))).toThrow(RangeError);
});
