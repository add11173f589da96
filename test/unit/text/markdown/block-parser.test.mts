// Block parser: which lines of Markdown make which blocks. `+` marks a block after a blank line.
import { describe, expect, test } from '@jest/globals';
import { parseBlocks } from '../../../../nodes/shared/text/markdown/block-parser.ts';

const shown = (markdown: string, keepCode?: boolean) =>
	parseBlocks(markdown, keepCode).blocks.map(
		({ kind, number, afterBlankLine, text }) =>
			`${kind}${number === undefined ? '' : ` ${number}`}${afterBlankLine ? ' +' : ''}: ${text}`,
	);

const judge = (rows: Array<[markdown: string, ...blocks: string[]]>) => {
	for (const [markdown, ...blocks] of rows)
		test(JSON.stringify(markdown), () => expect(shown(markdown)).toEqual(blocks));
};

describe('paragraphs', () => {
	judge([
		[''],
		['a', 'paragraph: a'],
		['a\nb', 'paragraph: a\nb'],
		['a\n\nb', 'paragraph: a', 'paragraph +: b'],
		['\n\na', 'paragraph: a'],
		['a\n\n\nb\n', 'paragraph: a', 'paragraph +: b'],
	]);
});

describe('headings', () => {
	judge([
		['# a', 'heading: a'],
		['###### a', 'heading: a'],
		['####### a', 'paragraph: ####### a'],
		['#a', 'paragraph: #a'],
		['#', 'paragraph: '],
		['#  a', 'heading: a'],
		['# a #', 'heading: a'],
		['# a ######', 'heading: a'],
		['# a#', 'heading: a#'],
		['## a ##x', 'heading: a ##x'],
		['# a\nb', 'heading: a', 'paragraph: b'],
		['a\n# b\nc', 'paragraph: a', 'heading: b', 'paragraph: c'],
		['a\n===', 'heading: a'],
		['a\n==', 'heading: a'],
		['a\n--', 'heading: a'],
		['a\n---', 'heading: a'],
		['a\n=', 'paragraph: a\n='],
		['a\n-', 'paragraph: a\n-'],
		['a\nb\n---', 'heading: a\nb'],
		['a\n===\nb', 'heading: a', 'paragraph: b'],
		['a\n\n===', 'paragraph: a'],
		['# a\n===', 'heading: a'],
		['- a\n===', 'item: a'],
		['a\n== =', 'paragraph: a\n== ='],
		['a\nx ===', 'paragraph: a\nx ==='],
		['a\n=== b', 'paragraph: a\n=== b'],
		['#\na', 'paragraph: \na'],
	]);
});

describe('thematic breaks', () => {
	judge([
		['==='],
		['---'],
		['***'],
		['* * *'],
		['- - -'],
		['_ _ _'],
		['___'],
		['**', 'paragraph: **'],
		['--', 'paragraph: --'],
		['==', 'paragraph: =='],
		['===='],
		['*****'],
		['- - -\na', 'paragraph: a'],
		['a\n\n***\nb', 'paragraph: a', 'paragraph +: b'],
		['a\n***\nb', 'paragraph: a', 'paragraph +: b'],
		['*** a', 'paragraph: *** a'],
		['a ***', 'paragraph: a ***'],
		['=== a', 'paragraph: === a'],
	]);
});

