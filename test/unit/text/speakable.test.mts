import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { removeSpeechTags } from '../../../nodes/shared/text/directions.ts';
import { toSpeakable } from '../../../nodes/shared/text/speakable.ts';
import { fastestMs } from './cpu-time.mts';

const cases = (rows: Array<[input: string, spoken: string]>) => rows;

describe('words and numbers stay unchanged', () => {
	test.each([
		'1000000',
		'0000000',
		'C++ and C# and F#',
		'3*4*5 is 60.',
		'2*(3+4)*5',
		'x**2 + y**2',
		'2**3**4',
		'a*b*c',
		'a_b_c',
		'snake_case and _private',
		'2 * 3 = 6',
		'It costs $5.',
		'$5 and $10, or $US 3',
		'50% more',
		'AT&T and R&D',
		'x < y and y > z',
		'a <b and c> d',
		'I <3 you',
		'1. Mai ist ein Feiertag.',
		'At 10:30 it was 3.14.',
		'anna_b.c+d@mail.example.org',
		'*Conditions apply',
		'Price* is 5.',
		'~5 km, ~/home',
		'[laughs] Well.',
		'[emotion=happy] Great! [pace=slow] Now.',
		'The set [1, 2, 3] has three members.',
		'Press [1] for sales.',
		'x[1] = 5',
		'List<String> and Map<K, V>',
		"rock 'n' roll, don't",
		'Node.js/Express',
		'5 > 3',
		'>5 and >=3',
		'«Oui», dit-il ; puis il partit !',
		'#hashtag',
		'f(x)*g(x)*h(x)',
		'Wait… what?!',
		'क्षमा कीजिए।',
		'می‌خواهم بروم.',
		'm² and ½ and №5',
		'the_end_',
		'a == b != c',
		'C:\\Users\\anna',
		'handlers[name](args)',
		'© 2024 Example™',
		'2024. A good year.',
	])('%s', (text) => {
		expect(toSpeakable(text)).toBe(text);
	});
});

