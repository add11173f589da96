// What redaction costs: linear in the text and in what was sent, whatever stands in them.
import { describe, expect, test } from '@jest/globals';
import { KeyRedactor } from '../../../../nodes/shared/http/redaction/key-redactor.ts';
import {
	privateTexts,
	redactPrivateTexts,
} from '../../../../nodes/shared/http/redaction/private-texts.ts';

/** In a plain node run every case takes less than 20 ms; here there are coverage and a loaded machine. */
const MAX_CPU_MS = 250;

/** The least CPU time of a few runs, in ms. */
function cpuMs(work: () => unknown, runs = 5): number {
	let least = Infinity;
	for (let run = 0; run < runs; run++) {
		const began = process.cpuUsage();
		work();
		const { user, system } = process.cpuUsage(began);
		least = Math.min(least, (user + system) / 1000);
	}
	return least;
}

const redactAll = (text: string, body: object) =>
	redactPrivateTexts(text, privateTexts(body), 'runs and whole texts');

describe('what was sent, in a refusal of 1,000 characters', () => {
	const words = 'The voice of the person who called me yesterday, said in confidence. ';
	const refusal = `No: ${words.repeat(20)}`.slice(0, 1_000);

	test('a recording of 10 MB is not looked at', () => {
		const clip = Buffer.alloc(7_500_000, 'sound of many kinds').toString('base64');
		const body = { input: words, ref_audio: clip };
		expect(redactAll(refusal, body)).toMatch(/^No: \[your text\]/);
		expect(cpuMs(() => redactAll(refusal, body))).toBeLessThan(MAX_CPU_MS);
	});

	const BLOCK = 'abcdefghijkl';
	const hostile: Record<string, (characters: number) => string> = {
		'one letter': (characters) => 'a'.repeat(characters),
		'a block of 12 characters': (characters) => BLOCK.repeat(characters / 12),
		'one letter and spaces': (characters) => 'a '.repeat(characters / 2),
	};
	const refusals: Record<string, string> = {
		'the same letter': 'a'.repeat(1_000),
		'the same letter with separators': `${'a'.repeat(23)}.`.repeat(41),
		'the block with separators': `${BLOCK}.`.repeat(76),
		'two blocks less a letter, with separators': `${BLOCK}${BLOCK.slice(1)}.`.repeat(41),
		'letters and spaces with separators': `${'a '.repeat(11)}.`.repeat(43),
	};
	const pairs = Object.entries(hostile).flatMap(([sent, make]) =>
		Object.entries(refusals).map(([said, text]) => ({ sent, said, make, text })),
	);

	test.each(pairs)('$sent, refused with $said', ({ make, text }) => {
		const short = { input: make(120_000) };
		const long = { input: make(480_000) };
		expect(cpuMs(() => redactAll(text, short))).toBeLessThan(MAX_CPU_MS);
		expect(cpuMs(() => redactAll(text, long))).toBeLessThan(4 * MAX_CPU_MS);
	});

	test('characters looked up are as many as were sent, not as many times the refusal', () => {
		const lookUps = (characters: number) => {
			let calls = 0;
			const sent = hostile['one letter']?.(characters) ?? '';
			const { charCodeAt } = String.prototype;
			String.prototype.charCodeAt = function (this: string, at: number) {
				calls += 1;
				return charCodeAt.call(this, at);
			};
			try {
				redactPrivateTexts(refusals['the same letter with separators'] ?? '', [sent], 'runs');
			} finally {
				String.prototype.charCodeAt = charCodeAt;
			}
			return calls;
		};
		expect(lookUps(20_000) / lookUps(10_000)).toBeLessThan(2.2);
		expect(lookUps(10_000)).toBeLessThan(3 * 11_000);
	});

	test('many short words', () => {
		const inputs = Array.from({ length: 20_000 }, (_, n) => `w${n}x`);
		expect(redactAll('Not w19999x!', { inputs })).toBe('Not [your text]!');
		expect(cpuMs(() => redactAll(refusal, { inputs }))).toBeLessThan(MAX_CPU_MS);
	});
});

describe('the API key, in a timed transcript of 30,000 words', () => {
	const KEY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';
	const transcriptOf = (words: number) => ({
		text: 'word '.repeat(words),
		segments: Array.from({ length: words }, (_, n) => ({
			text: `word${n % 500}`,
			start: n / 2,
			end: n / 2 + 0.4,
			speaker_id: null,
			type: 'transcription_segment',
		})),
	});
	const redactor = new KeyRedactor(KEY);

	test('is looked for without a copy', () => {
		const transcript = transcriptOf(30_000);
		expect(redactor.redactDeep(transcript)).toBe(transcript);
		expect(cpuMs(() => redactor.redactDeep(transcript))).toBeLessThan(MAX_CPU_MS);
	});

	test('is looked for in its JSON in one go', () => {
		const body = JSON.stringify(transcriptOf(30_000));
		expect(redactor.redactWhole(body)).toBe(body);
		expect(cpuMs(() => redactor.redactWhole(body))).toBeLessThan(MAX_CPU_MS);
	});
});
