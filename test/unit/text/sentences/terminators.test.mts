// Terminators, opening and closing punctuation, brackets and list labels, one by one.
import { describe, expect, test } from '@jest/globals';
import { splitSentences } from '../../../../nodes/shared/text/sentences/sentence-splitter.ts';

/** `|` marks the expected boundaries. */
const expectBoundaries = (marked: string) => {
	expect(splitSentences(marked.replaceAll('|', '')).join('|')).toBe(marked);
};
const each = (signs: string) => [...signs].map((sign): [string] => [sign]);

describe('terminators', () => {
	test.each(each('。！？｡।॥۔؟։።፧፨။།༎។៕෴᠃꘎꘏⸮‼⁇⁈⁉'))(
		'%s ends a sentence without a space after it',
		(sign) => {
			expectBoundaries(`ab${sign}|cd`);
			expectBoundaries(`ab${sign}${sign}${sign} |cd`);
		},
	);

	test.each(each('.!?…‥'))('%s ends a sentence only before a space', (sign) => {
		expectBoundaries(`The end${sign} |Then more`);
		expectBoundaries(`The end${sign}Then more`);
	});

	test('a full-width full stop needs no space, except between digits', () => {
		expectBoundaries('The end．|Then more');
		expectBoundaries('The ３．４ of it．|４ more');
		expectBoundaries('The ３．|of it');
	});

	test.each([
		['Greek asks with a semicolon', 'Τι είναι; |Ναι'],
		['others do not', 'Very good; Then more'],
		['Armenian may end a sentence with a colon', 'Լավ է: |Այո'],
		['others do not', 'Very good: Then more'],
		['Amharic doubles its word separator', 'ሰላም፡፡|ሰላም'],
		['one alone stands between words', 'ሰላም፡ሰላም'],
		['two of them apart do too', 'ሰላም፡ሰ፡ላም'],
	])('%s', (_, marked) => expectBoundaries(marked));
});

describe('closing punctuation after a terminator', () => {
	test.each(each('"\'”’“‘»«›‹)]}）］｝」』】〉》〕〗｠*_~`'))(
		'%s stays with its sentence',
		(mark) => {
			expectBoundaries(`The end.${mark} |Then more`);
			if (!'“‘'.includes(mark)) expectBoundaries(`The end。${mark}|Then more`);
		},
	);

	test.each(['“', '‘'])('%s opens the next sentence in East Asian text', (mark) => {
		expectBoundaries(`他来了。|${mark}你好`);
		expectBoundaries(`他在２！|${mark}你好`);
		expectBoundaries(`他在２？|${mark}你好`);
		expectBoundaries(`他来了?|${mark}你好`);
		expectBoundaries(`他在2?${mark}你好`);
	});

	test('a quotation after a sentence is not split', () => {
		expectBoundaries('他来了。|“你好。再见。”他说。|后来');
	});

	test.each(each('–-#(￠'))('%s is none', (mark) => {
		expectBoundaries(`The end.${mark} Then more`);
		expectBoundaries(`The end。|${mark} Then more`);
	});
});

describe('opening punctuation before a sentence', () => {
	// After `U.S.` only a sentence starter makes a boundary, so the punctuation before it must be skipped.
	test.each(each('"\'“‘”’„‚«»‹›([{（［「『【〈《〔¿¡*_`#–—-•‐―'))('%s is skipped', (mark) => {
		expectBoundaries(`We met in the U.S. |${mark}The end`);
		// A bullet starts a sentence anyway.
		if (mark !== '•') expectBoundaries(`We met in the U.S. ${mark}Government`);
	});

	test.each(each('§$@&'))('%s is not skipped', (mark) => {
		expectBoundaries(`We met in the U.S. ${mark}The end`);
	});

	test('several with spaces between are skipped', () => {
		expectBoundaries('We met in the U.S. |– «\u00A0The end');
	});

	test.each(each('•‣⁃▪●◦'))('%s is a bullet and starts a sentence', (mark) => {
		expectBoundaries(`Milk |${mark} eggs |${mark} tea`);
		expectBoundaries(`${mark} milk`);
		expectBoundaries(`Milk${mark}eggs`);
	});
});