describe('markup is removed, words stay', () => {
	test.each(
		cases([
			['~~no~~', 'no'],
			[
				'**bold** and *italic* and ***both*** and __under__ and _it_',
				'bold and italic and both and under and it',
			],
			['这是**重点**内容。', '这是重点内容。'],
			['これは*強調*です。', 'これは強調です。'],
			['Das ist **Wort**teil.', 'Das ist Wortteil.'],
			['**3**x faster, **50**%', '3x faster, 50%'],
			['**Important. Very', 'Important. Very'],
			['## Heading ##\ntext', 'Heading.\ntext'],
			['# Learning C#', 'Learning C#.'],
			['Title\n=====\nText.', 'Title.\nText.'],
			['A\n\n---\n\nB', 'A.\n\nB'],
			['- milk\n- eggs\n* [x] bread\n+ tea!', 'milk.\neggs.\nbread.\ntea!'],
			['1. First\n2) Second', '1. First.\n2) Second.'],
			['- one\n  continued\n  - nested', 'one continued.\nnested.'],
			['> quoted\n> more', 'quoted more'],
			['Use `npm install` and `arr[0]` now', 'Use npm install and arr 0 now'],
			['`<div>` and ``a`b``', "div and a'b"],
			['See [the docs](https://docs.example.com/a_b?c=d "Title").', 'See the docs.'],
			['[a [b] c](https://x.org/(y)) z', 'a [b] c z'],
			['![A cat](cat.png) sits', 'A cat sits'],
			['Go to https://www.example.com/a/b?c=1#d.', 'Go to example.com.'],
			['(see https://en.wikipedia.org/wiki/Rome_(city)) now', '(see en.wikipedia.org) now'],
			['请看https://example.com/a。谢谢', '请看example.com。谢谢'],
			['<https://example.com/x> or <anna@example.com>', 'example.com or anna@example.com'],
			['github.com/owner/repo and http://localhost:3000/x', 'github.com and localhost'],
			['**https://example.com/a**', 'example.com'],
			['[mail me](mailto:anna@example.com)', 'mail me'],
			['[docs][1] here\n\n[1]: https://example.com', 'docs here'],
			['Rome grew[1][2]. It fell [3].', 'Rome grew. It fell.'],
			['Rome grew【4:0†source】.', 'Rome grew.'],
			['A fact[^1].\n\n[^1]: https://example.com/a', 'A fact.'],
			['A fact[^a] here.\n\n[^a]: Told by Anna', 'A fact here.\n\nTold by Anna'],
			['Rain today ([Meteo](https://meteo.example/x), [BBC](https://bbc.example)).', 'Rain today.'],
			['Rain today [1](https://meteo.example/x).', 'Rain today.'],
			['Rain today (source: Meteo).', 'Rain today.'],
			['Hello 😀! Hi 👩‍👩‍👧 there 🇫🇷', 'Hello! Hi there'],
			['Press 1️⃣ now ❤️', 'Press 1 now'],
			['H<sub>2</sub>O is <b>wet</b>.<br>Yes.', 'H2O is wet.\nYes.'],
			['A<!-- secret --> b<script>alert(1)</script> c', 'A b c'],
			['Tom &amp; Anna &lt;3 &quot;tea&quot; &#233; &nbsp;x', 'Tom & Anna <3 "tea" é x'],
			['&lt;b&gt; makes bold', 'b makes bold'],
			['Energy: $E = mc^2$ and \\(x_1\\).', 'Energy: E = mc^2 and x_1.'],
			['\\[ \\frac{a}{b+1} \\times \\sqrt{2} \\]', 'a/(b+1) × √2'],
			['2 \\* 3 \\# \\$5', '2 * 3 # $5'],
			['a  b\t c\u200B', 'a b c'],
			[
				'Long lines are often wrapped at seventy characters or so\nHouse rules then say nothing.',
				'Long lines are often wrapped at seventy characters or so House rules then say nothing.',
			],
			['Roses are red\nViolets are blue', 'Roses are red,\nViolets are blue'],
			['1) one\n\n2) two', '1) one.\n\n2) two.'],
			['```markdown\n# Hi\nyou\n```', 'Hi.\nyou'],
			['before\n```js\nconst a = 1;\n```\nafter', 'before.\n\nafter'],
			['```\nonly code\n```', 'only code'],
			[
				'| City | People |\n|---|---:|\n| Berlin | 3.7 million |\n| Ulm | |',
				'City: Berlin, People: 3.7 million.\nCity: Ulm.',
			],
			['| a \\| b | `c` |\n|:-|-|\n| x | y |', 'a | b: x, c: y.'],
			['*Note: 3*4*5 is 60*', 'Note: 3*4*5 is 60'],
			['| Ulm | 126 000 |', 'Ulm, 126 000.'],
			['|x| + |y| < 5', '|x| + |y| < 5'],
			['- 苹果\n- 香蕉', '苹果。\n香蕉。'],
			['- सेब\n- केला', 'सेब।\nकेला।'],
			['- "quoted."\n- (x)', '"quoted."\n(x).'],
			['', ''],
			['***', ''],
			['😀', ''],
		]),
	)('%j', (input, spoken) => {
		expect(toSpeakable(input)).toBe(spoken);
	});
});

describe('symbols become words only in a known language', () => {
	test.each([
		['en-GB', '50% & 20 °C', '50 percent and 20 degrees Celsius'],
		['en', 'salt & pepper, 50 %, 45°, A → B', 'salt and pepper, 50 percent, 45 degrees, A to B'],
		[
			'de',
			'Salz & Pfeffer, 50%, 100%ig, -3 °C',
			'Salz und Pfeffer, 50 Prozent, 100%ig, -3 Grad Celsius',
		],
		['fr', '50 % et 5°F', '50 pour cent et 5 degrés Fahrenheit'],
		['es', 'pan & vino 5%', 'pan y vino 5 por ciento'],
		['it', '5%', '5 per cento'],
		['pt-BR', '5%', '5 por cento'],
		['nl', '5%', '5 procent'],
		['xx', '5% & 6 °C', '5% & 6 °C'],
		['constructor', '5%', '5%'],
		['en', 'AT&T, 48° N, 5%20', 'AT&T, 48° N, 5%20'],
		['en', '| Tea | Hot |\n|-|-|\n| Green | ✅ |', 'Tea: Green, Hot: yes.'],
		['en', 'Look:\n```js\na()\n```', 'Look:\n\nCode example.'],
	])('%s %j', (language, input, spoken) => {
		expect(toSpeakable(input, { language })).toBe(spoken);
	});
});

