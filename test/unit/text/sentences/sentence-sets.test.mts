import { readFileSync } from 'node:fs';

import { describe, expect, test } from '@jest/globals';

import { SentenceSplitter } from '../../../../nodes/shared/text/sentences/sentence-splitter.ts';

interface Score {
	language: string;
	/** Sentences whose start and end both match, over the larger of the expected and the found count. */
	share: number;
	wanted: number;
	misses: string[];
}

function readSet(name: string): Map<string, string[]> {
	const file = new URL(`./sentence-sets/${name}.txt`, import.meta.url);
	const [, ...lines] = readFileSync(file, 'utf8').split('\n');
	const texts = new Map<string, string[]>();
	let language = '';
	for (const line of lines) {
		if (line.startsWith('# ')) language = line.slice(2).trim();
		else if (line !== '') texts.set(language, [...(texts.get(language) ?? []), line]);
	}
	return texts;
}

function cutByCharacter(text: string): string[] {
	const cutter = new SentenceSplitter();
	const pieces = text.split('').flatMap((unit) => cutter.push(unit));
	return [...pieces, ...cutter.flush()];
}

/** Start and end of every sentence, so that one wrong boundary costs the sentences on both sides. */
function spans(sentences: readonly string[]): string[] {
	let at = 0;
	return sentences.map((sentence) => `${at}-${(at += sentence.length)}`);
}

function scoreSet(name: string): Score[] {
	return [...readSet(name)].map(([language, texts]) => {
		let right = 0;
		let wanted = 0;
		let found = 0;
		const misses: string[] = [];
		for (const line of texts) {
			const expected = line.replaceAll('⏎', '\n').split('|');
			const cut = cutByCharacter(expected.join(''));
			const known = new Set(spans(expected));
			const hits = spans(cut).filter((span) => known.has(span)).length;
			right += hits;
			wanted += expected.length;
			found += cut.length;
			if (cut.join('|') !== expected.join('|')) misses.push(cut.join('|'));
		}
		return { language, share: right / Math.max(wanted, found), wanted, misses };
	});
}

const mean = (scores: readonly Score[]) =>
	scores.reduce((sum, { share }) => sum + share, 0) / scores.length;
const english = (scores: readonly Score[]) =>
	scores.find(({ language }) => language === 'en')?.share ?? 0;
const report = (scores: readonly Score[]) =>
	scores
		.filter(({ misses }) => misses.length > 0)
		.map(
			({ language, share, misses }) =>
				`${language} ${(share * 100).toFixed(1)} %: ${misses.join(' // ')}`,
		);

describe.each(['development', 'held-out'])('%s set', (name) => {
	const scores = scoreSet(name);
	if (process.env.SHOW_MISSES === name)
		console.log(name, english(scores), mean(scores), report(scores).join('\n'));

	test('covers enough languages', () => {
		expect(scores.length).toBeGreaterThanOrEqual(20);
	});
	test('at least 97 % of the English sentences match exactly', () => {
		expect(english(scores)).toBeGreaterThanOrEqual(0.97);
	});
	test('at least 95 % of the sentences of all languages match exactly', () => {
		expect(mean(scores)).toBeGreaterThanOrEqual(0.95);
	});
});
