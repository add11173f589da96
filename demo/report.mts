// Terminal output of the demo.
import { readableDuration } from '../harness/progress.mjs';
import type { Turn } from './turn.mts';

const width = 78;

/** Wraps `value` to the column beside the labels. */
const wrap = (value: string, columns: number): string[] => {
	const lines: string[] = [];
	for (const paragraph of value.split('\n')) {
		let line = '';
		for (const word of paragraph.split(/\s+/).filter(Boolean)) {
			if (line !== '' && line.length + 1 + word.length > columns) {
				lines.push(line);
				line = word;
			} else line = line === '' ? word : `${line} ${word}`;
		}
		if (line !== '') lines.push(line);
	}
	return lines.length > 0 ? lines : [''];
};

/** Prints a label and its lines, aligned. */
export const printRow = (label: string, values: readonly string[]): void => {
	const indent = 16;
	const lines = values.flatMap((value) => wrap(value, width - indent));
	lines.forEach((line, index) =>
		console.log(`  ${(index === 0 ? label : '').padEnd(indent - 2)}${line}`),
	);
};

export const printTurn = (turn: Turn, questionFile: string, replyFile: string): void => {
	console.log('');
	printRow('You asked', [questionFile]);
	printRow('It heard', [turn.heard]);
	printRow('It answered', [turn.answer]);
	printRow(
		'Sources',
		turn.sources.length === 0
			? ['none given']
			: turn.sources.map(({ title, url }, index) => `${index + 1}. ${title} ${url}`.trim()),
	);
	printRow('Spoken reply', [`${replyFile} (${Math.ceil(turn.reply.length / 1024)} KB)`]);
	printRow('Time', [
		turn.stages.map(({ name, ms }) => `${name} ${readableDuration(ms)}`).join(', '),
		`${readableDuration(turn.wholeMs)} from question to spoken answer`,
	]);
	console.log('');
};
