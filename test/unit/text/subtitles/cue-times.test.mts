// Cue timing: which cues are made of which segments, to the hundredth of a second.
import { describe, expect, test } from '@jest/globals';
import type { CaptionRules } from '../../../../nodes/shared/text/subtitles/caption-lines.ts';
import type { Segment } from '../../../../nodes/shared/text/subtitles/segments.ts';
import { toCues, toSrt, toWebVtt } from '../../../../nodes/shared/text/subtitles/subtitles.ts';

const said = (start: number, end: number, text: string, speaker?: string): Segment =>
	speaker === undefined ? { start, end, text } : { start, end, text, speaker };

type Shown = [startMs: number, endMs: number, lines: string, speaker?: string];

const shown = (segments: readonly Segment[], rules?: Partial<CaptionRules>): Shown[] =>
	toCues(segments, rules).map(({ startMs, endMs, lines, speaker }) =>
		speaker === undefined
			? [startMs, endMs, lines.join('/')]
			: [startMs, endMs, lines.join('/'), speaker],
	);

const narrow = { lineCharacters: 10, lines: 2 };
const x = (count: number) => 'x'.repeat(count);

type Row = [name: string, segments: Segment[], cues: Shown[], rules?: Partial<CaptionRules>];

const judge = (rows: Row[]) => {
	for (const [name, segments, cues, rules] of rows)
		test(name, () => expect(shown(segments, rules)).toEqual(cues));
};

describe('short segments are merged', () => {
	judge([
		['touching', [said(0, 0.5, 'a'), said(0.5, 1, 'b')], [[0, 1000, 'a b']]],
		['0.3 seconds apart', [said(0, 0.5, 'a'), said(0.8, 1, 'b')], [[0, 1000, 'a b']]],
		[
			'not with a longer silence between them',
			[said(0, 0.5, 'a'), said(0.81, 1, 'b')],
			[
				[0, 730, 'a'],
				[810, 1810, 'b'],
			],
		],
		[
			'when each is just shorter than a second',
			[said(0, 0.99, 'a'), said(1, 1.99, 'b')],
			[[0, 1990, 'a b']],
		],
		[
			'not to a segment of a whole second',
			[said(0, 1, 'a'), said(1, 1.5, 'b')],
			[
				[0, 1000, 'a'],
				[1000, 2000, 'b'],
			],
		],
		[
			'nor a segment of a whole second to a short one',
			[said(0, 0.5, 'a'), said(0.5, 1.5, 'b')],
			[
				[0, 500, 'a'],
				[500, 1500, 'b'],
			],
		],
		[
			'not when the speakers differ',
			[said(0, 0.5, 'a', 'A'), said(0.5, 1, 'b', 'B')],
			[
				[0, 500, 'a', 'A'],
				[500, 1500, 'b', 'B'],
			],
		],
		[
			'not after a full stop',
			[said(0, 0.5, 'a.'), said(0.5, 1, 'b')],
			[
				[0, 500, 'a.'],
				[500, 1500, 'b'],
			],
		],
		[
			'when shorter than the minimum duration of the rules',
			[said(0, 0.5, 'a'), said(0.5, 1, 'b')],
			[
				[0, 500, 'a'],
				[500, 1000, 'b'],
			],
			{ minimumMs: 400 },
		],
		[
			'up to the maximum duration of a cue',
			[0, 1, 2, 3, 4].map((at) => said(9 + at * 0.9, 9.9 + at * 0.9, `w${at}`)),
			[
				[9000, 12_600, 'w0 w1 w2 w3'],
				[12_600, 13_600, 'w4'],
			],
			{ maximumMs: 3600 },
		],
		[
			'and a segment within another keeps the later end',
			[said(0, 0.9, 'a'), said(0.1, 0.3, 'b')],
			[[0, 900, 'a b']],
			{ minimumMs: 901, charactersPerSecond: 100 },
		],
		[
			'as long as they fit into two lines',
			[said(0, 0.5, 'aaaa bbbb'), said(0.5, 1, 'cccc'), said(1, 1.5, 'ddddd'), said(1.5, 2, 'ee')],
			[
				[0, 1500, 'aaaa bbbb/cccc ddddd'],
				[1500, 2500, 'ee'],
			],
			narrow,
		],
		[
			'Japanese after its comma is no longer joined',
			[said(0, 0.5, '今日'), said(0.5, 1, 'は、'), said(1, 1.5, '晴れ')],
			[
				[0, 1000, '今日 は、'],
				[1000, 2000, '晴れ'],
			],
		],
	]);
});