describe('bullet lists', () => {
	judge([
		['- a', 'item: a'],
		['* a', 'item: a'],
		['+ a', 'item: a'],
		['• a', 'item: a'],
		['‣ a', 'item: a'],
		['◦ a', 'item: a'],
		['▪ a', 'item: a'],
		['▫ a', 'item: a'],
		['● a', 'item: a'],
		['○ a', 'item: a'],
		['■ a', 'item: a'],
		['□ a', 'item: a'],
		['► a', 'item: a'],
		['▸ a', 'item: a'],
		['➤ a', 'item: a'],
		['✦ a', 'item: a'],
		['✓ a', 'item: a'],
		['✔ a', 'item: a'],
		['· a', 'item: a'],
		['•a', 'item: a'],
		['‣a', 'item: a'],
		['◦a', 'item: a'],
		['▪a', 'item: a'],
		['●a', 'item: a'],
		['■a', 'item: a'],
		['►a', 'item: a'],
		['▸a', 'item: a'],
		['➤a', 'item: a'],
		['-a', 'paragraph: -a'],
		['*a', 'paragraph: *a'],
		['+a', 'paragraph: +a'],
		['▫a', 'paragraph: ▫a'],
		['○a', 'paragraph: ○a'],
		['□a', 'paragraph: □a'],
		['✦a', 'paragraph: ✦a'],
		['✓a', 'paragraph: ✓a'],
		['✔a', 'paragraph: ✔a'],
		['·a', 'paragraph: ·a'],
		['•1', 'paragraph: •1'],
		['▪-', 'paragraph: ▪-'],
		['-  a', 'item: a'],
		['- ', 'paragraph: -'],
		['-', 'paragraph: -'],
		['- a\nb', 'item: a\nb'],
		['- a\n- b', 'item: a', 'item: b'],
		['a\n- b\nc\n\nd', 'paragraph: a', 'item: b\nc', 'paragraph +: d'],
		['- x\n\n- y\n- z', 'item: x', 'item +: y', 'item: z'],
		['- - a', 'item: a'],
		['* * * a', 'item: a'],
		['- # a', 'heading: a'],
		['- #', 'item: '],
		['- ######', 'item: '],
		['- #######', 'item: #######'],
		['· ', 'paragraph: ·'],
	]);
});

describe('task list items', () => {
	judge([
		['a •b', 'paragraph: a •b'],
		['- [ ] a', 'item: a'],
		['- [x] a', 'item: a'],
		['- [X] a', 'item: a'],
		['- [y] a', 'item: [y] a'],
		['- [x]a', 'item: [x]a'],
		['- [x]  a', 'item: a'],
		['- a [x] b', 'item: a [x] b'],
		['[x] a', 'paragraph: [x] a'],
	]);
});

describe('ordered lists', () => {
	judge([
		['1. a', 'item 1.: a'],
		['1) a', 'item 1): a'],
		['1.  a', 'item 1.: a'],
		['123456789. a', 'item 123456789.: a'],
		['1234567890. a', 'paragraph: 1234567890. a'],
		['1.a', 'paragraph: 1.a'],
		['1. ', 'paragraph: 1.'],
		['1: a', 'paragraph: 1: a'],
		['x 1. a', 'paragraph: x 1. a'],
		['# 1. a', 'heading 1.: a'],
		['1. # a', 'heading 1.: a'],
		['- 1. a', 'item 1.: a'],
		['1. - a', 'item 1.: a'],
		['1. 2. a', 'item 1.: 2. a'],
		['1. a\n b', 'item 1.: a\nb'],
		['1. x\n\n2. y', 'item 1.: x', 'item 2. +: y'],
	]);
});

describe('block quotes', () => {
	judge([
		['> a', 'paragraph: a'],
		['>a', 'paragraph: a'],
		['> > a', 'paragraph: a'],
		['>>a', 'paragraph: a'],
		['>  > a', 'paragraph: a'],
		['>'],
		['> '],
		['>5', 'paragraph: >5'],
		['>=', 'paragraph: >='],
		['> >5', 'paragraph: >5'],
		['> - a', 'item: a'],
		['a\n>b', 'paragraph: a\nb'],
		['>a\n>b', 'paragraph: a\nb'],
		['> a\n\n> b', 'paragraph: a', 'paragraph +: b'],
		['> # a', 'heading: a'],
		['a > b', 'paragraph: a > b'],
	]);
});

