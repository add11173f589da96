// Server-sent events at the edges: line ends cut in two, colons in odd places, sizes to the character.
import { describe, expect, test } from '@jest/globals';
import { ServerSentEventParser } from '../../../../nodes/shared/http/response/sse.ts';

const parse = (...pieces: string[]) => {
	const parser = new ServerSentEventParser(1_000);
	return pieces.flatMap((piece) => parser.push(piece)).map(({ data }) => data);
};

test.each<[string, string[], string[]]>([
	['a first line end is no second half of one', ['\ndata: 1\n\n'], ['1']],
	['CR, then nothing, then LF', ['data: 1\r', '', '\n\n'], ['1']],
	['CR at the end, then a new line', ['data: 1\r', 'data: 2\n\n'], ['1\n2']],
	['CR within, then LF at the start', ['data: 1\r\r', '\ndata: 2\n\n'], ['1', '2']],
	['only one LF belongs to a CR', ['data: 1\r', '\n\n', 'data: 2\n\n'], ['1', '2']],
	['CR in the middle of a piece waits for nothing', ['data: 1\rdata: 2', '\n\n'], ['1\n2']],
	['LF at the start of a piece ends a line', ['data: 1', '\n', '\n'], ['1']],
	['no space after the colon', ['data:1\n\n'], ['1']],
	['a letter after the colon is kept', ['data:xy\n\n'], ['xy']],
	['a line of one letter', ['d\n\n'], []],
	['a colon alone', [':\ndata: 1\n\n'], ['1']],
	['a comment that looks like a field', [':data: 1\n\n'], []],
	['a field name in two pieces', ['da', 'ta: 1\n\n'], ['1']],
	['empty data', ['data:\n\n'], ['']],
])('%s', (_, pieces, expected) => {
	expect(parse(...pieces)).toEqual(expected);
});

describe('the largest event', () => {
	const line = `data: ${'x'.repeat(4)}`;

	test('is that of the cap, to the character', () => {
		expect(new ServerSentEventParser(line.length).push(`${line}\n\n`)).toHaveLength(1);
		expect(() => new ServerSentEventParser(line.length - 1).push(`${line}\n\n`)).toThrow(
			'event too large',
		);
	});

	test('is the same however it is cut', () => {
		const parser = new ServerSentEventParser(line.length - 1);
		expect(() => {
			for (const letter of line) parser.push(letter);
		}).toThrow(RangeError);
	});

	test('counts its finished lines, and begins anew with the next event', () => {
		const parser = new ServerSentEventParser(30);
		for (let n = 0; n < 10; n++) expect(parser.push(`${line}\n\n`)).toHaveLength(1);
		expect(() => parser.push(`${line}\n${line}\n${line}\n`)).toThrow(RangeError);
	});
});