describe('overlapping speech', () => {
	const a = 'I think so.';
	const b = 'Not at all.';
	judge([
		[
			'the second starts once the first has been read',
			[said(0, 5, a, 'A'), said(0, 4, b, 'B')],
			[
				[0, 1000, a, 'A'],
				[1000, 4000, b, 'B'],
			],
		],
		[
			'a second that starts later keeps its start',
			[said(0, 5, a, 'A'), said(3, 4, b, 'B')],
			[
				[0, 3000, a, 'A'],
				[3000, 4000, b, 'B'],
			],
		],
		[
			'the second start moves no further than the middle of both',
			[said(0, 2, a, 'A'), said(0.5, 1.5, b, 'B')],
			[
				[0, 750, a, 'A'],
				[750, 1750, b, 'B'],
			],
		],
		[
			'the second start moves no further than the end of the first',
			[said(0, 1.2, x(34), 'A'), said(0.5, 8, b, 'B')],
			[
				[0, 1200, x(34), 'A'],
				[1200, 8000, b, 'B'],
			],
		],
		[
			'three overlapping segments',
			[said(0, 9, x(34), 'A'), said(0.5, 8, b, 'B'), said(1, 2, 'So.', 'C')],
			[
				[0, 2000, x(34), 'A'],
				[2000, 2010, b, 'B'],
				[2010, 3010, 'So.', 'C'],
			],
		],
	]);
});

describe('times', () => {
	judge([
		['before zero become zero', [said(-5, 2, 'aa bb')], [[0, 2000, 'aa bb']]],
		['that are not finite become zero', [said(NaN, 2, 'aa')], [[0, 2000, 'aa']]],
		['an infinite end becomes the start', [said(1, Infinity, 'aa')], [[1000, 2000, 'aa']]],
		['an end before the start becomes the start', [said(3, 2, 'aa')], [[3000, 4000, 'aa']]],
		['a negative end becomes the start', [said(1, -4, 'aa')], [[1000, 2000, 'aa']]],
		[
			'are capped below 100 hours',
			[said(500_000, 600_000, 'aa')],
			[[359_999_990, 360_000_000, 'aa']],
		],
		['are rounded to hundredths of a second', [said(0.004, 2.005, 'aa')], [[0, 2010, 'aa']]],
	]);

	test('cues are ordered by start time, then by input order', () => {
		const segments = [said(4, 6, 'c'), said(2, 4, 'b'), said(0, 2, 'a'), said(4, 6, 'd')];
		expect(shown(segments).map(([, , text]) => text)).toEqual(['a', 'b', 'c', 'd']);
	});

	test('a segment without text makes no cue, an empty speaker no name', () => {
		expect(shown([said(0, 1, ' \n\u0007 '), said(1, 3, 'a', '')])).toEqual([[1000, 3000, 'a']]);
	});

	test('a segment without text does not shorten the cue before it', () => {
		expect(shown([said(0, 5, 'a', 'A'), said(1, 2, ' ')])).toEqual([[0, 5000, 'a', 'A']]);
	});
});

