// When the streaming parser emits which segments. `◊` ends a segment, `¶` one that ends its line, `‖` a push.
import { describe, expect, test } from '@jest/globals';
import {
	StreamingMarkdownParser,
	type MarkdownSegment,
} from '../../../../nodes/shared/text/markdown/streaming-parser.ts';

const shown = ({ markdown, endsLine }: MarkdownSegment) => markdown + (endsLine ? '¶' : '◊');

const judge = (rows: string[]) =>
	test.each(rows.map((row) => [row]))('%j', (row) => {
		const text = row.replace(/[◊¶‖]/g, '');
		const stream = new StreamingMarkdownParser();
		const pushed = stream.push(text).map(shown).join('');
		expect(`${pushed}‖${stream.end().map(shown).join('')}`).toBe(row);
	});

describe('a sentence is emitted once the next one has started', () => {
	judge([
		'‖',
		'One two. ◊‖Three◊',
		'One two. ◊‖Three four.◊',
		'One two.\n¶Three four.\n\n¶‖Five◊',
		'One.\n\n¶‖',
		'# One\n¶‖Two three◊',
		'  \n¶One two. ◊‖Three◊',
		'>\n¶One. ◊‖Two◊',
		'One\n\n¶\n¶‖Two◊',
		'One.  \n ¶‖Two◊',
	]);
});

describe('unclosed markup holds sentences back', () => {
	judge([
		'**One two. Three** four. ◊‖Five◊',
		'‖**One two. Three four. Five¶',
		'*One two. Three* four. ◊‖Five◊',
		'‖*One two. Three four. Five¶',
		'_One two. Three_ four. ◊‖Five◊',
		'‖_One two. Three four. Five¶',
		'__One two. Three__ four. ◊‖Five◊',
		'‖__One two. Three four. Five¶',
		'~~One two. Three~~ four. ◊‖Five◊',
		'‖~~One two. Three four. Five¶',
		'`One two. Three` four. ◊‖Five◊',
		'‖`One two. Three four. Five¶',
		'``One two. Three`` four. ◊‖Five◊',
		'‖``One two. Three four. Five¶',
		'``One two. ` Three`` four. ◊‖Five◊',
		'`One two. `` Three` four. ◊‖Five◊',
		'‖So `a`b`` is. Two. Three¶',
		'‖[One two. Three four. Five¶',
		'[One two. Three] four. ◊‖Five◊',
		'[One two. Three](http://x) four. ◊‖Five◊',
		'[One](http://x/y. z) four. ◊‖Five◊',
		'[One](http://x/(y. Zed)) four. ◊‖Five◊',
		'‖See [x](y. Zed four. Five¶',
		'‖See [x](y(z) a. Zed four. Five¶',
		'‖See [x](y(zz) a. Zed four. Five¶',
		'‖] One [two. Three four. Five¶',
		'See [x](y) so. ◊Zed four. ◊‖Five◊',
		'‖【One two. Three four. Five¶',
		'【One two. Three】 four. ◊‖Five◊',
		'‖<!-- One two. Three four. Five¶',
		'<!-- One two. Three --> four. ◊‖Five◊',
		'‖<!-- a --> <!-- One two. Three four. Five¶',
		'‖<b title="One two. Three four. Five¶',
		'<b title="One two. Three">x</b> four. ◊‖Five◊',
		'‖</b One two. Three four. Five¶',
		'‖<a>One two. Three four. Five¶',
		'<a x="1">One two. Three</a> four. ◊‖Five◊',
		'‖<b>One two. Three four. Five¶',
		'<b x="1">One two. Three</b> four. ◊‖Five◊',
		'‖<i>One two. Three four. Five¶',
		'<i x="1">One two. Three</i> four. ◊‖Five◊',
		'‖<p>One two. Three four. Five¶',
		'<p x="1">One two. Three</p> four. ◊‖Five◊',
		'‖<q>One two. Three four. Five¶',
		'<q x="1">One two. Three</q> four. ◊‖Five◊',
		'‖<s>One two. Three four. Five¶',
		'<s x="1">One two. Three</s> four. ◊‖Five◊',
		'‖<u>One two. Three four. Five¶',
		'<u x="1">One two. Three</u> four. ◊‖Five◊',
		'‖<script>One two. Three four. Five¶',
		'<script x="1">One two. Three</script> four. ◊‖Five◊',
		'‖<style>One two. Three four. Five¶',
		'<style x="1">One two. Three</style> four. ◊‖Five◊',
		'‖<B>One two. Three four. Five¶',
		'<B x="1">One two. Three</B> four. ◊‖Five◊',
		'‖<SCRIPT>One two. Three four. Five¶',
		'<SCRIPT x="1">One two. Three</SCRIPT> four. ◊‖Five◊',
		'<b>One\ntwo. Three</b> four. ◊‖Five◊',
		'‖$$One two. Three four. Five¶',
		'$$One two. Three$$ four. ◊‖Five◊',
		'‖\\(One two. Three four. Five¶',
		'\\(One two. Three\\) four. ◊‖Five◊',
		'‖\\[One two. Three four. Five¶',
		'\\[One two. Three\\] four. ◊‖Five◊',
		'‖\\(a\\) \\(One two. Three four. Five¶',
		'- One *two. Three* four. ◊‖Five◊',
		'‖- One *two. Three four. Five¶',
		'‖One_ two. Three four. Five¶',
		'‖One* two. Three four. Five¶',
	]);
});