describe('direction tags', () => {
	test('stay, also inside emphasis and in front of lists', () => {
		expect(toSpeakable('**[emotion=very_happy] Great**\n- [pace=slow] milk')).toBe(
			'[emotion=very_happy] Great.\n[pace=slow] milk.',
		);
	});
	test('are removed for voices that do not support them', () => {
		expect(
			toSpeakable('[emotion=happy] Great! [pace=slow][emotion=x] Now [pace=fast].', {
				keepTags: false,
			}),
		).toBe('Great! Now.');
		expect(removeSpeechTags('a [pace=slow]b\n[emotion=calm] c')).toBe('a b\nc');
		expect(removeSpeechTags('[mood=x] stays')).toBe('[mood=x] stays');
	});
});

const hostile = fc
	.array(
		fc.constantFrom(
			'*',
			'**',
			'_',
			'~~',
			'==',
			'`',
			'```',
			'\n',
			'\n\n',
			' ',
			'  \n',
			'[',
			']',
			'](',
			'(',
			')',
			'![',
			'<',
			'>',
			'<b>',
			'</b>',
			'<br>',
			'&amp;',
			'&lt;',
			'amp;',
			'|',
			'|-|',
			'---',
			'# ',
			'- ',
			'1. ',
			'> ',
			'[1]',
			'[^1]',
			'[^1]:',
			'【1】',
			'$',
			'$$',
			'\\',
			'\\(',
			'\\)',
			'https://',
			'www.',
			'a.com',
			'/x',
			'a',
			'B',
			'1',
			'.',
			',',
			':',
			'!',
			'%',
			'°C',
			' & ',
			'→',
			'😀',
			'\uFE0F',
			'\u200D',
			'中',
			'。',
			'म',
			'ب',
			'[emotion=x]',
			'[pace=',
			'(source: ',
			'\uD800',
			'\uDC00',
			'\uE000',
			'\u{F0001}',
			'\v',
			'\t',
			'@',
			'`[`',
			'***',
			'com',
			'&#42;',
		),
		{ maxLength: 40 },
	)
	.map((parts) => parts.join(''));
const languages = fc.constantFrom(undefined, 'en', 'de', 'fr', 'xx');

describe('properties', () => {
	test('normalization is idempotent', () => {
		fc.assert(
			fc.property(
				fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 60 })),
				languages,
				(text, language) => {
					const once = toSpeakable(text, { language });
					expect(toSpeakable(once, { language })).toBe(once);
				},
			),
			{ numRuns: 1000 },
		);
	});

	test('every run of letters and digits in plain prose stays', () => {
		const word = fc
			.stringMatching(/^[A-Za-zéüßñ0-9]{1,8}([._'-][A-Za-z0-9]{1,5})?$/)
			.filter((w) => !/^\d+[.)]?$/.test(w));
		fc.assert(
			fc.property(
				fc.array(
					fc.tuple(word, fc.constantFrom(' ', ', ', '. ', ' **', '** ', ' *', '* ', ' - ', '? ')),
				),
				(pairs) => {
					const text = pairs.map(([first, second]) => first + second).join('');
					const letters = (value: string) => value.replace(/[^\p{L}\p{N}]/gu, '');
					expect(letters(toSpeakable(text))).toBe(letters(text));
				},
			),
			{ numRuns: 200 },
		);
	});

	test('long hostile text takes linear time and never throws', () => {
		const patterns = [
			'*',
			'**a',
			'_a_',
			'[',
			']',
			'[](',
			'![a](',
			'[a](b ',
			'<b ',
			'<a href=',
			'&amp;',
			'&',
			'`',
			'``a',
			'$',
			'$a',
			'\\(',
			'\\[',
			' ',
			'\n',
			'\t\n',
			'|',
			'|a|\n|-|\n',
			'```a\n',
			'~~~\n',
			'> ',
			'- ',
			'# ',
			'1. ',
			'(source: ',
			'([a](https://b',
			'【1',
			'[^',
			'www.',
			'https://a.',
			'a@',
			'a.b-',
			'😀',
			'\uD800',
			'[emotion=',
			'1',
			'<!--',
			'<script',
			'°',
			'& ',
			'[1], ',
			'x[[1]',
			'***a** ',
			'a.com/',
			'.a',
			'中',
			'"',
		];
		const slow: string[] = [];
		for (const pattern of patterns) {
			const text = pattern.repeat(Math.ceil(10_000 / pattern.length));
			const best = fastestMs(() => toSpeakable(text, { language: 'en' }));
			if (best >= 50) slow.push(`${pattern}: ${best.toFixed(0)} ms`);
		}
		expect(slow).toEqual([]);
	});
});
