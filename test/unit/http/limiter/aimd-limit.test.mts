// How many may be under way: what a refusal takes, and how it comes back.
import { describe, expect, test } from '@jest/globals';
import { AimdLimit } from '../../../../nodes/shared/http/limiter/aimd-limit.ts';

/** One that has learned that 8 are served, of 10 that went at once. */
function learned(): AimdLimit {
	const window = new AimdLimit();
	window.onRejected(9, true);
	window.onRejected(8, false);
	return window;
}

const serve = (window: AimdLimit, times: number) => {
	for (let time = 0; time < times; time += 1) window.onServed(true);
};

describe('a refusal', () => {
	test('leaves as many as are being served', () => {
		expect(learned().size).toBe(8);
	});

	test('is halved once a burst, however many 429 it has', () => {
		const window = learned();
		for (let others = 7; others >= 0; others -= 1) window.onRejected(others, others === 7);
		expect(window.size).toBe(4);
		for (let others = 3; others >= 0; others -= 1) window.onRejected(others, others === 3);
		expect(window.size).toBe(2);
	});

	test('takes all but one at first, since nothing has shown that more are served', () => {
		const window = new AimdLimit();
		window.widen();
		for (let others = 19; others >= 0; others -= 1) window.onRejected(others, others === 19);
		expect(window.size).toBe(1);
	});

	test('of one that was alone takes nothing', () => {
		const window = learned();
		window.onRejected(0, true);
		expect(window.size).toBe(8);
	});
});

describe('growing', () => {
	test('grows quickly until the first 429, by responses and by time', () => {
		const window = new AimdLimit();
		serve(window, 10);
		expect(window.size).toBe(20);
		window.widen();
		expect(window.size).toBe(40);
	});

	test('is slow afterwards, and slower with each one too many', () => {
		const window = learned();
		window.widen();
		serve(window, 4 * 8 - 1);
		expect(window.size).toBe(8);
		serve(window, 1);
		expect(window.size).toBe(9);
		window.onRejected(8, true);
		serve(window, 8 * 8 - 1);
		expect(window.size).toBe(8);
		serve(window, 1);
		expect(window.size).toBe(9);
	});

	test('is quicker again when more are served', () => {
		const window = learned();
		serve(window, 4 * 8 + 2 * 9 + 10);
		expect(window.size).toBe(11);
	});

	test('grows only while the limit is reached', () => {
		const window = new AimdLimit();
		for (let time = 0; time < 100; time += 1) window.onServed(false);
		expect(window.size).toBe(10);
	});
});
