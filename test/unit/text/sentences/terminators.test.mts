// Every sign that ends, opens or closes a sentence, one by one.
import { describe, expect, test } from '@jest/globals';
import { splitSentences } from '../../../../nodes/shared/text/sentences/sentence-splitter.ts';

/** `|` marks where the cuts must be. */
const expectCuts = (marked: string) => {
	expect(splitSentences(marked.replaceAll('|', '')).join('|')).toBe(marked);
};
const each = (signs: string) => [...signs].map((sign): [string] => [sign]);

describe('stops', () => {
	test.each(each('。！？｡।॥۔؟։።፧፨။།༎។៕෴᠃꘎꘏⸮‼⁇⁈⁉'))('%s ends without a space', (sign) => {
		expectCuts(`ab${sign}|cd`);
		expectCuts(`ab${sign}${sign}${sign} |cd`);
	});

	test.each(each('.!?…‥'))('%s needs a space', (sign) => {
		expectCuts(`The end${sign} |Then more`);
		expectCuts(`The end${sign}Then more`);
	});

	test('full-width dots need none, except in figures', () => {
		expectCuts('The end．|Then more');
		expectCuts('The ３．４ of it．|４ more');
		expectCuts('The ３．|of it');
	});

	test.each([
		['Greek asks with a semicolon', 'Τι είναι; |Ναι'],
		['others do not', 'Very good; Then more'],
		['Armenian may stop with a colon', 'Լավ է: |Այո'],
		['others do not', 'Very good: Then more'],
		['Amharic doubles its word mark', 'ሰላም፡፡|ሰላም'],
		['one alone stands between words', 'ሰላም፡ሰላም'],
		['two of them apart do too', 'ሰላም፡ሰ፡ላም'],
	])('%s', (_, marked) => expectCuts(marked));
});

describe('marks behind a stop', () => {
	test.each(each('"\'”’“‘»«›‹)]}）］｝」』】〉》〕〗｠*_~`'))(
		'%s stays with its sentence',
		(mark) => {
			expectCuts(`The end.${mark} |Then more`);
			if (!'“‘'.includes(mark)) expectCuts(`The end。${mark}|Then more`);
		},
	);

	test.each(['“', '‘'])('%s opens the next one in East Asia', (mark) => {
		expectCuts(`他来了。|${mark}你好`);
		expectCuts(`他在２！|${mark}你好`);
		expectCuts(`他在２？|${mark}你好`);
		expectCuts(`他来了?|${mark}你好`);
		expectCuts(`他在2?${mark}你好`);
	});

	test('a quotation after a sentence stays whole', () => {
		expectCuts('他来了。|“你好。再见。”他说。|后来');
	});

	test.each(each('–-#(￠'))('%s does not', (mark) => {
		expectCuts(`The end.${mark} Then more`);
		expectCuts(`The end。|${mark} Then more`);
	});
});

describe('marks before a sentence', () => {
	// After `U.S.` only a word that opens sentences tells; the mark must be seen through to find it.
	test.each(each('"\'“‘”’„‚«»‹›([{（［「『【〈《〔¿¡*_`#–—-•‐―'))('%s opens it', (mark) => {
		expectCuts(`We met in the U.S. |${mark}The end`);
		// A bullet opens one anyway.
		if (mark !== '•') expectCuts(`We met in the U.S. ${mark}Government`);
	});

	test.each(each('§$@&'))('%s does not', (mark) => {
		expectCuts(`We met in the U.S. ${mark}The end`);
	});

	test('several, with spaces between', () => {
		expectCuts('We met in the U.S. |– «\u00A0The end');
	});

	test.each(each('•‣⁃▪●◦'))('%s is a bullet', (mark) => {
		expectCuts(`Milk |${mark} eggs |${mark} tea`);
		expectCuts(`${mark} milk`);
		expectCuts(`Milk${mark}eggs`);
	});
});

describe('brackets hold a sentence together', () => {
	test.each(['()', '（）', '「」', '『』', '《》', '〈〉', '【】'])('%s', (pair) => {
		const [open = '', close = ''] = pair;
		expectCuts(`We go ${open}Or not! Who knows? Nobody${close}. |Then more`);
		expectCuts(`We go ${open}Or not。Who knows？Nobody${close}。|Then more`);
	});

	test('curly quotation marks only where stops are of East Asia', () => {
		expectCuts('他说“不！是？也许”吧。|好');
		expectCuts('He said “No. |Yes” and left');
	});

	test('brackets in brackets', () => {
		expectCuts('We go (or (not) so. Who) knows. |Then more');
		expectCuts('We go (or 「not) so. Who」 knows). |Then more');
	});

	test.each([':', ';'])('a smile is no bracket: %s(', (eyes) => {
		expectCuts(`It rains ${eyes}( today. |Then more`);
	});

	test('a bracket that closes nothing is no matter', () => {
		expectCuts('It) rains. |Then more');
	});

	test('the nine outermost of nine brackets hold, no more are counted', () => {
		expectCuts(`So ${'('.repeat(8)}a. Then${')'.repeat(8)}. |More`);
		expectCuts(`So ${'('.repeat(9)}a. Then${')'.repeat(8)}. |More`);
	});

	test('one left open lets go after 160 characters', () => {
		const open = (distance: number) => `It (${'x'.repeat(distance - 1)}`;
		expectCuts(`${open(159)}. Then more`);
		expectCuts(`${open(160)}. |Then more`);
	});

	test('a bracket closes behind the stop too', () => {
		expectCuts('It (so. Then more.) |Then more. |And more');
		expectCuts('它「好。不好。」|Then。|And more');
	});
});

