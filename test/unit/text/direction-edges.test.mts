// Direction tags and pronunciation hints, to the character.
import { describe, expect, test } from '@jest/globals';
import {
	carryDirections,
	directionValue,
	directionWarnings,
	keepTags,
	tagTrust,
} from '../../../nodes/shared/text/directions.ts';
import { hintsFor, type Pronunciation } from '../../../nodes/shared/text/pronunciation.ts';
import { removeSpeechTags } from '../../../nodes/shared/text/directions.ts';

describe('direction tags are removed', () => {
	test.each([
		['[emotion=a]', ''],
		['[EMOTION=a]', ''],
		['[pace=a b]', ''],
		['a [pace=b] c', 'a c'],
		['a [pace=b].', 'a.'],
		['a[pace=b]c', 'ac'],
		['a \uE000b', 'a b'],
		[`[pace=${'x'.repeat(60)}]`, ''],
	])('%j is %j', (text, plain) => {
		expect(removeSpeechTags(text)).toBe(plain);
	});

	test.each([
		'[pace=]',
		`[pace=${'x'.repeat(61)}]`,
		'[pace=a\nb]',
		'[pace=a\rb]',
		'[pace=a[b]',
		'[mood=a]',
		'xpace=a]',
	])('%j stays', (text) => {
		expect(removeSpeechTags(text)).toBe(text);
	});

	const nested = (depth: number) => `${'[pace=a'.repeat(depth)}${']'.repeat(depth)}`;

	test('also nested tags, eight levels deep', () => {
		expect(keepTags(nested(7), () => false)).toBe('');
		expect(keepTags(`a ${nested(7)} b`, () => false)).toBe('a b');
	});

	test('deeper nested tags lose their brackets', () => {
		expect(keepTags(nested(10), () => false)).toBe('pace=apace=a]]');
		expect(keepTags(`${nested(9)} [[EMOTION=`, () => false)).toBe('pace=a] EMOTION=');
	});

	test('tags that are obeyed stay', () => {
		expect(keepTags('a\uE000 [pace=x] [emotion=y] b', (tag) => tag === '[pace=x]')).toBe(
			'a [pace=x] b',
		);
	});
});

describe('tag trust', () => {
	const expression = '={{ $json.speech }}';
	test.each<[string, string, Record<string, unknown>, boolean]>([
		['a tag of the answer alone is trusted', expression, { speech: 'a [Pace=X]' }, true],
		['a prefix of a tag of the answer is not', expression, { speech: '[pace=xy]' }, false],
		[
			'a tag that the question holds in another case is not',
			expression,
			{ speech: '[pace=x]', text: '[PACE=X]' },
			false,
		],
		[
			'a tag of an answer that is no string is not',
			expression,
			{ output: { a: '[pace=x]' } },
			false,
		],
		[
			'a tag of the other answer field is trusted',
			expression,
			{ output: '[pace=x]', speech: 7 },
			true,
		],
		[
			'a tag put together from two fields is not',
			expression,
			{ speech: '[pace=', output: 'x]' },
			false,
		],
	])('%s', (_, template, item, obeyed) => {
		expect(tagTrust({ template, item })('[pace=x]')).toBe(obeyed);
	});

	test('each tag of an item is checked on its own', () => {
		const isTrusted = tagTrust({
			template: expression,
			item: { speech: '[pace=x] [pace=y]', text: '[pace=y]' },
		});
		expect(['x', 'y', 'z', 'x'].map((value) => isTrusted(`[pace=${value}]`))).toEqual([
			true,
			false,
			false,
			true,
		]);
	});
});

