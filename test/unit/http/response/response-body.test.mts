import { describe, expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { guardedBody, readAll } from '../../../../nodes/shared/http/response/response-body.ts';
import type { BodyLimits } from '../../../../nodes/shared/http/response/response-body.ts';
import { budgetOf } from '../budget-of.mts';

const limits = (more: object = {}): BodyLimits => ({
	operation: 'speak',
	idleMs: 1_000,
	budget: budgetOf(5_000),
	maxBytes: 100,
	...more,
});

function stream(pieces: (string | Promise<string>)[]) {
	let destroyed = 0;
	async function* source() {
		for (const piece of pieces) yield Buffer.from(await piece);
	}
	const iterable = source();
	return {
		[Symbol.asyncIterator]: () => iterable,
		destroy: () => {
			destroyed++;
		},
		get destroyed() {
			return destroyed;
		},
	};
}

const never = new Promise<string>(() => undefined);

describe('a guarded body', () => {
	test('comes through whole', async () => {
		const source = stream(['ab', 'cd']);
		const body = guardedBody(source, limits());
		expect((await readAll(body)).toString()).toBe('abcd');
		expect(source.destroyed).toBe(1);
	});

	test.each<[string, (string | Promise<string>)[], object]>([
		['body-too-large', ['x'.repeat(60), 'x'.repeat(60)], {}],
		['body-stalled', ['ab', never], { idleMs: 30 }],
		['timed-out', ['ab', never], { budget: budgetOf(30) }],
	])('fails as %s, and lets go of its socket', async (reason, pieces, more) => {
		const source = stream(pieces);
		await expect(readAll(guardedBody(source, limits(more)))).rejects.toMatchObject({
			facts: { stage: `speak.${reason}` },
		});
		expect(source.destroyed).toBe(1);
	});

	test('ends with the execution', async () => {
		const source = stream(['ab', never]);
		const stop = new AbortController();
		const reading = readAll(guardedBody(source, limits({ budget: budgetOf(5_000, stop.signal) })));
		stop.abort();
		await expect(reading).rejects.toMatchObject({ facts: { stage: 'speak.cancelled' } });
		expect(source.destroyed).toBe(1);
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
	});

	test('does not call the time its reader takes a silence', async () => {
		const body = guardedBody(stream(['ab', 'cd']), limits({ idleMs: 40 }));
		const seen: string[] = [];
		for await (const piece of body) {
			seen.push(Buffer.from(piece).toString());
			await new Promise((resolve) => setTimeout(resolve, 120));
		}
		expect(seen).toEqual(['ab', 'cd']);
	});
});
