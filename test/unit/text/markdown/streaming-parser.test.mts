import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StreamingMarkdownParser } from '../../../../nodes/shared/text/markdown/streaming-parser.ts';
import { toSpeakable } from '../../../../nodes/shared/text/speakable.ts';

const cut = (text: string, sizes: readonly number[] = [1]): string[] => {
	const parts: string[] = [];
	for (let at = 0, turn = 0; at < text.length; turn++) {
		const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
		parts.push(text.slice(at, at + size));
		at += size;
	}
	return parts;
};

const stretches = (text: string, sizes?: readonly number[]): string[] => {
	const stream = new StreamingMarkdownParser();
	return [...cut(text, sizes).flatMap((part) => stream.push(part)), ...stream.end()].map(
		({ markdown }) => markdown,
	);
};

const words = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
const spoken = (parts: readonly string[]): string =>
	parts.map((part) => toSpeakable(part, { isPart: true })).join(' ');

const ANSWERS = {
	prose:
		'It is sunny in Paris. Take a hat, though, since the wind is strong! Will you go out today?',
	emphasis:
		'**Paris is sunny. Lyon is not.** It is *really quite warm. Or hot*, and ~~cold. No~~ mild. __A. B__ is fine.',
	link: 'See [the weather. Today](https://example.com/a_(b)?x=1. "T") for more. And [Lyon](https://example.org/l). Good luck.',
	code: 'Run this:\n\n```sh\nnpm install. Then go\n\nnpm start\n```\n\nThen open the page. Use `a. b` and ``c ` d. e`` there. Done.',
	tildes: 'First.\n~~~\nx = 1. Y = 2\n~~~\nLast one here.',
	table:
		'The cities:\n\n| City | Degrees |\n|---|---|\n| Paris | 21. Sunny |\n| Lyon | 18 |\n\nThat is all. Really.',
	list: '# Weather\n\n- Paris: sunny. Warm.\n- Lyon: rain\n\n1. Take a hat.\n2. Take **an umbrella. Or two**.\n\nBye.',
	quote: '> It is said. Often.\n> Very often.\n\nThat was it.',
	html: 'A <b title="x. y">bold. Word</b> here. <!-- no. Not this --> Then more.<br>And the end.',
	formula: 'We have $$a. b = c$$ and \\(x. y\\) here. So be it.',
	citation:
		'It rained[1]. It was wet [2]. See 【3†source. x】 too. ([Site](https://example.com/x.y)) End.',
	reference: 'Look at [this. Page](<https://example.com/a b>) now. Fine.',
	japanese: '今日は晴れです。**明日は雨。でも**暖かいです。「はい。」と言いました。',
	lines: 'Roses are red\nViolets are blue\nsugar is sweet\n\nThat is a poem.',
	fenceInQuote: '> ```\n> secret. code\n> ```\n> After it.\n\nBye now.',
	rule: 'One thing.\n\n---\n\nTitle\n=====\n\nOther thing.',
	openAtTheEnd: 'All **was. Well until [the end. Of',
	apostrophe: 'It`s late. Isn`t it? Yes.',
	signs: '5 * 3 is 15. 2 * 2 is 4. snake_case. a_b_c. Costs 3 < 5. And 7 > 2.',
};

const named = Object.entries(ANSWERS);

describe.each(named)('%s', (name, text) => {
	test('no character is lost or added', () => {
		expect(stretches(text).join('')).toBe(text);
	});

	test('the segments do not depend on how the text is divided into pushes', () => {
		const whole = stretches(text, [text.length]);
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
				(sizes) => {
					expect(stretches(text, sizes)).toEqual(whole);
				},
			),
			{ numRuns: 30 },
		);
	});

	test('normalized segment by segment, the words are those of the whole text', () => {
		if (name === 'table') return;
		expect(words(spoken(stretches(text)))).toEqual(words(toSpeakable(text)));
	});

	test('no markup is left', () => {
		if (name === 'signs' || name === 'openAtTheEnd') return;
		expect(spoken(stretches(text))).not.toMatch(/[*`~[\]|#]|https?:|【|<|\$/);
	});
});

test('a table is normalized row by row with its header, as in the whole text', () => {
	expect(spoken(stretches(ANSWERS.table))).toContain('City: Paris, Degrees: 21. Sunny');
});

test('a sentence is emitted as soon as the next one has started', () => {
	const stream = new StreamingMarkdownParser();
	expect(stream.push('It is sunny. ')).toEqual([]);
	expect(stream.push('Take a ')).toEqual([{ markdown: 'It is sunny. ', endsLine: false }]);
});

describe('the first clause', () => {
	const clauseOf = (text: string, least = 25) => {
		const stream = new StreamingMarkdownParser();
		stream.push(text);
		return { stream, clause: stream.takeClause(({ length }) => length >= least)?.markdown };
	};

	test('ends at a comma, and the rest of its sentence follows once', () => {
		const { stream, clause } = clauseOf('It will be sunny in Paris today, with');
		expect(clause).toBe('It will be sunny in Paris today, ');
		const rest = [...stream.push(' some wind. Good luck.'), ...stream.end()];
		expect(rest.map(({ markdown }) => markdown)).toEqual(['with some wind. ', 'Good luck.']);
	});

	test.each([
		['inside a link', 'See [the weather of today, all of it'],
		['inside emphasis', 'It is **very sunny in Paris today, and'],
		['inside parentheses', 'It is sunny in Paris (which is nice, as'],
		['in code', '```\nlet the weather of today, be fine\n'],
		['in a table', '| The weather of today, in Paris | 21, '],
		['too early', 'Well, yes, no, '],
		['inside a number', 'The price of all of it is 1,000,000'],
	])('is not taken %s', (_, text) => {
		expect(clauseOf(text).clause).toBeUndefined();
	});

	test('no text is lost or emitted twice, however pushes and clauses are divided', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...named.map(([, text]) => text)),
				fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
				fc.integer({ min: 1, max: 40 }),
				(text, sizes, least) => {
					const stream = new StreamingMarkdownParser();
					const out: string[] = [];
					for (const part of cut(text, sizes)) {
						out.push(...stream.push(part).map(({ markdown }) => markdown));
						const clause = stream.takeClause((markdown) => markdown.length >= least);
						if (clause) out.push(clause.markdown);
					}
					out.push(...stream.end().map(({ markdown }) => markdown));
					expect(out.join('')).toBe(text);
				},
			),
			{ numRuns: 300 },
		);
	});
});

test('markup that is never closed does not hold back the rest for ever', () => {
	const stream = new StreamingMarkdownParser();
	const sentence = 'This is a sentence of fifty characters, more or less. ';
	const out = stream.push(`This [is never closed. ${sentence.repeat(60)}`);
	expect(out.length).toBeGreaterThan(0);
});

test('any characters are emitted unchanged in linear time', () => {
	const marks = fc.constantFrom(
		'*',
		'_',
		'`',
		'```',
		'\n',
		'\n\n',
		'[',
		'](',
		')',
		'|',
		'<',
		'>',
		'$$',
		'~~',
		'. ',
		'word ',
		'# ',
		'- ',
	);
	fc.assert(
		fc.property(fc.array(marks, { maxLength: 60 }), (parts) => {
			const text = parts.join('');
			const stream = new StreamingMarkdownParser();
			const out = [...parts.flatMap((part) => stream.push(part)), ...stream.end()];
			expect(out.map(({ markdown }) => markdown).join('')).toBe(text);
		}),
		{ numRuns: 500 },
	);
});