describe('cue duration', () => {
	judge([
		['seven seconds at most', [said(0, 20, 'aa')], [[0, 7000, 'aa']]],
		[
			'unless it takes longer to read',
			[said(0, 20, `${x(40)} ${x(40)}`)],
			[[0, 4760, `${x(40)}/${x(40)}`]],
			{ maximumMs: 2000 },
		],
		['a second at least', [said(0, 0.1, 'aa.')], [[0, 1000, 'aa.']]],
		['long enough to be read', [said(0, 1, `${x(34)}.`)], [[0, 2060, `${x(34)}.`]]],
		[
			'with a gap of two frames before the next',
			[said(0, 0.1, 'aa.'), said(0.5, 6, 'bb')],
			[
				[0, 420, 'aa.'],
				[500, 6000, 'bb'],
			],
		],
		[
			'seven seconds at most also when the next cue follows at once',
			[said(0, 7.04, 'aa.'), said(7.05, 9, 'bb')],
			[
				[0, 7000, 'aa.'],
				[7050, 9000, 'bb'],
			],
		],
		[
			'without a gap where the segments had none',
			[said(0, 0.45, 'aa.'), said(0.5, 6, 'bb')],
			[
				[0, 450, 'aa.'],
				[500, 6000, 'bb'],
			],
		],
		[
			'the spoken duration when that is long enough to read',
			[said(0, 1, 'aa.'), said(1.05, 6, 'bb')],
			[
				[0, 1000, 'aa.'],
				[1050, 6000, 'bb'],
			],
		],
		[
			'extended up to the gap',
			[said(0, 0.5, 'aa.'), said(1.08, 6, 'bb')],
			[
				[0, 1000, 'aa.'],
				[1080, 6000, 'bb'],
			],
		],
		[
			'extended by a hundredth less than the gap allows',
			[said(0, 0.5, 'aa.'), said(1.07, 6, 'bb')],
			[
				[0, 990, 'aa.'],
				[1070, 6000, 'bb'],
			],
		],
		[
			'a hundredth of a second where there is no time at all',
			[said(0, 0, 'aa.'), said(0, 0, 'bb.'), said(0, 0.01, 'cc.')],
			[
				[0, 10, 'aa.'],
				[10, 20, 'bb.'],
				[20, 1020, 'cc.'],
			],
		],
	]);
});

describe('a long segment', () => {
	judge([
		[
			'is split between sentences',
			[said(0, 10, 'Aaaa bbbb cccc dddd. Eeee')],
			[
				[0, 7000, 'Aaaa bbbb/cccc dddd.'],
				[8330, 10_000, 'Eeee'],
			],
			narrow,
		],
		[
			'sentences that fit together stay together',
			[said(0, 10, 'Anna. Ebbe. Icon. Odin. Ueli.')],
			[
				[0, 4070, 'Anna./Ebbe.'],
				[4070, 8150, 'Icon./Odin.'],
				[8150, 10_000, 'Ueli.'],
			],
			narrow,
		],
		[
			'is split between clauses',
			[said(0, 10, 'aaaa bbbb, cccc dddd, eeee ffff')],
			[
				[0, 7000, 'aaaa bbbb,/cccc dddd,'],
				[7000, 10_000, 'eeee ffff'],
			],
			narrow,
		],
		[
			'is split between clauses where its words do not fill the lines',
			[said(10, 20, 'aaaa bb, cccccc dddddd')],
			[
				[10_000, 13_810, 'aaaa bb,'],
				[13_810, 20_000, 'cccccc/dddddd'],
			],
			narrow,
		],
		[
			'is split between words',
			[said(0, 10, 'aaaa bbbb cccc dddd eeee ffff')],
			[
				[0, 6790, 'aaaa bbbb/cccc dddd'],
				[6790, 10_000, 'eeee ffff'],
			],
			narrow,
		],
		[
			'is split after a Japanese full stop',
			[said(0, 10, '今日は、晴れ。明日は雨')],
			[
				[0, 6520, '今日は、晴/れ。'],
				[6520, 10_000, '明日は雨'],
			],
			narrow,
		],
		[
			'and joined without a space after a Japanese full stop',
			[said(0, 6, '今日は晴れ。明日は雨')],
			[[0, 6000, '今日は晴れ。明日は雨']],
			{ lineCharacters: 20 },
		],
	]);

	test.each([...',;:،؛、，；：—–'])('is split after a clause that ends with %s', (mark) => {
		const text = `aaaa bb${mark} cc dddd eeee ff gg`;
		expect(shown([said(0, 10, text)], narrow)[0]?.[2]).toBe(`aaaa bb${mark}`);
	});

	test.each([...'、，；：'])('is split after %s without a space', (mark) => {
		expect(shown([said(0, 10, `中中${mark}中中中中中中中中中`)], narrow)[0]?.[2]).toBe(
			`中中${mark}`,
		);
	});

	test.each(['中', 'あ', 'ア', '「中', '『中', '（中'])('no space comes before %s', (next) => {
		for (const stop of ['。', '！', '？'])
			expect(shown([said(0, 5, `中${stop} ${next}`)])).toEqual([[0, 5000, `中${stop}${next}`]]);
	});

	test('a space comes before and after other letters', () => {
		expect(shown([said(0, 5, '中。 Abc')])[0]?.[2]).toBe('中。 Abc');
		expect(shown([said(0, 5, '中。 ab中')])[0]?.[2]).toBe('中。 ab中');
		expect(shown([said(0, 5, '中。 Abc. 中')])[0]?.[2]).toBe('中。 Abc. 中');
		expect(shown([said(0, 5, 'Abc def. 中')])[0]?.[2]).toBe('Abc def. 中');
	});

	test.each([...'、，；：'])('no space comes after the %s of a clause', (mark) => {
		const clauses = ['ああ', 'いい', 'うう', 'ええええええええ'];
		const lines = shown([said(0, 5, clauses.join(`${mark} `))], narrow).map(([, , text]) => text);
		expect(lines.join('').replaceAll('/', '')).toBe(clauses.join(mark));
	});

	test.each(['「中」', '『中』', '（中）'])('no space comes after %s', (quoted) => {
		expect(shown([said(0, 0.5, quoted), said(0.5, 1, '中')])[0]?.[2]).toBe(`${quoted}中`);
	});
});

