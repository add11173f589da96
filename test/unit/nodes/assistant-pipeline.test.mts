// Parts of the Assistant pipeline: what it says when it understood nothing, the cache of filler audio, barge-in, and chunks for the voice.
import { describe, expect, test } from '@jest/globals';
import { cacheFiller, cachedFiller } from '../../../nodes/shared/synthesis/filler-audio-cache.ts';
import { guessLanguage } from '../../../nodes/shared/text/language/language-identification.ts';
import { sorryNotHeard } from '../../../nodes/shared/text/language/nothing-heard-reply.ts';
import { SpeechChunker } from '../../../nodes/VoxtralAssistant/pipeline/speech-chunker.ts';
import { withBargeIn } from '../../../nodes/VoxtralAssistant/pipeline/barge-in.ts';

describe('apology for an empty transcript', () => {
	test.each('de en es fr it nl ja ko zh ru ar hi el th he'.split(' '))(
		'the apology is in %s',
		(language) => {
			const said = sorryNotHeard(language);
			expect([language, undefined]).toContain(guessLanguage(said));
			expect(said).toMatch(/\p{L}{2}/u);
			if (language !== 'en') expect(said).not.toBe(sorryNotHeard('en'));
		},
	);

	test('the apology is English for unknown languages', () => {
		for (const language of [undefined, '', 'xx', 'toString', 'constructor'])
			expect(sorryNotHeard(language)).toBe('Sorry, I did not catch that. Could you say it again?');
	});
});

describe('cached filler audio', () => {
	const as = { account: '1', model: 'm', voice: 'v', format: 'pcm', text: 'One moment.' };

	test('the cache key holds everything the filler audio depends on', () => {
		cacheFiller(as, Buffer.from('sound'));
		expect(cachedFiller(as)?.toString()).toBe('sound');
		for (const part of Object.keys(as))
			expect(cachedFiller({ ...as, [part]: 'other' })).toBeUndefined();
	});

	test('the filler audio cache is bounded and evicts the least recently used entry', () => {
		cacheFiller({ ...as, text: 'long' }, Buffer.alloc(1024 * 1024 + 1));
		expect(cachedFiller({ ...as, text: 'long' })).toBeUndefined();
		const texts = Array.from({ length: 40 }, (_, index) => `Sentence ${index}`);
		for (const text of texts) {
			cacheFiller({ ...as, text }, Buffer.from(text));
			cachedFiller({ ...as, text: 'Sentence 0' });
		}
		const kept = texts.filter((text) => cachedFiller({ ...as, text }));
		expect(kept).toHaveLength(32);
		expect(kept).toContain('Sentence 0');
		expect(kept).not.toContain('Sentence 1');
	});
});

describe('barge-in', () => {
	const speech = (execution: object) => {
		const state = {
			execution,
			interrupted: 0,
			end: () => {},
			interrupt: () => void (state.interrupted += 1),
		};
		const ended = new Promise<void>((resolve) => (state.end = resolve));
		return { state, turn: async () => await ended };
	};

	test('interrupts the earlier turn of the same session in another execution, and no other', async () => {
		const [first, sameRun, other, second] = [{ a: 1 }, { a: 1 }, {}, {}].map(speech);
		if (!first || !sameRun || !other || !second) throw new Error('four speeches');
		const same = { ...sameRun.state, execution: first.state.execution };
		const turns = [
			withBargeIn('ada', first.state, first.turn),
			withBargeIn('ada', same, sameRun.turn),
			withBargeIn('bob', other.state, other.turn),
		];
		expect([first.state.interrupted, other.state.interrupted]).toEqual([0, 0]);
		turns.push(withBargeIn('bob', second.state, second.turn));
		expect([first.state.interrupted, other.state.interrupted, second.state.interrupted]).toEqual([
			0, 1, 0,
		]);
		for (const { state } of [first, sameRun, other, second]) state.end();
		await Promise.all(turns);
		const late = speech({});
		late.state.end();
		await withBargeIn('bob', late.state, late.turn);
		expect(second.state.interrupted).toBe(0);
	});
});

describe('chunks of an answer', () => {
	const words = (language?: string) =>
		new SpeechChunker({
			speakingModel: 'voxtral-mini-tts-latest',
			...(language ? { language } : {}),
		});

	test('the spoken language is the configured one, else that of the answer, else that of the question', () => {
		const written = words();
		written.setQuestion({ text: 'Hallo', language: 'de-DE' });
		expect(written.language).toBe('de');
		written.push('Il fait beau à Paris et il ne pleut pas dans la ville.');
		expect(written.language).toBe('fr');
		expect(words('Spanish').language).toBe('es');
		expect(words('asAsked').language).toBeUndefined();
	});

	test('come piece by piece and together', () => {
		const written = words();
		written.push('It is **sunny** in Paris this morning, and warm. Good day to you.');
		written.end();
		const pieces = [written.take(), written.take(), written.take()];
		expect(pieces).toEqual([
			'It is sunny in Paris this morning, and warm.',
			'Good day to you.',
			undefined,
		]);
		expect(written.facts).toEqual({
			spokenText: 'It is sunny in Paris this morning, and warm. Good day to you.',
			pieces: 2,
		});
	});
});