describe('code fences', () => {
	judge([
		['```\na\n```', 'code: '],
		['```js\na\n```', 'code: '],
		['```\na\n```\nb', 'code: ', 'paragraph: b'],
		['~~~\na\n~~~\nb', 'code: ', 'paragraph: b'],
		['```\na', 'code: '],
		['``a', 'paragraph: ``a'],
		['``\na\n``', 'paragraph: ``\na\n``'],
		['```a`b', 'paragraph: ```a`b'],
		['```\na\n  ```\nb', 'code: ', 'paragraph: b'],
		['```\n```x```\nb\n```\nc', 'code: ', 'paragraph: c'],
		['a ```\nb', 'paragraph: a ```\nb'],
		['````\n```\n````\nb', 'code: ', 'paragraph: b'],
		['```\na\n````\nb', 'code: ', 'paragraph: b'],
		['```\na\n``\n```\nb', 'code: ', 'paragraph: b'],
		['```\na\n~~~\n```\nb', 'code: ', 'paragraph: b'],
		['```\na\n```js\n```\nb', 'code: ', 'paragraph: b'],
		['~~~\na\n```\n~~~\nb', 'code: ', 'paragraph: b'],
		['a\n```\nb\n```\nc', 'paragraph: a', 'code +: ', 'paragraph: c'],
		['> ```\n> a\n> ```\nb', 'code: ', 'paragraph: b'],
		['# a\n```\nb\n```\n# c', 'heading: a', 'code +: ', 'heading: c'],
		['```\na\n``` b\n```\nc', 'code: ', 'paragraph: c'],
	]);
});

