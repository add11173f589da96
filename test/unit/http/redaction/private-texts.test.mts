// Finds the person's own words in a request body, and takes them out of what a server says.
import { describe, expect, test } from '@jest/globals';
import {
	privateTexts,
	redactPrivateTexts,
} from '../../../../nodes/shared/http/redaction/private-texts.ts';

const redactRuns = (text: string, sent: readonly string[]) =>
	redactPrivateTexts(text, sent, 'runs');
const redactAll = (text: string, sent: readonly string[]) =>
	redactPrivateTexts(text, sent, 'runs and whole texts');

describe('what is private', () => {
	test.each([
		'arguments',
		'content',
		'context_bias',
		'file_url',
		'input',
		'inputs',
		'instructions',
		'prompt',
		'result',
		'text',
		'url',
	])('%s, and whatever is below it', (name) => {
		expect(privateTexts({ [name]: 'secret' })).toEqual(['secret']);
		expect(privateTexts({ a: [{ [name]: { deep: [{ er: 'secret' }] } }] })).toEqual(['secret']);
	});

	test.each(['role', 'type', 'object', 'id', 'tool_call_id', 'model'])(
		'%s is not, wherever it stands',
		(name) => {
			expect(privateTexts({ inputs: [{ [name]: 'plain', text: 'secret' }] })).toEqual(['secret']);
		},
	);

	test('anything else is not', () => {
		expect(privateTexts({ voice: 'plain', n: 5, no: null, yes: true, list: ['plain'] })).toEqual(
			[],
		);
		expect(privateTexts('plain')).toEqual([]);
		expect(privateTexts(null)).toEqual([]);
		expect(privateTexts({ inputs: null, text: 5 })).toEqual([]);
	});

	test('what signs an address is private by itself', () => {
		const url = 'https://files.example/a.ogg?id=12345&sig=aB%2Fc9XyZ';
		const sent = privateTexts({ file_url: url });
		expect(sent).toEqual(expect.arrayContaining([url, '12345', 'aB/c9XyZ', 'aB%2Fc9XyZ']));
		expect(redactAll('bad signature aB/c9XyZ', sent)).toBe('bad signature [your text]');
		expect(privateTexts({ file_url: 'https://files.example/a.ogg' })).toContain(
			'https://files.example/a.ogg',
		);
	});

	test('each text once, as written and with single spaces', () => {
		expect(privateTexts({ text: ' a  b ', input: 'a\tlonger text', prompt: ' a  b ' })).toEqual([
			'a  b',
			'a b',
			'a\tlonger text',
			'a longer text',
		]);
	});

	test.each(['audio_data', 'ref_audio', 'sample_audio'])(
		'%s is base64, which is not searched for: long runs of it are masked wherever they stand',
		(name) => {
			const clip = Buffer.from('a recording of someone, said in confidence'.repeat(9)).toString(
				'base64',
			);
			expect(privateTexts({ [name]: clip })).toEqual([]);
			expect(redactRuns(`Bad audio ${clip.slice(7, 71)}.`, [])).toBe('Bad audio [your text].');
			expect(redactRuns(`Bad audio ${clip.slice(7, 70)}.`, [])).toContain(clip.slice(7, 70));
		},
	);
});

describe('what was sent', () => {
	const prompt = 'My neighbour told me in confidence that the garden is hers';

	test('is found wherever people put it, ids and models are not', () => {
		const body = {
			model: 'mistral-small-latest',
			inputs: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
			instructions: 'Be  kind',
			tools: [{ type: 'web_search' }],
		};
		expect(privateTexts(body)).toEqual([prompt, 'Be  kind', 'Be kind']);
		const form = new FormData();
		form.append('model', 'voxtral-mini-latest');
		form.append('context_bias', 'Grete');
		expect(privateTexts(form)).toEqual(['Grete']);
		expect(privateTexts(undefined)).toEqual([]);
	});

	test('is taken out of what a server says, also in part', () => {
		expect(redactAll(`Bad input: ${prompt}!`, [prompt])).toBe('Bad input: [your text]!');
		expect(redactAll(`Bad input: ${prompt.slice(5, 40)}…`, [prompt])).toBe(
			'Bad input: [your text]…',
		);
		expect(redactAll('Bad input: Grete', ['Grete'])).toBe('Bad input: [your text]');
	});

	test('short texts stay in our own sentences', () => {
		expect(redactRuns('Check the Text field', ['Text'])).toBe('Check the Text field');
	});
});

describe('how much of a text is known again', () => {
	const twentyFour = 'abcdefghijklmnopqrstuvwx';

	test('runs of 24 characters, not of 23', () => {
		const sent = [`${twentyFour}yz and so on`];
		expect(redactRuns(`<${twentyFour}>`, sent)).toBe('<[your text]>');
		expect(redactRuns(`<${twentyFour.slice(1)}>`, sent)).toBe(`<${twentyFour.slice(1)}>`);
	});

	test('a text of 24 characters counts as long, one of 23 only as a whole and where asked', () => {
		expect(redactRuns(`<${twentyFour}>`, [twentyFour])).toBe('<[your text]>');
		const short = twentyFour.slice(1);
		expect(redactRuns(`<${short}>`, [short])).toBe(`<${short}>`);
		expect(redactAll(`<${short}>`, [short])).toBe('<[your text]>');
	});

	test('four characters are a word, three could be any', () => {
		expect(redactAll('a word here', ['word'])).toBe('a [your text] here');
		expect(redactAll('any word', ['any'])).toBe('any word');
	});

	test('only the first 1,000 characters of a server text are shown', () => {
		expect(redactAll('y '.repeat(750), [])).toBe('y '.repeat(500));
	});

	test('several runs go, what stands between them stays', () => {
		expect(redactRuns(`1 ${twentyFour} 2 ${twentyFour} 3`, [twentyFour])).toBe(
			'1 [your text] 2 [your text] 3',
		);
	});
});