describe('directions are carried over to the next chunk', () => {
	test.each<[string, string[], object, string[]]>([
		['none', [], {}, []],
		['empty directions give no tag', ['a'], { emotion: '', pace: '' }, ['a']],
		[
			'emotion before pace',
			['a', '[1] [pace=x] b', ' [emotion=y]c', '[x] d [pace=z]'],
			{ emotion: 'q', pace: '' },
			[
				'[emotion=q] a',
				'[emotion=q][1] [pace=x] b',
				'[pace=x] [emotion=y]c',
				'[emotion=y][pace=x] [x] d [pace=z]',
			],
		],
		[
			'a tag at the start of the text replaces the direction of its kind',
			['[pace=a] b', 'c'],
			{ emotion: 'q', pace: 'w' },
			['[emotion=q][pace=a] b', '[emotion=q][pace=a] c'],
		],
		[
			'a tag is recognized in any case',
			['a [Pace=x] b', 'c [EMOTION=y]', '[PACE=z] d'],
			{},
			['a [Pace=x] b', '[Pace=x] c [EMOTION=y]', '[EMOTION=y][PACE=z] d'],
		],
		[
			'a tag inside brackets is not at the start',
			['[a [pace=x] b'],
			{ pace: 'q' },
			['[pace=q] [a [pace=x] b'],
		],
		[
			'a tag behind a word is not at the start',
			['a [pace=x]'],
			{ pace: 'q' },
			['[pace=q] a [pace=x]'],
		],
	])('%s', (_, pieces, start, carried) => {
		expect(carryDirections(pieces, start)).toEqual(carried);
	});
});

describe('typed direction values', () => {
	test.each([
		['A_b-C 1', 'a_b-c 1'],
		['é\u0301ñ中', 'é\u0301ñ中'],
		['a   b', 'a b'],
		['  a  ', 'a'],
		['a]b[c=d', 'abcd'],
		['!?', ''],
		['x'.repeat(41), 'x'.repeat(40)],
		[undefined, ''],
	])('%j is %j', (typed, value) => {
		expect(directionValue(typed)).toBe(value);
	});

	test('undocumented values give a warning', () => {
		expect(directionWarnings({})).toEqual([]);
		expect(directionWarnings({ emotion: 'calm', pace: 'slow' })).toEqual([]);
		expect(directionWarnings({ emotion: 'slow', pace: 'happy' })).toEqual([
			'Emotion "slow" may be unknown to Mistral, which passes over unknown words in silence. Sure to work: happy, calm.',
			'Pace "happy" may be unknown to Mistral, which passes over unknown words in silence. Sure to work: slow.',
		]);
	});
});

describe('pronunciation', () => {
	test.each<[string, string, Pronunciation[], Record<string, string[]> | undefined]>([
		[
			'each spelling',
			'abc Abc xabc abcx 1abc abc2 abc\u0301 \u0301abc',
			[{ word: ' abc ', sounds: ' a, b  c, ' }],
			{ abc: ['a', 'b', 'c'], Abc: ['a', 'b', 'c'] },
		],
		[
			'several words',
			'a b',
			[
				{ word: 'a', sounds: 'x' },
				{ word: 'b', sounds: 'y' },
			],
			{ a: ['x'], b: ['y'] },
		],
		['a dot matches only a dot', 'a.c abc', [{ word: 'a.c', sounds: 'x' }], { 'a.c': ['x'] }],
		['no sounds', 'a', [{ word: 'a' }], undefined],
		['empty sounds', 'a', [{ word: 'a', sounds: ' , ' }], undefined],
		['no word', 'a  a', [{ sounds: 'x' }, { word: ' ', sounds: 'x' }], undefined],
		['a word that does not occur', 'a', [{ word: 'b', sounds: 'x' }], undefined],
	])('%s', (_, piece, table, hints) => {
		expect(hintsFor(piece, table)).toEqual(hints);
	});

	test.each([...'.*+?^${}()|[]\\'])('%s is matched literally', (sign) => {
		expect(hintsFor(`x a${sign}b y`, [{ word: `a${sign}b`, sounds: 'r' }])).toEqual({
			[`a${sign}b`]: ['r'],
		});
	});
});
