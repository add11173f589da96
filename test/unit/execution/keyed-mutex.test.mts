// KeyedMutex: tasks with the same key run one after the other, other keys do not wait.
import { expect, test } from '@jest/globals';
import { withMutex } from '../../../nodes/shared/execution/keyed-mutex.ts';
import { budgetOf } from '../http/budget-of.mts';

const waiting = { budget: budgetOf(), operation: 'ask' };

const later = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

test('tasks with the same key run in order of arrival, also after a failure', async () => {
	const log: string[] = [];
	const turn =
		(name: string, ms: number, fails = false) =>
		async () => {
			log.push(`${name} begins`);
			await later(ms);
			log.push(`${name} ends`);
			if (fails) throw new Error(name);
			return name;
		};
	const all = await Promise.allSettled([
		withMutex('a', waiting, turn('1', 30, true)),
		withMutex('a', waiting, turn('2', 1)),
		withMutex('b', waiting, turn('other', 1)),
		withMutex(undefined, waiting, turn('free', 1)),
		withMutex('a', waiting, turn('3', 1)),
	]);
	expect(all.map(({ status }) => status)).toEqual([
		'rejected',
		'fulfilled',
		'fulfilled',
		'fulfilled',
		'fulfilled',
	]);
	const session = log.filter((line) => /^\d/.test(line));
	expect(session).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
	expect(log.indexOf('other ends')).toBeLessThan(log.indexOf('1 ends'));
	expect(log.indexOf('free ends')).toBeLessThan(log.indexOf('1 ends'));
});