describe('SRT and WebVTT files', () => {
	test('SRT names a speaker once, and again after another or an unknown speaker', () => {
		expect(
			toSrt([
				said(0, 2, 'Hi you there.', 'A \n B'),
				said(2, 4, 'So it is.', 'A \n B'),
				said(4, 6, 'x --> y --> z', 'C'),
				said(6, 8, 'quite'),
				said(8, 10, 'More of it', 'C'),
				said(10, 12, 'No', ''),
			]).split('\n\n'),
		).toEqual([
			'1\n00:00:00,000 --> 00:00:02,000\nA B: Hi you there.',
			'2\n00:00:02,000 --> 00:00:04,000\nSo it is.',
			'3\n00:00:04,000 --> 00:00:06,000\nC: x -> y -> z',
			'4\n00:00:06,000 --> 00:00:08,000\nquite',
			'5\n00:00:08,000 --> 00:00:10,000\nC: More of it',
			'6\n00:00:10,000 --> 00:00:12,000\nNo\n',
		]);
	});

	test('a complete WebVTT file', () => {
		expect(
			toWebVtt([
				said(0, 2, 'Hi <you> & <me> &', 'A & B <c>'),
				said(2, 4, 'So it is.', ''),
				said(7322.05, 7324, 'aa'),
			]),
		).toBe(
			'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v A &amp; B c>Hi &lt;you&gt; &amp; &lt;me&gt; &amp;</v>\n\n00:00:02.000 --> 00:00:04.000\nSo it is.\n\n02:02:02.050 --> 02:02:04.000\naa\n',
		);
	});

	test('the lines of a cue stay lines in both formats', () => {
		const text = `${x(40)} ${'y'.repeat(40)}`;
		expect(toSrt([said(0, 9, text)])).toContain(`\n${x(40)}\n${'y'.repeat(40)}\n`);
		expect(toWebVtt([said(0, 9, text)])).toContain(`\n${x(40)}\n${'y'.repeat(40)}\n`);
	});

	test('caption rules apply to both formats', () => {
		for (const file of [toSrt, toWebVtt])
			expect(file([said(0, 9, 'aaaa bbbb')], { lineCharacters: 4 })).toContain('aaaa\nbbbb\n');
	});
});