describe('code fences around prose', () => {
	judge([
		['```md\na\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['```MARKDOWN\na\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['```text\na\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['```txt\na\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['```plain\na\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['```plaintext\na\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['```xmd\na\n```\nb', 'code: ', 'paragraph: b'],
		['```mdx\na\n```\nb', 'code: ', 'paragraph: b'],
		['``` md \na\n```', 'paragraph: a'],
		['```md\n```js\nx\n```\n```\ny', 'code: ', 'paragraph +: y'],
		['```md\na\n```\n```\nb\n```', 'paragraph: a', 'code +: '],
		['```md\n```md\na\n```\n```\nb', 'paragraph: a', 'paragraph +: b'],
		['x\n```md\na\n```', 'paragraph: x', 'paragraph +: a'],
	]);
});

describe('tables', () => {
	judge([
		['|a|b|', 'table: |\n|a|b|'],
		['|a|b|\n|c|d|', 'table: |\n|a|b|\n|c|d|'],
		['|a|b|\n|-|-|\n|c|d|', 'table: |a|b|\n|c|d|'],
		['|a|\n|-|\n|b|', 'table: |a|\n|b|'],
		['|a|b|\n|:-:|-:|\nx', 'table: |a|b|', 'paragraph: x'],
		['| a |\n| :--- |\n| b |', 'table: | a |\n| b |'],
		['|a|b|\n> |c|d|\nx', 'table: |\n|a|b|\n|c|d|', 'paragraph: x'],
		['x\n|a|b|', 'paragraph: x', 'table: |\n|a|b|'],
		['x\n\n|a|b|', 'paragraph: x', 'table +: |\n|a|b|'],
		['x\n\n|a|b|\n\n|c|d|', 'paragraph: x', 'table +: |\n|a|b|', 'table +: |\n|c|d|'],
		['|a|b|\n|c|d|\n|-|-|\n|e|f|', 'table: |\n|a|b|\n|c|d|\n|e|f|'],
		['|-|-|'],
		['x\n\n|-|-|\n\ny', 'paragraph: x', 'paragraph +: y'],
		['||', 'paragraph: ||'],
		['|||', 'table: |\n|||'],
		['|a', 'paragraph: |a'],
		['x |a|b|', 'paragraph: x |a|b|'],
		['|a|b|\n  |c|d|', 'table: |\n|a|b|\n|c|d|'],
		['|a|b|\n|-|-|x\n|c|', 'table: |\n|a|b|', 'paragraph: |-|-|x\n|c|'],
		['a|', 'paragraph: a|'],
		['|a|b', 'paragraph: |a|b'],
		['|a\\|b|c|', 'table: |\n|a\\|b|c|'],
		['|a|b|\n|--|--', 'table: |a|b|'],
		['|a|b|\n--|--', 'table: |a|b|'],
		['|a|b|\n|-x-|\n|c|', 'table: |\n|a|b|', 'paragraph: |-x-|\n|c|'],
	]);
});

describe('tables without outer pipes', () => {
	judge([
		['a|b\n-|-\nc|d', 'table: a|b\nc|d'],
		['a|b\n-|-', 'table: a|b'],
		['a|b\n-|-\n  c|d  ', 'table: a|b\nc|d'],
		['x\na|b\n-|-\nc|d', 'paragraph: x', 'table: a|b\nc|d'],
		['x  \na|b  \n-|-\nc|d\ne', 'paragraph: x\v', 'table: a|b\nc|d', 'paragraph: e'],
		['a|b\n--\nc|d', 'heading: a|b', 'paragraph: c|d'],
		['a\n-|-\nb', 'paragraph: a\n-|-\nb'],
		['-|-\na', 'paragraph: -|-\na'],
		['- a|b\n-|-\nc|d', 'table: a|b\nc|d'],
		['a|b\n-|-\n> c|d\ne', 'table: a|b\nc|d', 'paragraph: e'],
		['a|b\n\n-|-', 'paragraph: a|b', 'paragraph +: -|-'],
		['a|b\n:-:|:-:|\nc|d', 'table: a|b\nc|d'],
		['a|b\n :-: | - \nc', 'table: a|b', 'paragraph: c'],
		['a|b\n-|-\nc|d\n\ne|f', 'table: a|b\nc|d', 'paragraph +: e|f'],
	]);
});

describe('link reference definitions', () => {
	judge([
		['[a]: http://b'],
		['[a]:<http://b>'],
		['[a]: <http://b>'],
		['[a]: /c'],
		['[a]: #c'],
		['[a]: www.b'],
		['[a]: HTTP:b'],
		['[a]: b', 'paragraph: [a]: b'],
		['[a]:  http://b', 'paragraph: [a]:  http://b'],
		['[]: http://b', 'paragraph: []: http://b'],
		['[a[]: http://b', 'paragraph: [a[]: http://b'],
		['x [a]: http://b', 'paragraph: x [a]: http://b'],
		['a\n[b]: http://c\nd', 'paragraph: a\nd'],
		[`[${'a'.repeat(200)}]: /b`],
		[`[${'a'.repeat(201)}]: /b`, `paragraph: [${'a'.repeat(201)}]: /b`],
	]);
});

describe('footnotes', () => {
	judge([
		['[^1]: note', 'paragraph: note'],
		['[^1]:note', 'paragraph: note'],
		['[^1]: '],
		['[^1]:'],
		['[^1]: <https://x>'],
		['[^1]: http://x'],
		['[^1]: https://x y', 'paragraph: https://x y'],
		['[^1]: www.x'],
		['[^1]: xhttps://a', 'paragraph: xhttps://a'],
		['[^1]: http', 'paragraph: http'],
		['[^a b]: c', 'paragraph: [^a b]: c'],
		['[^]: c', 'paragraph: [^]: c'],
		['x [^1]: c', 'paragraph: x [^1]: c'],
		['a\n[^1]: note\nmore', 'paragraph: a', 'paragraph: note\nmore'],
		['a\n\n[^1]: note', 'paragraph: a', 'paragraph +: note'],
		[`[^${'a'.repeat(40)}]: b`, 'paragraph: b'],
		[`[^${'a'.repeat(41)}]: b`, `paragraph: [^${'a'.repeat(41)}]: b`],
	]);
});

describe('hard line breaks', () => {
	judge([
		['a  \nb', 'paragraph: a\v\nb'],
		['a \nb', 'paragraph: a\nb'],
		['a     \nb', 'paragraph: a\v\nb'],
		['a      \nb', 'paragraph: a\nb'],
		['a\\\nb', 'paragraph: a\v\nb'],
		['a\\\\\nb', 'paragraph: a\\\\\nb'],
		['abc\\\nd', 'paragraph: abc\v\nd'],
		['a \\\nb', 'paragraph: a\v\nb'],
		['- a  \nb', 'item: a\v\nb'],
		['# a  \nb', 'heading: a\v', 'paragraph: b'],
		['> a  \n> b', 'paragraph: a\v\nb'],
		['a  ', 'paragraph: a\v'],
	]);
});

test('labels of link references are stored in lower case', () => {
	const { references } = parseBlocks('[A b]: http://c\n[^1]: http://d\n[e]: /f\n[g]: h');
	expect([...references]).toEqual(['a b', 'e']);
});

test('keepCode parses the content of code fences as text', () => {
	expect(shown('```js\na\n```\nb', true)).toEqual(['paragraph: a', 'paragraph +: b']);
	expect(shown('```\n# a\n~~~', true)).toEqual(['heading: a']);
});