describe('punctuation that is no markup does not', () => {
	judge([
		'<em>One two. ◊Three four. ◊‖Five◊',
		'<abbr>One two. ◊Three four. ◊‖Five◊',
		'<div>One two. ◊Three</div> four. ◊‖Five◊',
		'<br>One two. ◊Three four. ◊‖Five◊',
		'5 < 6 is so. ◊Three four. ◊‖Five◊',
		'a <3 is so. ◊Three four. ◊‖Five◊',
		'2* 3 is. ◊Three four. ◊‖Five◊',
		'2 *3 is. ◊Three four. ◊‖Five◊',
		'1*2*3*4 is. ◊Three four. ◊‖Five◊',
		'* one is. ◊Three four. ◊‖Five◊',
		'+ one is. ◊Three four. ◊‖Five◊',
		'- one is. ◊Three four. ◊‖Five◊',
		'One\n¶* two is. ◊Three four. ◊‖Five◊',
		'a_b is. ◊Three four. ◊‖Five◊',
		'$One two. ◊Three$ four. ◊‖Five◊',
		'One]. ◊Two three. ◊‖Four◊',
		'】One two. ◊Three four. ◊‖Five◊',
		'] [x] One two. ◊Three four. ◊‖Five◊',
		'\\) One two. ◊Three four. ◊‖Five◊',
		'\\] One two. ◊Three four. ◊‖Five◊',
		'a * b is. ◊Three four. ◊‖Five◊',
	]);
});

describe('a code block is emitted as a whole', () => {
	judge([
		'```\na. b\n```\n¶‖c. d◊',
		'‖```\na. b¶',
		'~~~\na. b\n~~~\n¶‖c◊',
		'````\n```\na. b\n````\n¶‖c◊',
		'```js\na\n```js\nb\n```\n¶‖c◊',
		'```\na\n~~~\n```\n¶‖b◊',
		'~~~\na\n```\n~~~\n¶‖b◊',
		'> ```\n> a. b\n> ```\n¶‖c. D◊',
		'x. Y\n¶‖```\na. b\n```¶',
		'‖```\na\n```¶',
		'```\n\n```\n¶‖x. Y◊',
		'```\na\n```x```\nb\n```\n¶‖c◊',
		'  ```\na\n  ```  \n¶‖b◊',
		'~~~ a`b\nc. D\n~~~\n¶‖e◊',
	]);
});

describe('text that only looks like a code fence is not', () => {
	judge([
		'~~\na~~ is. ◊‖Be so◊',
		'``\na`` is. ◊‖Be so◊',
		'~a is. ◊‖Be so◊',
		'‖``a. B` c. D¶',
		'‖```a`b\nc. D e. F¶',
		'‖~~a. B~~ c. D◊',
		'‖`a` b. c d◊',
	]);
});

describe('a table is emitted as a whole', () => {
	judge([
		'|a. b|\n|c. d|\n\n¶‖E f. G◊',
		'|a. b|\n¶‖c. D e◊',
		'‖|a. b¶',
		'> |a. b|\n> |c|\n¶‖d◊',
		'x y\n¶‖|a|¶',
		'|a|\n¶```\nb. C\n```\n¶‖',
		'|a|\n\n¶\n¶‖b◊',
		'|a|\n  \n¶‖b. C◊',
		'a |b|. ◊‖C d. E◊',
	]);
});

