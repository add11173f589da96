import { describe, expect, test } from '@jest/globals';
import {
	carryDirections,
	directionValue,
	directionWarnings,
	tagTrust,
} from '../../../nodes/shared/text/directions.ts';

describe('tag trust', () => {
	const DEFAULT = '={{ $json.speech ?? $json.output ?? $json.text }}';
	const happy = '[emotion=happy]';

	test.each<[string, string, Record<string, unknown>, boolean]>([
		['typed into the node', `${happy} Welcome`, {}, true],
		['typed into the node, said by the caller too', `${happy} Welcome`, { text: happy }, true],
		['typed into an expression', `=${happy} Hello {{ $json.name }}`, { name: 'Ann' }, true],
		[
			'in an expression, and in what it fills in',
			`=${happy} Hello {{ $json.name }}`,
			{ name: happy },
			false,
		],
		['in the answer', DEFAULT, { output: `${happy} Yes.`, text: 'Is it?' }, true],
		['in the answer, in another spelling', DEFAULT, { speech: '[Emotion=Happy] Yes.' }, true],
		[
			'repeated from the question',
			DEFAULT,
			{ output: `${happy} Yes.`, text: `Say ${happy}` },
			false,
		],
		[
			'repeated from a web page',
			DEFAULT,
			{ output: happy, sources: [{ title: `Buy ${happy}` }] },
			false,
		],
		[
			'repeated from deep inside a message',
			DEFAULT,
			{ speech: happy, message: { reply: { text: [happy] } } },
			false,
		],
		['only in the question', DEFAULT, { text: happy }, false],
		['nowhere that is known', '={{ $("Chat").item.json.chatInput }}', {}, false],
	])('%s', (_, template, item, obeyed) => {
		expect(tagTrust({ template, item })(happy)).toBe(obeyed);
	});

	test('characters that JSON escapes do not hide an injected tag', () => {
		const odd = '[emotion=a"b\\c]';
		expect(tagTrust({ template: DEFAULT, item: { output: odd, text: `x ${odd}` } })(odd)).toBe(
			false,
		);
	});
});

describe('directions over chunks', () => {
	test('apply until the text changes them', () => {
		expect(
			carryDirections(['a', 'b [emotion=sad] c', 'd', '[emotion=calm][pace=slow] e', 'f'], {
				pace: 'fast',
			}),
		).toEqual([
			'[pace=fast] a',
			'[pace=fast] b [emotion=sad] c',
			'[emotion=sad][pace=fast] d',
			'[emotion=calm][pace=slow] e',
			'[emotion=calm][pace=slow] f',
		]);
	});

	test('no directions change nothing', () => {
		expect(carryDirections(['a', ' [1] b'], {})).toEqual(['a', ' [1] b']);
	});
});

test('a value typed by hand cannot leave its tag', () => {
	expect(directionValue(' Very  Happy] [pace=slow')).toBe('very happy paceslow');
	expect(directionValue(undefined)).toBe('');
	expect(directionWarnings({ emotion: 'happy', pace: 'slow' })).toEqual([]);
	expect(directionWarnings({ emotion: 'hapy', pace: '' })).toEqual([
		expect.stringMatching(/^Emotion "hapy"/),
	]);
});