describe('lines', () => {
	test.each(['\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029', '\r\n'])(
		'%j ends one',
		(end) => {
			expectCuts(`Title${end}|Text`);
			expectCuts(`wrapped${end}text`);
			// `\u0085` is no white space to a regular expression.
			if (end !== '\u0085') expectCuts(`Title${end}${end}|text`);
		},
	);
});

describe('Thai and Lao', () => {
	test.each(['ครับ', 'ค่ะ', 'จ้ะ', 'จ้า'])('%s ends a sentence before a space', (particle) => {
		expectCuts(`สวัสดี${particle} |ไป`);
		expectCuts(`สวัสดี${particle}ไป ไป`);
	});

	test('so does คะ, which is shorter', () => {
		expectCuts('ไหมคะ |ไป');
	});

	test('but not as a sentence of its own', () => {
		expectCuts('คะ ไป');
		expectCuts('ครับ |ไป');
		expectCuts('คะกก ไป');
	});

	test.each([
		['Thai', 'ก'],
		['Lao', 'ກ'],
	])('%s is cut at a space once it is long', (_, letter) => {
		expectCuts(`${letter.repeat(45)} |${letter}`);
		expectCuts(`${letter.repeat(44)} ${letter}`);
		expectCuts(`${letter.repeat(45)} a`);
	});

	test.each(['ๆ', 'ฯ'])('never before %s', (sign) => {
		expectCuts(`${'ก'.repeat(45)} ${sign}`);
	});

	test('no other script is', () => {
		expectCuts(`${'a'.repeat(60)} ก`);
	});
});

describe('a full stop without a space', () => {
	test.each([...'中あアกກកက'])('ends a sentence in the script of %s', (letter) => {
		expectCuts(`${letter}${letter}.|${letter}`);
		expectCuts(`${letter}${letter}!|「${letter}`);
		expectCuts(`${letter}${letter}?|“${letter}`);
		expectCuts(`${letter}${letter}.a`);
	});

	test.each([...'a가дम'])('does not in that of %s', (letter) => {
		expectCuts(`${letter}${letter}.${letter}`);
		expectCuts(`${letter}${letter}.中`);
	});

	test('nor do three of them, nor dots of an ellipsis', () => {
		expectCuts('中中...中');
		expectCuts('中中..|中');
		expectCuts('中中…中');
		expectCuts('中中‥中');
	});

	test.each(['¿', '¡'])('does before %s', (mark) => {
		expectCuts(`Ya.|${mark}Y`);
	});
});

describe('numbers and letters of a list are no sentence', () => {
	test.each([
		'1',
		'12',
		'123',
		'2.1',
		'2.1.12',
		'a',
		'б',
		'β',
		'iv',
		'xiii',
		'IX',
		'(1',
		'"1',
		'* 1',
		'– 1',
		'• a',
		'#_1',
	])('%s.', (label) => {
		expectCuts(`${label}. Nobody came`);
		expectCuts(`${label}.\nNobody came`);
	});

	test.each(['1234', 'ab', 'ivi.', 'Who', '1.a'])('%s. is one', (label) => {
		expectCuts(`${label}. |Nobody came`);
	});

	test('a letter of a script that is not counted with is one', () => {
		expectCuts('中. |中');
	});

	test('nor with a bracket before a new line', () => {
		expectCuts('1)\nNobody came');
		expectCuts('a) \nNobody came');
		expectCuts('1\n|Nobody came');
		expectCuts('So)\n|Nobody came');
	});
});

describe('what follows a quotation in East Asia', () => {
	test.each([
		...[...'言いう述話思叫聞答書語告の呼問尋、'].map((sign) => `と${sign}`),
		...[...'言述話思叫聞答呼問尋'].map((sign) => `と彼${sign}`),
		...[...'言述話思叫聞答呼問尋'].map((sign) => `と彼は${sign}`),
		'って言',
		'を見て',
		'など',
		'の話は',
		'然后',
		'然後',
		'便走了',
		'就走了',
		'并且',
		'並且',
		'随后',
		'隨後',
		'于是',
		'於是',
		...[...'说說道问問答喊叫'].map((sign) => `他们都${sign}`),
		'说了',
	])('“%s” goes on', (after) => {
		expectCuts(`「はい。」${after}ああ。|次`);
	});

	test.each(['とても', 'のち', '彼は', '他们都是', '一二三四说', 'ああって'])(
		'“%s” does not',
		(after) => {
			expectCuts(`「はい。」|${after}ああ。|次`);
		},
	);

	test('nor after a space, nor in another script', () => {
		expectCuts('「はい。」 |と言った');
		expectCuts('「はい。」|says');
		expectCuts('はい。|と言った');
	});
});