describe('brackets suppress sentence boundaries', () => {
	test.each(['()', '（）', '「」', '『』', '《》', '〈〉', '【】'])('%s', (pair) => {
		const [open = '', close = ''] = pair;
		expectBoundaries(`We go ${open}Or not! Who knows? Nobody${close}. |Then more`);
		expectBoundaries(`We go ${open}Or not。Who knows？Nobody${close}。|Then more`);
	});

	test('curly quotation marks do so only for East Asian terminators', () => {
		expectBoundaries('他说“不！是？也许”吧。|好');
		expectBoundaries('He said “No. |Yes” and left');
	});

	test('nested brackets do too', () => {
		expectBoundaries('We go (or (not) so. Who) knows. |Then more');
		expectBoundaries('We go (or 「not) so. Who」 knows). |Then more');
	});

	test.each([':', ';'])('an emoticon is no bracket: %s(', (eyes) => {
		expectBoundaries(`It rains ${eyes}( today. |Then more`);
	});

	test('an unmatched closing bracket has no effect', () => {
		expectBoundaries('It) rains. |Then more');
	});

	test('no more than eight nested brackets are tracked', () => {
		expectBoundaries(`So ${'('.repeat(8)}a. Then${')'.repeat(8)}. |More`);
		expectBoundaries(`So ${'('.repeat(9)}a. Then${')'.repeat(8)}. |More`);
	});

	test('an unclosed bracket has no effect after 160 characters', () => {
		const open = (distance: number) => `It (${'x'.repeat(distance - 1)}`;
		expectBoundaries(`${open(159)}. Then more`);
		expectBoundaries(`${open(160)}. |Then more`);
	});

	test('a bracket may close behind the terminator', () => {
		expectBoundaries('It (so. Then more.) |Then more. |And more');
		expectBoundaries('它「好。不好。」|Then。|And more');
	});
});

describe('line breaks', () => {
	test.each(['\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029', '\r\n'])(
		'%j ends one',
		(end) => {
			expectBoundaries(`Title${end}|Text`);
			expectBoundaries(`wrapped${end}text`);
			// `\u0085` does not match `\s` in a regular expression.
			if (end !== '\u0085') expectBoundaries(`Title${end}${end}|text`);
		},
	);
});

describe('Thai and Lao', () => {
	test.each(['ครับ', 'ค่ะ', 'จ้ะ', 'จ้า'])('%s ends a sentence before a space', (particle) => {
		expectBoundaries(`สวัสดี${particle} |ไป`);
		expectBoundaries(`สวัสดี${particle}ไป ไป`);
	});

	test('the shorter particle คะ ends a sentence too', () => {
		expectBoundaries('ไหมคะ |ไป');
	});

	test('a particle alone is no sentence', () => {
		expectBoundaries('คะ ไป');
		expectBoundaries('ครับ |ไป');
		expectBoundaries('คะกก ไป');
	});

	test.each([
		['Thai', 'ก'],
		['Lao', 'ກ'],
	])('a long sentence in %s ends at a space', (_, letter) => {
		expectBoundaries(`${letter.repeat(45)} |${letter}`);
		expectBoundaries(`${letter.repeat(44)} ${letter}`);
		expectBoundaries(`${letter.repeat(45)} a`);
	});

	test.each(['ๆ', 'ฯ'])('no sentence ends before %s', (sign) => {
		expectBoundaries(`${'ก'.repeat(45)} ${sign}`);
	});

	test('a long sentence in another script does not end at a space', () => {
		expectBoundaries(`${'a'.repeat(60)} ก`);
	});
});

describe('a full stop without a space', () => {
	test.each([...'中あアกກកက'])('ends a sentence in the unspaced script of %s', (letter) => {
		expectBoundaries(`${letter}${letter}.|${letter}`);
		expectBoundaries(`${letter}${letter}!|「${letter}`);
		expectBoundaries(`${letter}${letter}?|“${letter}`);
		expectBoundaries(`${letter}${letter}.a`);
	});

	test.each([...'a가дम'])('ends none in the spaced script of %s', (letter) => {
		expectBoundaries(`${letter}${letter}.${letter}`);
		expectBoundaries(`${letter}${letter}.中`);
	});

	test('ends none when it is part of an ellipsis', () => {
		expectBoundaries('中中...中');
		expectBoundaries('中中..|中');
		expectBoundaries('中中…中');
		expectBoundaries('中中‥中');
	});

	test.each(['¿', '¡'])('ends a sentence before %s', (mark) => {
		expectBoundaries(`Ya.|${mark}Y`);
	});
});

describe('list labels are no sentences', () => {
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
		expectBoundaries(`${label}. Nobody came`);
		expectBoundaries(`${label}.\nNobody came`);
	});

	test.each(['1234', 'ab', 'ivi.', 'Who', '1.a'])('%s. is a sentence', (label) => {
		expectBoundaries(`${label}. |Nobody came`);
	});

	test('a letter of a script without lettered lists is a sentence', () => {
		expectBoundaries('中. |中');
	});

	test('a label with a bracket before a line break is none', () => {
		expectBoundaries('1)\nNobody came');
		expectBoundaries('a) \nNobody came');
		expectBoundaries('1\n|Nobody came');
		expectBoundaries('So)\n|Nobody came');
	});
});

describe('after an East Asian quotation', () => {
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
	])('the reporting clause “%s” continues the sentence', (after) => {
		expectBoundaries(`「はい。」${after}ああ。|次`);
	});

	test.each(['とても', 'のち', '彼は', '他们都是', '一二三四说', 'ああって'])(
		'“%s” is no reporting clause',
		(after) => {
			expectBoundaries(`「はい。」|${after}ああ。|次`);
		},
	);

	test('a reporting clause is looked for only without a space and in unspaced scripts', () => {
		expectBoundaries('「はい。」 |と言った');
		expectBoundaries('「はい。」|says');
		expectBoundaries('はい。|と言った');
	});
});