describe('a clause', () => {
	const clauseOf = (text: string, least = 0) => {
		const stream = new StreamingMarkdownParser();
		const pushed = stream.push(text).map(({ markdown }) => markdown);
		const clause = stream.takeClause(({ length }) => length >= least)?.markdown;
		const rest = stream.end().map(({ markdown }) => markdown);
		expect([...pushed, clause ?? '', ...rest].join('')).toBe(text);
		return clause;
	};

	test.each<[string, string, number?]>([
		['aa, ', 'aa, bb, cc'],
		['aa, ', 'aa, bb, cc', 4],
		['aa, bb, ', 'aa, bb, cc', 5],
		['aa, bb, ', 'aa, bb, cc', 8],
		['aa (bb, cc), ', 'aa (bb, cc), dd'],
		['aa （bb, cc）, ', 'aa （bb, cc）, dd'],
		['aa [bb, cc](d), ', 'aa [bb, cc](d), ee'],
		['**aa, bb**, ', '**aa, bb**, cc'],
		['**One. Two** aa, ', '**One. Two** aa, bb, cc'],
		['One **two. Aa** bb, ', 'One **two. Aa** bb, cc', 20],
		['One two. aa, ', 'One two. aa, bb'],
		['aa – ', 'aa – bb'],
		['aa — ', 'aa — bb'],
		['aa - ', 'aa - bb'],
		['aa—  ', 'aa—  bb'],
		['“aa,” ', '“aa,” bb'],
		['aa, ', 'aa, '],
		...[...',;:،؛、，；：፣፤၊—–'].map((mark): [string, string] => [`aa${mark} `, `aa${mark} bb`]),
		...[...'”"’»)]'].map((mark): [string, string] => [`aa,${mark} `, `aa,${mark} bb`]),
		...[...'、，；：'].map((mark): [string, string] => [`aa${mark}`, `aa${mark}bb`]),
	])('%j can be taken', (...[clause, text, least]) => {
		expect(clauseOf(text, least)).toBe(clause);
	});

	test.each<[string, number?]>([
		['aa, bb, cc', 9],
		['aa (bb, cc'],
		['aa （bb, cc'],
		['aa [bb, cc'],
		['**aa, bb'],
		['aa-bb'],
		['aa—bb'],
		['1,000'],
		['aa,'],
		['aa. bb'],
		[''],
	])('%j has none', (...[text, least]) => {
		expect(clauseOf(text, least)).toBeUndefined();
	});

	test('is followed by the rest of its sentence, clause by clause', () => {
		const stream = new StreamingMarkdownParser();
		const take = () => stream.takeClause(() => true);
		expect(stream.push('One, two, three')).toEqual([]);
		expect(take()).toEqual({ markdown: 'One, ', endsLine: false });
		expect(take()?.markdown).toBe('two, ');
		expect(take()).toBeUndefined();
		expect(stream.push(', four.')).toEqual([]);
		expect(take()?.markdown).toBe('three, ');
		expect(stream.push(' Five six. Seven').map(shown)).toEqual(['four. ◊', 'Five six. ◊']);
		expect(stream.end().map(shown)).toEqual(['Seven◊']);
	});

	test('may hold sentences that were held back', () => {
		const stream = new StreamingMarkdownParser();
		stream.push('**One two. Three** four, five');
		expect(stream.takeClause(() => true)?.markdown).toBe('**One two. Three** four, ');
		expect(stream.push(' six. Seven eight').map(shown)).toEqual(['five six. ◊']);
		expect(stream.end().map(shown)).toEqual(['Seven eight◊']);
	});

	test('may be all the text held back', () => {
		const stream = new StreamingMarkdownParser();
		stream.push('[One two, **three. Four');
		expect(stream.takeClause(() => true)).toBeUndefined();
		stream.push('** five](http://six), seven, eight');
		expect(stream.takeClause(() => true)?.markdown).toBe(
			'[One two, **three. Four** five](http://six), ',
		);
		expect(stream.takeClause(() => true)?.markdown).toBe('seven, ');
		expect(stream.end().map(shown)).toEqual(['eight◊']);
	});
});

test('unclosed markup holds back at most 2,000 characters', () => {
	const opened = (length: number) => `[${'y'.repeat(length - 7)} end. `;
	const pushed = (length: number) =>
		new StreamingMarkdownParser()
			.push(`${opened(length)}Next one. `)
			.map(({ markdown }) => markdown);
	expect(opened(2000)).toHaveLength(2000);
	expect(pushed(1999)).toEqual([]);
	expect(pushed(2000)).toEqual([opened(2000)]);
});

test('end resets the parser', () => {
	const stream = new StreamingMarkdownParser();
	stream.push('```\na');
	expect(stream.end().map(shown)).toEqual(['```\na¶']);
	stream.push('|a');
	expect(stream.end().map(shown)).toEqual(['|a¶']);
	expect(stream.push('One two. Three four').map(shown)).toEqual(['One two. ◊']);
	expect(stream.end().map(shown)).toEqual(['Three four◊']);
	expect(stream.end()).toEqual([]);
});

test('the kind of a line does not depend on how it is divided into pushes', () => {
	const stream = new StreamingMarkdownParser();
	const push = (text: string) => stream.push(text).map(shown);
	expect(push('`')).toEqual([]);
	expect(push('a` is. See you')).toEqual(['`a` is. ◊']);
	expect(push('\n')).toEqual([]);
	expect(push('~~')).toEqual([]);
	expect(push('~ x\n')).toEqual(['See you\n¶']);
	expect(push('~~')).toEqual([]);
	expect(push('~\n')).toEqual(['~~~ x\n~~~\n¶']);
	expect(push('|')).toEqual([]);
	expect(push('a|\n')).toEqual([]);
	expect(push('b')).toEqual(['|a|\n¶']);
});
